import subprocess
import sys
from collections import Counter, defaultdict
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import ibis
import pyarrow as pa
import pytest

from gnothi.core.acting import Reply
from gnothi.core.errors import InputError, StorageError
from gnothi.core.identity import time_ordered_id
from gnothi.core.interaction import Interaction, Signal
from gnothi.core.risk import Risk
from gnothi.core.understanding import Interpretation, Slot, Understanding, Utterance
from gnothi.journal.journal import Journal
from gnothi.learning import rewrites
from gnothi.learning.mining import (
    Aggregates,
    Rules,
    Scope,
    connect,
    count_steps,
    count_words,
    update,
)
from gnothi.learning.turns import (
    interpretation_key,
    turns_from_journal,
    turns_from_log,
    turns_from_parquet,
)

# Tests are imported one by one: their neighbours are found by the folder.
sys.path.insert(0, str(Path(__file__).parent))
from mining_logs import EVE, Said, random_log, said, write_log

TODAY, TOMORROW = "2026-11-20", "2026-11-21"


@pytest.fixture(scope="module")
def backend() -> Any:
    """DuckDB, as the miner opens it."""
    return connect("200MB", threads=1)


def _counted(backend: Any, folder: Path, turns: list[Said], **options: Any) -> Aggregates:
    log = turns_from_parquet(backend, write_log(folder / "log", turns))
    update(log, folder / "aggregates", **options)
    return Aggregates(backend, folder / "aggregates")


def _pairs(aggregates: Aggregates, **limits: Any) -> dict[tuple[str, str], int]:
    rows = aggregates.pairs(**limits).to_pylist()
    return {(row["before"], row["after"]): row["weight"] for row in rows}


def _bytes(folder: Path) -> dict[str, bytes]:
    parts = folder.glob("*/*/*.parquet")
    return {str(part.relative_to(folder)): part.read_bytes() for part in parts}


def test_a_turn_is_a_whole(backend: Any, tmp_path: Path) -> None:
    """What is not success goes to the next request, as far as that says it again."""
    known = _counted(
        backend,
        tmp_path,
        [
            said("lihgts on", 900, 0),
            said("lights on", 30, 10),
            said("what time is it", 400, 20, rephrase=500),
            said("play abba", 0, 30),
        ],
    )
    pairs = _pairs(known)
    assert pairs == {
        ("LIHGTS ON", "LIGHTS ON"): 900_000,
        ("WHAT TIME IS IT", "PLAY ABBA"): 200_000,
    }
    keys = pa.table({"who": [""] * 2, "key": ["LIHGTS ON", "LIGHTS ON"]})
    assert known.states(keys).to_pylist() == [
        {"who": "", "key": "LIGHTS ON", "turns": 1, "defect": 30},
        {"who": "", "key": "LIHGTS ON", "turns": 1, "defect": 900},
    ]


@pytest.mark.parametrize(
    ("seconds", "session", "steps"), [(45, "s", 1), (45.1, "s", 0), (5, "other", 0)]
)
def test_only_soon_and_in_the_same_session(
    backend: Any, tmp_path: Path, seconds: float, session: str, steps: int
) -> None:
    """What is said later than after 45 seconds, or in another session, is a wish of its own."""
    turns = [said("lihgts", 900), said("lights", 0, seconds, session=session)]
    assert len(_pairs(_counted(backend, tmp_path, turns))) == steps


def _expected(turns: list[Said], rules: Rules) -> tuple[Counter[Any], dict[Any, set[Any]]]:
    """Count steps the slow and obvious way."""
    sessions: defaultdict[str, list[Said]] = defaultdict(list)
    for turn in turns:
        sessions[turn.session].append(turn)
    weights: Counter[Any] = Counter()
    people: defaultdict[Any, set[Any]] = defaultdict(set)
    for session in sessions.values():
        session.sort(key=lambda turn: (turn.at, turn.position))
        for turn, after in pairwise(session):
            gap = (after.at - turn.at).total_seconds()
            if gap <= rules.gap_seconds and turn.defect >= rules.least_defect and turn.rephrase:
                pair = (turn.interpretation, after.interpretation)
                weights[pair] += turn.defect * turn.rephrase
                people[pair] |= {turn.person} - {None}
    return weights, people


