"""Scenes kept in files, so that they are drawn once and learned from often."""

from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path

import numpy as np

from gnothi_train.vision.scenes.composing import Placed, Scene
from gnothi_train.vision.scenes.paint import COLOURS
from gnothi_train.vision.scenes.sprites import STYLES
from gnothi_train.vision.scenes.things import things

_COLOURS = tuple(COLOURS)


def write_shard(path: Path, scenes: Iterable[Scene], count: int, origin: str = "") -> None:
    """Write the first *count* of *scenes* to *path*, as npz; one that is cut off leaves none.

    *origin* tells what they were drawn from, so that others are not taken for them.
    """
    nouns = {noun: number for number, noun in enumerate(_nouns())}
    kept = list(islice(scenes, count))
    rows = [
        (
            at,
            nouns[one.noun],
            _COLOURS.index(one.colour) if one.colour else -1,
            STYLES.index(one.style),
        )
        for at, scene in enumerate(kept)
        for one in scene.placed
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".new.npz")
    np.savez(
        temporary,
        jpeg=np.frombuffer(b"".join(scene.jpeg for scene in kept), np.uint8),
        offsets=np.cumsum([0, *(len(scene.jpeg) for scene in kept)]),
        things=np.array(rows, np.int32).reshape(-1, 4),
        boxes=np.array([one.box for scene in kept for one in scene.placed], np.float32),
        nouns=np.array(_nouns()),
        origin=np.array(origin),
    )
    temporary.replace(path)


def read_shard(path: Path) -> tuple[Scene, ...]:
    """Return the scenes in *path*.

    Raises:
        ValueError: they are of a table of nouns that was changed since.
    """
    nouns = _nouns()
    with np.load(path, allow_pickle=False) as data:
        if "nouns" not in data or data["nouns"].tolist() != nouns:
            raise ValueError(f"{path} is of another table of nouns: remove it, and draw it anew.")
        jpeg, offsets = data["jpeg"].tobytes(), data["offsets"]
        owners, boxes = data["things"], data["boxes"].astype(float)
    placed: list[list[Placed]] = [[] for _ in offsets[1:]]
    for (at, noun, colour, style), (left, top, right, bottom) in zip(
        owners.tolist(), boxes.tolist(), strict=True
    ):
        name = _COLOURS[colour] if colour >= 0 else None
        placed[at].append(Placed(nouns[noun], name, STYLES[style], (left, top, right, bottom)))
    return tuple(
        Scene(jpeg[begin:end], tuple(own))
        for begin, end, own in zip(offsets[:-1], offsets[1:], placed, strict=True)
    )


def origin_of(path: Path) -> str | None:
    """Return what the scenes in *path* were drawn from; ``None`` where there are none of today."""
    if not path.exists():
        return None
    with np.load(path, allow_pickle=False) as data:
        is_ours = "nouns" in data and data["nouns"].tolist() == _nouns()
        return str(data["origin"]) if is_ours else None


def _nouns() -> list[str]:
    return [thing.noun for thing in things()]


def read_shards(folder: Path, pattern: str = "*.npz") -> Sequence[Scene]:
    """Return the scenes of all shards in *folder* whose names fit *pattern*."""
    return [scene for path in sorted(folder.glob(pattern)) for scene in read_shard(path)]
