"""What is known when the next prompt is chosen, and what may be chosen."""

from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from gnothi.recommend.acts import Prompt
from gnothi.recommend.belief import Belief
from gnothi.recommend.course import Course
from gnothi.recommend.noise import Floats, Singles

Mask: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Breadth:
    """How many prompts of each kind there are to choose from, at most."""

    suggestions: int = 6
    """Of one value."""
    of_a_facet: int = 3
    """Suggestions of one facet."""
    pairs: int = 3
    """Suggestions of two values."""
    choices: int = 4
    samples: int = 3
    plays: int = 6
    by_chance: bool = True
    """Once somebody was named, whether items come in the order of their own chance, not of that
    of being liked by whoever likes what is like them."""

    @property
    def most(self) -> int:
        """How many prompts there can be; the open question and that for company are two."""
        return self.suggestions + self.pairs + self.choices + self.samples + self.plays + 2


@dataclass(frozen=True, eq=False)
class Moment:
    """What is known when the next prompt is chosen."""

    belief: Belief
    course: Course
    usual: Floats
    """The chance of each attribute by popularity alone."""
    before: Floats
    """That before anything was said, of the people who are there."""
    popular: Singles
    """The chance of each item by popularity alone."""
    breadth: Breadth = field(default_factory=Breadth)
    people: int = 1
    """How many are there, as far as is known."""
    is_guest: bool = False
    has_history: bool = False
    """Whether it is known what somebody of them played."""
    company: float = 0.0
    """How much it would change to know who else is there, from 0 to 1; 0 when that is known."""
    is_last: bool = False
    """Whether there is no time for more than playing something."""
    allowed: Mask | None = None
    """Which items may be offered; ``None`` for all."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A prompt that may be chosen, and what is to be expected of it."""

    prompt: Prompt
    slot: str
    """Its place among its like, the best first: ``suggest.1``, ``sample.2``; the same few names in
    every conversation, which makes them the actions of logs."""
    gain: float
    """Expected information on what they would like, in nats."""
    yes: float
    """Chance of an answer that takes something of it."""
    success: float = 0.0
    """Chance that its item is liked; 0 for questions."""
    mass: float = 0.0
    """Chance that what they would like has the values: their sum; the chance of the item itself."""
    least: float = 0.0
    """The smaller chance of the two values."""
    shrug: float = 0.0
    """Chance of no opinion."""
