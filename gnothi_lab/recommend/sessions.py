"""Sessions between policies and the listeners, many side by side, the same ones for every policy.

A policy is played through the product's own conversation; what listeners say is read by the
product's own reader. Only the truth about success comes from the world's judge, afterwards.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from gnothi.recommend.acts import Answer, Ask, Prompt
from gnothi.recommend.affinity import Affinity, Plays
from gnothi.recommend.belief import Belief
from gnothi.recommend.conversation import Conversation, Recommender
from gnothi.recommend.course import Turn
from gnothi.recommend.decisions import Decision, decision
from gnothi.recommend.ease import Ease
from gnothi.recommend.likeness import Likeness
from gnothi.recommend.moment import Breadth
from gnothi.recommend.noise import Floats, Noise, Singles
from gnothi.recommend.policies import Policy
from gnothi.recommend.prior import Outlook, personal, popular
from gnothi.recommend.replies import Replies
from gnothi_lab.recommend.hearing import first_wish, heard
from gnothi_lab.worlds.listeners import Judge, Listeners, Session, Truth

Mask: TypeAlias = NDArray[np.bool_]
Hint: TypeAlias = Callable[[Session, Answer], Answer]
"""Tells an assistant more than was said: for ceilings only."""
JURORS = 1024
"""Items that judge questions here: a quarter of the product's, for speed."""
LONGEST = 30
"""Prompts after which an assistant gives up: a failure, however patient somebody is."""
FEW = Breadth()
MANY = Breadth(suggestions=4, of_a_facet=2, pairs=1, choices=2, samples=4, plays=16)
_TOGETHER = 250
"""Sessions that are played side by side."""


@dataclass(frozen=True, slots=True)
class Way:
    """How an assistant is set up, beside its policy."""

    breadth: Breadth = MANY
    history: bool = True
    """Whether it knows what a listener played before."""
    noise: Noise = field(default_factory=Noise)
    outlook: Outlook = field(default_factory=Outlook)


@dataclass(frozen=True, eq=False)
class Played:
    """One session as it went."""

    session: Session
    truth: Truth
    turns: tuple[Turn, ...]
    """All that was said: what they opened with, if anything, and prompts with their answers; the
    last answer is empty where somebody left."""
    is_led: bool
    """Whether the listener opened with a wish that was understood."""
    decisions: tuple[Decision, ...]
    places: tuple[int, ...]
    """Which turn each decision led to."""
    offers: tuple[tuple[int, ...], ...]
    """The items that could have been played instead of each decision, in the order of slots."""
    completed: int | None
    """What was played to its end, as an assistant notices it."""


