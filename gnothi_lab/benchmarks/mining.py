"""How fast 20 million turns become rewrites, in how much memory; what a day more costs; Spark.

The log is synthetic and made by DuckDB: sessions of two or four turns, interpretations by Zipf's
law, 40,000 people in 15,000 households. Every tenth interpretation fails mostly, and whoever said
it says the next one then: those are the rewrites to be found. Each trial is a process of its own,
from its start to the written table.
"""

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import date, timedelta
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from gnothi.core.risk import Risk
from gnothi.learning import mining, rewrites
from gnothi.learning.turns import turns_from_parquet
from gnothi_lab.progress import watched
from gnothi_lab.result import Result

MILLION = 1_000_000
A_DAY = MILLION // 2
"""Turns a day, whatever the number of days."""
BEGINS = date(2026, 1, 1)
PEOPLE, HOUSEHOLDS, INTERPRETATIONS = 40_000, 15_000, 200_000
MEMORY, THREADS = "1GB", 2
ROOM = 10e9
"""Bytes that must be free for the trial with 100 million turns."""
PLANTED = 10
"""One interpretation in so many fails."""
COLUMNS = ("session", "position", "at", "person", "household", "text", "interpretation", "defect")

TURNS = """
WITH numbered AS (
    SELECT i, i // 4 AS block, i % 4 AS place, i >= {first} AS today
    FROM range({first} - {a_day}, {first} + {a_day}) r(i)
), begun AS (
    SELECT *, drawn(block, 1, 86400) - CASE WHEN today THEN 0 ELSE 86400 END AS begin
    FROM numbered
), meant AS (
    SELECT *, zipf(i, {interpretations}) AS own, zipf(i - 1, {interpretations}) AS last,
        drawn(i, 3, 100) < CASE WHEN own % {planted} = 0 THEN 85 ELSE 5 END AS fails,
        drawn(i - 1, 3, 100) < 85 AND drawn(i, 4, 100) < 90 AS again,
        begin + [0, 12, 60, 75][place + 1] + drawn(i, 5, 12) AS second
    FROM begun WHERE today OR begin > -300
), said AS (
    SELECT *, CASE
        WHEN place % 2 = 0 THEN own
        WHEN last % {planted} = 0 AND again THEN last + 1
        WHEN own % {planted} = 0 THEN own + 1
        ELSE own END AS wish
    FROM meant WHERE second BETWEEN 0 AND 86399
)
SELECT
    printf('%016x', hash(CASE WHEN block % 2 = 0 THEN block * 2 ELSE i // 2 END)) AS session,
    place::INTEGER AS position,
    make_timestamp(epoch_us(TIMESTAMP '{day}') + second * 1000000 + drawn(i, 6, 1000000)) AS "at",
    'person ' || drawn(block, 7, {people}) AS person,
    'household ' || drawn(block, 7, {people}) % {households} AS household,
    'words ' || zipf(-i, 8) || ' for device ' || wish AS text,
    'intent_' || wish % 60 || '|device=device ' || wish || '|room=room ' || wish % 17
        AS interpretation,
    CASE WHEN fails AND wish = own THEN 900 ELSE 30 END::SMALLINT AS defect
FROM said ORDER BY "at"
"""
"""Sessions of four turns, or twice two: the second and the fourth follow within 45 s."""
MACROS = """
CREATE MACRO drawn(a, salt, size) AS (hash(a, {seed}, salt) % size)::BIGINT;
CREATE MACRO zipf(a, size) AS
    floor(pow(size, (hash(a, {seed}, 2) >> 11) / 9007199254740992.0))::BIGINT;
"""
PAIRS = """
SELECT count(*) FROM (
    SELECT interpretation, after, count(*) FROM (
        SELECT interpretation, "at", lead(interpretation) OVER w AS after, lead("at") OVER w AS next
        FROM read_parquet('{log}/*/*.parquet')
        WINDOW w AS (PARTITION BY session ORDER BY "at", position)
    ) WHERE next <= "at" + INTERVAL 45 SECOND GROUP BY ALL
)
"""


