"""What a conversation looked like each time something was said in it, and how it ended.

Recorded sessions are gone through again by the product's own conversation, prompt by prompt, so
that the signs are those that set wording and voice.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gnothi.recommend.acts import Ask, Prompt
from gnothi.recommend.conversation import Conversation, Recommender
from gnothi.recommend.noise import Floats
from gnothi.recommend.tone import Signs
from gnothi_lab.recommend.sessions import Played


@dataclass(frozen=True, slots=True)
class Moment:
    """Before a prompt is said: all that wording may go by."""

    listener: str
    turn: int
    """How many answers there were; what they opened with counts."""
    signs: Signs
    degree: float
    """How much they liked the last prompt; 0 where nothing of the kind was said."""
    mass: float
    """The chance of the best item."""
    is_last: bool
    """Whether it is the last prompt of its session."""
    is_success: bool
    """Whether the session ends with what they wanted."""


@dataclass(frozen=True, eq=False)
class Moments:
    """Many moments, column by column."""

    listeners: NDArray[np.int64]
    turn: Floats
    signs: Floats
    """Closeness, sentiment and sureness: ``(moments, 3)``."""
    score: Floats
    degree: Floats
    mass: Floats
    is_last: NDArray[np.bool_]
    is_success: NDArray[np.bool_]

    @classmethod
    def of(cls, moments: Sequence[Moment]) -> "Moments":
        """Put *moments* into columns."""
        _, listeners = np.unique([one.listener for one in moments], return_inverse=True)
        signs = [(one.signs.closeness, one.signs.sentiment, one.signs.sureness) for one in moments]
        return cls(
            listeners=listeners.astype(np.int64),
            turn=np.array([one.turn for one in moments], np.float64),
            signs=np.array(signs, np.float64).reshape(-1, 3),
            score=np.array([one.signs.score for one in moments], np.float64),
            degree=np.array([one.degree for one in moments], np.float64),
            mass=np.array([one.mass for one in moments], np.float64),
            is_last=np.array([one.is_last for one in moments], np.bool_),
            is_success=np.array([one.is_success for one in moments], np.bool_),
        )

    def __len__(self) -> int:
        return len(self.turn)

    @property
    def all(self) -> Floats:
        """All that is known at each moment: signs, turn, last degree, the best item's mass."""
        return np.column_stack([self.signs, self.turn, self.degree, self.mass])


class _Again(Conversation):
    """A conversation that is gone through again: what is asked is known already."""

    def ask(self, rng: np.random.Generator) -> Prompt:
        """Leave it to whoever goes through it to say what was asked."""
        del rng
        return self.prompt or Prompt(Ask.OPEN)


def moments(recommender: Recommender, played: Iterable[Played]) -> Iterator[Moment]:
    """Yield the moments of sessions as they were *played*, those before any answer left out."""
    for one in played:
        yield from _moments(recommender, one)


def _moments(recommender: Recommender, played: Played) -> Iterator[Moment]:
    rng = np.random.default_rng(0)  # nothing is drawn: all that was chosen is known
    again = _Again(recommender, played.session.key)
    count = len(played.turns) - 1
    for number, turn in enumerate(played.turns[:-1], 1):
        again.prompt = None if number == 1 and played.is_led else turn.prompt
        again.reply(turn.answer, rng)
        belief = again.belief
        yield Moment(
            listener=played.session.key,
            turn=number,
            signs=again.signs,
            degree=turn.answer.degree or 0.0,
            mass=float(belief.chances.max()),
            is_last=number == count,
            is_success=played.truth.is_success,
        )
