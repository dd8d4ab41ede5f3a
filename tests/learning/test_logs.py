import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from gnothi.core.risk import Risk
from gnothi.learning.gate import Limits, Ruling
from gnothi.learning.logs import Trial, judge_rewrites, learn_rewrites, split
from gnothi.learning.mining import connect
from gnothi.learning.turns import Log, turns_from_parquet

# Tests are imported one by one: their neighbours are found by the folder.
sys.path.insert(0, str(Path(__file__).parent))
from mining_logs import EVE, Said, write_log

BEFORE, AFTER = "2026-11-20", "2026-11-25"
FEW = Limits(support=20, people=5)


@pytest.fixture(scope="module")
def engine() -> Any:
    """DuckDB, as the miner opens it."""
    return connect("200MB", threads=1)


def _log(engine: Any, folder: Path, days: dict[int, int]) -> Log:
    """Return a log of 20 people a day of whom so many mean "lights" by "lihgts"."""
    turns = [
        turn
        for day, mean_it in days.items()
        for person in range(20)
        for turn in _wish(f"person {person}", day, again=person < mean_it)
    ]
    return turns_from_parquet(engine, write_log(folder, turns))


def _wish(person: str, day: int, *, again: bool) -> list[Said]:
    at = EVE + timedelta(days=day, seconds=1)
    session, other = f"{person} on {day}", [("what time is it", 0)] * 9
    texts = [("lihgts", 900 if again else 0), *([("lights", 0)] if again else ()), *other]
    return [
        Said(session, at + timedelta(seconds=5 * number), number, text, text, defect, person)
        for number, (text, defect) in enumerate(texts)
    ]


def test_what_is_learned_early_is_judged_later(engine: Any, tmp_path: Path) -> None:
    """Rewrites come from the first part of a log, and wins and losses from the second."""
    earlier, later = split(_log(engine, tmp_path, {0: 18, 1: 18, 5: 18, 6: 18}), AFTER)
    assert (min(earlier.days), min(later.days)) == (BEFORE, AFTER)
    learned = learn_rewrites(engine, earlier)
    assert [(one.said, one.becomes) for one in learned] == [("lihgts", "lights")]
    judged = judge_rewrites(later, learned, FEW)
    assert judged.trials == (Trial("lihgts", "lights", 40, wins=36, losses=4),)
    assert judged.evidence.positive.hits == 36


@pytest.mark.parametrize(("mean_it", "ruling"), [(20, Ruling.APPROVE), (4, Ruling.REJECT)])
def test_the_gate_has_the_last_word(
    engine: Any, tmp_path: Path, mean_it: int, ruling: Ruling
) -> None:
    """What does well where it was learned is refused where people mean something else."""
    days = {0: 20, 1: 20} | dict.fromkeys(range(5, 15), mean_it)
    earlier, later = split(_log(engine, tmp_path, days), AFTER)
    assert judge_rewrites(later, learn_rewrites(engine, earlier), FEW).verdict.ruling is ruling


def test_nothing_is_learned_across_classes_of_risk(engine: Any, tmp_path: Path) -> None:
    """A log may tell how risky a request is; what is guarded stays as it is."""
    log = _log(engine, tmp_path, {0: 18, 1: 18})
    assert learn_rewrites(engine, log)
    assert learn_rewrites(engine, log, risk_of=lambda key: Risk.GUARDED) == []


def test_an_empty_part_proves_nothing(engine: Any, tmp_path: Path) -> None:
    """Without turns, the gate waits."""
    log = _log(engine, tmp_path, {0: 18})
    earlier, later = split(log, AFTER)
    judged = judge_rewrites(later, learn_rewrites(engine, earlier), FEW)
    assert judged.verdict.ruling is Ruling.WAIT
