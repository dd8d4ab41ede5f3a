"""From a log of turns to counts by day: what was said, and what was said next instead.

Everything here is written once in Ibis: DuckDB runs it by default (:func:`connect`), Spark
unchanged. Sums are sums of whole numbers, so that every engine gives exactly the same.

**The model.** A turn succeeds with probability ``1 - defect``. If it fails, and the person speaks
again within :attr:`Rules.gap_seconds` in the same session, it is a step to what they say then,
with probability ``rephrase``. What remains is failure. Small doubts are no steps: after a turn
whose defect is below :attr:`Rules.least_defect` comes a wish of its own. A step belongs to the day
of its first turn, also over midnight. Weights are in millionths of a turn.

**Aggregates** are Parquet with sorted rows: ``words/day=…`` (who said what, how it was understood,
and how that went) and ``steps/day=…`` (who went from where to where). A day is counted again only
when its turns have changed, or those of the first seconds of the next day. They hold what people
said: who erases a person brings them up to date.
"""

import hashlib
import json
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from tempfile import gettempdir
from typing import Any, TypeAlias

from gnothi.core.errors import StorageError
from gnothi.learning.turns import THOUSANDTHS, Backend, Column, Log, Table, day_after, open_days

Rows: TypeAlias = Any  # a table of pyarrow, which has no types
Account: TypeAlias = tuple[str, str]
"""A person and their household."""

SCHEMA = "2"
"""Version of the aggregates; a change counts every day again."""
MILLIONTHS = THOUSANDTHS * THOUSANDTHS
"""Weight of a whole turn."""
CHUNK = 2_000_000
"""About so many turns are counted at once."""
WORDS = ("who", "text", "interpretation", "turns", "defect")
"""Columns of ``words``: a text, how it was understood, how often, and the sum of defects."""
STEPS = ("who", "before", "after", "said", "person", "household", "turns", "weight")
"""Columns of ``steps``: two interpretations, what was said for the second one, and by whom."""
_NUMBERS = {"turns", "defect", "people", "weight", "households", "days", "all"}
_FEW = 31
"""So many queries, or parts of one, are still quick."""
_RECENT = 3
"""Of so many days, the beginnings are known by content: the days before them may stay as they are
when only later turns are new. Older days rarely change, and then cost a day more."""
_TOGETHER = "\x1f"
"""Stands between a person and a household, and for accounts that count as one."""
_MANIFEST = "manifest.json"
_PART = "part-0.parquet"


class Scope(StrEnum):
    """Whose turns are mined together."""

    EVERYONE = "everyone"
    PERSON = "person"
    """Each person's by themselves; guests are left out."""


@dataclass(frozen=True, slots=True)
class Rules:
    """When a turn counts as the one before it in other words."""

    gap_seconds: int = 45
    least_defect: int = 100
    """In thousandths."""


def connect(
    memory: str = "1GB", *, threads: int | None = None, spill: Path | None = None
) -> Backend:
    """Return DuckDB with limited *memory*; what is larger waits in files in the folder *spill*.

    By default that is the system's folder for temporary files, and threads are as many as cores.
    """
    options = {} if threads is None else {"threads": threads}
    return import_module("ibis").duckdb.connect(
        memory_limit=memory,
        preserve_insertion_order=False,
        temp_directory=str(spill or gettempdir()),
        **options,
    )


def update(
    log: Log, folder: Path, *, scope: Scope = Scope.EVERYONE, rules: Rules | None = None
) -> list[str]:
    """Bring the aggregates in *folder* up to date with *log*; return the days counted, in order.

    Days that the log no longer has are removed. Stopped half-way, it goes on where it was.

    Raises:
        StorageError: the folder can't be written.
    """
    books = _Books(log, folder, scope, rules or Rules())
    try:
        books.remove(books.kept.keys() - log.days.keys())
        stale = [day for day in sorted(log.days) if books.stale(day)]
        # One thread writes what has been counted, while the engine counts the next days.
        with ThreadPoolExecutor(1) as writer:
            for days in _chunks(stale, log):
                books.count(days, writer)
            books.finish()
        books.save()
    except OSError as error:
        raise StorageError(f"{folder} can't be written: {error.strerror or error}.") from error
    return stale


