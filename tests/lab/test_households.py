"""The simulated households: the same for every policy, honest about their truth."""

import json
from collections.abc import Iterator
from datetime import UTC
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gnothi.core.acting import Action, Call, Reply, Status
from gnothi.core.interaction import Interaction, Signal
from gnothi.core.risk import Risk
from gnothi.core.understanding import (
    Alternative,
    Interpretation,
    Slot,
    Understanding,
    Utterance,
)
from gnothi.journal.journal import Journal
from gnothi.journal.parquet import COLUMNS
from gnothi_lab.worlds.households import Parameters, Week, World, oracle
from gnothi_lab.worlds.households.parameters import FILE, digest

Row = dict[str, Any]


@cache
def _world(
    *, seed: int = 1, family: str = "first", defect_rate: float = 0.1, attackers: float = 0.0
) -> World:
    return World(
        Parameters.load("tiny"),
        seed=seed,
        family=family,
        defect_rate=defect_rate,
        attackers=attackers,
    )


@cache
def _week(**kind: Any) -> Week:
    return _world(**kind).play(0)


def _rows(week: Week) -> list[Row]:
    """Return the requests of *week*, truth and log joined."""
    rows = zip(week.log.to_pylist(), week.truth.to_pylist(), strict=True)
    return [log | truth for log, truth in rows if not truth["control"]]


def _same(left: list[Row], right: list[Row]) -> bool:
    """Compare without the difference that pytest would print: it takes minutes."""
    return left == right


def _share(rows: list[Row], column: str) -> float:
    return sum(bool(row[column]) for row in rows) / len(rows)


def _stubborn(person: str | None, household: str, text: str) -> str | None:
    """Rewrite whatever half of the households say."""
    del person, text
    return "what time is it" if int(household, 16) % 2 else None


# What stays the same.


def test_the_same_seed_gives_the_same_week() -> None:
    """Two worlds with one seed live the same weeks, in whatever order they are played."""
    again = World(Parameters.load("tiny"), seed=1)
    assert again.scale == _world().scale
    assert again.play(3).log == _world().play(3).log
    assert again.play(0).log == _week().log
    assert again.play(0).truth == _week().truth


def test_another_seed_gives_another_week() -> None:
    """Seeds bring other people who want other things."""
    assert not set(_world(seed=2).people) & set(_world().people)
    assert _week(seed=2).log["text"] != _week().log["text"]


def test_rewrites_for_some_change_nothing_for_others() -> None:
    """Households without rewrites live the same week whatever the others get."""
    changed = _world().play(0, _stubborn)
    columns = ["id", "at", "person", "device", "text", "intent", "signals"]
    before, after = (
        [row for row in week.log.select(columns).to_pylist() if not _odd(row)]
        for week in (_week(), changed)
    )
    assert _same(before, after)


def test_people_want_the_same_under_another_policy() -> None:
    """A fresh wish comes at the same moment, in the same words, whatever became of others."""
    world = _world()
    changed = world.play(0, _stubborn).log.select(["at", "text"]).to_pylist()
    told = {(row["at"], row["text"]) for row in changed}
    fresh = [(row["at"], row["text"]) for row in _fresh(_rows(_week()))]
    assert len(fresh) > 1000
    assert set(fresh) <= told


def _odd(row: Row) -> bool:
    return bool(int(row["device"].rpartition(".")[2], 16) % 2)


def _fresh(rows: list[Row]) -> Iterator[Row]:
    """Yield requests long after the last one of the same home."""
    last: dict[str, float] = {}
    for row in rows:
        home, at = row["device"].rpartition(".")[2], row["at"].timestamp()
        if at - last.get(home, 0.0) > 900 and row["rephrases"] is None:
            yield row
        last[home] = at


# What is in a week.


@pytest.mark.parametrize("rate", [0.05, 0.1, 0.2])
def test_the_base_rate_is_as_wanted(rate: float) -> None:
    """Requests fail at the rate that was asked for, those that nobody could serve included."""
    rows = _rows(_week(defect_rate=rate))
    assert 1 - _share(rows, "right") == pytest.approx(rate, rel=0.1)
    assert 0.001 < 1 - _share(rows, "doable") < 0.3 * rate


def test_many_things_go_wrong() -> None:
    """Hearing, wording, names, namesakes and missing skills all have a part in defects."""
    causes = {row["cause"] for row in _rows(_week()) if not row["right"]}
    assert causes >= {"hearing", "wording", "name", "ambiguity", "unsupported"}
    assert all(row["right"] == (not row["cause"]) for row in _rows(_week()))


