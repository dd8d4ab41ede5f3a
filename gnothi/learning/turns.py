"""The turns table: the one shape in which logs are mined, the journal's and anybody else's.

===================  ======================================================================
``session``          turns that belong together (text)
``at``               when it was said (timestamp, UTC)
``position``         order of a session's turns of one moment, different for each (any type)
``day``              UTC day of ``at`` (ISO date, text)
``person``           who spoke; empty for a guest (text)
``household``        where; the person again where a log does not tell (text)
``text``             what was said, in the spelling in which it will be looked up
``interpretation``   what was understood, as :func:`interpretation_key` writes it
``defect``           probability that the turn failed the person, in thousandths (whole number)
``rephrase``         probability that what is said next says it again, in thousandths
``unheard``          whether nothing was understood, or nothing of it could be done; where a log
                     does not tell, whether the turn failed
===================  ======================================================================

A log is read by days, so that nobody needs all of it at once. Tables are expressions of Ibis:
nothing is computed before an engine is asked.
"""

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any, TypeAlias, cast

from gnothi.core.errors import InputError, StorageError
from gnothi.text.normalise import fold

Backend: TypeAlias = Any  # a connection of ibis, which has no types
Table: TypeAlias = Any  # a table expression of ibis
Column: TypeAlias = Any  # a column expression of ibis
Judge: TypeAlias = Callable[[Table], Table]
"""Adds the columns ``defect`` and ``rephrase`` to rows of the journal."""

Reader: TypeAlias = Callable[[Collection[str], Collection[str], int], Table]
"""Takes days, other days, and how many seconds of those; returns a turns table."""

THOUSANDTHS = 1000
SIGNALS: Mapping[str, int] = {
    "correction": 950,
    "undo": 900,
    "rephrase": 900,
    "stop": 600,
    "barge-in": 600,
}
"""What a signal says about its turn: how probably that had failed, in thousandths."""
_UNHEARD = 900
_NEEDED = ("session", "at", "text", "defect")
_OPTIONAL = ("position", "day", "person", "household", "interpretation", "rephrase", "unheard")
FAILED = THOUSANDTHS // 2
"""Thousandths of defect from which on a turn counts as failed."""
_FINGERPRINT = b"gnothi.fingerprint"
_REQUEST = ("request_text", "request_intent", "request_slots", "request_several", "request_failed")
_FAILED_SO = ("outcome", "failed")
"""Part of the key of what was understood, and led to nothing: there are words for it that do."""
_UNDERSTOOD_NOTHING = "?"


@dataclass(frozen=True, slots=True)
class Day:
    """What is known of a day before it is read."""

    fingerprint: str
    """Changes with the turns of the day; empty where nobody can tell."""
    turns: int


@dataclass(frozen=True, slots=True)
class Log:
    """A log of turns, by days."""

    days: Mapping[str, Day]
    """By ISO date."""
    read: "Reader"
    """Returns the turns of some days, and those of the first seconds of others."""


def interpretation_key(intent: str | None, slots: Iterable[tuple[str, str]], text: str) -> str:
    """Return the one spelling of what was understood: ``intent|name=value|…``, slots in order.

    Where nothing was understood the *text* itself is the state: ``?|text=…``.
    """
    named = slots if intent else [("text", text)]
    parts = sorted(f"{_escaped(name)}={_escaped(spelled(value))}" for name, value in named)
    return "|".join([_escaped(intent or _UNDERSTOOD_NOTHING), *parts])


def as_understood(key: str) -> str:
    """Return *key* without what became of it: as the same words are understood at any time."""
    return key.replace("|{}={}".format(*_FAILED_SO), "")


def spelled(text: str) -> str:
    """Return *text* in the spelling in which it is counted and looked up."""
    return " ".join(fold(text).casefold().split())


def _escaped(text: str) -> str:
    for sign in "%|=&":
        text = text.replace(sign, f"%{ord(sign):02X}")
    return text


def turns_from_log(table: Table, columns: Mapping[str, str] | None = None) -> Log:
    """Read a log of any shape: *columns* maps names of the turns table to those of *table*.

    Columns that bear our names already need no mention. ``session``, ``at``, ``text`` and
    ``defect`` are needed; without an interpretation the text itself is the state, and an id of
    the turn does for its position. Defects and rephrases may be whole thousandths, fractions from
    0 to 1, or true and false; nothing counts as none. Texts are taken as they are: see
    :func:`spelled`. Every day is new each time.

    Raises:
        InputError: a needed column is missing.
    """
    turns = _shaped(table, columns or {})
    counted = turns.group_by("day").agg(turns=turns.count()).to_pyarrow().to_pylist()
    return Log({row["day"]: Day("", row["turns"]) for row in counted}, _reader(turns))


def turns_from_parquet(
    backend: Backend, folder: Path, columns: Mapping[str, str] | None = None
) -> Log:
    """Read a log from ``day=YYYY-MM-DD/*.parquet``; columns as in :func:`turns_from_log`.

    Days are in UTC. A day whose files are the same as before is known to be the same.

    Raises:
        InputError: a needed column is missing.
        StorageError: a file can't be read.
    """
    days = _days_of(folder)
    turns = _shaped(open_days(backend, folder), columns or {}) if days else None
    return Log(days, _reader(turns))


