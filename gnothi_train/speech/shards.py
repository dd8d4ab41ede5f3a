"""Sound on disk: shards of utterances with their texts, made once and read by memory map."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Utterance:
    """One utterance in a shard."""

    text: str
    group: str
    """Who speaks: a group of voices, or ``real/SET/SPEAKER``."""
    start: int
    end: int


def write(
    path: Path, pieces: Sequence[NDArray], texts: Sequence[str], groups: Sequence[str]
) -> None:
    """Write *pieces* one behind the other to ``PATH.npy``, and what they are to ``PATH.json``."""
    ends = np.cumsum([len(piece) for piece in pieces]).tolist()
    starts = [0, *ends[:-1]]
    rows = [asdict(Utterance(*row)) for row in zip(texts, groups, starts, ends, strict=True)]
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new.npy")
    np.save(fresh, np.concatenate(pieces))
    fresh.replace(path.with_suffix(".npy"))
    index = path.with_suffix(".new")
    index.write_text(json.dumps(rows), encoding="utf-8")
    index.replace(path.with_suffix(".json"))


def read(path: Path) -> Iterator[tuple[Utterance, NDArray]]:
    """Yield the utterances of the shard whose index is *path*."""
    pieces = np.load(path.with_suffix(".npy"), mmap_mode="r")
    for row in json.loads(path.read_text(encoding="utf-8")):
        utterance = Utterance(**row)
        yield utterance, pieces[utterance.start : utterance.end]
