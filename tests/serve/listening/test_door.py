"""A microphone that somebody speaks into: turns, answers aloud, interruptions, mishaps."""

import asyncio
import io
import threading
import time
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import soundfile  # pyright: ignore[reportMissingTypeStubs] - it has none
from fastapi import FastAPI
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from gnothi.core.errors import InputError
from gnothi.core.hearing import RATE, Expected, Samples
from gnothi.serve.doors.keeper import Doors
from gnothi.serve.listening.equipment import ANYTHING, Awaited, Equipment
from gnothi.serve.problems import Code, Problem
from gnothi.speech.ear import Ear
from gnothi.speech.ogg import PageReader, write
from gnothi.speech.opus import OggDecoder, PacketDecoder
from gnothi.speech.voice import BLOCK_S
from tests.serve.listening.conftest import LIGHT, Hum, Humbly, Microphone, Script, connected


def ears() -> int:
    """Return how many threads listen."""
    return sum(thread.name == "gnothi-ear" for thread in threading.enumerate())


def signals(here: TestClient, turn: str) -> dict[str, dict[str, Any]]:
    """Return the signals of a turn once there are some."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        found = here.get(f"/api/journal/{turn}").json()["signals"]
        if found:
            return {one["name"]: one["detail"] for one in found}
        time.sleep(0.01)
    raise AssertionError("no signal was attached")


def test_what_is_said_is_done_and_answered_aloud(
    microphone: Microphone, script: Script, household: Any, here: TestClient
) -> None:
    """What is heard is shown while it is heard; then it is a turn like any other."""
    script.lines = [LIGHT]
    greeting = microphone.begin(user="alex", session="evening")
    assert (greeting["recogniser"], greeting["speaks"]) == ("script", True)
    microphone.speak()
    assert microphone.until("partial")
    microphone.rest()
    assert microphone.until("heard")["text"] == LIGHT
    answer = microphone.until("answer")["answer"]
    assert answer["changes"] == {"light.kitchen": {"state": "on"}}
    assert answer["session"] == "evening"
    speech = microphone.until("speech")
    turn = speech["turn"]
    assert (turn, speech["rate"]) == (answer["id"], Hum.rate)
    assert microphone.until("spoken")["seconds"] == pytest.approx(0.3)
    assert len(microphone.sound) == 2 * 0.3 * Hum.rate
    microphone.tell("played", turn=turn, heard_s=0.3)
    assert microphone.until("window")["asks"] is False
    kept = household.journal.get(turn)
    assert kept.utterance.hypotheses[1][0] == f"{LIGHT} now"
    assert kept.utterance.heard.recogniser == "script"
    assert kept.utterance.heard.seconds == pytest.approx(1.5, abs=0.1)
    assert set(kept.utterance.heard.stages) == {"endpoint", "transcript"}
    assert signals(here, turn)["spoken"]["of_s"] == pytest.approx(0.3)


def test_who_speaks_while_an_answer_is_spoken_interrupts_it(
    microphone: Microphone, script: Script, hum: Hum, here: TestClient
) -> None:
    """The answer falls silent, nothing more of it is made, and the journal knows."""
    script.lines = ["tell me everything", "stop that please"]
    microphone.begin()
    hum.seconds, hum.closed = 60.0, 0
    microphone.speak()
    microphone.rest()
    turn = microphone.until("speech")["turn"]
    microphone.speak()
    assert microphone.until("hush")["turn"] == turn
    microphone.tell("played", turn=turn, heard_s=1.0)
    microphone.rest()
    assert microphone.until("heard")["text"] == "stop that please"
    assert hum.closed == 1
    assert len(microphone.sound) < 2 * 30 * Hum.rate
    assert signals(here, turn)["barge-in"]["by"] == "voice"


def test_a_nod_does_not_interrupt(
    microphone: Microphone, script: Script, hum: Hum, here: TestClient
) -> None:
    """Who says "yeah okay" listens, and wants to hear the rest."""
    script.lines, hum.seconds = ["tell me everything", "yeah okay"], 2.0
    microphone.begin()
    microphone.speak()
    microphone.rest()
    turn = microphone.until("speech")["turn"]
    microphone.speak(0.6)
    microphone.rest()
    assert microphone.until("ignored")
    microphone.tell("played", turn=turn, heard_s=2.0)
    assert set(signals(here, turn)) == {"spoken"}
    assert len(here.get("/api/journal").json()) == 1


def test_an_answer_is_stopped_by_hand(
    microphone: Microphone, script: Script, hum: Hum, here: TestClient
) -> None:
    """A button is as good as a word."""
    script.lines, hum.seconds = ["tell me everything"], 60.0
    microphone.begin()
    microphone.speak()
    microphone.rest()
    turn = microphone.until("speech")["turn"]
    microphone.tell("hush", turn=turn, heard_s=0.5)
    microphone.until("window")
    assert signals(here, turn)["barge-in"]["by"] == "hand"


def test_a_held_button_waits_through_pauses(microphone: Microphone, script: Script) -> None:
    """Nothing is over until the button is let go, and then it is over at once."""
    script.lines = [LIGHT]
    microphone.begin()
    microphone.tell("hold")
    microphone.speak()
    microphone.rest(3.0)
    microphone.speak()
    microphone.tell("conclude")
    assert microphone.until("heard")["text"] == LIGHT
    microphone.tell("hold")
    microphone.tell("conclude")
    assert microphone.until("unheard")


def opus_packets(seconds: float) -> tuple[bytes, list[bytes]]:
    """Return a loud sound as Ogg Opus, whole and as packets."""
    loud = 0.3 * np.random.default_rng(0).uniform(-1, 1, int(seconds * RATE))
    sound = np.concatenate([loud, 0.0005 * loud]).astype(np.float32)
    file = io.BytesIO()
    soundfile.write(file, sound, RATE, format="OGG", subtype="OPUS")
    whole = file.getvalue()
    packets = [one for page in PageReader().take(whole) for one in page.packets]
    return whole, packets[2:]


def crowded(packets: int) -> bytes:
    """Return a stream of so many packets of a single byte, each 60 ms of silence."""
    heads = [one for page in PageReader().take(opus_packets(0.1)[0]) for one in page.packets][:2]
    return write([(b"\x18", 2880 * (at + 1)) for at in range(packets)], heads)


@pytest.mark.parametrize("codec", ["ogg-opus", "opus"])
def test_opus_is_heard_while_it_comes(
    microphone: Microphone, script: Script, codec: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stream of Ogg in pieces, or a packet in each message; meanwhile others are served."""

    def take(decoder: OggDecoder | PacketDecoder, data: bytes) -> Samples:
        with pytest.raises(RuntimeError):
            asyncio.get_running_loop()
        return taken(decoder, data)

    kind: Any = OggDecoder if codec == "ogg-opus" else PacketDecoder
    taken = kind.take
    monkeypatch.setattr(kind, "take", take)
    script.lines = [LIGHT]
    whole, packets = opus_packets(1.5)
    pieces = [whole[at : at + 300] for at in range(0, len(whole), 300)]
    microphone.begin(rate=48_000, codec=codec, speaks=False)
    for piece in pieces if codec == "ogg-opus" else packets:
        microphone.socket.send_bytes(piece)
    assert microphone.until("heard")["text"] == LIGHT