def count_words(turns: Table, days: Collection[str], scope: Scope) -> Table:
    """Return :data:`WORDS` by day."""
    said = turns.filter(turns.day.isin(sorted(days)))
    return _grouped(said, ["text", "interpretation"], scope, defect=_sum(said.defect))


def failing_sessions(turns: Table, days: Collection[str], rules: Rules) -> Table:
    """Return the turns of those sessions in which a turn of *days* may have failed.

    Most sessions go well, and what has not to be sorted costs nothing. Sessions are looked up
    first: inside of one query they would make DuckDB keep all turns, to read them twice.
    """
    failing = turns.filter(_due(turns, days, rules)).select("session").distinct().cache()
    return turns.semi_join(failing, "session")


def count_steps(turns: Table, days: Collection[str], scope: Scope, rules: Rules) -> Table:
    """Return :data:`STEPS` by day; *turns* hold the beginning of the following days, too."""
    ibis = import_module("ibis")
    order = ibis.window(group_by="session", order_by=["at", "position"])
    followed = turns.mutate(
        before=turns.interpretation,
        after=turns.interpretation.lead().over(order),
        said=turns.text.lead().over(order),
        then=turns.at.lead().over(order),
    )
    soon = followed.then <= followed.at + ibis.interval(seconds=rules.gap_seconds)
    steps = followed.filter(soon & _due(followed, days, rules))
    keys = [name for name in STEPS if name not in _NUMBERS and name != "who"]
    weight = _sum(steps.defect.cast("int64") * steps.rephrase)
    return _grouped(steps, keys, scope, weight=weight)


