"""The microphone is tried: through PortAudio and through ALSA, with a recording for a microphone.

ALSA plays a file as if somebody spoke into a microphone: from there on, everything is as it is.
"""

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from gnothi.core.errors import InputError, ProviderError
from gnothi.core.hearing import RATE, Samples
from gnothi.speech import microphone
from gnothi.speech.microphone import Arecord, listen, open_microphone
from gnothi.speech.reciting import voices
from gnothi.speech.resample import to_pcm16

Tape = Callable[[Samples], None]

needs_alsa = pytest.mark.skipif(not shutil.which("arecord"), reason="alsa-utils is not installed.")
needs_voice = pytest.mark.skipif(not voices(), reason="No machine's voice is installed.")


@pytest.fixture
def tape(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tape:
    """Return what makes a sound come from the default microphone."""
    sound, settings = tmp_path / "sound.raw", tmp_path / "asound.conf"
    settings.write_text(
        f"""
        pcm.nothing {{ type null }}
        pcm.tape {{
            type file slave.pcm nothing file "/dev/null" infile "{sound}" format "raw"
        }}
        pcm.!default {{
            type plug slave {{ pcm tape format S16_LE rate {RATE} channels 1 }}
        }}
        """
    )
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(settings))
    return lambda samples: sound.write_bytes(to_pcm16(samples)) and None


@pytest.fixture
def spoken() -> Samples:
    """Return three seconds in which somebody speaks."""
    said = next(iter(voices().values()))("turn on the kitchen light, please")
    return np.concatenate([said, np.zeros(3 * RATE, np.float32)])[: 3 * RATE]


@needs_alsa
@needs_voice
def test_somebody_who_speaks_is_heard(tape: Tape, spoken: Samples) -> None:
    """As loud as they speak, block by block."""
    tape(spoken)
    levels: list[float] = []
    trial = listen(Arecord("arecord"), 2.5, level=levels.append)
    assert trial.verdict == "I hear you."
    assert trial.is_good
    assert len(trial.samples) == 2.5 * RATE
    assert len(levels) == 25
    assert max(levels) > -30 > min(levels)
    np.testing.assert_allclose(trial.samples, spoken[: len(trial.samples)], atol=1e-4)


@needs_alsa
@pytest.mark.parametrize(
    ("level", "told"),
    [(0.0, "is silent"), (0.0008, "very faint"), (0.05, "nobody speaks"), (4.0, "clipped")],
)
def test_what_is_wrong_is_told(tape: Tape, level: float, told: str) -> None:
    """Nothing, next to nothing, no speech, too much."""
    noise = level * np.random.default_rng(0).uniform(-1, 1, RATE)
    tape(np.clip(noise, -1, 1).astype(np.float32))
    trial = listen(Arecord("arecord"), 1.0)
    assert told in trial.verdict
    assert not trial.is_good


@needs_alsa
@needs_voice
def test_a_microphone_is_found(tape: Tape, spoken: Samples) -> None:
    """PortAudio where it is there, else ALSA's program: either hears."""
    tape(spoken)
    found = microphone._alsa()
    assert isinstance(found, Arecord)
    assert listen(open_microphone(), 2.0).is_good


def test_without_a_microphone_a_sentence_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says what was tried, and what works all the same."""
    (tmp_path / "asound.conf").write_text("")
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(tmp_path / "asound.conf"))
    monkeypatch.setattr(microphone, "_portaudio", lambda: "there is no PortAudio")
    with pytest.raises(InputError, match=r"no PortAudio; .*arecord.*gnothi hear FILE"):
        open_microphone()
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(InputError, match="apt-get install alsa-utils"):
        open_microphone()


@needs_alsa
def test_a_microphone_that_goes_away_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing comes, and nobody waits for it."""
    (tmp_path / "asound.conf").write_text("")
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(tmp_path / "asound.conf"))
    with pytest.raises(ProviderError, match="no sound any more"):
        listen(Arecord("arecord"), 1.0)


@pytest.mark.parametrize("script", ["exec sleep 60", "printf abc; exec sleep 60"])
def test_a_microphone_that_gives_nothing_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    """A program that is there and silent, from the beginning or after a bit."""
    program = tmp_path / "arecord"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setattr(microphone, "_DEAF_S", 0.2)
    with pytest.raises(ProviderError, match="gives no sound"):
        listen(Arecord(str(program)), 1.0)