@pytest.mark.parametrize(
    ("begin", "sent", "why"),
    [
        ({"codec": "ogg-opus"}, b"RIFF" * 100, "no Ogg"),
        ({"codec": "ogg-opus"}, opus_packets(0.1)[0][:-300] + bytes(400), "damaged"),
        ({"codec": "opus"}, b"", "empty"),
        ({"codec": "opus"}, bytes(62_000), "too long"),
        ({"codec": "ogg-opus"}, crowded(1_100), "smaller pieces"),
        ({"rate": RATE}, opus_packets(0.1)[0], "ogg-opus"),
    ],
)
def test_sound_of_another_kind_than_announced_is_told(
    microphone: Microphone, begin: dict[str, object], sent: bytes, why: str
) -> None:
    """And the microphone is left: nothing after it can be heard."""
    microphone.begin(**begin)
    microphone.socket.send_bytes(sent)
    while (told := microphone.next())["type"] != "problem":
        pass
    assert told["code"] == "bad-sound" and why in told["message"]
    assert microphone.next() == {"type": "left", "code": 1008, "reason": "bad-sound"}


@pytest.mark.parametrize("is_loud", [False, True])
def test_a_button_that_was_held_for_nothing_changes_nothing(
    microphone: Microphone, script: Script, is_loud: bool
) -> None:
    """One may go on for a while without it, and a pause ends the next sentence again."""
    microphone.begin()
    microphone.until("window")
    microphone.tell("hold")
    if is_loud:
        microphone.speak()
    microphone.tell("conclude")
    microphone.until("unheard")
    assert microphone.until("window")["asks"] is False
    script.lines = [LIGHT]
    microphone.speak()
    microphone.rest()
    assert microphone.until("heard")["text"] == LIGHT


def _too_many(*_: object) -> Problem:
    return Problem(Code.TOO_MANY)


