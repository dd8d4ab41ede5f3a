from pathlib import Path

from gnothi.core.settings import Settings
from gnothi.core.understanding import Utterance
from gnothi.serve.forgetting import forget
from gnothi.serve.household import Household


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
