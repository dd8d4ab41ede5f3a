"""Policies are judged without code."""

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from gnothi.cli import cli
from gnothi.cli import policy as command
from gnothi.core.errors import InputError, StorageError
from gnothi.policy.estimators import ESTIMATORS
from gnothi.policy.report import INTERVALS


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Return a log of 800 sessions of two turns, in which asking is better."""
    rng = np.random.default_rng(0)
    rows = [
        {
            "session": session,
            "turn": turn,
            "did": "ask" if asks else "offer",
            "propensity": 0.5,
            "reward": float(turn == 1 and rng.random() < (0.9 if asks else 0.1)),
            "candidates": ["ask", "offer"],
            "new": [0.9, 0.1],
        }
        for session in range(800)
        for turn, asks in enumerate(rng.random(2) < 0.5)
    ]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "log.parquet")
    return tmp_path / "log.parquet"


def _run(log: Path, *options: str) -> Result:
    columns = ["--column", "episode=session", "--column", "step=turn", "--column", "action=did"]
    arguments = ["policy", "evaluate", str(log), "--target", "new", *columns, *options]
    return CliRunner().invoke(cli, arguments, catch_exceptions=False)


def test_a_log_leads_to_a_recommendation(log: Path) -> None:
    """The report is told in sentences, and as JSON."""
    assert "Recommended: new." in _run(log).output
    told = json.loads(_run(log, "--json").output)
    assert told["recommended"] == "new"
    assert told["policies"][0]["method"] == "wdr"


def test_methods_models_and_margins_can_be_chosen(log: Path) -> None:
    """A margin that is not reached is a refusal, whatever the method."""
    told = _run(log, "--method", "dr", "--model", "boosted", "--interval", "student", "--json")
    assert json.loads(told.output)["policies"][0]["kind"] == "student"
    assert "None is recommended" in _run(log, "--margin", "0.6", "--method", "ips").output


def test_what_is_wrong_is_said(log: Path) -> None:
    """A column that is not there is named; an option that is none, too."""
    with pytest.raises(InputError, match="no column 'newer'"):
        _run(log, "--target", "newer")
    assert "is no NAME=COLUMN" in _run(log, "--column", "reward").output
    assert "-1 is not in the range" in _run(log, "--seed", "-1").output


def test_decisions_go_where_they_can_be_written(tmp_path: Path) -> None:
    """Into a file; not into a folder that is not there, nor in place of one."""

    def export(file: Path) -> Result:
        return CliRunner().invoke(cli, ["policy", "export", str(file)], catch_exceptions=False)

    assert export(tmp_path / "log.parquet").output == f"{tmp_path}/log.parquet: 0\n"
    with pytest.raises(StorageError, match="can't be written"):
        export(tmp_path / "nowhere" / "log.parquet")
    assert "is a directory" in export(tmp_path).output


def test_the_choices_are_those_that_there_are() -> None:
    """The command line names every method and interval, without importing them for help."""
    assert tuple(ESTIMATORS) == command._METHODS
    assert tuple(INTERVALS) == command._INTERVALS
