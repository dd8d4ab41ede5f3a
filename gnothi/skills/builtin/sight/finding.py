"""Find things in a picture: "where is the red mug?", "how many keys?", "what do you see?"."""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gnothi.core.acting import Act, Call, Outcome, Status
from gnothi.core.risk import Risk
from gnothi.core.seeing import KnownThings, Sighting
from gnothi.core.understanding import Understanding
from gnothi.skills.builtin.sight.teaching import FOUND, PICTURE, READING, SKILL, display
from gnothi.skills.turn import Proposal, Turn
from gnothi.skills.vocabulary import Vocabulary
from gnothi.vision.eyes import Eyes, Picture
from gnothi.vision.finding import rules
from gnothi.vision.finding.finder import NOTHING, Finder, Glance, Search
from gnothi.vision.finding.nouns import THING, counted, singular
from gnothi.vision.finding.wanted import Wanted, each_wanted, wanted

if TYPE_CHECKING:
    from gnothi.learning.things import TaughtThings

WHERE, THERE, COUNT, LIST = "where", "there", "count", "list"
MANY = 4
"""Things whose places are told."""
LISTED = 8
"""Kinds of things that are named."""
SURE = 0.8
"""Probability from which something said without a picture is about the house."""
_OF_THE_HOUSE = frozenset({"alarm", "calendar", "lists", "timer"})
"""Domains of what nobody looks for in a picture; devices may be seen."""
UNSURE = 0.5
"""Probability below which a finding is told with a doubt."""
NAMES = 3
"""Words that a thing may be called with; more of them were hardly a name."""
NOTHING_KNOWN = Act("sight-sees-nothing")
_ENDS = " ,.;:!?\t\n"