@dataclass(frozen=True, slots=True)
class Aggregates:
    """What :func:`update` has counted, of all days together.

    What was found is fetched before it is looked up again: a table that one query reads twice
    is kept in memory by DuckDB, all of it.
    """

    backend: Backend
    folder: Path

    def pairs(
        self,
        *,
        people: int = 0,
        households: int = 0,
        days: int = 0,
        most: float = 0.0,
        one_voice: Collection[Account] = (),
    ) -> Rows:
        """Return the steps from one interpretation to another that enough have taken.

        Columns ``who, before, after, turns, weight, people, households, days``. An account (a
        person in a household) adds at most *most* turns to the weight of a pair, any number by
        default; guests, together one account, count as nobody, and the accounts that are
        *one_voice* as one person.
        """
        pair = ["who", "before", "after"]
        steps = self._open("steps", STEPS)
        if steps is None:
            return _nothing((*pair, "turns", "weight", "people", "households", "days"))
        steps = _as_one(_frequent(steps, pair, max(people, households, days)), one_voice)
        accounts = steps.group_by([*pair, "person", "household"]).agg(
            turns=_sum(steps.turns), weight=_sum(steps.weight)
        )
        limited = _at_most(accounts.weight, int(most * MILLIONTHS))
        pairs = accounts.group_by(pair).agg(
            turns=_sum(accounts.turns),
            weight=_sum(limited),
            people=accounts.person.nunique(where=accounts.person != ""),
            households=accounts.household.nunique(where=accounts.household != ""),
        )
        enough = (pairs.people >= people) & (pairs.households >= households)
        known = import_module("ibis").memtable(pairs.filter(enough).to_pyarrow())
        steps = steps.semi_join(known, pair)
        dates = steps.group_by(pair).agg(days=steps.day.nunique())
        found = known.join(dates.filter(dates.days >= days), pair)
        return found.order_by(pair).to_pyarrow()

    def supporters(self, *, homes: int, weight: int) -> Rows:
        """Return who has taken each step that people of at least *homes* households have taken.

        Columns ``before, after, person, household``; all steps of an account from the one to the
        other weigh at least *weight* together. Guests are nobody.
        """
        names = ("before", "after", "person", "household")
        steps = self._open("steps", STEPS)
        if steps is None:
            return _nothing(names)
        steps = _frequent(steps.filter(steps.person != ""), ["who", "before", "after"], homes)
        sums = steps.group_by(names).agg(weight=_sum(steps.weight))
        known = import_module("ibis").memtable(
            sums.filter(sums.weight >= weight).select(*names).to_pyarrow()
        )
        lived = known.group_by(["before", "after"]).agg(homes=known.household.nunique())
        enough = lived.filter(lived.homes >= homes).select("before", "after")
        return known.semi_join(enough, ["before", "after"]).order_by(names).to_pyarrow()

    def states(self, keys: Rows) -> Rows:
        """Return turns and defects of interpretations; *keys* have columns ``who`` and ``key``."""
        words = self._open("words", WORDS)
        if words is None:
            return _nothing(("who", "key", "turns", "defect"))
        words = words.rename(key="interpretation")
        chosen = words.semi_join(import_module("ibis").memtable(keys), ["who", "key"])
        states = chosen.group_by(["who", "key"]).agg(
            turns=_sum(chosen.turns), defect=_sum(chosen.defect)
        )
        return states.order_by(["who", "key"]).to_pyarrow()

    def sayings(self, keys: Rows) -> Rows:
        """Return how interpretations were said; *keys* have columns ``who`` and ``key``.

        Columns ``who, key, text, turns, all``: *all* counts the turns in which the text was
        understood in any way.
        """
        words = self._open("words", WORDS)
        if words is None:
            return _nothing(("who", "key", "text", "turns", "all"))
        words = words.rename(key="interpretation")
        chosen = words.semi_join(import_module("ibis").memtable(keys), ["who", "key"])
        said = chosen.group_by(["who", "key", "text"]).agg(turns=_sum(chosen.turns))
        known = import_module("ibis").memtable(said.to_pyarrow())
        same = words.semi_join(known, ["who", "text"])
        whole = same.group_by(["who", "text"]).agg(all=_sum(same.turns))
        return known.join(whole, ["who", "text"]).order_by(["who", "key", "text"]).to_pyarrow()

    def rephrasings(self, keys: Rows, *, one_voice: Collection[Account] = ()) -> Rows:
        """Return in what words people came to interpretations; *keys* as in :meth:`sayings`.

        Columns ``who, key, text, people, turns``: how many different people, and how often.
        Accounts that are *one_voice* count as one person.
        """
        steps = self._open("steps", STEPS)
        if steps is None:
            return _nothing(("who", "key", "text", "people", "turns"))
        steps = steps.rename(key="after", text="said")
        chosen = steps.semi_join(import_module("ibis").memtable(keys), ["who", "key"])
        chosen = _as_one(chosen, one_voice)
        texts = chosen.group_by(["who", "key", "text"]).agg(
            people=chosen.person.nunique(where=chosen.person != ""), turns=_sum(chosen.turns)
        )
        return texts.order_by(["who", "key", "text"]).to_pyarrow()

    def _open(self, name: str, columns: Sequence[str]) -> Table | None:
        folder = self.folder / name
        if not any(folder.glob(f"day=*/{_PART}")):
            return None
        return open_days(self.backend, folder).select(*columns, "day")


