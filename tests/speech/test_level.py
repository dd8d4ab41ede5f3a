"""Bad recordings are known as such, and quiet voices are brought to the level of loud ones."""

import numpy as np
import pytest

from gnothi.core.hearing import RATE, Samples
from gnothi.speech.level import Gain, Meter


def voice(level: float, seconds: float = 4.0) -> Samples:
    """Noise in bursts with pauses, as loud as *level* at its peak."""
    rng = np.random.default_rng(0)
    bursts = (np.sin(2 * np.pi * np.arange(int(seconds * RATE)) / RATE) > 0).astype(np.float32)
    sound = rng.uniform(-1, 1, len(bursts)).astype(np.float32) * (bursts + 0.003)
    return (level * sound / np.abs(sound).max()).astype(np.float32)


@pytest.mark.parametrize(
    ("sound", "told"),
    [
        (np.zeros(RATE, np.float32), "silent"),
        (voice(0.001), "faint"),
        (np.clip(voice(4.0), -1, 1), "clipped"),
    ],
)
def test_a_bad_recording_is_known(sound: Samples, told: str) -> None:
    """Silent, faint and clipped recordings come with advice."""
    meter = Meter()
    meter.watch(sound)
    assert any(told in complaint for complaint in meter.complaints())


def test_a_good_recording_has_no_complaints() -> None:
    """Ordinary speech is nothing to talk about."""
    meter = Meter()
    for at in range(0, 4 * RATE, 1000):
        meter.watch(voice(0.4)[at : at + 1000])
    assert list(meter.complaints()) == []
    assert meter.seconds == pytest.approx(4)


def test_soft_and_loud_voices_become_alike() -> None:
    """Twenty decibels apart before, less than three after a few seconds."""
    ends = [Gain().take(voice(level, 8.0))[6 * RATE :] for level in (0.05, 0.5)]
    soft, loud = (float(np.sqrt(np.mean(end**2))) for end in ends)
    assert 0.7 < soft / loud < 1.4


def test_gain_does_not_pump_up_silence() -> None:
    """A room in which nobody speaks stays quiet, after speech too."""
    quiet = np.random.default_rng(1).normal(0, 1e-4, 20 * RATE).astype(np.float32)
    gain = Gain()
    gain.take(voice(0.3))
    assert np.abs(gain.take(quiet)[15 * RATE :]).max() < 0.02


@pytest.mark.parametrize("after_s", [0.0, 5.0])
def test_digital_silence_does_not_make_noise_loud(after_s: float) -> None:
    """A gap of zeros, at the beginning or later, is no room: its noise stays as it is."""
    noise = np.random.default_rng(1).normal(0, 1e-3, 20 * RATE).astype(np.float32)
    gain = Gain()
    gain.take(noise[: int(after_s * RATE)])
    gain.take(np.zeros(RATE // 10, np.float32))
    assert np.abs(gain.take(noise)).max() < 2 * np.abs(noise).max()


def test_gain_is_the_same_in_any_blocks_and_never_overshoots() -> None:
    """How sound is cut changes nothing, and a sudden shout is not made louder than full scale."""
    sound = np.concatenate([voice(0.02), voice(0.9, 1.0)])
    once, apart = Gain().take(sound, is_last=True), Gain()
    blocks = [apart.take(sound[at : at + 777]) for at in range(0, len(sound), 777)]
    blocks.append(apart.take(sound[:0], is_last=True))
    np.testing.assert_allclose(np.concatenate(blocks), once, atol=1e-6)
    assert len(once) == len(sound)
    assert np.abs(once).max() <= 1


def test_a_microphone_that_is_not_centred_is_brought_back() -> None:
    """What lies beside zero is no loudness; what lies near it stays as it is, to the sample."""
    sound = voice(0.05)
    centred, shifted, near = (Gain().take(sound + np.float32(by)) for by in (0.0, 0.3, 0.002))
    late = slice(2 * RATE, None)
    assert abs(shifted[late].mean()) < 0.02
    assert np.std(shifted[late]) > 0.5 * np.std(centred[late])
    assert near[late].mean() > 0.004
