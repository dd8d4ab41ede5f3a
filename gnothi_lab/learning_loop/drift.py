"""What was learned, in the weeks after: with learning that stops, and with learning that goes on.

Both live the same weeks of the same world: tastes change, songs appear, wordings come into fashion.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from gnothi.text.tokenise import request_key
from gnothi_lab.learning_loop.fleet import Fleet
from gnothi_lab.learning_loop.tally import Row, Tally, requests
from gnothi_lab.worlds.households import Week

_LAST = 2
"""Uses in a row that must be wrong for a rewrite to have had its time."""


@dataclass(slots=True)
class Way:
    """A fleet in the weeks after."""

    weeks: list[Tally] = field(default_factory=list[Tally])
    personal: list[Tally] = field(default_factory=list[Tally])
    """The same, only of what persons say for which they had a rewrite when learning stopped."""


@dataclass(frozen=True, slots=True)
class Drift:
    """What the weeks after brought."""

    stopped: Way
    going_on: Way
    personal: int
    """Personal rewrites that were live when learning stopped."""
    stale: int
    """Those that were right at first, and wrong when they were last used."""
    replaced: int
    """Stale ones that had another target in the end where learning went on."""
    withdrawn: int
    """Stale ones that had none."""


def drift(fleet: Fleet, folder: Path, weeks: Sequence[int]) -> Drift:
    """Let learning stop in a branch of *fleet* in *folder*, and go on in *fleet* itself."""
    own: dict[tuple[str | None, str], str] = {
        (one.person, one.source): one.target
        for table, _ in fleet.tables()
        for one in table
        if one.person is not None
    }
    still = fleet.branch(folder)
    stopped, going_on = Way(), Way()
    used: defaultdict[tuple[str | None, str], list[bool]] = defaultdict(list)
    for number in weeks:
        week = still.live(number)
        _note(stopped, week, own)
        for row in requests(week):
            place = _place(row)
            if row.understood is not None and row.understood == own.get(place):
                used[place].append(row.right)
        lived = fleet.live(number)
        _note(going_on, lived, own)
        fleet.learn(lived)
    stale = [place for place, told in used.items() if is_stale(told)]
    now = dict(_targets(fleet))
    return Drift(
        stopped,
        going_on,
        personal=len(own),
        stale=len(stale),
        replaced=sum(now.get(place, own[place]) != own[place] for place in stale),
        withdrawn=sum(place not in now for place in stale),
    )


def _note(way: Way, week: Week, own: Mapping[tuple[str | None, str], str]) -> None:
    way.weeks.append(Tally.of(week))
    tally = Tally()
    for row in requests(week):
        if _place(row) in own:
            rewritten = row.understood is not None
            tally.add(
                rewritten=rewritten,
                right_alone=row.right_alone,
                right=row.right if rewritten else row.right_alone,
                cause=row.cause,
            )
    way.personal.append(tally)


def _place(row: Row) -> tuple[str | None, str]:
    return row.person, request_key(row.text)


def is_stale(right: Sequence[bool]) -> bool:
    """Whether a rewrite had its time, by how its uses went, one after the other."""
    return len(right) > _LAST and any(right[:-_LAST]) and not any(right[-_LAST:])


def _targets(fleet: Fleet) -> Iterable[tuple[tuple[str | None, str], str]]:
    for table, _ in fleet.tables():
        for one in table:
            yield (one.person, one.source), one.target