def run(*, quick: bool, seed: int, data: Path | None) -> Result:
    """Measure; *quick* takes one million turns only."""
    del data
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        figures = _trial(folder / "1m", MILLION, seed, label="1m")
        baselines: dict[str, dict[str, float]] = {}
        notes = [f"DuckDB with {THREADS} threads and memory_limit {MEMORY}; log on local disk."]
        if not quick:
            figures |= _trial(folder / "20m", 20 * MILLION, seed, label="20m")
            told = _in_a_process("pairs", folder / "20m")
            baselines["pair counting alone, SQL"] = {
                "seconds_20m": told["seconds"],
                "cpu_seconds_20m": told["cpu_seconds"],
                "peak_gb_20m": told["peak_gb"],
            }
            figures |= _one_more_day(folder / "20m", seed)
            if shutil.disk_usage(folder).free > ROOM:
                figures |= _trial(folder / "20m", 100 * MILLION, seed, label="100m")
                figures |= {"growth_20m_to_100m": _growth(figures)}
                notes.append("growth_20m_to_100m: time per turn of 100 million by that of 20.")
            else:
                notes.append("100 million turns were left out: less than 10 GB were free.")
        if find_spec("pyspark") and shutil.which("java"):
            figures["spark_equal"] = _in_a_process("spark", folder / "1m")["equal"]
        else:
            notes.append("spark_equal was left out: pyspark or java is not installed.")
    return Result(name="mining", figures=figures, baselines=baselines, notes=notes)


def _trial(folder: Path, turns: int, seed: int, *, label: str) -> dict[str, float]:
    """Make a log, or lengthen it, mine all of it, and return the figures."""
    days = max(1, round(turns / A_DAY))
    for day in watched(range(days), f"making {label}"):
        make_day(folder / "log", day, seed)
    shutil.rmtree(folder / "aggregates", ignore_errors=True)
    told = _in_a_process("mine", folder)
    return {
        f"turns_{label}": told["turns"],
        f"seconds_{label}": told["seconds"],
        f"cpu_seconds_{label}": told["cpu_seconds"],
        f"peak_gb_{label}": told["peak_gb"],
        f"rewrites_{label}": told["rewrites"],
        f"planted_share_{label}": told["planted_share"],
    }


def _growth(figures: dict[str, float]) -> float:
    small, large = (figures[f"cpu_seconds_{n}"] / figures[f"turns_{n}"] for n in ("20m", "100m"))
    return large / small


def _one_more_day(folder: Path, seed: int) -> dict[str, float]:
    make_day(folder / "log", len(list((folder / "log").iterdir())), seed)
    told = _in_a_process("mine", folder)
    return {
        "seconds_one_more_day": told["seconds"],
        "seconds_one_more_day_counting": told["counting"],
    }


def make_day(log: Path, number: int, seed: int) -> None:
    """Write the *number*-th day of the log, unless it is there."""
    duckdb: Any = import_module("duckdb")
    day = BEGINS + timedelta(days=number)
    part = log / f"day={day}" / "part-0.parquet"
    if part.exists():
        return
    part.parent.mkdir(parents=True)
    values = {
        "first": (number + 1) * A_DAY // 4 * 4,
        "a_day": A_DAY // 4 * 4,
        "day": day,
        "people": PEOPLE,
        "households": HOUSEHOLDS,
        "interpretations": INTERPRETATIONS,
        "planted": PLANTED,
    }
    with duckdb.connect(config={"threads": THREADS}) as connection:
        connection.execute(MACROS.format(seed=seed))
        connection.execute(
            f"COPY ({TURNS.format(**values)}) TO '{part}' (FORMAT parquet, COMPRESSION zstd)"
        )