class _Books:
    """The aggregates in a folder, and what is known of the turns that they were counted from."""

    def __init__(self, log: Log, folder: Path, scope: Scope, rules: Rules) -> None:
        self._log, self._folder, self._scope, self._rules = log, folder, scope, rules
        self.kept: dict[str, dict[str, str]] = _read_manifest(folder / _MANIFEST)
        """Day to the marks of its turns, of the next day, and of that day's first seconds."""
        self._written: list[Future[None]] = []
        self._noted: dict[str, dict[str, str]] = {}

    def stale(self, day: str) -> bool:
        """Tell whether *day* must be counted; notes when only the rest of the next day is new."""
        kept, marks = self.kept.get(day), self._marks(day)
        parts = all(self._part(name, day).exists() for name in ("words", "steps"))
        if not (kept and parts and self._log.days[day].fingerprint and kept["own"] == marks["own"]):
            return True
        if kept["next"] == marks["next"]:
            return False
        head = self._heads([day])[day]
        self.kept[day] = marks | {"head": head}
        return head != kept["head"]

    def count(self, days: Sequence[str], writer: ThreadPoolExecutor) -> None:
        """Count *days* at once; *writer* keeps each by itself."""
        following = {day_after(day) for day in days} & self._log.days.keys() - set(days)
        turns = self._log.read(days, following, self._rules.gap_seconds)
        words = count_words(turns, days, self._scope).to_pyarrow()
        self.finish()
        writing = [writer.submit(self._write, "words", WORDS, words, days)]
        failing = failing_sessions(turns, days, self._rules)
        steps = count_steps(failing, days, self._scope, self._rules).to_pyarrow()
        writing.append(writer.submit(self._write, "steps", STEPS, steps, days))
        recent = sorted(self._log.days)[-_RECENT:]
        heads = dict.fromkeys(days, "") | self._heads([day for day in days if day in recent])
        self._written = writing
        self._noted = {day: self._marks(day) | {"head": heads[day]} for day in days}

    def finish(self) -> None:
        """Wait until everything is written that was counted, and keep its marks."""
        for written in self._written:
            written.result()
        if self._noted:
            self.kept |= self._noted
            self.save()
        self._written, self._noted = [], {}

    def remove(self, days: Collection[str]) -> None:
        """Forget *days*."""
        for day in days:
            for part in (self._part("words", day), self._part("steps", day)):
                part.unlink(missing_ok=True)
                if part.parent.exists() and not any(part.parent.iterdir()):
                    part.parent.rmdir()
            self.kept.pop(day, None)

    def save(self) -> None:
        """Keep the marks."""
        self._folder.mkdir(parents=True, exist_ok=True)
        fresh = self._folder / f".{_MANIFEST}.new"
        fresh.write_text(json.dumps(self.kept, sort_keys=True, indent=0), encoding="utf-8")
        fresh.replace(self._folder / _MANIFEST)

    def _write(self, name: str, columns: Sequence[str], rows: Rows, days: Sequence[str]) -> None:
        for day, some in _by_day(rows, days):
            _write(some.select(columns), self._part(name, day))

    def _part(self, name: str, day: str) -> Path:
        return self._folder / name / f"day={day}" / _PART

    def _marks(self, day: str) -> dict[str, str]:
        rules = json.dumps(asdict(self._rules))
        following = self._log.days.get(day_after(day))
        own = f"{SCHEMA} {self._scope} {rules} {self._log.days[day].fingerprint}"
        return {"own": own, "next": following.fingerprint if following else ""}

    def _heads(self, days: Sequence[str]) -> dict[str, str]:
        """Return digests of what comes after *days* and may continue one of their steps."""
        following = {day_after(day) for day in days} & self._log.days.keys()
        found: dict[str, list[list[str]]] = {day: [] for day in following}
        if following:
            turns = self._log.read([], following, self._rules.gap_seconds)
            first = turns.select("day", "session", "at", "position", "interpretation", "text")
            rows = first.order_by(["day", "session", "at", "position"]).to_pyarrow().to_pylist()
            for row in rows:
                found[row["day"]].append([str(value) for value in row.values()])
        return {day: _digest(found.get(day_after(day), [])) for day in days}


def _due(turns: Table, days: Collection[str], rules: Rules) -> Column:
    counts = (turns.defect >= rules.least_defect) & (turns.rephrase > 0)
    return counts & turns.day.isin(sorted(days))


