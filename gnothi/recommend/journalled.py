"""Decisions in the journal: written by the skill that leads a talk, read by what learns from it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np

from gnothi.core.acting import Decided
from gnothi.core.interaction import Interaction
from gnothi.core.plain import Json
from gnothi.recommend.conversation import End
from gnothi.recommend.decisions import Decision, Logged

PROMPT, END = "recommend/prompt", "recommend/end"
"""Which choices, as :attr:`gnothi.core.acting.Decided.what` has them: of a prompt; how it ended."""
SKILL, START, GO_ON = "recommend", "start", "go_on"
GUEST = "guest"
_PLAYED = frozenset({"recommend-play", "recommend-settled"})
_FINE = 4


def write_decision(made: Decision, *, kind: str, turn: int, policy: str) -> Mapping[str, Json]:
    """Return a decision as the journal keeps it; *turn* counts what was answered before it.

    *policy* is the name of who chose.
    """
    return {
        "kind": kind,
        "policy": policy,
        "turn": turn,
        "step": made.step,
        "action": made.action,
        "act": made.act,
        "slots": list(made.slots),
        "chances": [round(one, 6) for one in made.chances],
        "features": [[round(float(one), _FINE) for one in row] for row in made.features],
    }


def write_end(end: End, usefulness: Sequence[float], *, kind: str) -> Mapping[str, Json]:
    """Return how a conversation ended, as the journal keeps it, with what each turn helped."""
    return {
        "kind": kind,
        "end": end.value,
        "usefulness": [round(one, _FINE) for one in usefulness],
    }


@dataclass(slots=True)
class _Episode:
    """A conversation, gathered from its turns."""

    key: str
    person: str
    kind: str = ""
    decisions: list[Decision] = field(default_factory=list[Decision])
    turns: list[int] = field(default_factory=list[int])
    is_played: bool = False
    usefulness: list[float] = field(default_factory=list[float])

    def take(self, turn: Interaction) -> None:
        """Take in a turn of the conversation."""
        self.is_played = any(act.key in _PLAYED for act in turn.reply.acts)
        for one in turn.decisions:
            if one.what == PROMPT:
                self._decide(one)
            elif one.what == END:
                self.is_played = one.record.get("end") == End.PLAYED.value
                self.usefulness = cast("list[float]", one.record.get("usefulness") or [])

    def logged(self, *, useful: bool) -> Logged:
        """Return it with rewards: success at the last decision, or what each one helped."""
        rewards = [0.0] * len(self.decisions)
        if useful:
            for at, turn in enumerate(self.turns):
                rewards[at] = self.usefulness[turn] if turn < len(self.usefulness) else 0.0
        elif self.is_played:
            rewards[-1] = 1.0
        return Logged(self.key, self.person, self.kind, self.decisions, rewards)

    def _decide(self, one: Decided) -> None:
        told = cast("Mapping[str, Any]", one.record)
        self.kind = str(told["kind"])
        self.turns.append(int(told["turn"]))
        self.decisions.append(
            Decision(
                step=len(self.decisions),
                action=str(told["action"]),
                act=str(told["act"]),
                propensity=one.propensity,
                slots=tuple(told["slots"]),
                chances=tuple(told["chances"]),
                features=np.asarray(told["features"], np.float32),
            )
        )


def logged(turns: Iterable[Interaction], *, useful: bool = False) -> Iterator[Logged]:
    """Yield the conversations in *turns*, which come in order, each with its rewards.

    A reward is 1 for the last decision of a conversation that ended with something played and not
    refused. With *useful* it is what each prompt helped to come there, known of those only that
    were played and agreed to. Conversations in which nothing was chosen at random are left out.
    """
    going: dict[str, _Episode] = {}
    for turn in turns:
        calls = {action.call.api for action in turn.actions if action.call.skill == SKILL}
        if START in calls:
            yield from _finished(going.pop(turn.session, None), useful=useful)
            going[turn.session] = _Episode(turn.id, turn.user or f"{GUEST} {turn.session}")
        if calls and (episode := going.get(turn.session)):
            episode.take(turn)
    for episode in going.values():
        yield from _finished(episode, useful=useful)


def _finished(episode: _Episode | None, *, useful: bool) -> Iterator[Logged]:
    if episode and episode.decisions:
        yield episode.logged(useful=useful)