def _in_a_process(task: str, folder: Path) -> dict[str, float]:
    """Run a task in a fresh process; return what it tells, with the seconds that it took.

    ``cpu_seconds`` are those of the cores in its own code: other work on the machine hardly
    changes them.
    """
    command = [sys.executable, "-m", __name__, task, str(folder)]
    spent = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    began = time.perf_counter()
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    seconds = time.perf_counter() - began
    spent = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - spent
    return {"seconds": seconds, "cpu_seconds": spent, **json.loads(done.stdout.splitlines()[-1])}


def mine(folder: Path) -> dict[str, float]:
    """Mine the log in *folder* and write the table beside it."""
    began = time.perf_counter()
    backend = mining.connect(MEMORY, threads=THREADS, spill=folder / "spill")
    log = turns_from_parquet(backend, folder / "log")
    mining.update(log, folder / "aggregates")
    counting = time.perf_counter() - began
    found = rewrites.mine(mining.Aggregates(backend, folder / "aggregates"), risk_of=_free)
    rewrites.write(found, folder / "rewrites.jsonl")
    planted = sum(_number(one.after) == _number(one.before) + 1 for one in found)
    return {
        "counting": counting,
        "turns": sum(day.turns for day in log.days.values()),
        "rewrites": len(found),
        "planted_share": planted / max(1, len(found)),
        "peak_gb": _peak(),
    }


def pairs(folder: Path) -> dict[str, float]:
    """Count pairs of neighbouring requests, and nothing else."""
    duckdb: Any = import_module("duckdb")
    connection = duckdb.connect(config={"threads": THREADS, "memory_limit": "2GB"})
    (found,) = connection.execute(PAIRS.format(log=folder / "log")).fetchone()
    return {"pairs": found, "peak_gb": _peak()}


def spark(folder: Path) -> dict[str, float]:
    """Compare DuckDB and Spark: aggregates must be the same rows, scores the same to 1e-9."""
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    sql: Any = import_module("pyspark.sql")
    session = (
        sql.SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "8")
        .config("spark.driver.memory", "4g")
        .getOrCreate()
    )
    backends = {
        "duckdb": mining.connect(MEMORY, threads=THREADS),
        "spark": import_module("ibis").pyspark.connect(session),
    }
    tables = [_found_by(backend, folder, name) for name, backend in backends.items()]
    same = _same_rows(*(folder / f"by-{name}" for name in backends))
    return {"equal": float(same and _same_scores(*tables))}


def _found_by(backend: Any, folder: Path, name: str) -> list[rewrites.Rewrite]:  # noqa: ANN401
    aggregates = folder / f"by-{name}"
    mining.update(turns_from_parquet(backend, folder / "log"), aggregates)
    return rewrites.mine(mining.Aggregates(backend, aggregates), risk_of=_free)


def _same_rows(one: Path, other: Path) -> bool:
    pq: Any = import_module("pyarrow.parquet")
    parts = sorted(part.relative_to(one) for part in one.glob("*/*/*.parquet"))
    return bool(parts) and all(
        pq.ParquetFile(one / part).read().equals(pq.ParquetFile(other / part).read())
        for part in parts
    )


def _same_scores(one: Sequence[rewrites.Rewrite], other: Sequence[rewrites.Rewrite]) -> bool:
    return len(one) == len(other) and all(
        (first.said, first.becomes) == (second.said, second.becomes)
        and abs(first.score - second.score) <= 1e-9
        and abs(first.own_score - second.own_score) <= 1e-9
        for first, second in zip(one, other, strict=True)
    )


def _free(key: str) -> Risk:
    del key
    return Risk.FREE


def _number(key: str) -> int:
    return int(key.partition("|device=device ")[2].partition("|")[0])


def _peak() -> float:
    """Return the largest resident memory of this program in gigabytes.

    The kernel's own mark begins with the program; that of ``getrusage`` includes its parent.
    """
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9
    told = dict(line.split(":", 1) for line in status.read_text(encoding="utf-8").splitlines())
    return int(told["VmHWM"].split()[0]) * 1024 / 1e9


if __name__ == "__main__":
    print(json.dumps(globals()[sys.argv[1]](Path(sys.argv[2]))))
