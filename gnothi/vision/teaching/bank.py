"""What other things look like: places of rendered scenes that come with the eyes.

A household that taught one thing has no pictures of others to be strict by. A place is a row of
marks, from -1 to 1, of which 8 bits are kept; as an artifact's file ``bank.npz`` holds ``boxes``
(n, 4), ``objectness`` (n,), ``marks`` (n, m) and how many places each scene has (``counts``).
"""

import io
from collections.abc import Sequence
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from gnothi.core.errors import ArtifactError
from gnothi.vision.teaching.looking import Look

BANK = "bank.npz"
_WHOLE = 127


def packed_bank(looks: Sequence[Look]) -> bytes:
    """Return the file that keeps *looks*."""
    file = io.BytesIO()
    np.savez_compressed(
        file,
        boxes=np.concatenate([one.boxes for one in looks]).round().astype(np.int16),
        objectness=np.concatenate([one.objectness for one in looks]).astype(np.float16),
        marks=(np.concatenate([one.marks for one in looks]) * _WHOLE).round().astype(np.int8),
        counts=np.array([len(one) for one in looks]),
    )
    return file.getvalue()


def read_bank(folder: Path) -> tuple[Look, ...]:
    """Return the scenes that came with the eyes in *folder*; none where they came without.

    Raises:
        ArtifactError: they are damaged.
    """
    path = folder / BANK
    if not path.exists():
        return ()
    try:
        with np.load(path, allow_pickle=False) as data:
            ends = np.cumsum(data["counts"])[:-1]
            boxes = np.split(data["boxes"].astype(np.float64), ends)
            objectness = np.split(data["objectness"].astype(np.float32), ends)
            marks = np.split((data["marks"] / _WHOLE).astype(np.float32), ends)
    except (OSError, ValueError, KeyError, BadZipFile) as error:
        raise ArtifactError(f"{path} can't be read: {error}") from error
    return tuple(map(Look, boxes, objectness, marks))
