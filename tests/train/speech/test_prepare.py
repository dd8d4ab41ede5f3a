"""Every utterance of a shard reaches the training, joined with others or not."""

from pathlib import Path

import numpy as np
import pytest

from gnothi.speech.features import WIDTH
from gnothi_train.speech import shards
from gnothi_train.speech.augment import Places
from gnothi_train.speech.prepare import render
from gnothi_train.speech.voices import RATE

TEXTS = ("turn on", "the lamp", "now")


@pytest.mark.parametrize(
    ("joined", "rows"),
    [
        (0.0, [("turn on", "a"), ("the lamp", "b"), ("now", "c")]),
        (1.0, [("turn on the lamp now", "c")]),
    ],
)
def test_no_utterance_is_lost(tmp_path: Path, joined: float, rows: list[tuple[str, str]]) -> None:
    """One that waits for the next is kept where no next one comes."""
    rng = np.random.default_rng(0)
    pieces = [rng.integers(-9000, 9000, RATE // 2).astype(np.int16) for _ in TEXTS]
    shards.write(tmp_path / "sound.json", pieces, TEXTS, "abc")
    noise = rng.normal(size=RATE).astype(np.float32)
    places = Places([noise], [np.ones(1, np.float32)])
    out = tmp_path / "features.json"
    render(tmp_path / "sound.json", out, places, version=0, seed=0, joined=joined)
    found = list(shards.read(out))
    assert [(utterance.text, utterance.group) for utterance, _ in found] == rows
    assert all(features.shape[0] > 10 and features.shape[1] == WIDTH for _, features in found)
