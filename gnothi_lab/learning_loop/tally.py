"""What rewrites did to a week, by the world's truth."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, Self, TypeAlias

from gnothi_lab.worlds.households import Week, World

Policy: TypeAlias = Callable[[str | None, str, str], str | None]
"""(person, household, text) → other words, or ``None`` to leave them."""


class Row(NamedTuple):
    """A request, as it was lived."""

    person: str | None
    household: str
    text: str
    understood: str | None
    """The words that a rewrite put in."""
    meant: str
    right: bool
    right_alone: bool
    """Whether it would have been right without the rewrite."""
    cause: str


@dataclass(slots=True)
class Tally:
    """Requests counted by what a rewrite did to them; those of several weeks add up."""

    turns: int = 0
    defects: int = 0
    """Turns that would have failed without rewrites."""
    rewritten: int = 0
    failing: int = 0
    """Rewritten turns that would have failed."""
    wins: int = 0
    """... and now succeed."""
    losses: int = 0
    """Rewritten turns that would have succeeded, and now fail."""
    wrong: int = 0
    """Rewritten turns that became what the person did not want."""
    causes: Counter[str] = field(default_factory=Counter[str])
    """Defects, by cause."""
    cured: Counter[str] = field(default_factory=Counter[str])
    """Wins, by cause of the defect."""

    def add(self, *, rewritten: bool, right_alone: bool, right: bool, cause: str = "") -> None:
        """Count a request."""
        self.turns += 1
        self.defects += not right_alone
        if not right_alone:
            self.causes[cause] += 1
        if not rewritten:
            return
        self.rewritten += 1
        self.failing += not right_alone
        self.wrong += not right
        self.losses += right_alone and not right
        if right and not right_alone:
            self.wins += 1
            self.cured[cause] += 1

    def __add__(self, other: "Tally") -> "Tally":
        """Return both together."""
        names = ("turns", "defects", "rewritten", "failing", "wins", "losses", "wrong")
        sums = [getattr(self, name) + getattr(other, name) for name in names]
        return Tally(*sums, self.causes + other.causes, self.cured + other.cured)

    @property
    def win_loss(self) -> float:
        """Wins for each loss; where there is none, for half a loss."""
        return self.wins / max(self.losses, 0.5)

    @property
    def defect_reduction(self) -> float:
        """How many fewer defects there are among what was rewritten, as a share."""
        return 1.0 - self.wrong / self.failing if self.failing else 0.0

    @property
    def corrected(self) -> float:
        """Defects corrected, losses taken off, as a share of all defects there would be."""
        return (self.wins - self.losses) / self.defects if self.defects else 0.0

    @property
    def wrong_share(self) -> float:
        """Share of the rewritten turns that became what the person did not want."""
        return self.wrong / self.rewritten if self.rewritten else 0.0

    @property
    def right_rate(self) -> float:
        """Share of the rewritten turns that became what the person wanted."""
        return 1.0 - self.wrong_share if self.rewritten else 0.0

    @classmethod
    def of(cls, week: Week, only: Callable[[Row], bool] = lambda row: True) -> Self:
        """Count the requests of a *week* that was lived with rewrites."""
        found = cls()
        for row in requests(week):
            rewritten = row.understood is not None and only(row)
            right = row.right if row.understood is not None else row.right_alone
            found.add(
                rewritten=rewritten,
                right_alone=row.right_alone,
                right=right if rewritten else row.right_alone,
                cause=row.cause,
            )
        return found

    @classmethod
    def imagined(cls, world: World, week: Week, policy: Policy) -> Self:
        """Count what *policy* would have done to a *week* that was lived without rewrites.

        Each turn is judged by itself, exactly: what was meant is known, and so is what the other
        words would have been taken for.
        """
        found = cls()
        for row in requests(week):
            words = policy(row.person, row.household, row.text)
            changed = words is not None and words != row.text
            right = row.right_alone
            if changed:
                right = world.understood(str(words), week.number) == row.meant
            found.add(rewritten=changed, right_alone=row.right_alone, right=right, cause=row.cause)
        return found


def requests(week: Week) -> Iterator[Row]:
    """Yield the requests of *week*; neither words like "stop" nor staged ones are any."""
    log, truth = week.log, week.truth
    columns = (
        log["person"], log["device"], log["text"], log["understood"],
        truth["meant"], truth["right"], truth["right_without_rewrite"], truth["cause"],
        truth["control"], truth["staged"],
    )  # fmt: skip
    rows = zip(*(column.to_pylist() for column in columns), strict=True)
    for person, device, text, understood, meant, right, alone, cause, control, staged in rows:
        if not control and not staged:
            household = device.rpartition(".")[2]
            yield Row(person, household, text, understood, meant, right, alone, cause)


def total(tallies: Iterable[Tally]) -> Tally:
    """Return all *tallies* together."""
    return sum(tallies, Tally())
