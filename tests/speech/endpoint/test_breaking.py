"""Whether sound broke off while somebody spoke."""

import numpy as np
import pytest

from gnothi.core.hearing import RATE, Samples
from gnothi.speech.endpoint.breaking import Trail


def a_sentence(seconds: float = 1.0) -> Samples:
    """Return a room, and a voice in it that fades over its last 80 ms, as voices do."""
    rng = np.random.default_rng(0)
    voice = rng.normal(0, 0.1, round(seconds * RATE))
    fade = round(0.08 * RATE)
    voice[-fade:] *= np.logspace(0, -2, fade)
    sound = np.concatenate([np.zeros(RATE // 3), voice])
    return (sound + rng.normal(0, 0.0005, len(sound))).astype(np.float32)


def told(sound: Samples, block: int = 700) -> bool:
    """Return whether *sound* broke off, taken in by *block* samples."""
    trail = Trail()
    for at in range(0, len(sound), block):
        trail.accept(sound[at : at + block])
    return trail.breaks_off()


@pytest.mark.parametrize("block", [100, 700, 100_000])
def test_sound_that_ends_in_the_middle_of_a_voice_broke_off(block: int) -> None:
    """However it arrives."""
    assert told(a_sentence()[: -RATE // 4], block)


def test_a_button_released_right_after_the_last_word_cuts_nothing_off() -> None:
    """The end of a sentence is softer than the rest of it."""
    assert not told(a_sentence())


def test_who_falls_silent_in_a_room_has_not_been_cut_off() -> None:
    """Sound goes on: nothing was lost."""
    sound = a_sentence()[: -RATE // 4]
    assert not told(np.concatenate([sound, sound[: RATE // 4]]))


@pytest.mark.parametrize("sound", [np.zeros(0, np.float32), np.zeros(RATE, np.float32)])
def test_silence_never_breaks_off(sound: Samples) -> None:
    """Nothing was said."""
    assert not told(sound)