def test_most_rephrases_come_soon_and_work() -> None:
    """A rephrase follows a failure, within 45 seconds more often than not, and mostly works."""
    rows = _rows(_week(defect_rate=0.2))
    by_id = {row["id"]: row for row in rows}
    pairs = [(by_id[row["rephrases"]], row) for row in rows if row["rephrases"]]
    soon = sum((later["at"] - first["at"]).total_seconds() < 45 for first, later in pairs)
    assert not any(first["right"] for first, _ in pairs)
    assert 0.7 < soon / len(pairs) < 1
    assert 0.4 < sum(later["right"] for _, later in pairs) / len(pairs) < 0.95


def test_the_families_behave_differently() -> None:
    """The second family gives up more, rephrases later and stops more that was right."""
    first, second = (_rows(_week(**kind)) for kind in ({}, {"family": "second"}))
    assert _share(second, "rephrases") < 0.9 * _share(first, "rephrases")
    assert _stopped(second) > 1.3 * _stopped(first)


def _stopped(rows: list[Row]) -> float:
    right = [row for row in rows if row["right"] and row["intent"] == "play_music"]
    return sum('"stop"' in row["signals"] for row in right) / len(right)


def test_a_person_is_misheard_in_the_same_way() -> None:
    """What was misheard of somebody tends to be misheard again, as with others of the accent."""
    rows = [row for week in range(3) for row in _rows(_world().play(week))]
    wrong = [(row["person"], row["text"]) for row in rows if row["cause"] == "hearing"]
    assert len(wrong) - len(set(wrong)) > 0.03 * len(wrong)


def test_tastes_drift() -> None:
    """What people play is less and less what they played at first."""
    first, *later = (_played(_world().play(week)) for week in (0, 1, 12))
    known = [sum(key in set(first) for key in week) / len(week) for week in later]
    assert known[1] < 0.9 * known[0]


def _played(week: Week) -> list[str]:
    return [key for key in week.truth["meant"].to_pylist() if key.startswith("music|play_music")]


# What a learner sees.


def test_the_log_has_the_columns_of_the_journal() -> None:
    """Names, order and types are those of the export."""
    schema = _week().log.schema
    assert tuple(schema.names) == COLUMNS
    assert schema.field("at").type == pa.timestamp("us", tz="UTC")


def test_the_log_could_be_a_journal(tmp_path: Path) -> None:
    """A turn put into the product's journal and exported again is the same row."""
    rows = _world(attackers=0.3).play(1, _stubborn, holdout=0.1).log.slice(0, 300).to_pylist()
    journal = Journal.open("sqlite://")
    journal.append_all([_interaction(row) for row in rows])
    journal.parquet(tmp_path)
    parts = sorted(tmp_path.glob("*/*.parquet"))
    exported = pa.concat_tables([pq.ParquetFile(part).read() for part in parts])
    positions = {row["id"]: row.pop("position") for row in rows}
    for row in (kept := exported.to_pylist()):
        assert row.pop("position") <= positions[row["id"]]
    assert kept == rows
    assert exported.schema.remove_metadata() == _week().log.schema


def _interaction(row: Row) -> Interaction:
    """Read a row of the export back."""
    requests = tuple(
        Interpretation(
            one["domain"],
            one["intent"],
            one["score"],
            tuple(Slot(**slot) for slot in one["slots"]),
            tuple(Alternative(**other) for other in one["alternatives"]),
            one["start"],
            one["end"],
        )
        for one in json.loads(row["requests"])
    )
    actions = tuple(
        Action(Call(**one["call"]), Status(one["status"]), Risk(one["risk"]), one["message"])
        for one in json.loads(row["actions"])
    )
    if not actions and row["status"]:
        pytest.fail(f"{row['text']}: a status without an action")
    return Interaction(
        id=row["id"],
        at=row["at"].astimezone(UTC),
        session=row["session"],
        user=row["person"],
        utterance=Utterance(row["text"], language=row["language"], device=row["device"]),
        understanding=Understanding(
            row["understood"] or row["text"], requests, row["out_of_scope"]
        ),
        actions=actions,
        reply=Reply(row["reply"], expects=row["expects"]),
        artifacts=json.loads(row["artifacts"]),
        propensities=json.loads(row["propensities"]),
        signals=tuple(
            Signal(one["name"], pa.scalar(one["at"]).cast(pa.timestamp("us", tz="UTC")).as_py())
            for one in json.loads(row["signals"])
        ),
    )


