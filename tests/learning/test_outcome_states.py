"""What is understood alike, and fails in some words and works in others."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from gnothi.core.acting import Action, Call, Reply, Status
from gnothi.core.interaction import Interaction
from gnothi.core.risk import Risk
from gnothi.core.understanding import Interpretation, Slot, Understanding, Utterance
from gnothi.journal.journal import Journal
from gnothi.learning.mining import connect
from gnothi.learning.turns import as_understood, turns_from_journal

SAID = {"nudge the thermostat up": Status.FAILED, "turn the thermostat up": Status.DONE}


def test_a_failure_is_another_state_than_what_works(tmp_path: Path) -> None:
    """The home reads more from the words than the network does; as understood they are one."""
    journal = Journal.open("sqlite://")
    begin = datetime(2026, 11, 2, 18, tzinfo=UTC)
    for place, (text, status) in enumerate(SAID.items()):
        first = text.index("thermostat")
        slot = Slot("device_type", "thermostat", first, first + 10)
        request = Interpretation("iot", "iot_temperature_up", 0.9, (slot,), (), 0, len(text))
        journal.append(
            Interaction(
                id=f"{place:032x}",
                at=begin + timedelta(seconds=9 * place),
                session="s",
                user="ana",
                utterance=Utterance(text),
                understanding=Understanding(text, (request,)),
                actions=(Action(Call("home", "up"), status, Risk.REVERSIBLE, ""),),
                reply=Reply(""),
            )
        )
    journal.parquet(tmp_path)
    log = turns_from_journal(connect(), tmp_path)
    rows = log.read(list(log.days), (), 0).to_pyarrow().to_pylist()
    keys = {row["text"]: row["interpretation"] for row in rows}
    worked = "iot_temperature_up|device_type=thermostat"
    assert keys["turn the thermostat up"] == worked
    assert keys["nudge the thermostat up"] == f"{worked}|outcome=failed"
    assert {as_understood(key) for key in keys.values()} == {worked}
