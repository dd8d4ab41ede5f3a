"""Find things in a picture: "where is the red mug?", "how many keys?", "what do you see?"."""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from gnothi.core.acting import Act, Call, Outcome, Status
from gnothi.core.risk import Risk
from gnothi.core.seeing import KnownThings, Sighting
from gnothi.skills.builtin.sight.teaching import FOUND, PICTURE, SKILL, display
from gnothi.skills.turn import Proposal, Turn
from gnothi.skills.vocabulary import Vocabulary
from gnothi.text.spelling import stem
from gnothi.vision.eyes import Eyes, Picture
from gnothi.vision.finding import rules
from gnothi.vision.finding.finder import NOTHING, Finder, Glance, Search, taught_name
from gnothi.vision.finding.wanted import Wanted, wanted

WHERE, THERE, COUNT, LIST = "where", "there", "count", "list"
MANY = 4
"""Things whose places are told."""
LISTED = 8
"""Kinds of things that are named."""
UNSURE = 0.5
"""Probability below which a finding is told with a doubt."""
_VOWELS = ("a", "e", "i", "o", "um")
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
    """Whether *text* asks for a thing, which is found in a moment: nothing has to be read."""
    question = asked(text)
    return question is not None and question.kind != LIST


def is_meant(text: str, eyes: Eyes, things: KnownThings | None) -> bool:
    """Whether *text*, said without a picture, asks for things that are known by sight."""
    question, finder = asked(text), eyes.finder
    if question is None or finder is None:
        return False
    return question.kind == LIST or _is_known(wanted(question.what), finder, things)


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
        known = _is_known(wanted(question.what), finder, turn.services.things)
        return None if reads and not known else Proposal(call, Risk.FREE)
    return Proposal(call, Risk.FREE)


async def find(turn: Turn, *, picture: str | None = None, what: str, kind: str) -> Outcome:
    """Look for *what* in the *picture*, or in what the camera sees."""
    eyes = turn.services.sight
    if eyes is None:
        return Outcome(Status.FAILED, (Act("sight-nothing-shown"),))
    taught = turn.services.things or NOTHING
    shown, acts, found, name = await asyncio.to_thread(_look, eyes, picture, what, kind, taught)
    entities: dict[str, object] = {PICTURE: shown.id}
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
    shown = eyes.find(picture) if picture else None
    shown = shown or eyes.look()
    glance = eyes.glance(shown.id)
    if kind == LIST:
        seen = glance.things(taught)
        return shown, [_listed(seen)], seen, ""
    search = glance.search(wanted(what), taught)
    acts = list(_ANSWERS[kind](search, glance, taught, shown))
    return shown, acts, search.found, search.taught


_Answer = Callable[[Search, Glance, KnownThings, Picture], Iterator[Act]]


def _where(search: Search, glance: Glance, taught: KnownThings, shown: Picture) -> Iterator[Act]:
    """Tell where it is, or why not."""
    if not search.found:
        yield from _none(search, glance, taught, shown)
        return
    name, count = _name(search), len(search.found)
    if count > 1:
        yield Act("sight-several", {"things": counted(count, name)})
    for at, one in enumerate(search.found[:MANY]):
        if count == 1:
            yield Act("sight-here", {"name": name, **_place(one, shown)})
        else:
            which = "first" if at == 0 else "next"
            yield Act("sight-one-here", {"which": which, **_place(one, shown)})
    if search.found[0].confidence < UNSURE:
        yield Act("sight-doubtful")


def _count(search: Search, glance: Glance, taught: KnownThings, shown: Picture) -> Iterator[Act]:
    if not search.found:
        yield from _none(search, glance, taught, shown)
        return
    yield Act("sight-counted", {"things": counted(len(search.found), _name(search))})
    if min(one.confidence for one in search.found) < UNSURE:
        yield Act("sight-doubtful")


def _none(search: Search, glance: Glance, taught: KnownThings, shown: Picture) -> Iterator[Act]:
    """Tell why nothing was found, and what there is instead."""
    if search.unknown:
        yield Act("sight-unknown-thing", {"name": search.unknown})
        return
    if search.missing:
        yield Act("sight-no-other", {"other": search.missing})
        return
    yield Act("sight-unseen", {"name": _name(search)})
    meant = search.wanted
    if meant.colour and not meant.other:
        others = glance.search(Wanted(f"the {meant.noun}", meant.noun), taught).found
        if others:
            yield Act("sight-other-colour", {"name": meant.noun, **_place(others[0], shown)})


def _listed(seen: Sequence[Sighting]) -> Act:
    names = list(dict.fromkeys(one.name for one in seen))
    counts = {name: sum(one.name == name for one in seen) for name in names}
    told = [counted(counts[name], name) for name in names[:LISTED]]
    if not told:
        return NOTHING_KNOWN
    return Act("sight-sees", {"things": told, "more": max(0, len(names) - LISTED)})


def counted(count: int, name: str) -> str:
    """Return "a mug", "an apple", "2 keys", "scissors": so many things called *name*."""
    *before, last = name.split()
    is_plural = stem(last) != last
    if count == 1:
        return name if is_plural else f"{'an' if name.startswith(_VOWELS) else 'a'} {name}"
    return " ".join([str(count), *before, last if is_plural else _plural(last)])


def _plural(noun: str) -> str:
    if noun.endswith(("s", "x", "z", "ch", "sh")):
        return f"{noun}es"
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return f"{noun[:-1]}ies"
    if noun.endswith("fe"):
        return f"{noun[:-2]}ves"
    return {"person": "people", "mouse": "mice", "fish": "fish"}.get(noun, f"{noun}s")


def _name(search: Search) -> str:
    """Return what was looked for without its article."""
    name = search.taught or search.wanted.name
    first, _, rest = name.partition(" ")
    return rest if rest and first in ("the", "a", "an", "my", "our") else name


def _place(one: Sighting, shown: Picture) -> Mapping[str, str]:
    across, down = rules.place(one, shown.width, shown.height)
    return {"across": across, "down": down}


def _is_known(meant: Wanted, finder: Finder, things: KnownThings | None) -> bool:
    return finder.knows(meant.noun) or bool(taught_name(meant, things or NOTHING))


_ANSWERS: Mapping[str, _Answer] = {WHERE: _where, THERE: _where, COUNT: _count}
