"""The front end hears the same however the sound is cut, and whatever the microphone's gain."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from gnothi.core.hearing import RATE, Samples
from gnothi.speech.features import BANDS, FRAME_S, STACK, WIDTH, FrontEnd, features, mel_filters


def chirp(seconds: float, *, level: float = 0.1) -> Samples:
    """Return a rising tone over a little noise."""
    time = np.arange(int(seconds * RATE)) / RATE
    noise = np.random.default_rng(0).standard_normal(len(time))
    return (level * (np.sin(2 * np.pi * (200 + 900 * time) * time) + 0.01 * noise)).astype(
        np.float32
    )


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(1, 3000), min_size=1, max_size=40))
def test_cuts_do_not_matter(sizes: list[int]) -> None:
    """Pieces of any size give the frames of the whole, and nothing is late."""
    sound = chirp(1.0)
    front = FrontEnd()
    ends = np.cumsum(sizes)
    parts = [front.accept(part) for part in np.split(sound, ends[ends < len(sound)])]
    np.testing.assert_allclose(np.concatenate(parts), features(sound), atol=1e-5)


def test_frames_come_every_30_milliseconds() -> None:
    """A second of sound is 33 stacked frames of three times 64 bands, less the last window."""
    frames = features(chirp(1.0))
    assert frames.shape == (32, WIDTH)
    assert abs(len(features(chirp(10.0))) * FRAME_S - 10.0) < 0.05


def test_a_tone_is_loudest_in_its_own_band() -> None:
    """A tone of 1 kHz stands out where the filters say 1 kHz is."""
    time = np.arange(RATE) / RATE
    sound = (0.1 * np.sin(2 * np.pi * 1000 * time)).astype(np.float32)
    sound += 0.0001 * np.random.default_rng(1).standard_normal(RATE).astype(np.float32)
    first = features(sound)[0].reshape(STACK, BANDS)[0]
    expected = mel_filters()[round(1000 * 512 / RATE)].argmax()
    assert abs(int(first.argmax()) - int(expected)) <= 1


def test_the_future_is_not_heard() -> None:
    """What comes later changes no frame that is out."""
    sound = chirp(1.0)
    other = np.concatenate([sound, -3 * sound])
    np.testing.assert_allclose(features(other)[:30], features(sound)[:30], atol=1e-5)


def test_gain_is_forgotten() -> None:
    """A microphone that is ten times as loud is heard alike after some seconds."""
    quiet, loud = features(chirp(9.0)), features(chirp(9.0, level=1.0))
    assert np.abs(quiet[0] - loud[0]).mean() > 0.5
    assert np.abs(quiet[-30:] - loud[-30:]).mean() < 0.25


def test_digital_silence_is_finite() -> None:
    """A muted microphone gives numbers."""
    assert np.isfinite(features(np.zeros(RATE, np.float32))).all()


def test_less_than_a_window_is_nothing_yet() -> None:
    """The first frame needs its sound; none at all is no error."""
    front = FrontEnd()
    assert front.accept(np.zeros(0, np.float32)).shape == (0, WIDTH)
    assert front.accept(chirp(0.02)).shape == (0, WIDTH)
    assert len(front.accept(chirp(0.1))) > 0
