"""What people say is kept as sound only where they asked for it, and theirs to erase."""

import io
import threading
import zipfile
from hashlib import sha256
from typing import Any

import numpy as np
import pytest
import soundfile
from fastapi import FastAPI
from starlette.testclient import TestClient

from gnothi.core.artifact import Card
from gnothi.core.hearing import RATE, Usage
from gnothi.serve.forgetting import forget
from gnothi.serve.listening.memory import Memory
from gnothi.serve.listening.recordings import Recordings
from gnothi.speech.usage import FILE, NAME, packed
from tests.serve.listening.conftest import LIGHT, Microphone, Script, connected

ROOM = "/api/people/alex/recordings"


def spoken(here: TestClient, script: Script, user: str = "alex") -> str:
    """Let somebody say something; return the turn."""
    script.lines = [LIGHT]
    with connected(here) as one:
        one.begin(user=user, speaks=False)
        one.rest(0.5)
        one.speak(1.0)
        one.rest()
        turn = one.until("answer")["answer"]["id"]
        one.until("window")
    return turn


def test_nothing_is_kept_unless_asked(
    hearing: FastAPI, here: TestClient, script: Script, household: Any
) -> None:
    """Sound is forgotten as soon as it is understood."""
    turn = spoken(here, script)
    assert here.get(ROOM).json() == {"kept": False, "count": 0, "bytes": 0}
    assert here.get(f"/api/journal/{turn}").json()["recorded"] is False
    assert not list(household.settings.folder.rglob("*.ogg"))


def test_who_asks_for_it_can_hear_it_again(
    hearing: FastAPI, here: TestClient, script: Script, household: Any
) -> None:
    """The sound of a turn is kept as Ogg Opus, in the journal and in an archive to take along."""
    assert here.post(ROOM, json={"kept": True}).json()["kept"] is True
    turn = spoken(here, script)
    assert here.get(f"/api/journal/{turn}").json()["recorded"] is True
    heard = here.get(f"/api/journal/{turn}/recording")
    samples, rate = soundfile.read(io.BytesIO(heard.content))
    assert rate == RATE
    assert len(samples) / RATE == pytest.approx(1.3, abs=0.3)
    assert np.abs(samples).max() > 0.1
    archive = zipfile.ZipFile(io.BytesIO(here.get(f"{ROOM}/archive").content))
    assert archive.namelist() == [f"{turn}.ogg"]
    assert here.get("/api/people/alex/export").text.count("recordings") == 1


def test_erasing_somebody_erases_their_voice(
    hearing: FastAPI, here: TestClient, script: Script, household: Any
) -> None:
    """Recordings go alone, or with everything else of a person; then none are kept any more."""
    here.post(ROOM, json={"kept": True})
    spoken(here, script)
    assert here.get(ROOM).json()["count"] == 1
    assert here.delete(ROOM).json() == {"kept": True, "count": 0, "bytes": 0}
    spoken(here, script)
    forget(household, "alex")
    assert here.get(ROOM).json() == {"kept": False, "count": 0, "bytes": 0}
    assert not list(household.settings.folder.rglob("*.ogg"))


def test_what_recordings_taught_goes_with_them(
    hearing: FastAPI, here: TestClient, script: Script, household: Any
) -> None:
    """What was learned counts at the next word; whoever erases recordings takes it back."""
    here.post(ROOM, json={"kept": True})
    turn = spoken(here, script)
    said = {"text": "feed the dragon"}
    assert here.post(f"/api/journal/{turn}/transcript", json=said).json() == said
    assert here.post("/api/journal/none/transcript", json=said).status_code == 404
    usage = Usage(((("feed", "the", "dragon"), 10.0),))
    content = packed(usage)
    card = Card(NAME, "1", "json", {FILE: sha256(content).hexdigest()}, licence="private")
    household.registry.put({FILE: content}, card)
    household.registry.make_live(NAME, "1")
    spoken(here, script)
    assert script.hints[-1].usage == usage
    assert here.delete(ROOM).json()["count"] == 0
    spoken(here, script)
    assert not script.hints[-1].usage
    assert [one.version for one in household.registry.versions(NAME)] != ["1"]


