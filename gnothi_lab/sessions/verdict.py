"""Judges played sessions: by the final state, and step by step."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from gnothi_lab.judging import COMPANIONS, Expectation, problems
from gnothi_lab.sessions.play import Played, Seen, States
from gnothi_lab.sessions.script import Expect, Ring, Step

ASKS: Mapping[str, str] = {
    "value": "value",
    "correction": "value",
    "confirmation": "confirmation",
    "talk": "talk",
}
"""What the assistant waits for, in the words of the scripts."""
PUNCTUAL = timedelta(seconds=5)
"""How far a ring may be from the expected moment."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a session went."""

    final: tuple[str, ...]
    """What is wrong at the end, in words."""
    steps: tuple[tuple[str, ...], ...]
    """What is wrong after each step."""
    silent: bool
    """Whether doing nothing would have ended in the expected state."""

    @property
    def right_throughout(self) -> bool:
        """Whether every expectation of every step held."""
        return not self.final and not any(self.steps)

    @property
    def right(self) -> bool:
        """Whether the final state is right; where nothing was to happen, the words count too."""
        return self.right_throughout if self.silent else not self.final


def judge(played: Sequence[Played]) -> Verdict:
    """Return how the *played* steps of a session went."""
    first, last = played[0].before, played[-1].after
    expected = _accumulated([one.step for one in played])
    final = [
        *problems(expected, _moved(first.states, last.states), first.states),
        *_kept(_last_of(played), last),
    ]
    return Verdict(
        tuple(final),
        tuple(tuple(wrong(one)) for one in played),
        silent=not problems(expected, {}, first.states)
        and not any(_stirs(one.step.expect) for one in played),
    )


def wrong(played: Played) -> Iterator[str]:
    """Yield what is wrong after one step."""
    expect = played.step.expect
    moved = _moved(played.before.states, played.after.states)
    yield from problems(expect.changes, moved, played.before.states)
    yield from _kept(expect, played.after)
    yield from _spoken(expect, played)
    if played.interaction is None:
        yield played.reply.text


def _stirs(expect: Expect) -> bool:
    """Whether a list or something that rings is expected at all."""
    return bool(expect.lists) or any(expect.rings.values())


def _accumulated(steps: Sequence[Step]) -> Expectation:
    """Return what all steps together expect in the end.

    A later state takes back what follows from states: a lamp dimmed and then turned off is off, at
    whatever brightness.
    """
    found: dict[str, dict[str, Any]] = {}
    for step in steps:
        for entity, change in step.expect.changes.items():
            known = found.setdefault(entity, {})
            for name in COMPANIONS.get(entity.partition(".")[0], ()) if "state" in change else ():
                known.pop(name, None)
            known.update(change)
    return found


def _last_of(played: Sequence[Played]) -> Expect:
    """Return the last expectation of each list and of each kind of ring."""
    lists: dict[str, tuple[str, ...]] = {}
    rings: dict[str, tuple[Ring, ...]] = {}
    for one in played:
        lists.update(one.step.expect.lists)
        rings.update(one.step.expect.rings)
    end = played[-1].step.at
    due = {kind: tuple(ring for ring in found if ring.at > end) for kind, found in rings.items()}
    return Expect(lists=lists, rings=due)


def _moved(before: States, after: States) -> dict[str, dict[str, Any]]:
    changes = {
        entity: {key: value for key, value in now.items() if before[entity].get(key) != value}
        for entity, now in after.items()
    }
    return {entity: change for entity, change in changes.items() if change}


def _kept(expect: Expect, seen: Seen) -> Iterator[str]:
    for name, items in expect.lists.items():
        if _folded(items) != _folded(seen.lists.get(name, ())):
            yield f"{name} holds {list(seen.lists.get(name, ()))}, not {list(items)}"
    for kind, rings in expect.rings.items():
        if not _same_rings(rings, seen.rings[kind]):
            yield f"{kind}: {_told(seen.rings[kind])}, not {_told(rings)}"


def _folded(items: Sequence[str]) -> list[str]:
    return sorted(item.casefold() for item in items)


def _same_rings(expected: Sequence[Ring], found: Sequence[Ring]) -> bool:
    if len(expected) != len(found):
        return False
    pairs = zip(sorted(expected, key=_moment), sorted(found, key=_moment), strict=True)
    return all(
        abs(wanted.at - ring.at) <= PUNCTUAL and wanted.label.casefold() in ring.label.casefold()
        for wanted, ring in pairs
    )


def _moment(ring: Ring) -> float:
    return ring.at.timestamp()


def _told(rings: Sequence[Ring]) -> str:
    return ", ".join(f"{ring.at:%a %H:%M:%S} {ring.label}".strip() for ring in rings) or "none"


def _spoken(expect: Expect, played: Played) -> Iterator[str]:
    reply = played.reply
    asks = ASKS.get(reply.expects or "", False)
    if expect.asks is not None and expect.asks != asks:
        yield f"it asks for {asks or 'nothing'}, not {expect.asks or 'nothing'}: {reply.text!r}"
    said = reply.text.casefold()
    for alternatives in expect.says:
        if not any(part.casefold() in said for part in alternatives):
            yield f"the reply lacks {' or '.join(alternatives)}: {reply.text!r}"


def summary(verdicts: Sequence[Verdict]) -> Mapping[str, float]:
    """Return the shares of sessions that are right, right throughout, and right by silence."""
    size = max(1, len(verdicts))
    return {
        "right": sum(verdict.right for verdict in verdicts) / size,
        "right_throughout": sum(verdict.right_throughout for verdict in verdicts) / size,
        "doing_nothing": sum(verdict.silent for verdict in verdicts) / size,
    }
