"""Misses and false wakes are counted, and thresholds keep their promise."""

import numpy as np

from gnothi.speech.features import FRAME_S
from gnothi_train.wake.clips import Clip
from gnothi_train.wake.judge import (
    Track,
    by_group,
    false_per_hour,
    judge,
    misses,
    threshold,
)

HOUR = int(3600 / FRAME_S)


def test_words_and_mistakes_are_told_apart() -> None:
    """A peak near the end of the word is the word, a later one a mistake; each counts once."""
    scores = np.full(HOUR, -30, np.float32)
    scores[1_000:1_006] = 3
    scores[5_000:5_020] = (1, 2, 1, 2) * 5
    scores[9_000] = 0.5
    track = Track(np.zeros((HOUR, 0), np.float16), (("word", 998, "ana"), ("word", 7_000, "bob")))
    heard = judge("word", scores, track)
    assert heard.words.tolist() == [3, -30]
    assert sorted(heard.peaks.tolist()) == [0.5, 2]
    assert abs(heard.hours - 1) < 0.01
    assert np.allclose(heard.late_s(1.0), 2 * FRAME_S)
    sure = threshold([heard], 1.1)
    assert 0.5 < sure <= 2
    assert round(false_per_hour([heard], sure)) == 1
    assert misses([heard], sure) == 0.5
    assert false_per_hour([heard], threshold([heard], 0.5)) == 0


def test_people_stay_together() -> None:
    """No group is in two parts, and each word is in all of them."""
    sound = np.zeros(1, np.int16)
    clips = [Clip(sound, ("one", "two", "")[at % 3], f"set/{at % 12}", 0, 1) for at in range(360)]
    parts = by_group(clips, 3, np.random.default_rng(0))
    pairs = {(clip.group, part) for clip, part in zip(clips, parts, strict=True)}
    assert len(pairs) == 12
    for word in ("one", "two", ""):
        counts = np.bincount([p for c, p in zip(clips, parts, strict=True) if c.word == word])
        assert sorted(counts.tolist()) == [30, 30, 60]