def _grouped(turns: Table, keys: Sequence[str], scope: Scope, **sums: Column) -> Table:
    """Return numbers of *turns* and *sums* by day, person and *keys*, sorted by these.

    A column that is the same in all rows would be hashed, kept and sorted like any other: it is
    added at the end.
    """
    who = "person" if scope is Scope.PERSON else import_module("ibis").literal("")
    if scope is Scope.PERSON:
        turns = turns.filter(turns.person != "")
        keys = ["person", *(key for key in keys if key != "person")]
    counted = turns.group_by(["day", *keys]).agg(turns=turns.count(), **sums)
    return counted.mutate(who=who).order_by(["day", *keys])


def _sum(column: Column) -> Column:
    """Return a sum of 64 bits: DuckDB would widen it."""
    return column.cast("int64").sum().cast("int64")


def _frequent(rows: Table, keys: Sequence[str], least: int) -> Table:
    """Return those *rows* of whose *keys* there are at least so many: the others can't matter."""
    if least <= 1:
        return rows
    counted = rows.group_by(keys).agg(rows=rows.count())
    frequent = counted.filter(counted.rows >= least).select(*keys).to_pyarrow()
    return rows.semi_join(import_module("ibis").memtable(frequent), keys)


def _as_one(steps: Table, accounts: Collection[Account]) -> Table:
    """Return *steps* with one and the same person in place of all these *accounts*."""
    if not accounts:
        return steps
    ibis = import_module("ibis")
    account = steps.person.concat(_TOGETHER, steps.household)
    among = account.isin(sorted(_TOGETHER.join(one) for one in accounts))
    return steps.mutate(
        person=ibis.ifelse(among, _TOGETHER, steps.person),
        household=ibis.ifelse(among, _TOGETHER, steps.household),
    )


def _at_most(weight: Column, most: int) -> Column:
    return import_module("ibis").least(weight, most) if most else weight


def _chunks(days: Sequence[str], log: Log) -> Iterator[list[str]]:
    """Yield days to be counted together: few enough turns, in few enough rows of days."""
    chunk: list[str] = []
    turns = rows = 0
    for day in days:
        follows = bool(chunk) and day == day_after(chunk[-1])
        if chunk and (turns + log.days[day].turns > CHUNK or (not follows and rows == _FEW)):
            yield chunk
            chunk, turns, rows, follows = [], 0, 0, False
        chunk.append(day)
        turns += log.days[day].turns
        rows += not follows
    if chunk:
        yield chunk


def _digest(rows: Sequence[Sequence[str]]) -> str:
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()


def _read_manifest(path: Path) -> dict[str, dict[str, str]]:
    """Return what is kept in *path*; nothing where it is absent or spoilt."""
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return {}


def _by_day(rows: Rows, days: Sequence[str]) -> Iterator[tuple[str, Rows]]:
    """Yield the rows of each of *days*; *rows* are sorted by day."""
    counted: Any = import_module("pyarrow.compute").value_counts(rows["day"])
    found = {count["values"]: count["counts"] for count in counted.to_pylist()}
    first = 0
    for day in sorted(days):
        yield day, rows.slice(first, found.get(day, 0))
        first += found.get(day, 0)


def _write(rows: Rows, part: Path) -> None:
    """Write *rows*; readers never see half a file."""
    part.parent.mkdir(parents=True, exist_ok=True)
    fresh = part.with_name(f".{part.name}.new")
    exact = rows.cast(_schema(rows.column_names))
    import_module("pyarrow.parquet").write_table(exact, fresh, compression="zstd")
    fresh.replace(part)


def _schema(columns: Sequence[str]) -> Any:  # noqa: ANN401 - a schema of an untyped library
    pa = import_module("pyarrow")
    return pa.schema([(name, pa.int64() if name in _NUMBERS else pa.string()) for name in columns])


def _nothing(columns: Sequence[str]) -> Rows:
    return _schema(columns).empty_table()
