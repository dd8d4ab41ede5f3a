"""What is known of a candidate against the live artifact, from turns that both answered."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from gnothi.core.errors import InputError
from gnothi.core.risk import Risk
from gnothi.policy.confidence import PairedCounts, rate_bounds


@dataclass(frozen=True, slots=True)
class Outcome:
    """One turn, answered by both. The candidate must not have been trained on it."""

    live_right: bool
    candidate_right: bool
    changed: bool = False
    """Whether the candidate would do something else; it does where only one of them is right."""
    person: str = ""
    """Who spoke; empty when nobody knows: such a turn adds to no count of people."""
    session: str = ""
    """Turns of one session are one piece of evidence; empty for a turn that stands alone."""
    domain: str = ""
    slices: tuple[str, ...] = ()
    """Groups that must not be broken while the average improves: ``area:kitchen``, ``long``."""
    risk: Risk = Risk.FREE
    """Class of what the candidate would do."""
    live_risk: Risk = Risk.FREE
    """Class of what the live artifact would do."""

    @property
    def difference(self) -> int:
        """The candidate's gain: -1, 0 or 1."""
        return self.candidate_right - self.live_right

    @property
    def differs(self) -> bool:
        """Whether the candidate would do something else."""
        return self.changed or self.difference != 0


@dataclass(frozen=True, slots=True)
class Share:
    """How often something happened."""

    hits: int = 0
    size: int = 0

    def __post_init__(self) -> None:
        """Refuse what is no share.

        Raises:
            InputError: there are more hits than trials, or fewer than none.
        """
        if not 0 <= self.hits <= self.size:
            raise InputError(f"{self.hits} of {self.size} is no share.")

    @property
    def rate(self) -> float:
        """From 0 to 1; 0 of none at all."""
        return self.hits / self.size if self.size else 0.0

    def bounds(self, alpha: float) -> tuple[float, float]:
        """Return lower and upper bound; each holds at every look but for *alpha*."""
        return rate_bounds(self.hits, self.size, alpha=alpha)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A candidate against the live artifact, from everything seen since the comparison began."""

    kind: str
    """What is compared, as on the card: ``language/rewrites``."""
    gains: PairedCounts
    """Differences, candidate minus live: one a session, from -1 to 1."""
    negative: Share = field(default_factory=Share)
    """Negative flips among all turns: live right, candidate wrong."""
    positive: Share = field(default_factory=Share)
    """Positive flips among all turns: live wrong, candidate right."""
    live_right: int = 0
    """Turns that the live artifact got right."""
    people: int = 0
    """Distinct people who spoke."""
    slices: Mapping[str, Share] = field(default_factory=dict[str, Share])
    """Negative flips in each slice."""
    changed: Mapping[str, Share] = field(default_factory=dict[str, Share])
    """Turns of each domain in which the candidate would do something else."""
    risk: Risk = Risk.FREE
    """Highest class of what the candidate would do in changed turns."""
    raised: int = 0
    """Changed turns in which that class is higher than the live artifact's."""
    alpha: float = 0.05
    """Probability that ``low`` is ever too high; the same for ``high`` and too low."""
    low: float = field(init=False)
    """Lower bound of the mean gain a session, from -1 to 1; it holds at every look."""
    high: float = field(init=False)
    """Upper bound of the mean gain a session."""

    def __post_init__(self) -> None:
        """Bound the gain: no evidence travels without its interval.

        Raises:
            InputError: counts contradict each other, or *alpha* is no probability.
        """
        flips = self.negative.hits, self.positive.hits
        if self.negative.size != self.positive.size:
            raise InputError("Negative and positive flips are counted in the same turns.")
        if not flips[0] <= self.live_right <= self.turns - flips[1]:
            raise InputError(f"Of {self.turns} turns, {self.live_right} right contradicts {flips}.")
        object.__setattr__(self, "low", self.gains.low(self.alpha))
        object.__setattr__(self, "high", self.gains.high(self.alpha))

    @property
    def turns(self) -> int:
        """Support: turns that both answered."""
        return self.negative.size

    @property
    def gain(self) -> float:
        """Mean gain a session: an estimate, between ``low`` and ``high``."""
        return self.gains.mean

    @property
    def relative_negative_flips(self) -> float:
        """Negative flips against what independent errors would lead to; 0 where none could be.

        ``NFR / (accuracy of live * error of candidate)``: 1 for a candidate that knows nothing
        of the live artifact, less for one that keeps what works. Yan et al., "Positive-congruent
        training: towards regression-free model updates" (CVPR 2021).
        """
        errors = self.turns - self.live_right + self.negative.hits - self.positive.hits
        independent = self.live_right * errors
        return self.negative.hits * self.turns / independent if independent else 0.0


class Comparison:
    """Collects paired outcomes, batch by batch, and tells the evidence so far.

    Within a batch the differences of one session are averaged; hand a session over in one batch.
    Neither the order of batches nor that of outcomes matters. Keeps the names of the people (to
    count them) in memory, and nothing else of a turn.
    """

    def __init__(self, kind: str, *, alpha: float = 0.05) -> None:
        """Compare artifacts of a *kind*; each bound errs with a probability of at most *alpha*."""
        self._kind, self._alpha = kind, alpha
        self._gains = PairedCounts()
        self._counts: Counter[str] = Counter()
        self._slices: Counter[tuple[str, bool]] = Counter()
        self._changed: Counter[tuple[str, bool]] = Counter()
        self._people: set[str] = set()
        self._risk = Risk.FREE

    def add(self, outcomes: Iterable[Outcome]) -> None:
        """Take in a batch of *outcomes*; takes time in proportion to its size."""
        batch = list(outcomes)
        self._gains = self._gains.extended(_by_session(batch))
        for outcome in batch:
            self._count(outcome)

    def evidence(self) -> Evidence:
        """Return what is known so far."""
        turns = self._counts["turns"]
        return Evidence(
            kind=self._kind,
            gains=self._gains,
            negative=Share(self._counts["negative"], turns),
            positive=Share(self._counts["positive"], turns),
            live_right=self._counts["live right"],
            people=len(self._people),
            slices=_shares(self._slices),
            changed=_shares(self._changed),
            risk=self._risk,
            raised=self._counts["raised"],
            alpha=self._alpha,
        )

    def _count(self, outcome: Outcome) -> None:
        is_negative = outcome.difference < 0
        self._counts["turns"] += 1
        self._counts["live right"] += outcome.live_right
        self._counts["negative"] += is_negative
        self._counts["positive"] += outcome.difference > 0
        self._changed[outcome.domain, outcome.differs] += 1
        self._slices.update((name, is_negative) for name in set(outcome.slices))
        if outcome.person:
            self._people.add(outcome.person)
        if outcome.differs:
            self._counts["raised"] += outcome.risk.exceeds(outcome.live_risk)
            self._risk = max(self._risk, outcome.risk, key=lambda risk: risk.rank)


def _by_session(outcomes: Iterable[Outcome]) -> list[float]:
    """Return one difference a session: the average over its turns."""
    alone: list[float] = []
    sessions: defaultdict[str, list[int]] = defaultdict(list)
    for outcome in outcomes:
        (sessions[outcome.session] if outcome.session else alone).append(outcome.difference)
    return alone + [sum(turns) / len(turns) for turns in sessions.values()]


def _shares(counts: Counter[tuple[str, bool]]) -> dict[str, Share]:
    """Return the share of what is true, by name."""
    names = sorted({name for name, _ in counts})
    return {
        name: Share(counts[name, True], counts[name, True] + counts[name, False]) for name in names
    }
