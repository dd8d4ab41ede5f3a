"""What the journal says of the present: how rewrites do week by week, and what still fails.

A survey is made by whoever learns, at the end of a round, so that looking at it costs nothing:
it is a small file beside the copies of the journal, and goes with them.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from math import sqrt
from pathlib import Path
from typing import Any, Self

from gnothi.core.errors import StorageError
from gnothi.core.plain import plain
from gnothi.language.rewrites import Rewrite, RewriteTable
from gnothi.learning.outcomes import Turn, read_turns
from gnothi.learning.turns import Log
from gnothi.learning.watch import replaced
from gnothi.text.tokenise import request_key

FILE = "survey.json"
DAYS = 7
"""Days that a digest looks back."""
REPEATED = 2
"""Failures of the same request from which on it is worth telling."""
MOST = 50
"""Failing requests that are kept."""


@dataclass(frozen=True, slots=True)
class Week:
    """How a rewrite did in one week."""

    begin: date
    """Its Monday."""
    wins: int = 0
    losses: int = 0


@dataclass(frozen=True, slots=True)
class Tally:
    """A person's requests since the digest begins."""

    turns: int = 0
    failed: int = 0
    changed: int = 0
    """Turns in which a rewrite took part."""
    went_well: int = 0
    """Of these, turns that did not fail."""


@dataclass(frozen=True, slots=True)
class Failing:
    """A request that fails again and again."""

    text: str
    person: str
    """Empty for guests."""
    times: int


