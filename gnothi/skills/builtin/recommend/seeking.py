"""What is asked for: a film, and not a film festival; something to watch, and not a watch.

The thing asked for is the last word of what directly follows the request, up to the first word that
only joins ("for", "with", "that", "tonight"). It has to be of a kind that there is to choose from,
vague ("something"), or a name of a catalogue ("recommend some jazz").
"""

import re
from collections.abc import Sequence
from functools import cache
from itertools import takewhile

from gnothi.recommend.catalogue_file import shipped
from gnothi.recommend.replies.spotting import names_of, tokens_of
from gnothi.skills.builtin.recommend.shelves import RADIO, SHELVES
from gnothi.skills.builtin.recommend.spelling import kinds
from gnothi.skills.vocabulary import Vocabulary
from gnothi.text.normalise import fold

Name = tuple[str, ...]

_WORDS = Vocabulary.beside(__file__)
_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*|[^\w\s]")
_PARTICIPLE = re.compile(r"\w{3,}(?:ing|ed)")
_LONGEST = 6
"""Words of a name."""


def is_sought(text: str) -> bool:
    """Return whether *text* asks for something that there is to choose from, or does not say."""
    asked = _WORDS["verbs"].find(text) or _WORDS["requests"].find(text)
    if asked is None:
        return True
    begun = asked[0].split()[-1].lower()
    if begun in _WORDS["doing"]:
        return True  # "something to watch"
    words, first = _behind(text, asked.end())
    if begun in kinds():
        return _is_ours([*_end(_WORD.findall(asked[0].lower())), *_thing(words)])
    is_doing = first < len(words) and words[first] in _WORDS["doing"]
    if is_doing and words[first - 1] not in _WORDS["articles"]:
        return True  # "help me decide what to watch"
    return _is_ours(_thing(words[first:]))


def shelf_of(text: str) -> str | None:
    """Return the one shelf of which *text* asks for something by name: "help me find some soul".

    Music has what radio stations are named by as well.
    """
    asked = _WORDS["verbs"].find(text) or _WORDS["requests"].find(text)
    if asked is None:
        return None
    words, first = _behind(text, asked.end())
    name = _forms(" ".join(_thing(words[first:])))
    found = [shelf for shelf in SHELVES if shelf != RADIO and name and name in _names(shelf)]
    return found[0] if len(found) == 1 else None


def _behind(text: str, start: int) -> tuple[list[str], int]:
    """Return the words of *text* from a character on, and the place of the first that joins not."""
    words = _WORD.findall(fold(text)[start:].lower())
    return words, next((at for at, word in enumerate(words) if not _joins(word)), len(words))


def _thing(words: Sequence[str]) -> list[str]:
    """Return the words up to the first that joins, or "featuring", "directed"."""
    found = [*takewhile(lambda word: not _joins(word), words)]
    end = next((at for at in range(1, len(found)) if _PARTICIPLE.fullmatch(found[at])), None)
    return found[:end]


def _end(words: Sequence[str]) -> list[str]:
    """Return the words behind the last that joins: "fire station" of "find us a fire station"."""
    return [*takewhile(lambda word: not _joins(word), reversed(words))][::-1]


def _joins(word: str) -> bool:
    return not word[0].isalpha() or word in _WORDS["joining"] or word in _WORDS["articles"]


def _is_ours(thing: Sequence[str]) -> bool:
    """Return whether a *thing*, the words of it, is of a kind that there is to choose from."""
    if not thing or any(word in _WORDS["vague"] for word in thing):
        return True
    if thing[-1] in _WORDS.table("shelves")[RADIO]:
        return all(_is_of_radio(word) for word in thing[:-1])
    return thing[-1] in kinds() or _is_name(thing)


def _is_of_radio(word: str) -> bool:
    """Return whether a station may be called so: there are stations of other kinds, too."""
    shelf = _WORDS.table("shelves")[RADIO]
    return word in shelf or word in _WORDS["plain"] or _forms(word) in _names(RADIO)


def _is_name(thing: Sequence[str]) -> bool:
    """Return whether a thing ends on a name of a catalogue: "some modern jazz"."""
    ends = [_forms(" ".join(thing[at:])) for at in range(max(0, len(thing) - _LONGEST), len(thing))]
    return any(end in _names(shelf) for shelf in SHELVES for end in ends)


@cache
def _names(shelf: str) -> frozenset[Name]:
    """Return the names of attributes, items and creators of a shelf, in one spelling."""
    catalogue = shipped(shelf)
    facts = (name for one in catalogue.attributes for name in names_of(one))
    items = (*catalogue.titles, *catalogue.creators)
    return frozenset(forms for name in (*facts, *items) if (forms := _forms(name)))


def _forms(name: str) -> Name:
    forms = tuple(token.form for token in tokens_of(fold(name)) if token.form[0].isalnum())
    return forms[len(forms) > 1 and forms[0] == "the" :]
