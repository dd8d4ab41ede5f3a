"""Learning beside the server: nights, rounds that break off, and decisions that go first."""

import asyncio
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from gnothi.core.plain import Json
from gnothi.serve.learning import FOLDER
from gnothi.serve.worker import Nights, Worker
from tests.serve.conftest import NOON, Household
from tests.serve.schooling import School

PATIENCE = 120.0


def _worker(household: Household, news: list[Json] | None = None) -> Worker:
    return Worker(household, (news if news is not None else []).append, gently=False)


def test_a_night_is_the_next_one_by_the_clock_of_the_home() -> None:
    """Before half past three it is today, after it tomorrow; never when it is off."""
    berlin = ZoneInfo("Europe/Berlin")
    early = datetime(2026, 11, 20, 2, tzinfo=berlin)
    assert Nights().next(early) == datetime(2026, 11, 20, 3, 30, tzinfo=berlin)
    assert Nights().next(early + timedelta(hours=2)) == datetime(2026, 11, 21, 3, 30, tzinfo=berlin)
    assert Nights(on=False).next(early) is None
    chosen = Nights(at=time(23, 5))
    assert Nights.read(chosen.json()) == chosen
    assert Nights.read(None) == Nights()


async def test_it_begins_by_itself_when_the_night_comes(household: Household) -> None:
    """Nobody has to press anything."""
    worker = _worker(household)
    begun: list[bool] = []
    worker.begin = lambda: begun.append(True) or True  # type: ignore[method-assign]
    worker.look_every = 0.01
    household.clock.moment = NOON
    zone = household.house.time_zone
    due = NOON + timedelta(minutes=1)
    worker.set_nights(Nights(at=due.astimezone(zone).time().replace(second=0, microsecond=0)))
    async with worker.nightly():
        await asyncio.sleep(0.05)
        assert not begun
        household.clock.moment = due + timedelta(seconds=1)
        for _ in range(100):
            await asyncio.sleep(0.02)
            if begun:
                break
    assert begun == [True]


async def test_a_round_that_breaks_off_is_told_in_a_sentence(household: Household) -> None:
    """The server goes on, and the page can say what went wrong."""
    folder = household.settings.folder / FOLDER
    folder.mkdir(parents=True)
    (folder / "state.json").write_text("no JSON")
    School(household.journal, household.clock, NOON).week(1)
    worker = _worker(household)
    assert worker.begin()
    assert not worker.begin()
    await asyncio.wait_for(worker.wait(), PATIENCE)
    last = worker.learning().last()
    assert last is not None and last.broken
    assert last.reason.key == "learning-broke"
    assert "damaged" in str(last.reason.values["reason"])
    assert not worker.running and worker.pid is None


async def test_a_decision_goes_before_a_running_round(household: Household) -> None:
    """The round is stopped, the decision is carried out, and the round begins again."""
    School(household.journal, household.clock, NOON).week(1)
    news: list[Json] = []
    worker = _worker(household, news)
    worker.begin()
    decided = await worker.decide(lambda learning: learning.last())
    assert decided is not None and decided.reason.key == "learning-stopped"
    assert worker.running
    await asyncio.wait_for(worker.wait(), PATIENCE)
    last = worker.learning().last()
    assert last is not None and not last.broken
    assert last.at > datetime(2026, 1, 1, tzinfo=UTC)
    assert [one for one in news if isinstance(one, dict) and not one["running"]]