@pytest.mark.parametrize("seed", range(2))
def test_the_days_together_are_the_whole(backend: Any, tmp_path: Path, seed: int) -> None:
    """Days counted one by one, as they come, add up to the log counted at once."""
    turns = random_log(seed)
    expected, people = _expected(turns, Rules())
    days = sorted({turn.at.date() for turn in turns})
    for day in days:
        so_far = [turn for turn in turns if turn.at.date() <= day]
        known = _counted(backend, tmp_path, so_far)
    assert len(days) > 2
    assert _pairs(known) == expected
    assert {(row["before"], row["after"]): row["people"] for row in known.pairs().to_pylist()} == {
        pair: len(found) for pair, found in people.items()
    }
    again = _counted(backend, tmp_path / "at once", turns)
    assert _bytes(again.folder) == _bytes(known.folder)


GOLDEN = {
    "a": {"b": 40, "c": 20, "success": 5, "failure": 35},
    "b": {"a": 5, "success": 180, "failure": 15},
    "c": {"a": 5, "b": 25, "success": 5, "failure": 15},
}
"""The worked case of the research page: how often a request led to what."""


def _golden_log() -> list[Said]:
    """Return sessions, each of another person, in which just these steps are taken."""
    rng = Random(0)
    left = {
        text: rng.sample(list(ends), sum(ends.values()), counts=list(ends.values()))
        for text, ends in GOLDEN.items()
    }
    arrivals = Counter(end for ends in left.values() for end in ends)
    starts = [text for text, ends in left.items() for _ in range(len(ends) - arrivals[text])]
    turns: list[Said] = []
    for number, start in enumerate(starts):
        at, text, name = 0, start, str(number)
        while text in left:
            end = left[text].pop()
            turns.append(said(text, 1000 * (end != "success"), at, session=name, person=name))
            at, text = at + 5, end
    return turns


def test_the_golden_case_from_log_to_rewrites(backend: Any, tmp_path: Path) -> None:
    """What is known to four digits of the chain comes out of a log that has its counts."""
    found = rewrites.mine(_counted(backend, tmp_path, _golden_log()), risk_of=lambda key: Risk.FREE)
    told = [(one.said, one.becomes, round(one.score, 4), round(one.own_score, 4)) for one in found]
    assert told == [("a", "b", 0.4651, 0.0517), ("c", "b", 0.5023, 0.1023)]


def test_the_order_of_rows_does_not_matter(backend: Any, tmp_path: Path) -> None:
    """A log in another order gives the same files."""
    turns = random_log(7, sessions=60)
    shuffled = Random(1).sample(turns, len(turns))
    one = _counted(backend, tmp_path / "one", turns)
    other = _counted(backend, tmp_path / "other", shuffled)
    assert _bytes(one.folder) == _bytes(other.folder)


def test_a_step_over_midnight_belongs_to_its_first_turn(backend: Any, tmp_path: Path) -> None:
    """Said before midnight and again after it: a step of the first day."""
    known = _counted(backend, tmp_path, [said("lihgts", 900, 590), said("lights", 0, 610)])
    steps = sorted(known.folder.glob("steps/*/*.parquet"))
    rows = {part.parent.name: pa.parquet.read_table(part).num_rows for part in steps}
    assert rows == {f"day={TODAY}": 1, f"day={TOMORROW}": 0}


def test_a_day_more_costs_a_day(backend: Any, tmp_path: Path) -> None:
    """Only new and changed days are counted, and days before such as begin where they end."""
    lake, kept = tmp_path / "log", tmp_path / "aggregates"
    old = [said("a", 900, 0), said("b", 0, 10)]
    new = [said("a", 900, 4000, session="t"), said("b", 0, 4010, session="t")]
    late = [said("c", 0, 615), *new]

    def counted(turns: list[Said]) -> list[str]:
        return update(turns_from_parquet(backend, write_log(lake, turns)), kept)

    assert counted(old) == [TODAY]
    assert counted(old + new) == [TOMORROW]
    assert counted(old + new) == []
    assert counted(old + late) == [TODAY, TOMORROW]
    assert counted(new) == [TOMORROW]
    assert [part.parent.name for part in kept.glob("words/*/*")] == [f"day={TOMORROW}"]
    assert update(turns_from_parquet(backend, lake), kept, rules=Rules(gap_seconds=9)) == [TOMORROW]


