"""The same expressions on Spark: counts must be equal, scores equal to 1e-9."""

import shutil
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import ibis
import pyarrow.parquet as pq
import pytest

from gnothi.core.acting import Reply
from gnothi.core.identity import time_ordered_id
from gnothi.core.interaction import Interaction, Signal
from gnothi.core.risk import Risk
from gnothi.core.understanding import Interpretation, Slot, Understanding, Utterance
from gnothi.journal.journal import Journal
from gnothi.learning import mining, rewrites
from gnothi.learning.defects import shipped
from gnothi.learning.mining import Aggregates, connect, update
from gnothi.learning.rewrites import Limits
from gnothi.learning.signs import FEATURES, column, with_features
from gnothi.learning.turns import turns_from_journal, turns_from_parquet

# Tests are imported one by one: their neighbours are found by the folder.
sys.path.insert(0, str(Path(__file__).parent))
from mining_logs import EVE, random_log, said, write_log

spark_sql = pytest.importorskip("pyspark.sql", reason="pyspark comes with the extra 'lab'")
if not shutil.which("java"):
    pytest.skip("Spark needs Java: apt-get install default-jre-headless", allow_module_level=True)

pytestmark = [
    # PySpark 4.0 speaks to pandas 3 as if it were 2.
    pytest.mark.filterwarnings("ignore:The 'future.infer_string' option"),
    pytest.mark.filterwarnings("ignore:The copy keyword"),
    pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning"),  # its sockets to the JVM
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
LOOSE = Limits(support=1.0, people=1, margin=0.01, certainty=0.5, share=0.0)
FREE = Risk.FREE


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Spark on two cores of this machine, as Ibis connects to it."""
    settings = {
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        # What runs for seconds only is sooner done than optimised.
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
        "spark.sql.adaptive.enabled": "false",
        "spark.sql.shuffle.partitions": "1",
        "spark.sql.warehouse.dir": str(tmp_path_factory.mktemp("warehouse")),
        "spark.ui.enabled": "false",
    }
    builder = spark_sql.SparkSession.builder.master("local[2]")
    session = builder.config(map=settings).getOrCreate()
    yield ibis.pyspark.connect(session)
    session.stop()


@pytest.fixture(scope="module")
def duck() -> Any:
    """DuckDB, as the miner opens it."""
    return connect("200MB", threads=1)


def _rows(folder: Path) -> dict[str, Any]:
    parts = folder.glob("*/*/*.parquet")
    return {str(part.relative_to(folder)): pq.ParquetFile(part).read() for part in parts}


def test_spark_finds_the_same(spark: Any, duck: Any, tmp_path: Path) -> None:
    """Counts by day are the same rows, and rewrites the same with the same scores."""
    rephrased = [
        said(text, defect, at + number, session=f"{person}{number}", person=person)
        for person in ("ana", "ben")
        for number in range(20)
        for text, defect, at in [("lihgts", 900, 0), ("lights", 0, 9), ("play wow", 300, 20)]
    ]
    lake = write_log(tmp_path / "log", random_log(5, sessions=60, days=1) + rephrased)
    found = {}
    for engine in (duck, spark):
        folder = tmp_path / engine.name
        update(turns_from_parquet(engine, lake), folder)
        found[engine.name] = rewrites.mine(
            Aggregates(engine, folder), LOOSE, risk_of=lambda key: FREE
        )
    counted = _rows(tmp_path / "duckdb")
    assert len(counted) == 4
    assert _rows(tmp_path / "pyspark") == counted
    assert found["duckdb"]
    for one, other in zip(found["duckdb"], found["pyspark"], strict=True):
        assert (one.who, one.said, one.becomes, one.via) == (
            *(other.who, other.said, other.becomes, other.via),
        )
        assert one.score == pytest.approx(other.score, abs=1e-9)
        assert one.own_score == pytest.approx(other.own_score, abs=1e-9)


def _turn(number: int, at: datetime, rng: Random) -> Interaction:
    text, intent, value = rng.choice(
        [
            ("play wow", "play_music", "wow"),
            ("play wuthering heights", "play_music", "wuthering heights"),
            ("no, lights off", "light_off", "lights"),
            ("don't know", None, ""),
        ]
    )
    slot = Slot("what", value, text.find(value), text.find(value) + len(value))
    requests = (Interpretation("home", intent, rng.random(), (slot,)),) if intent else ()
    signals = rng.sample(["stop", "undo", "completed-play", "barge-in", "other"], rng.randrange(3))
    return Interaction(
        id=time_ordered_id(at, rng),
        at=at,
        session=f"s{number // 6}",
        user=rng.choice(["ana", "ben"]),
        utterance=Utterance(text),
        understanding=Understanding(text, requests, out_of_scope=not requests),
        actions=(),
        reply=Reply("Okay."),
        signals=tuple(Signal(name, at) for name in signals),
    )


def _journal_log(folder: Path, turns: int) -> Path:
    """Write what the journal writes of random turns on both sides of midnight."""
    rng = Random(3)
    at = EVE
    with Journal.open("sqlite://") as journal:
        for number in range(turns):
            at += timedelta(seconds=rng.choice([5, 20, 44, 45, 46, 400]), microseconds=number)
            turn = _turn(number, at, rng)
            journal.append(turn)
            for signal in turn.signals:
                journal.attach(turn.id, signal)
        journal.parquet(folder)
    return folder


def test_spark_judges_the_same(spark: Any, duck: Any, tmp_path: Path) -> None:
    """Features of the model of defects are the same to 1e-9, and judged journals give the same."""
    lake = _journal_log(tmp_path / "lake", 90)
    features: dict[str, list[dict[str, Any]]] = {}
    for engine in (duck, spark):
        log = turns_from_journal(engine, lake, judge=shipped().judge)
        update(log, tmp_path / engine.name)
        rows = with_features(mining.open_days(engine, lake))
        chosen = rows.select("id", *map(column, FEATURES)).order_by("id")
        features[engine.name] = chosen.to_pyarrow().to_pylist()
    assert [pytest.approx(row, abs=1e-9) for row in features["duckdb"]] == features["pyspark"]
    assert _rows(tmp_path / "pyspark") == _rows(tmp_path / "duckdb")
