"""What a wake word is learned from: scenes at home, and words that sound alike."""

import numpy as np
import pytest

from gnothi.core.errors import InputError
from gnothi.speech.features import features
from gnothi_train.speech.augment import Places
from gnothi_train.speech.voices import RATE
from gnothi_train.wake.alike import alike
from gnothi_train.wake.clips import Clip, extent, sentences
from gnothi_train.wake.scenes import FRAMES, Cast, frame_of, scenes
from gnothi_train.wake.trainer import spelled


def burst(seconds: float) -> np.ndarray:
    """Return a tone with half a second of room before and after."""
    rng = np.random.default_rng(0)
    tone = 8_000 * np.sin(np.arange(int(seconds * RATE)) / 3)
    quiet = np.zeros(RATE // 2)
    sound = np.concatenate([quiet, tone, quiet]) + 5 * rng.standard_normal(len(tone) + RATE)
    return sound.astype(np.int16)


def test_words_sound_alike() -> None:
    """Those that may wake by mistake are found, and what holds the word itself is not."""
    found = alike("computer", 40)
    assert {"commuter", "commuters", "computed"} & set(found)
    assert not [word for word in found if "computer" in word]


def test_a_scene_knows_where_its_words_end() -> None:
    """The frame that is told is the first that has heard the end of the word."""
    sound = burst(0.4)
    clip = Clip(sound, "word", "somebody", *extent(sound))
    assert abs(clip.start / RATE - 0.5) < 0.05
    assert abs(clip.end / RATE - 0.9) < 0.05
    for samples in (900, 16_000, 16_479, 16_481):
        assert abs(len(features(sound[:samples].astype(np.float32))) - frame_of(samples)) <= 1
    places = Places([np.ones(RATE, np.float32)], [np.ones(1, np.float32)])
    cast = Cast([clip], [clip], ["word"])
    made = [*scenes(cast, places, np.random.default_rng(0), 12)]
    assert {one.frames.shape for one in made} == {(FRAMES, 192)}
    said = [(scene, word, end) for scene in made for word, end in scene.said]
    assert len(said) > 5
    assert all(word == 0 and 0 <= end < FRAMES for _, word, end in said)
    again = [*scenes(Cast([clip], [clip], ["word"]), places, np.random.default_rng(0), 1)]
    assert np.array_equal(again[0].frames, made[0].frames)


@pytest.mark.parametrize(
    ("word", "complaint"),
    [("", "no word"), ("h3y", "no word"), ("<speak>", "no word"), ("ok", "only 3 sounds")],
)
def test_a_word_that_can_not_wake_is_told(word: str, complaint: str) -> None:
    """With what is wrong with it."""
    with pytest.raises(InputError, match=complaint):
        spelled(word)


def test_people_talk_of_much_at_home() -> None:
    """Sentences are plain text."""
    found = sentences()
    assert len(found) > 3_000
    assert not [one for one in found if set("[]|{}") & set(one)]