def test_what_is_lost_is_counted_again(backend: Any, tmp_path: Path) -> None:
    """A missing file or a spoilt list of what is known costs time only."""
    known = _counted(backend, tmp_path, [said("a", 900, 0), said("b", 0, 10)])
    log = turns_from_parquet(backend, tmp_path / "log")
    next(known.folder.glob("words/*/*")).unlink()
    assert update(log, known.folder) == [TODAY]
    (known.folder / "manifest.json").write_text("{")
    assert update(log, known.folder) == [TODAY]


def test_nobody_counts_more_than_allowed(backend: Any, tmp_path: Path) -> None:
    """One account adds a limited weight to a pair; guests have no faces."""
    turns = [
        said(text, defect, at, session=f"{person}{time}", person=person)
        for person, times in [("ana", 50), ("ben", 1), (None, 2)]
        for time in range(times)
        for text, defect, at in [("a", 1000, 0), ("b", 0, 5)]
    ]
    known = _counted(backend, tmp_path, turns)
    assert _pairs(known) == {("A", "B"): 53_000_000}
    assert _pairs(known, most=3) == {("A", "B"): 6_000_000}
    assert known.pairs().to_pylist()[0]["people"] == 2
    assert _pairs(known, people=3) == {}


def test_people_by_themselves(backend: Any, tmp_path: Path) -> None:
    """By person, each has steps and words of their own, and guests have none."""
    turns = [
        said(text, defect, at, session=str(person), person=person)
        for person in ("ana", "ben", None)
        for text, defect, at in [("a", 1000, 0), ("b", 0, 5)]
    ]
    known = _counted(backend, tmp_path, turns, scope=Scope.PERSON)
    assert [row["who"] for row in known.pairs().to_pylist()] == ["ana", "ben"]


def test_words_in_which_people_come_to_a_request(backend: Any, tmp_path: Path) -> None:
    """Texts are counted by people for what is said next, and by turns for how they are meant."""
    turns = [
        Said("s1", EVE, 0, "x", "A", 1000, "ana"),
        Said("s1", EVE, 1, "y", "B", 0, "ana"),
        Said("s2", EVE, 0, "y", "C", 0, "ben"),
    ]
    known = _counted(backend, tmp_path, turns)
    keys = pa.table({"who": [""], "key": ["B"]})
    assert known.rephrasings(keys).to_pylist() == [
        {"who": "", "key": "B", "text": "y", "people": 1, "turns": 1}
    ]
    (row,) = known.sayings(keys).to_pylist()
    assert (row["text"], row["turns"], row["all"]) == ("y", 1, 2)


def test_an_empty_log(backend: Any, tmp_path: Path) -> None:
    """Where nothing was said there is nothing to find."""
    known = _counted(backend, tmp_path, [])
    assert known.pairs().num_rows == 0


def test_a_log_in_another_shape(backend: Any, tmp_path: Path) -> None:
    """Columns may be called otherwise, probabilities be fractions, and texts be all there is."""
    rows = [
        {"user": 7, "when": EVE + timedelta(seconds=at), "query": query, "bad": bad}
        for at, query, bad in [(0, "gogle", 0.9), (9, "google", None), (99, "maps", 0.2)]
    ]
    table = backend.create_table("searches", pa.Table.from_pylist(rows))
    names = {"session": "user", "at": "when", "text": "query", "defect": "bad", "person": "user"}
    log = turns_from_log(table, names)
    assert update(log, tmp_path) == update(log, tmp_path) == [TODAY]
    assert _pairs(Aggregates(backend, tmp_path)) == {("gogle", "google"): 900_000}
    with pytest.raises(InputError, match="defect"):
        turns_from_log(table, {**names, "defect": "score"})


