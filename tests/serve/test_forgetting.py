import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from time import monotonic

import numpy as np
import pytest

from gnothi.core.errors import StorageError
from gnothi.core.settings import Settings
from gnothi.core.understanding import Utterance
from gnothi.learning.teaching import Demonstration
from gnothi.learning.things import LabelledEyes
from gnothi.recommend.library.history import NAMESPACE, History, Listen
from gnothi.serve.forgetting import forget
from gnothi.serve.household import HOME_FILE, Household
from gnothi.serve.listening.recordings import Recordings
from gnothi.vision.eyes import KEPT_S
from tests.recommend.files import record_library
from tests.vision.teaching.patches import RED, PatchEyes, boxes, painted


async def test_nothing_is_left_of_a_person(tmp_path: Path) -> None:
    """After an erase the person's turns and timers are gone, and nobody else's."""
    household = Household.open(Settings.from_environment({"GNOTHI_FOLDER": str(tmp_path)}))
    for speaker in ("ana", "ben"):
        heard = Utterance("set a timer for ten minutes", speaker=speaker)
        await household.assistant.turn(heard, session=f"{speaker}/kitchen")
    forget(household, "ana")
    assert [turn.user for turn in household.journal.recent()] == ["ben"]
    assert [alarm.user for alarm in household.alarms.all()] == ["ben"]
    household.close()


async def test_what_can_t_be_erased_keeps_nothing_else_from_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is told, after the rest was erased."""
    household = Household.open(Settings.from_environment({"GNOTHI_FOLDER": str(tmp_path)}))
    unlearned: list[str] = []
    monkeypatch.setattr(household.readings, "unlearn", unlearned.append)

    def refuse(self: Recordings, person: str) -> int:
        raise StorageError("Recordings can't be deleted.")

    monkeypatch.setattr(Recordings, "erase", refuse)
    monkeypatch.setattr(household.things, "unlearn", partial(refuse, None))
    with pytest.raises(StorageError, match="can't be deleted"):
        forget(household, "ana")
    assert unlearned == ["ana"]
    household.close()


def test_the_home_is_written_whole_by_several_at_once(tmp_path: Path) -> None:
    """A turn, and the thread that saves now and then."""
    household = Household.open(Settings.from_environment({"GNOTHI_FOLDER": str(tmp_path)}))

    def save(through: bool) -> None:
        for _ in range(60):
            household._mark()
            household.save(through=through)
            json.loads((tmp_path / HOME_FILE).read_text("utf-8"))

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(save, (True, False)))
    household.close()


async def test_nothing_is_left_of_what_a_person_listened_to(tmp_path: Path) -> None:
    """An erase ends a person's talk and takes their listening history; others keep theirs."""
    record_library(tmp_path / "music")
    household = Household.open(Settings.from_environment({"GNOTHI_FOLDER": str(tmp_path)}))
    alex, sam = (person.id for person in household.house.home.people[:2])
    for speaker in (alex, sam):
        for text in ("help me find some music", "play Air", "no, something else"):
            await household.assistant.turn(Utterance(text, speaker=speaker), session=f"{speaker}/k")
        History(household.journal.store(NAMESPACE, person=speaker)).add([Listen("Air")])
    forget(household, alex)
    after = await household.assistant.turn(Utterance("yes", speaker=alex), session=f"{alex}/k")
    assert [action.call.skill for action in after.actions] == []
    known = [History(household.journal.store(NAMESPACE, person=one)).heard() for one in (alex, sam)]
    assert not known[0]
    assert "Air" in {one.artist for one in known[1]}  # and what the talk may have played on its own
    household.close()


async def test_nothing_is_left_of_what_a_person_taught_the_camera(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What others taught stays."""
    monkeypatch.setattr("gnothi.serve.things._eyes", lambda _: LabelledEyes(PatchEyes(), "eyes@1"))
    household = Household.open(Settings.from_environment({"GNOTHI_FOLDER": str(tmp_path)}))
    box = [40, 50, 100, 110]
    for person in ("ana", "ben"):
        picture = Demonstration(person, painted((box, RED)), boxes(box), boxes(), teacher=person)
        household.things.teach(f"{person}'s bowl", [picture])
    forget(household, "ana")
    assert household.things.names == ("ben's bowl",)
    household.close()


async def test_pictures_are_forgotten_when_nobody_looks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a quarter of an hour, by what goes on between turns."""
    monkeypatch.setattr("gnothi.serve.household.SAVED_EVERY", 0.0)
    household = Household.open(Settings.from_environment({"GNOTHI_FOLDER": str(tmp_path)}))
    household.eyes.take(np.zeros((4, 4, 3), dtype=np.uint8), "shown")
    monkeypatch.setattr(household.eyes, "_clock", lambda: monotonic() + KEPT_S)
    between_turns = asyncio.create_task(household._save_now_and_then())
    async with asyncio.timeout(2):
        while household.eyes._pictures:  # noqa: ASYNC110 - nobody tells of it
            await asyncio.sleep(0)
    between_turns.cancel()
    household.close()