@dataclass(frozen=True, slots=True)
class Survey:
    """What the journal said at one moment."""

    at: datetime
    turns: int = 0
    """Turns in the journal."""
    weeks: Mapping[str, Sequence[Week]] = field(default_factory=dict[str, Sequence[Week]])
    """By id of a rewrite, in order of time; weeks without use are left out."""
    people: Mapping[str, Tally] = field(default_factory=dict[str, Tally])
    """By person; guests under the empty name."""
    failing: Sequence[Failing] = ()
    """The most frequent first."""

    @classmethod
    def load(cls, folder: Path) -> Self | None:
        """Return the survey in *folder*; ``None`` while there is none that can be read."""
        try:
            return cls._read(json.loads((folder / FILE).read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError, TypeError):
            return None  # It can be made again at any time.

    def save(self, folder: Path) -> None:
        """Write it to *folder*, in one step.

        Raises:
            StorageError: it can't be written.
        """
        fresh = folder / f".{FILE}.new"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            fresh.write_text(json.dumps(plain(self), ensure_ascii=False), encoding="utf-8")
            fresh.replace(folder / FILE)
        except OSError as error:
            raise StorageError(f"{folder / FILE} can't be written: {error.strerror}.") from error

    @classmethod
    def _read(cls, found: Mapping[str, Any]) -> Self:
        return cls(
            at=datetime.fromisoformat(found["at"]),
            turns=int(found["turns"]),
            weeks={name: [_week(one) for one in some] for name, some in found["weeks"].items()},
            people={name: Tally(**one) for name, one in found["people"].items()},
            failing=[Failing(**one) for one in found["failing"]],
        )


def survey(
    log: Log,
    live: RewriteTable,
    once: RewriteTable,
    now: datetime,
    *,
    parts: Collection[Rewrite] = (),
) -> Survey:
    """Look through *log*: all rewritten turns, and every turn of the last :data:`DAYS`.

    *once* holds rewrites that were live before, *parts* the phrases that are or were.
    """
    since = now.astimezone(UTC).replace(tzinfo=None) - timedelta(days=DAYS)
    turns = _turns(log, since, all_rewritten=bool(len(live) + len(once) + len(parts)))
    recent = [turn for turn in turns if turn.at >= since]
    return Survey(
        at=now,
        turns=sum(day.turns for day in log.days.values()),
        weeks=weeks(turns, live, once, parts),
        people=tallies(recent),
        failing=failing(recent, live),
    )


def weeks(
    turns: Iterable[Turn],
    live: RewriteTable,
    once: RewriteTable,
    parts: Collection[Rewrite] = (),
) -> dict[str, list[Week]]:
    """Return how each rewrite did, week by week, in the *turns* in which it took part.

    What a whole rewrite did is no work of *parts*, the phrases.
    """
    counted: Counter[tuple[str, date, bool]] = Counter()
    phrases = {(one.person, one.source, one.target): one for one in parts}
    for turn in turns:
        if not turn.rewritten:
            continue
        whole = _behind(turn, live) or _behind(turn, once)
        for found in [whole] if whole else _phrases_behind(turn, phrases):
            counted[found.id, _monday(turn.at), turn.failed] += 1
    begins: defaultdict[str, set[date]] = defaultdict(set)
    for name, begin, _ in counted:
        begins[name].add(begin)
    return {
        name: [
            Week(begin, counted[name, begin, False], counted[name, begin, True])
            for begin in sorted(some)
        ]
        for name, some in begins.items()
    }


def tallies(turns: Iterable[Turn]) -> dict[str, Tally]:
    """Count what each person asked and how it went."""
    counted: Counter[tuple[str, str]] = Counter()
    for turn in turns:
        counted[turn.person, "turns"] += 1
        counted[turn.person, "failed"] += turn.failed
        counted[turn.person, "changed"] += turn.rewritten
        counted[turn.person, "went_well"] += turn.rewritten and not turn.failed
    return {
        person: Tally(**{name: counted[person, name] for name in Tally.__slots__})
        for person in sorted({person for person, _ in counted})
    }


def failing(turns: Iterable[Turn], live: RewriteTable) -> list[Failing]:
    """Return who failed with requests that failed repeatedly and that no rewrite puts right by now.

    Two people who fail once each with the same are a repetition, too.
    """
    counted: Counter[tuple[str, str]] = Counter()
    spelling: dict[tuple[str, str], str] = {}
    for turn in turns:
        if turn.failed and not live.look_up(turn.heard, turn.person or None):
            key = request_key(turn.heard), turn.person
            counted[key] += 1
            spelling.setdefault(key, turn.heard)
    together: Counter[str] = Counter()
    for (words, _), times in counted.items():
        together[words] += times
    some = [
        Failing(spelling[key], key[1], times)
        for key, times in counted.items()
        if together[key[0]] >= REPEATED and key[0]
    ]
    return sorted(some, key=lambda one: (-one.times, one.text, one.person))[:MOST]


def likely(hits: int, size: int) -> tuple[float, float]:
    """Return where a rate lies that gave *hits* out of *size*, with a probability of 95 %.

    Wilson's interval, which keeps within 0 and 1 for few turns, too.
    """
    if not size:
        return 0.0, 1.0
    z, rate = 1.959964, hits / size
    middle = (rate + z * z / (2 * size)) / (1 + z * z / size)
    reach = z * sqrt(rate * (1 - rate) / size + z * z / (4 * size * size)) / (1 + z * z / size)
    return max(0.0, middle - reach), min(1.0, middle + reach)


def _turns(log: Log, since: datetime, *, all_rewritten: bool) -> list[Turn]:
    """Return the turns *since* then, and those that were rewritten whenever they were."""
    days = [day for day in log.days if all_rewritten or day >= since.date().isoformat()]
    if not days:
        return []
    rows = log.read(days, (), 0)
    return read_turns(rows.filter((rows.at >= since) | rows.rewritten).to_pyarrow().to_pylist())


def _behind(turn: Turn, table: RewriteTable) -> Rewrite | None:
    return table.look_up(turn.heard, turn.person or None)


def _phrases_behind(
    turn: Turn, phrases: Mapping[tuple[str | None, str, str], Rewrite]
) -> Iterator[Rewrite]:
    """Yield the phrases that took part in *turn*, a person's own before everybody's."""
    for before, after in replaced(turn):
        own = phrases.get((turn.person or None, before, after))
        if found := own or phrases.get((None, before, after)):
            yield found


def _monday(moment: datetime) -> date:
    return moment.date() - timedelta(days=moment.weekday())


def _week(found: Mapping[str, Any]) -> Week:
    return Week(date.fromisoformat(found["begin"]), int(found["wins"]), int(found["losses"]))
