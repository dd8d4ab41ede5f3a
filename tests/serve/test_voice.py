"""The household says its replies, and stays quiet where it can't."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from gnothi.core.acting import Reply
from gnothi.core.errors import InputError
from gnothi.core.settings import Settings
from gnothi.core.speaking import Block
from gnothi.serve.voice import HouseVoice, speech_of

needs_espeak = pytest.mark.skipif(
    shutil.which("espeak-ng") is None, reason="the program espeak-ng is not installed"
)


def _settings(folder: Path, **told: str) -> Settings:
    return Settings.from_environment({"GNOTHI_FOLDER": str(folder), **told})


def _sound(voice: HouseVoice, reply: Reply | str) -> Block:
    return np.concatenate([np.zeros(0, np.float32), *voice.say(reply)])


def test_a_reply_is_said_as_its_ssml_has_it() -> None:
    """SSML goes first; where it is broken, the text is said."""
    lively = Reply("Hi.", ssml='<speak><prosody rate="120%">Hi.</prosody></speak>')
    assert speech_of(lively).sentences[0].pieces[0].manner.rate == 1.2
    assert speech_of(Reply("Hi.", ssml="<speak>Hi")).text == "Hi."
    assert speech_of(Reply("Hi.")).text == "Hi."
    with pytest.raises(InputError):
        speech_of("<speak>Hi")


@needs_espeak
def test_a_household_speaks_as_it_was_told(tmp_path: Path) -> None:
    """Voice and speed are settings."""
    usual = HouseVoice(_settings(tmp_path))
    usual.warm()
    quick = HouseVoice(_settings(tmp_path, GNOTHI_VOICE="en-gb+f2", GNOTHI_SPEED="2"))
    reply = Reply("The kitchen light is on.")
    assert usual.speaker
    assert usual.lacks == ""
    assert len(_sound(quick, reply)) < 0.7 * len(_sound(usual, reply))


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"GNOTHI_SPEAKER": "none"}, ""),
        ({"GNOTHI_SPEAKER": "piper:/nowhere"}, "no folder /nowhere"),
        ({"GNOTHI_SPEAKER": "siri"}, "no speaker 'siri'"),
    ],
)
@needs_espeak
def test_a_household_that_cannot_speak_says_why(
    tmp_path: Path, told: dict[str, str], why: str
) -> None:
    """It opens all the same, and only who wants to be spoken to is refused."""
    voice = HouseVoice(_settings(tmp_path, **told))
    voice.warm()
    assert voice.speaker is None
    assert why in voice.lacks
    with pytest.raises(InputError):
        voice.say("hello")