def test_the_log_does_not_tell_the_truth() -> None:
    """Neither what was meant nor who attacks is in the log; signals are what a device notices."""
    week = _world(attackers=0.3).play(1)
    truth = set(week.truth.column_names) - {"id"}
    assert not truth & set(week.log.column_names)
    told = week.log.drop_columns(["text"]).to_pandas().to_csv()
    keys = {key for key in week.truth["meant"].to_pylist() if "|" in key}
    assert not [key for key in keys if key in told]
    names = {signal["name"] for row in week.log.to_pylist() for signal in _signals(row)}
    assert names <= {
        "barge-in", "stop", "undo", "completed-play", "silence", "correction", "refusal", "cancel",
    }  # fmt: skip
    assert names >= {"barge-in", "stop", "undo", "completed-play", "silence"}


def _signals(row: Row) -> list[Row]:
    return json.loads(row["signals"])


def test_a_holdout_goes_without_rewrites() -> None:
    """About the wanted share meets no rewrite, and every turn tells how probable that was."""
    week = _world().play(0, lambda *_: "what time is it", holdout=0.2)
    rows = week.log.to_pylist()
    for row in rows:
        served = "language/rewrites" in json.loads(row["artifacts"])
        assert served or not row["understood"]
        propensity = json.loads(row["propensities"])["language/rewrites"]
        assert propensity == pytest.approx(0.8 if served else 0.2)
    assert _share(rows, "understood") == pytest.approx(0.8, abs=0.06)


# What rewriting can do.


def test_an_oracle_corrects_much_and_breaks_little() -> None:
    """With the truth at hand rewriting beats leaving alone; past truth is worth less."""
    world = _world()
    after = _rows(world.play(1, oracle(world, 1)))
    defects = [row for row in after if not row["right_without_rewrite"]]
    assert _share(defects, "right") > 0.5
    learnt = _rows(world.play(1, oracle(world, 1, past=[_week()])))
    behind = [row for row in learnt if not row["right_without_rewrite"]]
    assert 0 < _share(behind, "right") < _share(defects, "right")
    kept = [row for row in after if row["right_without_rewrite"]]
    assert _share(kept, "right") > 0.99


def test_no_oracle_leads_to_a_guarded_action() -> None:
    """A rewrite never unlocks a door, even if that was meant."""
    world = _world()
    for text in filter(None, oracle(world, 0).table.values()):
        assert "unlock" not in text
        assert "disarm" not in text
        assert "open the garage" not in text


def test_one_word_is_one_song_for_her_and_another_for_him() -> None:
    """Some people mean by a title what others don't: only a personal rewrite serves both."""
    meant: dict[str, set[str]] = {}
    for row in _rows(_week(defect_rate=0.2)):
        if row["meant"].startswith("music|play_music|track") and row["cause"] in {"", "ambiguity"}:
            meant.setdefault(row["text"], set()).add(row["meant"])
    assert any(len(songs) > 1 for songs in meant.values())


# Attackers.


def test_attackers_leave_others_as_they_are() -> None:
    """Honest people live the same week with attackers about, and attackers look like people."""
    honest, attacked = _world().play(1), _world(attackers=0.3).play(1)
    staged = attacked.truth["staged"]
    assert sum(staged.to_pylist()) > 20
    attackers = attacked.truth["attacker"].to_pylist()
    rows = list(zip(attacked.log.to_pylist(), attackers, strict=True))
    others = [row for row, attacker in rows if not attacker]
    theirs = {row["id"] for row, attacker in rows if attacker}
    same = [row for row in honest.log.to_pylist() if row["id"] not in theirs]
    assert _same(same, others)
    assert {row["person"] for row, _ in rows} - {None} <= set(_world().people)


def test_attackers_adapt() -> None:
    """What works is kept up; what does not is pushed harder, then given up for something rarer."""
    world = World(Parameters.load("tiny"), seed=1, attackers=0.3)
    first = world.attacked(1)
    live = {first[0].source: first[0].target}
    for week in range(1, 5):
        world.play(week, lambda _person, _home, text: live.get(text))
    now = world.attacked(5)
    assert now[0].landed
    assert now[0].source == first[0].source
    assert all(later.depth > 0 for later in now[1:])
    assert world.attacked(0) == world.attacked(9) == ()


# The parameters.


def test_parameters_are_hashed() -> None:
    """The hash is that of the file, and an unknown number is refused."""
    assert len(digest()) == 64
    raw = json.loads(FILE.read_text())
    raw["population"]["wealth"] = 1
    with pytest.raises(ValueError, match="wealth"):
        Parameters.load("tiny", _written(raw))


def _written(raw: Row) -> Any:
    class File:
        def read_text(self, encoding: str) -> str:
            del encoding
            return json.dumps(raw)

    return File()
