"""Logged decisions: what was known, what was chosen how probably, and what came of it.

One row a decision. A conversation (an *episode*) is several of them in order; a bandit's log is
the case of one decision an episode. In Parquet, under these names or others (see
:func:`gnothi.policy.reading.read_log`):

==============  ===============================================================================
``episode``     decisions that belong together; left out with ``step`` where each row is its own
``step``        0, 1, 2 … (or from 1) within the episode, without gaps
``action``      what was chosen
``propensity``  probability with which it was chosen, above 0 and at most 1
``reward``      what came of it until the next decision; 0 where rewards come at the end
``candidates``  list of what could have been chosen; by default every action of the log
``person``      whose episode it is: their episodes are not independent; by default the episode
*features*      numbers, truth values or words that were known when it was decided
*targets*       what another policy would have done: the list of its probabilities of the
                ``candidates``, in their order, or only that of the ``action``, a number
==============  ===============================================================================
"""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from gnothi.core.errors import InputError

Floats: TypeAlias = npt.NDArray[np.float64]
Ints: TypeAlias = npt.NDArray[np.int64]
Mask: TypeAlias = npt.NDArray[np.bool_]

_SLACK = 1e-6
"""How far probabilities may be beyond 1: what rounding to single precision does."""


@dataclass(frozen=True, slots=True, eq=False)
class Log:
    """Logged decisions, rows in the order of episodes and their steps."""

    episodes: Ints
    """Number of each row's episode: 0, 1, 2 …, never falling; shape ``(rows,)``."""
    actions: Ints
    """Place of what was chosen among ``names``; shape ``(rows,)``."""
    propensities: Floats
    """Probability with which it was chosen; shape ``(rows,)``."""
    rewards: Floats
    """Shape ``(rows,)``."""
    contexts: Floats
    """Features of the moment of the decision; shape ``(rows, features)``, maybe of no feature."""
    allowed: Mask
    """What could have been chosen; shape ``(rows, actions)``."""
    clusters: Ints
    """Whose each episode is, a number from 0; shape ``(episodes,)``."""
    names: tuple[str, ...]
    """Names of the actions."""
    features: tuple[str, ...] = ()
    """Names of the features."""

    def __post_init__(self) -> None:
        """Refuse what can't be a log.

        Raises:
            InputError: shapes don't fit, a value is not a number or out of range, an action was
                no candidate, or episodes are not numbered one by one.
        """
        self._check_shapes()
        for name, values in (
            ("reward", self.rewards),
            ("propensity", self.propensities),
            ("feature", self.contexts),
        ):
            if not np.isfinite(values).all():
                raise InputError(f"Every {name} of a log is a number{_where(~np.isfinite(values))}")
        wrong = (self.propensities <= 0) | (self.propensities > 1 + _SLACK)
        if wrong.any():
            raise InputError(f"A propensity lies above 0 and is at most 1{_where(wrong)}")
        outside = (self.actions < 0) | (self.actions >= len(self.names))
        if outside.any() or not self.allowed[self.rows, self.actions].all():
            missed = outside | ~self.allowed[self.rows, self.actions * ~outside]
            raise InputError(f"What was chosen is one of the candidates{_where(missed)}")
        jumps = np.diff(self.episodes, prepend=-1)
        if ((jumps != 0) & (jumps != 1)).any() or self.episodes[0] != 0:
            raise InputError("Episodes are numbered 0, 1, 2 …, each one's rows together.")

    def _check_shapes(self) -> None:
        if not self.size:
            raise InputError("A log without decisions says nothing.")
        flat = (self.actions, self.propensities, self.rewards)
        if any(values.shape != (self.size,) for values in flat):
            raise InputError(f"A log of {self.size} rows has as many actions and so on.")
        if self.allowed.shape != (self.size, len(self.names)):
            raise InputError("The candidates of a log have a column for each name of an action.")
        if self.contexts.ndim != 2 or self.contexts.shape[0] != self.size:
            raise InputError("The features of a log have the shape (rows, features).")
        if self.clusters.shape != (self.episodes[-1] + 1,):
            raise InputError("A log says of each episode whose it is.")

    @property
    def size(self) -> int:
        """How many decisions there are."""
        return int(self.episodes.shape[0])

    @property
    def count(self) -> int:
        """How many episodes there are."""
        return int(self.clusters.shape[0])

    @property
    def rows(self) -> Ints:
        """The numbers of all rows."""
        return np.arange(self.size)

    @property
    def lengths(self) -> Ints:
        """Decisions of each episode; shape ``(episodes,)``."""
        return np.bincount(self.episodes, minlength=self.count)

    @property
    def steps(self) -> Ints:
        """Place of each row in its episode, from 0; shape ``(rows,)``."""
        lengths = self.lengths
        return self.rows - np.repeat(np.cumsum(lengths) - lengths, lengths)

    @property
    def horizon(self) -> int:
        """Decisions of the longest episode."""
        return int(self.lengths.max())

    def by_step(self, values: Floats, fill: float = 0.0) -> Floats:
        """Return *values* of rows, shape ``(rows,)``, as ``(episodes, horizon)``, else *fill*."""
        padded = np.full((self.count, self.horizon), fill)
        padded[self.episodes, self.steps] = values
        return padded

    def returns(self, discount: float = 1.0) -> Floats:
        """Return the discounted sum of each episode's rewards; shape ``(episodes,)``."""
        worth = self.rewards * discount**self.steps
        return np.bincount(self.episodes, weights=worth, minlength=self.count).astype(np.float64)

    def taken(self, values: Floats) -> Floats:
        """Return of *values*, shape ``(rows, actions)``, those of what was chosen: ``(rows,)``."""
        return values[self.rows, self.actions]


@dataclass(frozen=True, slots=True, eq=False)
class Target:
    """What another policy would have done at each decision of a log."""

    name: str
    taken: Floats
    """Probability with which it does what was done; shape ``(rows,)``."""
    probabilities: Floats | None = None
    """That of every action, shape ``(rows, actions)``; ``None`` where only ``taken`` is known.

    What a row lacks to 1, or gives to what was no candidate, is mass that the log can't judge.
    """


def target(name: str, log: Log, probabilities: npt.ArrayLike) -> Target:
    """Return the policy of these *probabilities*, shape ``(rows, actions)`` or ``(rows,)``.

    With the latter, only what was chosen has one: methods that need a model are out of reach.

    Raises:
        InputError: the shape doesn't fit, or these are no probabilities.
    """
    given = np.asarray(probabilities, dtype=np.float64)
    if given.shape not in {(log.size,), log.allowed.shape}:
        raise InputError(
            f"Target '{name}' has the shape {given.shape}; this log takes ({log.size},) or"
            f" {log.allowed.shape}."
        )
    sums = given if given.ndim == 1 else given.sum(1)
    # Written so that what is not a number fails.
    wrong = ~((given.T >= 0).all(0) if given.ndim == 2 else given >= 0) | ~(sums <= 1 + _SLACK)
    if wrong.any():
        raise InputError(f"Target '{name}' has probabilities from 0 to 1 in all{_where(wrong)}")
    if given.ndim == 1:
        return Target(name, given)
    return Target(name, log.taken(given), given)


def _where(wrong: Mask) -> str:
    row = int(np.argwhere(wrong)[0][0])
    return f"; row {row} is the first of {int(wrong.sum())} that break this."
