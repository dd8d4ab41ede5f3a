import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from gnothi.core.errors import ArtifactError, InputError
from gnothi.learning.defects import FEATURES, FILE, DefectModel, fit, with_features
from gnothi.learning.mining import connect

ibis = pytest.importorskip("ibis")
pa = pytest.importorskip("pyarrow")

NOW = datetime(2026, 11, 21, 18, tzinfo=UTC)
MODEL = DefectModel(
    {"bias": -3.0, "failed": 4.0, "undo": 5.0, "alike-and-soon": 4.0, "completed-play": -3.0},
    {"bias": -3.0, "alike-and-soon": 6.0},
)


def row(text: str, *, at: float = 0, session: str = "s", **more: object) -> dict[str, object]:
    """Return a turn as the journal's Parquet has it."""
    usual = {"intent": "play_music", "domain": "play", "slots": "[]", "score": 0.9}
    usual |= {"status": "done", "actions": "[]", "expects": ""}
    fixed = {"session": session, "position": int(at), "at": NOW + timedelta(seconds=at)}
    return {**fixed, "text": text, "signals": "[]", "out_of_scope": False, **usual, **more}


def table(*rows: dict[str, object]) -> object:
    """Return a table of *rows* in DuckDB."""
    return connect().create_table("turns", ibis.memtable(pa.Table.from_pylist(list(rows))))


def judged(*rows: dict[str, object]) -> list[dict[str, int]]:
    """Return what the model makes of *rows*."""
    found = MODEL.judge(table(*rows)).order_by(["session", "at"])
    return found.select("text", "defect", "rephrase").to_pyarrow().to_pylist()


def test_a_rephrase_speaks_against_the_turn_before_it() -> None:
    """Soon and in nearly the same words: more than later, or in quite other words."""
    soon, late, other = (
        judged(row("play maj and dragons"), row(text, at=at))[0]
        for text, at in [
            ("play imagine dragons", 4),
            ("play imagine dragons", 300),
            ("what time is it", 4),
        ]
    )
    assert soon["defect"] > late["defect"]
    assert soon["defect"] > other["defect"]
    assert soon["rephrase"] > 2 * max(late["rephrase"], other["rephrase"])


def test_signals_weigh_for_and_against() -> None:
    """An undo says that it was wrong; a song heard to its end that it was right."""
    undone, heard, plain = (
        judged(row("play abba", signals=json.dumps([{"name": name}], separators=(",", ":"))))[0]
        for name in ("undo", "completed-play", "other")
    )
    assert undone["defect"] > plain["defect"] > heard["defect"]


def test_sessions_are_apart() -> None:
    """What somebody else says next tells nothing."""
    alone = judged(row("play abba"), row("play abba", at=3, session="t"))
    assert [one["rephrase"] for one in alone] == [alone[0]["rephrase"]] * 2


def test_features_lie_between_0_and_1() -> None:
    """Also for empty texts, and where nothing is known."""
    found = with_features(
        table(
            row("", intent=None, score=None, status=None, out_of_scope=True),
            row("a", at=1),
            row("a" * 500, at=2, status="failed"),
        )
    )
    columns = found.select(*(c for c in found.columns if c.startswith("f_"))).to_pyarrow()
    assert columns.num_columns == len(FEATURES)
    for column in columns:
        values = column.to_numpy()
        assert (values >= 0).all()
        assert (values <= 1).all()


def test_fitting_finds_what_tells() -> None:
    """A feature that decides gets a weight, one that says nothing gets none; chances are right."""
    rng = np.random.default_rng(0)
    inputs = rng.integers(0, 2, (20_000, 2)).astype(float)
    failed = (rng.random(20_000) < 1 / (1 + np.exp(2 - 3 * inputs[:, 0]))).astype(float)
    weights = fit(inputs, failed, ("tells", "noise"))
    assert weights["tells"] == pytest.approx(3, abs=0.2)
    assert weights["noise"] == pytest.approx(0, abs=0.1)
    assert weights["bias"] == pytest.approx(-2, abs=0.1)


def test_shapes_must_fit() -> None:
    """A mistake is said, and not fitted."""
    with pytest.raises(InputError, match="shape"):
        fit(np.zeros((3, 2)), np.zeros(3), ("one",))


def test_the_artifact_comes_back(tmp_path: Path) -> None:
    """And a damaged one is refused."""
    (tmp_path / FILE).write_bytes(MODEL.dump())
    assert DefectModel.load(tmp_path) == MODEL
    (tmp_path / FILE).write_text('{"defect": {"nonsense": 1}, "rephrase": {}}')
    with pytest.raises(ArtifactError, match="nonsense"):
        DefectModel.load(tmp_path)
