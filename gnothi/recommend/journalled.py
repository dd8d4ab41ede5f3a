"""Decisions in the journal: written by the skill that leads a talk, read by what learns from it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import exp
from typing import Any, cast

import numpy as np

from gnothi.core.acting import Decided
from gnothi.core.interaction import Interaction
from gnothi.core.plain import Json
from gnothi.recommend.acts import Ask
from gnothi.recommend.conversation import End
from gnothi.recommend.decisions import Decision, Logged
from gnothi.recommend.rewards import Reward

PROMPT, END = "recommend/prompt", "recommend/end"
"""Which choices, as :attr:`gnothi.core.acting.Decided.what` has them: of a prompt; how it ended."""
SKILL, START, GO_ON = "recommend", "start", "go_on"
GUEST = "guest"
_PLAYED = frozenset({"recommend-play", "recommend-settled"})
_FINE = 4


def write_decision(
    made: Decision, *, kind: str, turn: int, policy: str, share: float = 1.0, tries: bool = False
) -> Mapping[str, Json]:
    """Return a decision as the journal keeps it; *turn* counts what was answered before it.

    *policy* is the name of who chose, which it was with a probability of *share*; with *tries* it
    is one of the talks that try other things.
    """
    return {
        "kind": kind,
        "policy": policy,
        "share": share,
        "tries": tries,
        "turn": turn,
        "step": made.step,
        "action": made.action,
        "act": made.act,
        "slots": list(made.slots),
        "chances": [round(one, 6) for one in made.chances],
        "usual": [round(one, 6) for one in made.usual],
        "features": [[round(float(one), _FINE) for one in row] for row in made.features],
    }


def write_end(
    end: End, usefulness: Sequence[float], *, kind: str, is_here: bool | None = None
) -> Mapping[str, Json]:
    """Return how a conversation ended, as the journal keeps it, with what each turn helped.

    *is_here* says whether what was played or agreed to can be played here.
    """
    told: dict[str, Json] = {
        "kind": kind,
        "end": end.value,
        "usefulness": [round(one, _FINE) for one in usefulness],
    }
    return told if is_here is None else {**told, "here": is_here}


@dataclass(frozen=True, eq=False)
class Talk:
    """A conversation as learning reads it: rewarded decisions, who led it, how it ended."""

    logged: Logged
    at: datetime
    """When it began."""
    policy: str
    """Who led it: ``rules``, or the label of an artifact."""
    tries: bool
    """Whether it is one of those that try other things."""
    is_played: bool
    """Whether something was played and not refused."""


@dataclass(slots=True)
class _Episode:
    """A conversation, gathered from its turns."""

    key: str
    person: str
    at: datetime
    kind: str = ""
    policy: str = ""
    tries: bool = False
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

    def talk(self, reward: Reward) -> Talk:
        """Return it with what each prompt was good for, by *reward*."""
        rewards = self._earned(reward) if self.is_played else [0.0] * len(self.decisions)
        logged = Logged(self.key, self.person, self.kind, self.decisions, rewards)
        return Talk(logged, self.at, self.policy, self.tries, self.is_played)

    def _earned(self, reward: Reward) -> list[float]:
        """Return the rewards of a conversation that ended well, as :class:`Reward` has them.

        Where nobody said that it was fine, only what was played is known to have helped.
        """
        last = max(*self.turns, len(self.usefulness) - 1)
        earned: list[float] = []
        for made, turn in zip(self.decisions, self.turns, strict=True):
            rise = self.usefulness[turn] if turn < len(self.usefulness) else 0.0
            share = reward.asked + (1 - reward.asked) * (1 - exp(-max(rise, 0.0) / reward.scale))
            is_it = turn == last and made.act.startswith(Ask.PLAY.value)
            earned.append(reward.decay ** (last - turn) * (1.0 if is_it else share))
        return earned

    def _decide(self, one: Decided) -> None:
        told = cast("Mapping[str, Any]", one.record)
        self.kind = str(told["kind"])
        self.policy = str(told.get("policy", ""))
        self.tries = bool(told.get("tries", False))
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
                usual=tuple(told.get("usual", ())),
            )
        )


def logged(turns: Iterable[Interaction], *, useful: bool = False) -> Iterator[Logged]:
    """Yield the conversations in *turns*, which come in order, each with its rewards.

    A reward is 1 for the last decision of a conversation that ended with something played and not
    refused. With *useful* it is what each prompt helped to come there, known of those only that
    were played and agreed to. Conversations in which nothing was chosen at random are left out.
    """
    for episode in _episodes(turns):
        yield episode.logged(useful=useful)


def talks(turns: Iterable[Interaction], *, reward: Reward) -> Iterator[Talk]:
    """Yield the conversations in *turns*, which come in order, rewarded by *reward*."""
    for episode in _episodes(turns):
        yield episode.talk(reward)


def _episodes(turns: Iterable[Interaction]) -> Iterator[_Episode]:
    """Yield each conversation in which something was chosen, as it ends."""
    going: dict[str, _Episode] = {}
    for turn in turns:
        calls = {action.call.api for action in turn.actions if action.call.skill == SKILL}
        if START in calls:
            yield from _finished(going.pop(turn.session, None))
            person = turn.user or f"{GUEST} {turn.session}"
            going[turn.session] = _Episode(turn.id, person, turn.at)
        if calls and (episode := going.get(turn.session)):
            episode.take(turn)
    for episode in going.values():
        yield from _finished(episode)


def _finished(episode: _Episode | None) -> Iterator[_Episode]:
    if episode and episode.decisions:
        yield episode
