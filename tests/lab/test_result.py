"""Results as they are kept, shown and reported."""

import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from gnothi_lab import benchmarks
from gnothi_lab.cli import main
from gnothi_lab.report import page
from gnothi_lab.result import Provenance, Result, document, load_all, save

RESULT = Result(
    name="example",
    figures={"right": 0.9123456, "ms_p50": 4.2},
    intervals={"right": (0.88, 0.94)},
    baselines={"keywords": {"right": 0.5}},
    published={"elsewhere": {"right": 0.8, "source": "a paper"}},
    notes=("A note.",),
)
PROVENANCE = Provenance("abc", "2026-11-20", 0, "gnothi-lab run example", {"cores": 2, "gpu": None})


def test_a_kept_result_has_the_keys_of_the_contract() -> None:
    """Whoever reads results finds what CONTRACTS, section 7, promises."""
    assert list(document(RESULT, PROVENANCE)) == [
        "name", "commit", "date", "seed", "command", "machine",
        "figures", "intervals", "baselines", "peers", "published", "notes",
    ]  # fmt: skip


def test_a_result_survives_being_kept(tmp_path: Path) -> None:
    """What is read back is what was written."""
    kept = document(RESULT, PROVENANCE)
    save(kept, tmp_path / "example.json")
    assert load_all(tmp_path) == [json.loads(json.dumps(kept))]


def test_the_page_shows_every_figure_with_its_command() -> None:
    """No figure is typed by hand, and each says how to get it again."""
    told = page([document(RESULT, PROVENANCE)])
    assert "| `right` | 0.912 [0.880, 0.940] | 0.500 | 0.800 |" in told
    assert "`gnothi-lab run example`" in told
    assert "elsewhere: a paper" in told


def test_a_figure_must_be_a_number() -> None:
    """A benchmark that divides by nothing is caught before it is kept."""
    with pytest.raises(ValueError, match="right"):
        Result(name="example", figures={"right": float("nan")})


def test_an_interval_belongs_to_a_figure() -> None:
    """A misspelt name of an interval is caught."""
    with pytest.raises(ValueError, match="rihgt"):
        Result(name="example", figures={"right": 1}, intervals={"rihgt": (0, 1)})


def test_this_checkout_describes_itself() -> None:
    """A result names commit, date and machine."""
    here = Provenance.here(command="x", seed=1, today=date(2026, 11, 20))
    assert here.commit
    assert here.date == "2026-11-20"
    assert here.machine["cores"]


def test_the_command_names_every_benchmark() -> None:
    """``gnothi-lab list`` shows each benchmark with a line about it."""
    told = CliRunner().invoke(main, ["list"]).output
    assert all(name in told for name in benchmarks.names())
    assert {"home-actions", "home-sentences", "turns", "dialogues", "week"} <= set(
        benchmarks.names()
    )


def test_an_unknown_benchmark_is_told_with_the_known_ones() -> None:
    """A misspelt name gets the list."""
    told = CliRunner().invoke(main, ["run", "home-action"])
    assert told.exit_code != 0
    assert "home-actions" in told.output
