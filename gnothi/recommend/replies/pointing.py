"""What is said of the thing that is offered without its name: "like her", "not that", "older".

English, in the forms of ``spotting``; what a word points at is known to who asked, not here.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gnothi.recommend.catalogue import Catalogue
from gnothi.recommend.replies.comparing import compared
from gnothi.recommend.replies.polarity import Cue, Scope, cue_at, scopes
from gnothi.recommend.replies.spotting import Token, tokens_of

_POINTING = frozenset("her him them that this".split())
_WORDS = 12
"""Longest reply in which such a word means what is offered, and nothing else that is told."""
_LIKENED = frozenset(
    """something anything someone somebody anyone anybody more music song stuff artist band singer
    film movie dish station sound thing one""".split()
)
"""Words before "like" that liken: "just like that" only agrees."""
_EXCEPT = frozenset(
    (("anything", "but"), ("everything", "but"), ("all", "but"), ("anything", "except"))
)
_AGE = (
    r"(?:(?P<older>older|less (?:recent|modern|new))"
    r"|(?P<newer>newer|less old|more (?:recent|modern|up to date)))"
)
_BEFORE = (
    r"(?:^|[,.;!]"
    r"|\b(?:something|anything|some|one|bit|little|lot|much|but|and|or|even|still|no|yes))"
)
_BEHIND = (
    r"(?:\s+(?:one|ones|music|stuff|songs?|bands?|artists?|films?|movies?|please|than \w+|maybe))*"
)
_COMPARED = re.compile(
    rf"{_BEFORE}\s*\b{_AGE}{_BEHIND}\s*(?:$|[,.;!?]|\b(?:and|but)\b)", re.IGNORECASE
)
_TOO = re.compile(
    r"\btoo (?:(?P<newer>old|old-fashioned|dated)|(?P<older>new|modern|recent))\b", re.IGNORECASE
)
_DECADE = re.compile(r"(\d{2}|\d{4})s")
_CENTURY = re.compile(r"(?:(early) )?(\d{2})th century")


@dataclass(frozen=True, slots=True)
class Pointed:
    """What is said of the thing that is offered."""

    is_likened: bool = False
    """Whether it is only gone by: "something like her"."""
    is_refused: bool = False
    """Whether anything else will do: "anything but that"."""
    age: int = 0
    """-1 for something older than it, 1 for something newer."""


NOTHING = Pointed()


def pointed(text: str, stand_ins: tuple[str, str]) -> tuple[Pointed, str]:
    """Return what *text* says of what is offered, and *text* with *stand_ins* where it does.

    The stand-ins are an attribute's and an item's: they are read as if its name were said.
    """
    age = _COMPARED.search(text) or _TOO.search(text)
    if age is not None:
        kind = "older" if age["older"] else "newer"
        masked = text[: age.start(kind)] + stand_ins[0] + text[age.end(kind) :]
        return Pointed(age=-1 if kind == "older" else 1), masked
    tokens = tokens_of(text)
    forms = [token.form for token in tokens]
    if _POINTING.isdisjoint(forms) or sum(map(str.isalnum, forms)) > _WORDS:
        return NOTHING, text
    cues = [*_cues(forms)]
    taken = {at for cue in cues for at in range(cue.first, cue.last)}  # "hate that"
    places = [at for at, form in enumerate(forms) if form in _POINTING and at not in taken]
    spans = [(at, at + 1) for at in places]
    for (at, _), is_compared, scope in zip(
        spans, compared(forms, spans, cues), scopes(forms, spans, cues), strict=True
    ):
        is_likened = is_compared and scope is Scope.WANTED and _likens(forms, at)
        is_refused = tuple(forms[max(0, at - 2) : at]) in _EXCEPT
        if is_likened or is_refused:
            return Pointed(is_likened, is_refused), _masked(text, tokens[at], stand_ins[1])
    return NOTHING, text


def neighbour(catalogue: Catalogue, item: int, age: int) -> int | None:
    """Return the decade next to those of an *item*, before (-1) or after them (1), if any."""
    years = {
        at: year for at in catalogue.facet("decade").tolist() if (year := _year(catalogue, at))
    }
    own = [years[at] for at in catalogue.facts(item).tolist() if at in years]
    if not own:
        return None
    if age < 0:
        return max(
            (at for at in years if years[at] < min(own)), key=years.__getitem__, default=None
        )
    return min((at for at in years if years[at] > max(own)), key=years.__getitem__, default=None)


def _cues(forms: Sequence[str]) -> Iterator[Cue]:
    at = 0
    while at < len(forms):
        cue = cue_at(forms, at)
        if cue:
            yield cue
        at = cue.last if cue else at + 1


def _likens(forms: Sequence[str], at: int) -> bool:
    return forms[at - 1] != "like" or (at > 1 and forms[at - 2] in _LIKENED)


def _masked(text: str, token: Token, stand_in: str) -> str:
    return text[: token.start] + stand_in + text[token.end :]


def _year(catalogue: Catalogue, decade: int) -> int | None:
    """Return the first year of a decade or century; ``None`` for a longer time."""
    value = catalogue.attributes[decade].value
    if found := _DECADE.fullmatch(value):
        return int(found[1]) if len(found[1]) > 2 else 1900 + int(found[1])
    if found := _CENTURY.fullmatch(value):
        return 100 * (int(found[2]) - 1)
    return None
