"""One conversation: what was asked and answered, what is believed, and what comes next.

A :class:`Recommender` holds what all conversations over a catalogue share; a
:class:`Conversation` is one of them. Either side may lead: an answer may react to the prompt, ask
for something else, take back, or leave, and all of that at once.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property

import numpy as np

from gnothi.recommend import tone
from gnothi.recommend.acts import Answer, Ask, Prompt, Wish
from gnothi.recommend.belief import JURY, Belief
from gnothi.recommend.catalogue import Catalogue
from gnothi.recommend.closeness import expected
from gnothi.recommend.course import Turn, course
from gnothi.recommend.heeding import heed
from gnothi.recommend.likeness import Likeness
from gnothi.recommend.moment import Breadth, Moment
from gnothi.recommend.noise import Floats, Noise, Singles
from gnothi.recommend.policies import Choice, Policy
from gnothi.recommend.prior import Outlook, apart, popular, together
from gnothi.recommend.prompts import Menu, menu

LONGEST = 100
"""Turns after which something is played in any case."""
_KEPT = 4
"""How many beliefs are kept for going back; older ones are worked out again."""

Taste = Callable[[str], "Singles | None"]
"""The prior of a person by their history (:func:`gnothi.recommend.prior.personal`), if any."""


class End(StrEnum):
    """How a conversation ended."""

    PLAYED = "played"
    LEFT = "left"
    TIRED = "tired"
    """Nothing was found in as many turns as there may be."""


@dataclass(frozen=True, eq=False)
class Recommender:
    """What all conversations over one catalogue share."""

    catalogue: Catalogue
    policy: Policy
    likeness: Likeness
    noise: Noise = field(default_factory=Noise)
    outlook: Outlook = field(default_factory=Outlook)
    breadth: Breadth = field(default_factory=Breadth)
    taste: Taste = lambda person: None
    longest: int = LONGEST
    jurors: int = JURY
    """How many items judge questions; simulations of many sessions take fewer."""
    heeds: bool = False
    """Whether nothing is offered that lacks what was asked for (:mod:`gnothi.recommend.heeding`).
    Where nothing is left, it is for who leads the conversation to ask what to give up."""

    @classmethod
    def over(cls, catalogue: Catalogue, policy: Policy) -> "Recommender":
        """Return a recommender that knows nothing of anybody's history."""
        return cls(catalogue, policy, Likeness(catalogue))

    def begin(
        self,
        rng: np.random.Generator,
        *,
        person: str | None = None,
        household: Sequence[str] = (),
        guest: bool = False,
        first: Answer | None = None,
    ) -> "Conversation":
        """Begin a conversation; :attr:`Conversation.prompt` says what to ask or play first.

        *household* are those who may be there besides the *person*. In a *guest*'s conversation
        nobody's history counts, and nothing of it should enter one. *first* is what they said
        right away ("help me find some jazz").
        """
        begun = Conversation(self, person, tuple(household), is_guest=guest)
        if first is None:
            begun.ask(rng)
        else:
            begun.reply(first, rng)
        return begun

    @cached_property
    def popular(self) -> Singles:
        """The chance of each item for somebody unknown."""
        return popular(self.catalogue, self.outlook)

    @cached_property
    def usual(self) -> Floats:
        """The chance of each attribute for somebody unknown."""
        return Belief.begin(self.likeness, self.popular, self.noise, jurors=self.jurors).values

    def of(self, person: str | None) -> Singles:
        """Return the chance of each item for a *person*."""
        known = self.taste(person) if person is not None else None
        return self.popular if known is None else known

    def knows(self, person: str | None) -> bool:
        """Whether anything that a *person* played is known."""
        return person is not None and self.taste(person) is not None