def turns_from_journal(
    backend: Backend, folder: Path, *, judge: Judge | None = None, judge_version: str = ""
) -> Log:
    """Read what :meth:`gnothi.journal.journal.Journal.parquet` wrote to *folder*.

    *judge* tells which turns failed, :func:`judge_by_signals` by default; another
    *judge_version* makes every day new. Requests are spelled by Python, each different one once
    for the days that are read; what is judged is a table of its own, which goes when nobody holds
    it any more.

    Raises:
        StorageError: a file can't be read.
    """
    days = {
        day: Day(f"{judge_version} {known.fingerprint}", known.turns)
        for day, known in _days_of(folder).items()
    }
    rows = open_days(backend, folder) if days else None

    def read(wanted: Collection[str], begun: Collection[str], seconds: int) -> Table:
        some = part_of(_with_day(rows), wanted, begun, seconds)
        # Judging is slow, and turns are read several times. What Python spells joins later:
        # Spark knows such tables in queries, but not in what is kept (ibis 12).
        return _journal_turns(_with_requests((judge or judge_by_signals)(some)).cache())

    return Log(days, read)


def judge_by_signals(rows: Table) -> Table:
    """Tell defects from the worst of a turn's :data:`SIGNALS` and from how far it came.

    A stand-in for a learned model of defects: it knows no strengths and no rephrases that have
    not been found yet.
    """
    ibis = _ibis()
    told = [
        ibis.ifelse(rows.signals.contains(f'{{"name":"{name}"'), weight, 0)
        for name, weight in SIGNALS.items()
    ]
    worst = ibis.greatest(ibis.ifelse(is_unheard(rows), _UNHEARD, 0), *told)
    return rows.mutate(defect=worst, rephrase=ibis.literal(THOUSANDTHS))


def is_unheard(rows: Table) -> Column:
    """Tell of *rows* of the journal whether nothing was understood, or nothing could be done."""
    failed = (rows.status == "failed") | (rows.out_of_scope & rows.status.isnull())
    return failed.fill_null(False)


def is_retrieved(rows: Table) -> Column:
    """Tell of *rows* of the journal whether other words were found among successful requests."""
    asked = rows.artifacts.contains('"language/retrieval"').fill_null(False)
    return asked & rows.understood.notnull()


def open_days(backend: Backend, folder: Path) -> Table:
    """Return a Parquet folder with a subfolder ``day=…`` a day, as an unread table."""
    if backend.name == "duckdb":
        return backend.read_parquet(f"{folder}/*/*.parquet", hive_partitioning=True)
    return backend.read_parquet(str(folder))


def day_after(day: str) -> str:
    """Return the ISO date that follows *day*."""
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()


def _shaped(table: Table, columns: Mapping[str, str]) -> Table:
    """Return *table* with the columns of the turns table."""
    known = set(cast("Sequence[str]", table.columns))
    names = {ours: columns.get(ours, ours) for ours in (*_NEEDED, *_OPTIONAL)}
    if missing := [ours for ours in (*_NEEDED, *columns) if names.get(ours) not in known]:
        raise InputError(f"The log lacks columns for {', '.join(missing)}; it has {sorted(known)}.")
    given = {ours: table[theirs] for ours, theirs in names.items() if theirs in known}
    at = given["at"].cast("timestamp")
    text = given["text"].cast("string").fill_null("")
    person = _text(given.get("person"), or_else="")
    defect = _thousandths(given["defect"])
    unheard = given["unheard"].cast("boolean") if "unheard" in given else defect >= FAILED
    interpretation = _text(given.get("interpretation"), or_else=text)
    # Turns of one moment that are equal in all of this may be swapped without a trace.
    all_else = interpretation.concat("\t", text, "\t", person, "\t", defect.cast("string"))
    return table.select(
        session=given["session"].cast("string"),
        at=at,
        position=given.get("position", all_else),
        day=given["day"].cast("string") if "day" in given else at.date().cast("string"),
        person=person,
        household=_text(given.get("household"), or_else=person),
        text=text,
        interpretation=interpretation,
        defect=defect,
        unheard=unheard.fill_null(False),
        rephrase=_thousandths(given["rephrase"]) if "rephrase" in given else _certain(),
    )


def _text(column: Column | None, *, or_else: Column | str) -> Column:
    if column is not None:
        return column.cast("string").fill_null("")
    return _ibis().literal(or_else) if isinstance(or_else, str) else or_else


def _thousandths(column: Column) -> Column:
    kind = column.type()
    if kind.is_boolean():
        column = column.cast("int64") * THOUSANDTHS
    elif kind.is_floating() or kind.is_decimal():
        column = (column * THOUSANDTHS).round().cast("int64")
    return column.cast("int64").fill_null(0).clip(0, THOUSANDTHS)