class Room:
    """Where assistants meet listeners of one family: the world, and what assistants learned."""

    def __init__(self, listeners: Listeners) -> None:
        """Open a room with *listeners*, who have to be judged."""
        self.listeners = listeners
        self.judge = Judge(listeners)
        self.cap = self.judge.cap
        self.catalogue = listeners.catalogue
        self.replies = Replies(self.catalogue, is_fuzzy=False)
        self.likeness = Likeness(self.catalogue)
        self._priors: dict[tuple[str, Outlook], Singles | None] = {}

    @classmethod
    def of(
        cls,
        data: Path | str,
        *,
        seed: int = 0,
        family: str = "a",
        changes: Mapping[str, float] | None = None,
    ) -> Self:
        """Start a world on *data*, a folder or ``tiny``; *changes* to its numbers, for sweeps."""
        return cls(
            Listeners(data=str(data), seed=seed, family=family, judged=True, changes=changes)
        )

    def close(self) -> None:
        """End the world."""
        self.listeners.close()

    def sessions(self, count: int, *, test: bool, start: int = 0) -> list[tuple[str, int]]:
        """Return *count* sessions, spread over all listeners to learn from, or kept for tests."""
        keys = self.listeners.keys(test=test)
        return [(keys[at % len(keys)], start + at // len(keys)) for at in range(count)]

    def recommender(self, policy: Policy, way: Way) -> Recommender:
        """Set up an assistant."""
        return Recommender(
            self.catalogue,
            policy,
            self.likeness,
            noise=way.noise,
            outlook=way.outlook,
            breadth=way.breadth,
            taste=(lambda key: self._prior(key, way.outlook)) if way.history else _unknown,
            longest=LONGEST + 2,
            jurors=JURORS,
        )

    def start(self, key: str, way: Way) -> Belief:
        """Return what an assistant believes of somebody who has not said anything."""
        known = self._prior(key, way.outlook) if way.history else None
        prior = popular(self.catalogue, way.outlook) if known is None else known
        return Belief.begin(self.likeness, prior, way.noise, jurors=JURORS)

    @cached_property
    def affinity(self) -> Affinity:
        """Who plays what together, from the histories of those to learn from."""
        keys = self.listeners.keys(test=False)
        parts = self.listeners.histories(keys)
        people = np.repeat(np.arange(len(keys)), [len(items) for items, _ in parts])
        items = np.concatenate([items for items, _ in parts])
        counts = np.concatenate([counts for _, counts in parts])
        shape = (len(keys), len(self.catalogue))
        return Ease().fit(Plays.of(people, items, counts, shape=shape), self.catalogue.matrix)

    def _prior(self, key: str, outlook: Outlook) -> Singles | None:
        """Return what somebody may like by their history; ``None`` where there is none."""
        if (key, outlook) not in self._priors:
            [(items, counts)] = self.listeners.histories([key])
            self._priors[key, outlook] = (
                personal(self.catalogue, self.affinity.scores(items, counts), outlook)
                if len(items)
                else None
            )
        return self._priors[key, outlook]


def play(
    room: Room,
    policy: Policy,
    sessions: Sequence[tuple[str, int]],
    *,
    way: Way | None = None,
    seed: int = 0,
    hint: Hint | None = None,
) -> Iterator[Played]:
    """Let a policy lead *sessions*; the same ones meet the same people, wishes and chance.

    With a *hint* the assistant hears what that makes of each answer, first wishes included.
    """
    recommender = room.recommender(policy, way or Way())
    bounds = [*range(0, len(sessions), _TOGETHER), len(sessions)]
    for start, end in pairwise(bounds):
        yield from _Table(room, recommender, sessions[start:end], seed, hint).play()


def _unknown(key: str) -> None:
    del key


@dataclass(eq=False)
class _Seat:
    session: Session
    conversation: Conversation
    rng: np.random.Generator
    decisions: list[Decision] = field(default_factory=list[Decision])
    places: list[int] = field(default_factory=list[int])
    offers: list[tuple[int, ...]] = field(default_factory=list[tuple[int, ...]])
    turns: list[Turn] = field(default_factory=list[Turn])
    is_led: bool = False
    said: int = 0
    completed: int | None = None
    is_over: bool = False

    def note(self) -> None:
        """Keep how the open prompt was chosen, if it was."""
        made = decision(self.conversation)
        if made is not None and self.conversation.prompt is not None:
            self.decisions.append(made)
            self.places.append(len(self.turns))
            self.offers.append(_plays(self.conversation))


class _Table:
    """Sessions side by side."""

    def __init__(
        self,
        room: Room,
        recommender: Recommender,
        sessions: Sequence[tuple[str, int]],
        seed: int,
        hint: Hint | None,
    ) -> None:
        self._room, self._seed, self._hint = room, seed, hint
        self._recommender = recommender
        self._seats = [self._sit(one) for one in room.listeners.open(sessions)]

    def play(self) -> Iterator[Played]:
        """Play all to their end."""
        while self._turn():
            pass
        handles = [seat.session.handle for seat in self._seats]
        truths = self._room.judge.truths(handles)
        self._room.listeners.forget(handles)
        for seat, truth in zip(self._seats, truths, strict=True):
            yield Played(
                seat.session,
                truth,
                tuple(seat.turns),
                seat.is_led,
                tuple(seat.decisions),
                tuple(seat.places),
                tuple(seat.offers),
                seat.completed,
            )

    def _sit(self, session: Session) -> _Seat:
        key = int.from_bytes(session.key.encode()[-7:], "big")
        rng = np.random.default_rng([self._seed, key, session.number])
        wish = first_wish(self._room.replies, session.text)
        if wish is not None and self._hint is not None:
            wish = self._hint(session, wish)
        begun = self._recommender.begin(rng, person=session.key, first=wish)
        seat = _Seat(session, begun, rng, turns=list(begun.turns), is_led=wish is not None)
        seat.note()
        return seat

    def _turn(self) -> bool:
        said = {
            seat.session.handle: seat
            for seat in self._seats
            if not seat.is_over and seat.conversation.prompt is not None
        }
        if not said:
            return False
        prompts = {handle: _open(seat.conversation) for handle, seat in said.items()}
        for seat, prompt, reaction in zip(
            said.values(), prompts.values(), self._room.listeners.say(prompts), strict=True
        ):
            seat.said += 1
            seat.is_over = reaction.is_over or seat.said >= LONGEST
            answer = heard(self._room.replies, prompt, reaction)
            if self._hint is not None and not reaction.is_over:
                answer = self._hint(seat.session, answer)
            seat.turns.append(Turn(prompt, answer))
            if reaction.is_over:
                seat.completed = prompt.item if reaction.event == "completed" else None
            elif not seat.is_over:
                seat.conversation.reply(answer, seat.rng)
                seat.note()
        return True


def _plays(conversation: Conversation) -> tuple[int, ...]:
    assert conversation.choice is not None
    prompts = [one.prompt for one in conversation.choice.menu.candidates]
    return tuple(one.item for one in prompts if one.ask is Ask.PLAY and one.item is not None)


def _open(conversation: Conversation) -> Prompt:
    assert conversation.prompt is not None
    return conversation.prompt


@dataclass(frozen=True, eq=False)
class Outcomes:
    """How sessions ended, in their order."""

    keys: tuple[str, ...]
    success: Floats
    turns: Floats
    """Failures at the cap."""
    prompts: Floats
    """Prompts that there really were."""
    is_led: Mask
    completed: Mask
    """Whether something was played to its end, right or not."""


def outcomes(played: Iterable[Played], cap: int) -> Outcomes:
    """Return how sessions ended."""
    rows = [
        (
            one.session.key,
            one.truth.is_success,
            one.truth.counted(cap),
            one.truth.turns,
            one.is_led,
            one.completed is not None,
        )
        for one in played
    ]
    keys, success, turns, prompts, led, completed = zip(*rows, strict=True)
    return Outcomes(
        keys,
        np.array(success, np.float64),
        np.array(turns, np.float64),
        np.array(prompts, np.float64),
        np.array(led, np.bool_),
        np.array(completed, np.bool_),
    )