def test_a_damaged_log(backend: Any, tmp_path: Path) -> None:
    """A file that is no Parquet is named."""
    (tmp_path / f"day={TODAY}").mkdir()
    (tmp_path / f"day={TODAY}" / "part-0.parquet").write_bytes(b"rubbish")
    with pytest.raises(StorageError, match="part-0"):
        turns_from_parquet(backend, tmp_path)


def test_interpretations_have_one_spelling() -> None:
    """Order, case and spaces make no difference; other values do, whatever signs they hold."""
    slots = [("song", "Wow"), ("artist", " Kate  Bush ")]
    assert interpretation_key("play", slots, "") == "play|artist=kate bush|song=wow"
    assert interpretation_key("play", slots[::-1], "") == interpretation_key("play", slots, "")
    assert interpretation_key(None, [], "Plya  Wow") == "?|text=plya wow"
    one = interpretation_key("play", [("song", "a|artist=b")], "")
    assert one != interpretation_key("play", [("song", "a"), ("artist", "b")], "")


def _turn(
    number: int, text: str, *intents: str, signals: tuple[str, ...] = (), user: str = "ana"
) -> Interaction:
    at = EVE + timedelta(seconds=number)
    device = text.rpartition(" ")[2]
    slot = Slot("device", device, len(text) - len(device), len(text))
    requests = tuple(Interpretation("home", intent, 0.9, (slot,)) for intent in intents)
    return Interaction(
        id=time_ordered_id(at, Random(number)),
        at=at,
        session="s",
        user=user,
        utterance=Utterance(text, speaker=user),
        understanding=Understanding(text, requests, out_of_scope=not requests),
        actions=(),
        reply=Reply("Okay."),
        signals=tuple(Signal(name, at) for name in signals),
    )


def test_the_journal_is_a_log(backend: Any, tmp_path: Path) -> None:
    """Turns of the journal have their requests as states, and signals as their defects."""
    turns = [
        _turn(0, "Turn on the LIHGT"),
        _turn(9, "turn on the light", "light_on", signals=("undo",)),
        _turn(18, "no the fan", "fan_on"),
        _turn(27, "light and fan", "light_on", "fan_on", signals=("barge-in", "stop")),
        _turn(36, "stop it", "stop"),
    ]
    with Journal.open("sqlite://") as journal:
        journal.append_all(turns)
        for turn in turns:
            for signal in turn.signals:
                journal.attach(turn.id, signal)
        journal.parquet(tmp_path / "lake")
    log = turns_from_journal(backend, tmp_path / "lake")
    update(log, tmp_path / "aggregates")
    assert _pairs(Aggregates(backend, tmp_path / "aggregates")) == {
        ("?|text=turn on the lihgt", "light_on|device=light"): 900_000,
        ("light_on|device=light", "fan_on|device=fan"): 900_000,
        ("light_on|device=fan&fan_on|device=fan", "stop|device=it"): 600_000,
    }
    another = turns_from_journal(backend, tmp_path / "lake", judge_version="2")
    assert update(another, tmp_path / "aggregates") == [TODAY]


def test_spark_can_say_all_of_it() -> None:
    """Every expression has a form in Spark's SQL."""
    columns = ("session", "text", "interpretation", "person", "household", "day")
    turns = ibis.table(
        {
            **dict.fromkeys(columns, "string"),
            **dict.fromkeys(("position", "defect", "rephrase"), "int64"),
            "at": "timestamp",
        },
        name="turns",
    )
    words = count_words(turns, [TODAY], Scope.PERSON)
    steps = count_steps(turns, [TODAY], Scope.EVERYONE, Rules())
    assert "GROUP BY" in ibis.to_sql(words, dialect="pyspark")
    assert "LEAD" in ibis.to_sql(steps, dialect="pyspark")


def test_the_assistant_starts_without_engines() -> None:
    """Importing the miner loads neither an engine nor a solver."""
    code = "import sys, gnothi.learning.rewrites; print(*sys.modules)"
    loaded = subprocess.check_output([sys.executable, "-c", code], text=True)
    assert {"ibis", "duckdb", "scipy", "pandas", "pyarrow"}.isdisjoint(loaded.split())