def _certain() -> Column:
    return _ibis().literal(THOUSANDTHS, type="int64")


def _reader(turns: Table) -> Reader:
    return lambda days, begun, seconds: part_of(turns, days, begun, seconds)


def part_of(turns: Table, days: Collection[str], begun: Collection[str], seconds: int) -> Table:
    """Return the turns of *days*, and of the first *seconds* of the days in *begun*.

    Each of the latter is a table of its own: a plain comparison is made while Parquet is read.
    """
    ibis = _ibis()
    length = timedelta(seconds=seconds)
    heads = [
        turns.filter((turns.day == day) & (turns.at < ibis.literal(_midnight(day) + length)))
        for day in sorted(begun)
    ]
    chosen = [turns.filter(turns.day.isin(sorted(days)))] if days or not heads else []
    return ibis.union(*chosen, *heads)


def _midnight(day: str) -> datetime:
    return datetime.fromisoformat(day)


def _with_day(rows: Table) -> Table:
    return rows.mutate(at=rows.at.cast("timestamp"), day=rows.day.cast("string"))


def _journal_turns(judged: Table) -> Table:
    """Return rows of the journal, :func:`judged <judge_by_signals>`, as turns."""
    requests = judged.select(*_REQUEST).distinct().to_pyarrow()
    known = _ibis().memtable(_spelled_once(requests.to_pylist()))
    joined = judged.join(known, list(_REQUEST))
    person = joined.person.fill_null("")
    return joined.select(
        session="session",
        at="at",
        position="position",
        day="day",
        person=person,
        household=person,
        text="said",
        heard=joined.text,
        rewritten=joined.understood.notnull(),
        retrieved=is_retrieved(joined),
        interpretation="interpretation",
        defect=joined.defect.cast("int64"),
        rephrase=joined.rephrase.cast("int64"),
        unheard=is_unheard(joined),
    )


def _with_requests(rows: Table) -> Table:
    """Add what :func:`_journal_key` reads; all requests only where there are several.

    Where a rewrite took part, the words that it put in count, and not those that were said: what
    is known of these stays what it was without the rewrite. Otherwise each success would make the
    rewrite look needless (arXiv:2205.00029).
    """
    requests = rows.requests.fill_null("[]")
    several = requests.like('%"alternatives":%"alternatives":%')
    return rows.mutate(
        request_text=rows.understood.fill_null(rows.text),
        request_intent=rows.intent.fill_null(""),
        request_slots=rows.slots.fill_null("[]"),
        request_several=_ibis().ifelse(several, requests, ""),
        request_failed=_ibis().ifelse((rows.status == "failed").fill_null(False), "yes", ""),
    )


def _spelled_once(requests: Sequence[Mapping[str, str]]) -> Any:  # noqa: ANN401 - of pyarrow
    pa = import_module("pyarrow")
    columns = {name: [row[name] for row in requests] for name in _REQUEST}
    columns["said"] = [spelled(row["request_text"]) for row in requests]
    columns["interpretation"] = [_journal_key(row) for row in requests]
    return pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})


def _journal_key(row: Mapping[str, str]) -> str:
    """Return the key of what was understood.

    The home reads more from the words than intent and slots: "nudge the thermostat up" and "turn
    the thermostat up" are understood alike, and only one of them finds the thermostat. What fails
    is therefore another state than what works.
    """
    text, several = row["request_text"], row["request_several"]
    more = [_FAILED_SO] if row["request_failed"] else []
    if several:
        requests: list[dict[str, Any]] = json.loads(several)
        return "&".join(_key(one["intent"], one["slots"], text, more) for one in requests)
    return _key(row["request_intent"], json.loads(row["request_slots"]), text, more)


def _key(
    intent: str,
    slots: Sequence[Mapping[str, str]],
    text: str,
    more: Sequence[tuple[str, str]],
) -> str:
    named = [(slot["name"], slot["value"]) for slot in slots]
    return interpretation_key(intent, [*named, *more], text)


def _days_of(folder: Path) -> dict[str, Day]:
    """Return the days in *folder* with what tells them apart, in order."""
    days = sorted({path.parent.name for path in folder.glob("day=*/*.parquet")})
    return {name.removeprefix("day="): _day_of(folder / name) for name in days}


def _day_of(folder: Path) -> Day:
    pa, pq = import_module("pyarrow"), import_module("pyarrow.parquet")
    marks: list[str] = []
    turns = 0
    for path in sorted(folder.glob("*.parquet")):
        try:
            with pq.ParquetFile(path) as file:
                turns += file.metadata.num_rows
                metadata: dict[bytes, bytes] = file.metadata.metadata or {}
            marks.append(metadata.get(_FINGERPRINT, b"").decode() or _digest(path))
        except (OSError, pa.ArrowInvalid) as error:
            raise StorageError(f"{path} can't be read: {error}") from error
    return Day(" ".join(marks), turns)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _ibis() -> Any:  # noqa: ANN401 - ibis has no types
    """Load the library where it is needed: it takes half a second."""
    return import_module("ibis")
