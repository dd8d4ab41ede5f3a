"""Our own wake words: they come with Gnothi, or lie in a folder."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from gnothi.core.errors import ArtifactError, InputError
from gnothi.core.hearing import RATE, Samples
from gnothi.speech.waking.own import SHIPPED, OwnWakeWord
from gnothi.speech.waking.spotter import FILE
from gnothi.speech.waking.wakers import open_wake_word
from gnothi.testing.waking import wake_word_complaints
from gnothi_train.speech.voices import VOICES, speak


def say(text: str) -> Samples:
    """Return *text* by the voice that it was not learned from, in a quiet room."""
    (voice,) = (one for one in VOICES if one.name == "rms")
    (sound,) = speak([text], voice, np.random.default_rng(5))
    framed = np.pad(sound.astype(np.float32) / 32768, (RATE, RATE))
    return (framed + 0.0005 * np.random.default_rng(0).standard_normal(len(framed))).astype(
        np.float32
    )


@pytest.mark.skipif(shutil.which("flite") is None, reason="the program flite is not installed")
def test_it_is_a_wake_word() -> None:
    """It keeps the contract, and tells which of its words was said."""
    wake = open_wake_word("gnothi:jarvis")
    assert wake is not None
    assert list(wake_word_complaints(wake, say("jarvis"))) == []
    stream = OwnWakeWord(["jarvis", "computer"]).open()
    told = [*stream.accept(say("computer")), *stream.accept(say("turn on the kitchen light"))]
    assert [one.word for one in told] == ["computer"]


def test_what_can_not_be_opened_is_told(tmp_path: Path) -> None:
    """A word that there is none of, and a folder that was changed; how words are written is not."""
    assert OwnWakeWord(["Jarvis", " computer"]).words == ("jarvis", "computer")
    with pytest.raises(InputError, match=r"no wake word 'zorro'\. It has alexa, computer, jarvis"):
        open_wake_word("gnothi:zorro")
    shutil.copytree(SHIPPED, tmp_path / "wake")
    assert OwnWakeWord([str(tmp_path / "wake")]).words == ("alexa", "computer", "jarvis")
    (tmp_path / "wake" / FILE).write_bytes(b"")
    with pytest.raises(ArtifactError, match="damaged or was changed"):
        open_wake_word(f"gnothi:{tmp_path / 'wake'}")
