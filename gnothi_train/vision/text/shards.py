"""Rendered pictures kept in files, so that several networks learn from the same ones."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from gnothi.core.errors import InputError
from gnothi_train.vision.text.pages import Rendered, Renderer, Word

KEY = "key.json"
"""Beside the shards: what they were rendered from."""
EACH = 50
"""Pictures of a file."""
SIZES = (320, 416, 512, 640)
"""Pixels a side; networks see all of them reduced to the first."""


def write_shard(path: Path, some: Sequence[Rendered]) -> None:
    """Write *some* pictures and their words to *path*."""
    words = [
        [[word.text, word.corners.round(2).tolist(), word.middles.tolist()] for word in one.words]
        for one in some
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new.npz")
    np.savez(
        fresh,
        jpeg=np.frombuffer(b"".join(one.jpeg for one in some), np.uint8),
        ends=np.cumsum([len(one.jpeg) for one in some]),
        words=np.frombuffer(json.dumps(words).encode(), np.uint8),
    )
    fresh.replace(path)


def read_shard(path: Path) -> Iterator[Rendered]:
    """Yield the pictures in *path*, in order."""
    with np.load(path, allow_pickle=False) as kept:
        jpeg, ends = kept["jpeg"].tobytes(), kept["ends"].tolist()
        rows = json.loads(kept["words"].tobytes())
    for begin, end, words in zip([0, *ends], ends, rows, strict=False):
        yield Rendered(
            jpeg[begin:end],
            tuple(
                Word(text, np.asarray(corners), np.asarray(middles, dtype=np.float32))
                for text, corners, middles in words
            ),
        )


def shard(folder: Path, index: int) -> Path:
    """Return where the shard of that *index* is."""
    return folder / f"{index:05d}.npz"


def render_all(renderer: Renderer, folder: Path, count: int, seed: int) -> Iterator[int]:
    """Render *count* shards to *folder*, yielding the number of each; those that are there stay.

    Raises:
        InputError: those were rendered from something else, or with another *seed*.
    """
    _lock(folder, {"seed": seed, **renderer.key})
    for index in range(count):
        if not shard(folder, index).exists():
            rng = np.random.default_rng((seed, index))
            some = [renderer.render(SIZES[int(rng.integers(len(SIZES)))], rng) for _ in range(EACH)]
            write_shard(shard(folder, index), some)
        yield index


def _lock(folder: Path, key: Mapping[str, object]) -> None:
    """Write *key* to an empty *folder*; of another one, see that it has the same."""
    told = json.dumps(key, indent=1) + "\n"
    path = folder / KEY
    if path.exists() or shard(folder, 0).exists():
        if not path.exists() or path.read_text(encoding="utf-8") != told:
            raise InputError(
                f"The pictures in {folder} were rendered from other typefaces, words or photos, or "
                "with another seed. Name another work folder, or remove this one."
            )
        return
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(told, encoding="utf-8")
