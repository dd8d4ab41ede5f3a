"""Melody, loudness and rhythm before a silence are told in numbers."""

import numpy as np
import pytest

from gnothi.core.hearing import RATE, Samples
from gnothi.speech.endpoint.prosody import SAID, SILENCE, Voicing, said, silence

VOICING = Voicing(2.0, 1.0, 0.9)
SLOPE, LAST_VOWEL = 23, 26


def voice(*pieces: tuple[float, float, float]) -> Samples:
    """Return vowels, each with seconds, and its pitch at the beginning and at the end."""
    rng = np.random.default_rng(0)
    found: list[np.ndarray] = []
    for seconds, low, high in pieces:
        pitch = np.linspace(low, high, int(seconds * RATE))
        phase = 2 * np.pi * np.cumsum(pitch) / RATE
        tone = np.sum([np.sin(k * phase) / k for k in range(1, 9)], 0) * bool(low)
        found.append(0.1 * tone)
    sound = np.concatenate(found)
    return (sound + rng.normal(0, 1e-4, len(sound))).astype(np.float32)


def test_pitch_that_falls_is_told_from_pitch_that_rises() -> None:
    """The slope over the last three tenths of a second has the sign of the movement."""
    falling = said(voice((1.0, 150, 150), (0.3, 150, 110)), VOICING)
    rising = said(voice((1.0, 150, 150), (0.3, 150, 200)), VOICING)
    assert falling[SLOPE] < -0.5 < 0.5 < rising[SLOPE]


def test_a_long_last_vowel_is_told_from_a_short_one() -> None:
    """Who hesitates, and who ends, holds the last vowel."""
    short = said(voice((1.0, 150, 150), (0.1, 0, 0), (0.15, 150, 150)), VOICING)
    long = said(voice((1.0, 150, 150), (0.1, 0, 0), (0.45, 150, 150)), VOICING)
    assert long[LAST_VOWEL] - short[LAST_VOWEL] == pytest.approx(0.3, abs=0.08)


def test_how_loud_the_microphone_is_changes_little() -> None:
    """Numbers are relative to the same recording."""
    sound = voice((1.0, 150, 130), (0.2, 0, 0), (0.4, 140, 100))
    loud, soft = said(sound, VOICING), said(sound * np.float32(0.5), VOICING)
    np.testing.assert_allclose(loud, soft, atol=0.5)


def test_little_sound_gives_numbers_all_the_same() -> None:
    """A click before a silence is no error, nor is a silence without a block."""
    for sound in (np.zeros(0, np.float32), np.zeros(100, np.float32), voice((0.05, 150, 150))):
        numbers = said(sound, VOICING)
        assert numbers.shape == (SAID,)
        assert np.isfinite(numbers).all()
        quiet = silence(np.zeros(512, np.float32), sound, [0.1], 0.032)
        assert quiet.shape == (SILENCE,)
        assert np.isfinite(quiet).all()
    assert silence(np.zeros(0, np.float32), voice((0.5, 150, 150)), [], 0.0).shape == (SILENCE,)