def test_guests_are_never_recorded(
    hearing: FastAPI, here: TestClient, script: Script, household: Any
) -> None:
    """Nobody can ask for it on their behalf."""
    assert here.post("/api/people/guest/recordings", json={"kept": True}).status_code == 404
    spoken(here, script, user="somebody")
    assert not list(household.settings.folder.rglob("*.ogg"))


def test_nobody_is_called_out_of_their_folder(household: Any) -> None:
    """A person's name is never a way to somebody else's files."""
    recordings = Recordings(household.settings.folder, household.journal)
    recordings.want("../..", kept=True)
    file = recordings.keep("../..", "../turn", np.zeros(RATE, np.float32))
    assert file is not None
    assert file.parent.parent == household.settings.folder / "recordings"


def test_the_last_half_minute_is_remembered() -> None:
    """What was said a moment ago is found; what is too old is forgotten."""
    memory = Memory(2.0)
    for second in range(100):
        memory.hear(np.full(RATE, second / 100, np.float32))
    found = memory.between(98.5, 99.5)
    assert found[0] == pytest.approx(0.98)
    assert found[-1] == pytest.approx(0.99)
    assert len(found) == RATE
    assert len(memory.between(0.0, 100.0)) <= 3 * RATE


def test_a_microphone_that_is_open_is_asked_each_time(
    microphone: Microphone, here: TestClient, script: Script
) -> None:
    """Who changes their mind is not recorded any more, though the microphone is still open."""
    here.post(ROOM, json={"kept": True})
    script.lines = [LIGHT]
    microphone.begin(user="alex", speaks=False)
    here.post(ROOM, json={"kept": False})
    microphone.speak()
    microphone.rest()
    microphone.until("window")
    microphone.until("window")
    assert here.get(ROOM).json()["count"] == 0


def test_a_recording_begins_where_the_ear_heard_somebody_begin(
    hearing: FastAPI,
    here: TestClient,
    script: Script,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Sound that came while the voice was made ready counts, too."""
    here.post(ROOM, json={"kept": True})
    script.lines, is_warm = [LIGHT], threading.Event()
    monkeypatch.setattr(hearing.state.desk.equipment.voice, "warm", is_warm.wait)
    with connected(here) as one:
        one.tell("begin", rate=RATE, user="alex", speaks=False)
        one.rest(1.5)
        one.tell("ping")
        one.until("pong")
        is_warm.set()
        one.until("hello")
        one.speak(1.0)
        one.rest()
        turn = one.until("answer")["answer"]["id"]
        one.until("window")
    samples, _ = soundfile.read(io.BytesIO(here.get(f"/api/journal/{turn}/recording").content))
    assert np.mean(np.abs(samples) > 0.05) > 0.5


def test_sound_after_a_pause_of_the_microphone_is_found() -> None:
    """Time goes by while it is off, for what is remembered as for the ear."""
    memory = Memory(5.0)
    memory.hear(np.full(RATE, 0.1, np.float32))
    memory.skip(60 * RATE)
    memory.hear(np.full(RATE, 0.2, np.float32))
    assert len(memory.between(0.0, 1.0)) == 0
    found = memory.between(61.25, 61.75)
    assert len(found) == RATE // 2 and found.max() == np.float32(0.2)


def test_who_is_erased_while_it_is_written_leaves_nothing(
    household: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Encoding takes a while; what comes after the erase is deleted at once."""
    recordings = Recordings(household.settings.folder, household.journal)
    recordings.want("alex", kept=True)

    def erased(*arguments: Any, **options: Any) -> None:
        soundfile_write(*arguments, **options)
        recordings.want("alex", kept=False)

    soundfile_write = soundfile.write
    monkeypatch.setattr("soundfile.write", erased)
    assert recordings.keep("alex", "turn", np.zeros(RATE, np.float32)) is None
    assert not recordings.of("alex").files
