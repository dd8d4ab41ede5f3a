"""What wakes by mistake is counted with thresholds that were chosen elsewhere."""

from collections.abc import Iterable

import numpy as np

from gnothi.core.hearing import RATE, Samples
from gnothi.speech.features import FRAME_S, Floats
from gnothi_lab.benchmarks.wake import _figures, _intervals
from gnothi_lab.speech.waking import CLEAN, NOISY, Trial, crossed
from gnothi_train.speech.augment import Places
from gnothi_train.wake.clips import Clip

NOISE = Places([np.ones(RATE, np.float32)], [np.ones(1, np.float32)])


def clip(word: str, group: str, loud: float) -> Clip:
    """Return half a second of a tone, as loud as it shall be sure."""
    tone = loud * np.sin(np.arange(RATE // 2) / 3)
    return Clip((8_000 * tone).astype(np.int16), word, group, 0, RATE // 2)


def by_loudness(_part: int, sounds: Iterable[Samples]) -> Floats:
    """Score each frame by the loudest of its samples."""
    sound = np.abs(np.concatenate([*sounds]))
    size = int(FRAME_S * RATE)
    whole = sound[: len(sound) // size * size].reshape(-1, size)
    return (20 * whole.max(1) - 4).astype(np.float32)[:, None]


def test_thresholds_come_from_the_other_parts() -> None:
    """A part that has louder talk than the others wakes by mistake, and misses nothing."""
    loudest = (0.2, 0.5)
    parts = [
        [clip("word", f"{part}/{at}", 0.4) for at in range(4)]
        + [clip("", f"{part}/x{at}", loudest[part]) for at in range(3)]
        for part in range(2)
    ]
    tested = Trial(parts, NOISE, 0, (10,))
    assert tested.conditions() == [CLEAN, NOISY]
    found = []
    for part in range(2):
        heard = {one: tested.heard(part, one, ["word"], by_loudness) for one in (CLEAN, NOISY)}
        found.append({name: one["word"] for name, one in heard.items()})
    outcome = crossed(found, 0.5)
    assert outcome.missed[CLEAN] == [True] * 4 + [False] * 4
    assert outcome.false == [0, 5]
    figures = _figures({"word": outcome})
    assert figures["misses_clean"] == 0.5
    assert "misses" not in figures
    assert figures["false_per_hour"] == 5 / sum(outcome.hours)
    low, high = _intervals({"word": outcome}, np.random.default_rng(0))["false_per_hour"]
    assert low < figures["false_per_hour"] < high
