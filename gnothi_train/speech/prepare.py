"""Features of the training sound: several renderings of each shard, as they are served."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gnothi.speech.features import features
from gnothi_train.speech import shards
from gnothi_train.speech.augment import Floats, Places, at_home
from gnothi_train.speech.voices import RATE

_JOINED = 0.08
"""Share of utterances that are said right after another, as one long piece."""


def render(
    shard: Path,
    out: Path,
    places: Places,
    *,
    version: int,
    seed: int,
    joined: float = _JOINED,
    most_s: float = 6.0,
) -> None:
    """Write to *out* the features of rendering *version* of the audio *shard* (its index).

    The share *joined* of what is shorter than *most_s* seconds is followed by the next utterance.
    """
    rng = np.random.default_rng((seed, version, *shard.stem.encode()))
    said: list[tuple[str, str, NDArray[np.float16]]] = []
    before: tuple[str, str, Floats] | None = None
    for utterance, piece in shards.read(shard):
        sound = piece.astype(np.float32) / 32768.0
        text = utterance.text
        if before is not None:
            text, sound = f"{before[0]} {text}", _follow(before[2], sound, rng)
        before = (text, utterance.group, sound)
        if len(sound) < most_s * RATE and rng.random() < joined:
            continue
        said.append(_heard(before, places, rng))
        before = None
    if before is not None:
        said.append(_heard(before, places, rng))
    texts, groups, heard = zip(*said, strict=True)
    shards.write(out, heard, texts, groups)


def _heard(
    spoken: tuple[str, str, Floats], places: Places, rng: np.random.Generator
) -> tuple[str, str, NDArray[np.float16]]:
    text, group, sound = spoken
    return text, group, features(at_home(sound, places, rng)).astype(np.float16)


def _follow(first: Floats, second: Floats, rng: np.random.Generator) -> Floats:
    pause = np.zeros(int(rng.uniform(0.15, 1.0) * RATE), np.float32)
    return np.concatenate([first, pause, second])
