"""Logs from tables: what is read, and what is refused in words that help."""

from pathlib import Path

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gnothi.core.errors import InputError
from gnothi.policy.logs import Log, target
from gnothi.policy.reading import read_log

ROWS: list[dict[str, object]] = [
    {"episode": "x", "step": 0, "action": "ask", "propensity": 0.5, "reward": 0.0, "person": "ana",
     "candidates": ["ask", "offer"], "new": [0.2, 0.8], "mood": "low", "hour": 8},
    {"episode": "x", "step": 1, "action": "offer", "propensity": 1.0, "reward": 1.0,
     "person": "ana", "candidates": ["offer"], "new": [1.0], "mood": "high", "hour": 9},
    {"episode": "y", "step": 0, "action": "offer", "propensity": 0.5, "reward": 0.0,
     "person": "ben", "candidates": ["ask", "offer"], "new": [0.2, 0.8], "mood": "low", "hour": 7},
]  # fmt: skip


def _table(**changes: list[object]) -> pa.Table:
    rows = [dict(row) for row in ROWS]
    for name, values in changes.items():
        for row, value in zip(rows, values, strict=True):
            row[name] = value
    return pa.Table.from_pylist(rows)


def test_a_log_is_read_whole() -> None:
    """Episodes, people, candidates, features and targets come out as they went in."""
    read = read_log(_table(), features=["hour", "mood"], targets=["new"])
    log, (new,) = read.log, read.targets
    assert log.names == ("ask", "offer")
    assert log.features == ("hour", "mood=high", "mood=low")
    assert log.contexts.tolist() == [[8, 0, 1], [9, 1, 0], [7, 0, 1]]
    assert log.allowed.tolist() == [[True, True], [False, True], [True, True]]
    assert (log.steps.tolist(), log.clusters.tolist()) == ([0, 1, 0], [0, 1])
    assert new.probabilities is not None
    assert new.probabilities.tolist() == [[0.2, 0.8], [0.0, 1.0], [0.2, 0.8]]
    assert new.taken.tolist() == [0.2, 1.0, 0.8]


@settings(max_examples=10, deadline=None)
@given(st.permutations(range(3)))
def test_the_order_of_rows_makes_no_difference(order: list[int]) -> None:
    """Rows are put in order by episode and step."""
    one, other = (read_log(table).log for table in (_table(), _table().take(order)))
    assert one.contexts.tolist() == other.contexts.tolist()
    assert one.actions.tolist() == other.actions.tolist()


def test_columns_may_have_other_names(tmp_path: Path) -> None:
    """Parquet, CSV and tables of Ibis are read alike, under names of their own."""
    table = _table().drop_columns(["candidates", "new"]).rename_columns(
        ["session", "turn", "did", "p", "reward", "person", "mood", "hour"]
    )  # fmt: skip
    columns = {"episode": "session", "step": "turn", "action": "did", "propensity": "p"}
    pq.write_table(table, tmp_path / "log.parquet")
    pyarrow.csv.write_csv(table, tmp_path / "log.csv")
    engine = ibis.duckdb.connect()
    sources = [tmp_path / "log.parquet", str(tmp_path / "log.csv"), engine.create_table("t", table)]
    for source in sources:
        log = read_log(source, columns).log
        assert (log.names, log.features, log.count) == (("ask", "offer"), ("hour",), 2)


def test_without_episodes_each_row_is_one() -> None:
    """A table of single decisions is a bandit's log."""
    log = read_log(_table().drop_columns(["episode", "step"])).log
    assert (log.count, log.horizon) == (3, 1)