class Conversation:
    """One conversation; :meth:`reply` takes it a turn further."""

    def __init__(
        self,
        recommender: Recommender,
        person: str | None = None,
        household: tuple[str, ...] = (),
        *,
        is_guest: bool = False,
        company: tuple[str, ...] | None = None,
        turns: Sequence[Turn] = (),
        prompt: Prompt | None = None,
        end: End | None = None,
        decided: int = 0,
    ) -> None:
        """Take up a conversation where it was; :meth:`Recommender.begin` begins a new one."""
        self.recommender = recommender
        self.person = person
        self.household = household
        self.is_guest = is_guest
        self.company = company
        """Who else is there; ``None`` as long as nobody said."""
        self.turns = list(turns)
        self.prompt = prompt
        """What is asked or played now; ``None`` before the first prompt and after the end."""
        self.end = end
        self.choice: Choice | None = None
        """How the prompt was chosen; ``None`` when they led and there was nothing to choose."""
        self.decided = decided
        """How many prompts were chosen so far."""
        self.played: int | None = turns[-1].prompt.item if turns and end is End.PLAYED else None
        """What was played in the end."""
        self._recent: deque[tuple[int, Belief]] = deque(maxlen=_KEPT)

    def reply(self, answer: Answer, rng: np.random.Generator) -> Prompt | None:
        """Take in an *answer*; return what to ask or play next, ``None`` at the end."""
        if self.end is not None:
            return None
        if answer.wish is Wish.BACK:
            self._go_back()
            answer = replace(answer, wish=Wish.NONE)
            if answer.is_empty:
                return self.prompt if self.prompt is not None else self.ask(rng)
        self.take(answer)
        if answer.wish is Wish.LEAVE:
            return self._finish(End.LEFT)
        if self.is_content(self.turns[-1]):
            self.played = self.turns[-1].prompt.item
            return self._finish(End.PLAYED)
        if len(self.turns) >= self.recommender.longest:
            return self._finish(End.TIRED)
        if answer.wish in (Wish.PLAY, Wish.SURPRISE):
            return self._play(self._wanted(self.turns[-1]))
        return self.ask(rng)

    def ask(self, rng: np.random.Generator) -> Prompt:
        """Let the policy choose the next prompt."""
        self.choice = self.recommender.policy.choose(self.menu(), rng)
        self.prompt = self.choice.prompt
        self.decided += 1
        return self.prompt

    def menu(self) -> Menu:
        """Return what may be asked or played now."""
        return menu(self.moment())

    def moment(self) -> Moment:
        """Return what is known now."""
        recommender = self.recommender
        return Moment(
            belief=self.belief,
            course=course(self.turns, recommender.catalogue),
            usual=recommender.usual,
            before=self._start.values,
            popular=recommender.popular,
            breadth=recommender.breadth,
            people=1 + len(self.company or ()),
            is_guest=self.is_guest,
            has_history=any(recommender.knows(one) for one in self._there),
            company=self._company_matters,
            is_last=len(self.turns) + 1 >= recommender.longest,
            allowed=heed(self.turns, recommender.catalogue).allowed if recommender.heeds else None,
        )

    @property
    def belief(self) -> Belief:
        """What is believed now."""
        count = len(self.turns)
        done, belief = self._recent[-1] if self._recent else (0, self._start)
        for number in range(done, count):
            turn = self.turns[number]
            belief = belief.after(turn.prompt, turn.answer)
            self._recent.append((number + 1, belief))
        return belief

    @property
    def start(self) -> Belief:
        """What was believed before anything was said, of the people who are there."""
        return self._start

    @property
    def signs(self) -> tone.Signs:
        """How well it goes, for wording and voice; no decision looks at it."""
        answers = [turn.answer for turn in self.turns]
        degrees = [one.degree for one in answers if one.degree is not None]
        sure = [0.0 if one.is_empty else one.sureness for one in answers]
        return tone.Signs(
            closeness=expected(self.belief),
            sentiment=tone.sentiment(degrees),
            sureness=(tone.sentiment(sure) if sure else 1.0),
        )

    @cached_property
    def _start(self) -> Belief:
        recommender = self.recommender
        prior = together([recommender.of(one) for one in self._there])
        return Belief.begin(
            recommender.likeness, prior, recommender.noise, jurors=recommender.jurors
        )

    @property
    def _there(self) -> tuple[str | None, ...]:
        """Whose histories count; guests have none, nor does anybody in front of them."""
        if self.is_guest:
            return (None,)
        return (self.person, *(self.company or ()))

    @cached_property
    def _company_matters(self) -> float:
        if self.is_guest or self.company is not None:
            return 0.0
        others = [one for one in self.household if one != self.person]
        mine = self.recommender.of(self.person)
        return max(
            (apart(mine, together([mine, self.recommender.of(one)])) for one in others),
            default=0.0,
        )

    def take(self, answer: Answer) -> None:
        """Take in an answer to the open prompt, without asking anything else."""
        self.turns.append(Turn(self.prompt or Prompt(Ask.OPEN), answer))
        if answer.company is not None:
            self._meet(answer.company)
        elif self.turns[-1].prompt.ask is Ask.COMPANY:
            self._meet(())

    def _meet(self, company: "tuple[str, ...] | None") -> None:
        if company != self.company:
            self.company = company
            self._recent.clear()
            self.__dict__.pop("_start", None)
            self.__dict__.pop("_company_matters", None)

    def _go_back(self) -> None:
        """Undo the last answer, and ask again what it was given to."""
        if not self.turns:
            return
        undone = self.turns.pop()
        while self._recent and self._recent[-1][0] > len(self.turns):
            self._recent.pop()
        self.prompt, self.choice = undone.prompt, None
        said = [turn for turn in self.turns if turn.answer.company is not None]
        asked = any(turn.prompt.ask is Ask.COMPANY for turn in self.turns)
        self._meet(said[-1].answer.company if said else (() if asked else None))

    def is_content(self, turn: Turn) -> bool:
        """Whether something was played and not refused."""
        if turn.prompt.ask is not Ask.PLAY:
            return False
        answer = turn.answer
        if turn.is_refused or answer.wish in (Wish.MORE, Wish.SURPRISE):
            return False
        if answer.items or answer.similar or turn.prompt.item in answer.refused:
            return False
        return turn.is_liked or not (answer.likes or answer.dislikes)

    def _wanted(self, turn: Turn) -> int:
        """Return what is to be played: what they named, what was offered, or the best."""
        if turn.answer.wish is Wish.PLAY:
            if turn.answer.items:
                return turn.answer.items[0]
            if turn.prompt.item is not None and not turn.is_refused:
                return turn.prompt.item
        best = menu(replace(self.moment(), is_last=True)).candidates[0].prompt.item
        assert best is not None
        return best

    def _play(self, item: int) -> Prompt:
        self.prompt, self.choice = Prompt(Ask.PLAY, item=item), None
        return self.prompt

    def _finish(self, end: End) -> None:
        self.end, self.prompt, self.choice = end, None, None