def test_after_too_many_turns_one_may_go_on(
    hearing: FastAPI, here: TestClient, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is told, and the microphone does not stay open for ever."""
    script.lines = [LIGHT]
    with connected(here) as microphone:
        monkeypatch.setattr(Doors, "admit", _too_many)
        microphone.begin()
        microphone.until("window")
        microphone.speak()
        microphone.rest()
        while microphone.next()["type"] != "problem":
            pass
        assert microphone.until("window")


def test_what_was_said_before_muting_is_forgotten(microphone: Microphone, script: Script) -> None:
    """Half a sentence is never carried out."""
    script.lines = [LIGHT]
    microphone.begin()
    microphone.speak()
    microphone.tell("mute", on=True)
    microphone.tell("mute", on=False)
    assert microphone.until("window")["seconds"] > 5
    microphone.rest()
    microphone.tell("ping")
    assert microphone.until("pong")
    assert script.open_streams == 0


def test_time_goes_by_while_a_microphone_is_muted(
    microphone: Microphone, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The ear's clock goes on: what is said after it is not said right after what came before."""
    skipped: list[int] = []

    def skip(_: Ear, blocks: int) -> None:
        skipped.append(blocks)

    monkeypatch.setattr(Ear, "skip", skip)
    microphone.begin()
    for is_on in (True, True, False, False):
        microphone.tell("mute", on=is_on)
        time.sleep(0.1)
    script.lines = [LIGHT]
    microphone.speak()
    microphone.rest()
    assert microphone.until("heard")["text"] == LIGHT
    assert len(skipped) == 1 and skipped[0] * BLOCK_S >= 0.18


def test_a_muted_microphone_is_not_heard_whatever_it_sends(
    microphone: Microphone, script: Script
) -> None:
    """Who mutes relies on us, not on the page."""
    script.lines = [LIGHT, "good night"]
    microphone.begin()
    microphone.tell("mute", on=True)
    microphone.speak()
    microphone.rest()
    microphone.tell("mute", on=False)
    microphone.speak()
    microphone.rest()
    assert microphone.until("heard")["text"] == LIGHT
    assert script.lines == ["good night"]


def test_speech_that_nobody_makes_out_is_no_turn(microphone: Microphone, here: TestClient) -> None:
    """It is told, and one may say it again."""
    microphone.begin()
    microphone.speak()
    microphone.rest()
    assert microphone.until("unheard")
    assert here.get("/api/journal").json() == []


def test_without_a_voice_answers_are_shown(
    hearing: FastAPI, here: TestClient, script: Script, household: Any
) -> None:
    """Who can't speak says why, and answers in writing."""
    hearing.state.desk.equipment.voice = Humbly(household.settings, None)
    script.lines = [LIGHT]
    with connected(here) as microphone:
        greeting = microphone.begin()
        assert (greeting["speaks"], greeting["lacks"]) == (False, "Nobody can speak.")
        microphone.speak()
        microphone.rest()
        assert microphone.until("answer")
        assert microphone.until("window")
    assert microphone.sound == b""


@pytest.mark.parametrize("rate", [8_000, 44_100, 48_000])
def test_sound_of_another_rate_is_heard(microphone: Microphone, script: Script, rate: int) -> None:
    """What headsets and phones send is brought to the rate of recognisers."""
    script.lines = [LIGHT]
    microphone.begin(rate=rate)
    microphone.speak(1.5 * rate / RATE)
    microphone.rest(1.2 * rate / RATE)
    assert microphone.until("heard")["text"] == LIGHT


def test_odd_pieces_of_sound_are_taken(microphone: Microphone, script: Script) -> None:
    """Empty messages and half samples neither end nor disturb anything."""
    script.lines = [LIGHT]
    microphone.begin()
    for junk in (b"", b"\x01", b"\xff\x7f\x00"):
        microphone.socket.send_bytes(junk)
    microphone.speak()
    microphone.rest()
    assert microphone.until("heard")["text"] == LIGHT


@pytest.mark.parametrize(
    "first",
    [
        '{"type": "begin", "rate": 7}',
        '{"type": "begin", "rate": "fast"}',
        '{"type": "begin"}',
        '{"type": "turn", "text": "hello"}',
        "begin",
        "[[[[",
    ],
)
def test_a_microphone_must_say_what_it_sends(
    hearing: FastAPI, here: TestClient, first: str
) -> None:
    """Nothing is guessed; the sentence says what is missing."""
    with connected(here) as microphone:
        microphone.socket.send_text(first)
        told = microphone.next()
        assert (told["type"], told["code"]) == ("problem", "bad-sound")
        assert "from 8000 to 96000" in told["message"]
        assert microphone.next()["code"] == 1008


def test_sound_before_any_word_is_refused(hearing: FastAPI, here: TestClient) -> None:
    """Sound of which nobody knows the rate is worth nothing."""
    with connected(here) as microphone:
        microphone.socket.send_bytes(b"\0" * 640)
        assert microphone.next()["code"] == "bad-sound"


def test_nonsense_among_the_sound_is_told_and_then_left(microphone: Microphone) -> None:
    """One mistake disturbs nothing; who makes twenty is no microphone."""
    microphone.begin()
    for _ in range(20):
        microphone.socket.send_text("nonsense")
    told = [microphone.next()]
    while told[-1].get("code") != 1008:
        told.append(microphone.next())
    assert sum(one.get("code") == "bad-message" for one in told) == 20


def test_a_recogniser_that_is_missing_is_told(
    app: FastAPI, here: TestClient, household: Any
) -> None:
    """The page gets the sentence that says what to install."""

    def missing() -> Script:
        raise InputError("There is no recogniser here yet: install one.")

    equipment = Equipment(household, recogniser=missing)
    app.state.desk = replace(app.state.desk, equipment=equipment)
    with connected(here) as microphone:
        microphone.tell("begin", rate=16_000)
        told = microphone.next()
        assert told["message"] == "There is no recogniser here yet: install one."
        assert microphone.next()["code"] == 1011
    assert ears() == 0


def test_no_thread_is_left_behind(hearing: FastAPI, here: TestClient, script: Script) -> None:
    """However a microphone leaves, its ear goes with it, and its place is free again."""
    for _ in range(6):
        with connected(here) as microphone:
            microphone.begin()
            microphone.speak()
    assert ears() == 0
    assert script.open_streams == 0


def test_two_tabs_listen_side_by_side_and_a_fifth_is_refused(
    hearing: FastAPI, here: TestClient, script: Script
) -> None:
    """Each hears for itself; nobody takes every place."""
    script.lines = [LIGHT, "good night"]
    with connected(here) as one, connected(here) as other, connected(here), connected(here):
        one.begin()
        other.begin()
        for each, text in ((one, LIGHT), (other, "good night")):
            each.speak()
            each.rest()
            assert each.until("heard")["text"] == text
        with pytest.raises(WebSocketDisconnect) as refused, connected(here):
            pass
        assert refused.value.reason == "busy"


def test_strangers_are_not_listened_to(hearing: FastAPI, stranger: TestClient) -> None:
    """Without a token nobody gets as far as a microphone."""
    with pytest.raises(WebSocketDisconnect) as refused, connected(stranger):
        pass
    assert refused.value.reason == "no-token"


def test_an_answer_is_expected_where_one_was_asked_for(hearing: FastAPI, household: Any) -> None:
    """After a question, yes and no are likelier, and so is what was offered."""
    equipment: Equipment = hearing.state.desk.equipment
    plain = equipment.hints(Awaited(Expected.ANSWER))
    offered = equipment.hints(Awaited(Expected.ANSWER, ("Desk lamp",)))
    assert {part for one in plain.patterns for part in one.parts} >= {("yes",), ("no",)}
    assert ("Desk lamp",) in {part for one in offered.patterns for part in one.parts}
    assert equipment.hints(Awaited(Expected.ANSWER)) is plain


def test_nods_are_listened_for(hearing: FastAPI) -> None:
    """Who listens to an answer may say "mhm" at any time, which no skill would make likely."""
    equipment: Equipment = hearing.state.desk.equipment
    nods = [one for one in equipment.hints(ANYTHING).patterns if "mhm" in one.parts[0]]
    requests = equipment.hints(Awaited()).patterns
    assert nods
    assert len(equipment.hints(ANYTHING).patterns) == len(requests) + len(nods)


def test_who_was_used_once_is_made_ready_at_the_start(
    hearing: FastAPI, here: TestClient, script: Script
) -> None:
    """A household that types only never loads what listens."""
    equipment: Equipment = hearing.state.desk.equipment
    assert not equipment.was_used
    with connected(here) as microphone:
        microphone.begin()
        microphone.tell("ping")
        microphone.until("pong")
    assert equipment.was_used
    before = len(script.hints)
    equipment.warm()
    assert len(script.hints) == before + 1


@pytest.mark.parametrize("stays", [True, False])
def test_a_microphone_that_stays_open_has_no_window_that_closes(
    microphone: Microphone, script: Script, *, stays: bool
) -> None:
    """Any other tells, after the greeting and after an answer, until when one may go on."""
    script.lines = [LIGHT, LIGHT]
    microphone.begin(stays=stays, speaks=False)
    told: list[str] = []
    for _ in script.lines.copy():
        microphone.speak()
        microphone.rest()
        while (kind := microphone.next()["type"]) != "answer":
            told.append(kind)
    assert ("window" in told) is not stays