def test_a_target_may_be_a_number_a_row() -> None:
    """Where only the probability of what was done is known, weights are possible."""
    read = read_log(_table(p2=[0.1, 0.5, 0.3]), targets=["p2"])
    assert read.targets[0].probabilities is None
    assert read.targets[0].taken.tolist() == [0.1, 0.5, 0.3]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"propensity": [0.5, 0.0, 0.5]}, "row 1 is the first of 1"),
        ({"propensity": [0.5, 1.2, 0.5]}, "propensity lies above 0"),
        ({"propensity": [None, 1.0, 0.5]}, "Every propensity of a log is a number"),
        ({"reward": [0.0, float("nan"), 0.0]}, "Every reward of a log is a number"),
        ({"reward": ["a", "b", "c"]}, "'reward' must hold numbers"),
        ({"hour": [8, None, 7]}, "Every feature"),
        ({"step": [0, 2, 0]}, "in the middle of an episode is missing"),
        ({"step": [0, 0, 0]}, "there twice"),
        ({"step": [2, 3, 0]}, "beginning of one is missing"),
        ({"step": [0, 1.5, 0]}, "whole numbers"),
        ({"action": ["ask", "ask", "offer"]}, "one of the candidates"),
        ({"action": ["ask", None, "offer"]}, "something in every row"),
        ({"candidates": [["ask", "ask"], ["offer"], ["ask", "offer"]]}, "there twice"),
        ({"candidates": [["ask", "offer"], None, ["ask", "offer"]]}, "a list in every row"),
        ({"candidates": ["ask", "offer", "ask"]}, "a list in every row"),
        ({"new": [[0.2], [1.0], [0.2, 0.8]]}, "for each candidate"),
        ({"new": [[0.7, 0.8], [1.0], [0.2, 0.8]]}, "probabilities from 0 to 1"),
        ({"new": [[1.2, -0.2], [1.0], [0.2, 0.8]]}, "probabilities from 0 to 1"),
        ({"person": ["ana", "ben", "ben"]}, "one person"),
    ],
)
def test_what_cannot_be_is_refused(changes: dict[str, list[object]], words: str) -> None:
    """Bad input is told by what is wrong, and where."""
    with pytest.raises(InputError, match=words):
        read_log(_table(**changes), targets=["new"])


def test_missing_things_are_named(tmp_path: Path) -> None:
    """A column or file that is not there, and a name that no log has."""
    with pytest.raises(InputError, match="no column 'propensity'; it has"):
        read_log(_table().drop_columns(["propensity"]))
    with pytest.raises(InputError, match="'step' is missing"):
        read_log(_table().drop_columns(["step"]))
    with pytest.raises(InputError, match="No log has a 'propensities'"):
        read_log(_table(), {"propensities": "p"})
    with pytest.raises(InputError, match="no list of candidates"):
        read_log(_table().drop_columns(["candidates"]), targets=["new"])
    with pytest.raises(InputError, match="no log at"):
        read_log(tmp_path / "none.parquet")
    (tmp_path / "bad.parquet").write_bytes(b"no")
    with pytest.raises(InputError, match="neither Parquet nor CSV"):
        read_log(tmp_path / "bad.parquet")
    with pytest.raises(InputError, match="says nothing"):
        read_log(_table().slice(0, 0))
    with pytest.raises(InputError, match="a number, a truth value or a word"):
        read_log(_table(), features=["candidates"])
    with pytest.raises(InputError, match="different words"):
        many = [f"w{n}" for n in range(70)]
        read_log(
            pa.table(
                {"action": ["a"] * 70, "propensity": [1.0] * 70, "reward": [0] * 70, "w": many}
            ),
            features=["w"],
        )


def test_a_log_made_by_hand_is_checked_too() -> None:
    """Shapes that don't fit and targets of other logs are refused."""
    log = read_log(_table()).log
    with pytest.raises(InputError, match="this log takes"):
        target("t", log, np.ones((2, 2)))
    with pytest.raises(InputError, match="numbered 0, 1, 2"):
        Log(
            episodes=np.array([0, 2, 1]),
            actions=log.actions,
            propensities=log.propensities,
            rewards=log.rewards,
            contexts=log.contexts,
            allowed=log.allowed,
            clusters=np.arange(2),
            names=log.names,
        )