_WORDS = Vocabulary.beside(__file__)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about things."""

    kind: str
    """``where``, ``there`` (is there one?), ``count`` or ``list`` (what do you see?)."""
    what: str = ""
    """What is looked for, in words; empty for a list."""


def asked(text: str) -> Asked | None:
    """Return the question about things in *text*; ``None`` where it asks for something else."""
    said = _WORDS["polite"].strip(text)
    for kind, phrases in _WORDS.table("finding").items():
        if phrases.starts(said):
            match = phrases.find(said)
            rest = said[match.end() :] if match else ""
            what = _WORDS["surely"].strip(rest).strip(_ENDS)
            if kind == LIST:
                return None if what else Asked(kind)
            return None if not what or _WORDS["pronouns"].are(what) else Asked(kind, what)
    return None


def is_quick(text: str) -> bool:
    """Whether *text* asks for a thing, which is found in a moment: nothing has to be read.

    "Where is the total?" asks for what is written.
    """
    question = asked(text)
    if question is None or question.kind == LIST:
        return False
    return _WORDS.meaning("wanted", question.what) is None


def is_meant(
    text: str, understood: Understanding, eyes: Eyes, things: "TaughtThings | None"
) -> bool:
    """Whether *text*, said without a picture, asks for things that are known by sight.

    *understood* is what it would mean otherwise. Of what the house keeps it knows how many there
    are, unless somebody speaks of seeing; where something is, it rarely knows.
    """
    question = asked(text)
    if question is None:
        return False
    kept = _OF_THE_HOUSE if question.kind == WHERE else _OF_THE_HOUSE | {"iot"}
    speaks_of_seeing = text in _WORDS["seeing"]
    if not speaks_of_seeing and _is_sure(understood, kept):
        return False
    finder = eyes.finder
    if finder is None:
        return False
    if question.kind == LIST or _to_show_again(question.what, things):
        return True
    meant = _meant(question.what, finder, things or NOTHING)
    vague = any(one.noun == THING and not one.colour for one in meant)
    return (speaks_of_seeing or not vague) and all(_is_known(one, finder) for one in meant)


def _is_sure(understood: Understanding, domains: frozenset[str]) -> bool:
    return any(one.domain in domains and one.score >= SURE for one in understood.requests)


def propose_finding(turn: Turn, picture: str | None, *, reads: bool) -> Proposal | None:
    """Return what is to be found by *turn* in the *picture*; ``None`` where it asks otherwise.

    *reads* tells that it may be answered from what is written as well: then only things that are
    known are looked for.
    """
    question, eyes = asked(turn.text), turn.services.sight
    if question is None or eyes is None:
        return None
    arguments = {PICTURE: picture, "what": question.what, "kind": question.kind}
    call = Call(SKILL, "find", arguments)
    if not (picture or eyes.has_camera):
        return Proposal(call, Risk.FREE, problem=(Act("sight-nothing-shown"),))
    finder = eyes.finder
    if finder is None:
        return None if reads else Proposal(call, Risk.FREE, problem=(Act("sight-no-finder"),))
    if question.kind != LIST:
        meant = _meant(question.what, finder, turn.services.things or NOTHING)
        known = all(_is_known(one, finder) for one in meant)
        known = known or bool(_to_show_again(question.what, turn.services.things))
        return None if reads and not known else Proposal(call, Risk.FREE)
    return Proposal(call, Risk.FREE)


async def find(turn: Turn, *, picture: str | None = None, what: str, kind: str) -> Outcome:
    """Look for *what* in the *picture*, or in what the camera sees."""
    eyes = turn.services.sight
    if eyes is None:
        return Outcome(Status.FAILED, (Act("sight-nothing-shown"),))
    if again := _to_show_again(what, turn.services.things):
        return Outcome(Status.DONE, (Act("sight-thing-new-eyes", {"name": again}),))
    taught = turn.services.things or NOTHING
    shown, acts, found, name = await asyncio.to_thread(_look, eyes, picture, what, kind, taught)
    entities: dict[str, object] = {PICTURE: shown.id, FOUND: None, READING: None}
    if name and found:
        entities[FOUND] = {"name": name, PICTURE: shown.id, "box": list(found[0].box)}
    boxes = [(one.name, one.box, one.confidence) for one in found]
    return Outcome(
        Status.DONE,
        tuple(acts),
        display=display(shown.id, shown.width, shown.height, boxes),
        entities=entities,
    )


def _look(
    eyes: Eyes, picture: str | None, what: str, kind: str, taught: KnownThings
) -> tuple[Picture, Sequence[Act], Sequence[Sighting], str]:
    """Return the picture, what is said, what was found, and the taught name that was asked for."""
    shown = eyes.kept(picture) if picture else eyes.look()
    glance = eyes.glance(shown.id)
    if kind == LIST:
        seen = glance.things(taught)
        return shown, [_listed(seen)], seen, ""
    acts: list[Act] = []
    found: list[Sighting] = []
    searches = [glance.search(one, taught) for one in _meant(what, glance.finder, taught)]
    for search in searches:
        acts += _ANSWERS[kind](search, glance, taught, shown)
        found += search.found
    return shown, acts, found, searches[0].taught if len(searches) == 1 else ""


_Answer = Callable[[Search, Glance, KnownThings, Picture], Iterator[Act]]


def _where(search: Search, glance: Glance, taught: KnownThings, shown: Picture) -> Iterator[Act]:
    """Tell where it is, or why not."""
    if not search.found:
        yield from _none(search, glance, taught, shown)
        return
    called, count = _called(search), len(search.found)
    if count > 1:
        yield Act("sight-several", {"things": counted(count, called["name"])})
    for at, one in enumerate(search.found[:MANY]):
        if count == 1:
            yield Act("sight-here", {**called, **_place(one, shown)})
        else:
            which = "first" if at == 0 else "next"
            yield Act("sight-one-here", {"which": which, **_place(one, shown)})
    if search.found[0].confidence < UNSURE:
        yield Act("sight-doubtful")


def _count(search: Search, glance: Glance, taught: KnownThings, shown: Picture) -> Iterator[Act]:
    if not search.found:
        yield from _none(search, glance, taught, shown)
        return
    name = _called(search)["name"]
    things = counted(len(search.found), name)
    yield Act("sight-counted", {"things": f"one: {name}" if things == name else things})
    if min(one.confidence for one in search.found) < UNSURE:
        yield Act("sight-doubtful")


def _none(search: Search, glance: Glance, taught: KnownThings, shown: Picture) -> Iterator[Act]:
    """Tell why nothing was found, and what there is instead."""
    if search.unknown:
        *before, last = search.unknown.split()
        is_name = len(before) < NAMES
        name = " ".join([*before, singular(last)])
        yield Act("sight-unknown-thing", {"name": name}) if is_name else Act("sight-only-reads")
        return
    if search.missing:
        yield Act("sight-no-other", {"other": search.missing})
        return
    yield Act("sight-unseen", {**_called(search), "is_one": bool(search.taught)})
    meant = search.wanted
    if meant.colour and not meant.other:
        bare = Wanted(f"the {meant.noun}", meant.noun, taught=meant.taught)
        others = glance.search(bare, taught).found
        if others:
            yield Act("sight-other-colour", {"name": meant.noun, **_place(others[0], shown)})


def _listed(seen: Sequence[Sighting]) -> Act:
    names = list(dict.fromkeys(one.name for one in seen))
    counts = {name: sum(one.name == name for one in seen) for name in names}
    told = [counted(counts[name], name) for name in names[:LISTED]]
    if not told:
        return NOTHING_KNOWN
    return Act("sight-sees", {"things": told, "more": max(0, len(names) - LISTED)})


def _called(search: Search) -> Mapping[str, str]:
    """Return what was looked for without its article, and whether it takes one: no "the Ana's cup".

    Owners are left out: who asks for "my mug" would hear of mine.
    """
    name = search.taught or search.wanted.name
    first, _, rest = name.partition(" ")
    if rest and first.casefold() in ("the", "a", "an", "my", "our"):
        return {"name": rest, "article": "the"}
    return {"name": name, "article": "none" if first.endswith("'s") else "the"}


def _place(one: Sighting, shown: Picture) -> Mapping[str, str]:
    across, down = rules.place(one, shown.width, shown.height)
    return {"across": across, "down": down}


def _meant(what: str, finder: Finder, taught: KnownThings) -> Sequence[Wanted]:
    """Return what is looked for: one thing, or several where each of them is known."""
    names = taught.names
    whole, parts = wanted(what, names), each_wanted(what, names)
    several = not _is_known(whole, finder) and all(_is_known(one, finder) for one in parts)
    return parts if several else (whole,)


def _to_show_again(what: str, things: "TaughtThings | None") -> str:
    """Return the name of what is looked for and was shown to other eyes; empty for none."""
    unseen = things.unseen if things and what else ()
    if not unseen:
        return ""
    meant = (wanted(what, unseen), *each_wanted(what, unseen))
    return next((one.taught for one in meant if one.taught and one.is_bare), "")


def _is_known(meant: Wanted, finder: Finder) -> bool:
    return bool(meant.taught) or finder.knows(meant.noun)


_ANSWERS: Mapping[str, _Answer] = {WHERE: _where, THERE: _where, COUNT: _count}
