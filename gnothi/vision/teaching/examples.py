"""Examples of a thing: places in pictures that are it, and places that are not."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from gnothi.core.seeing import Pixels
from gnothi.vision.boxes import Boxes, overlaps
from gnothi.vision.finding.networks import SightNetworks
from gnothi.vision.teaching.looking import Look, look, mirrored, varied

SAME = 0.5
"""Overlap from which on a place tells of a box."""
_OTHER = 0.3
"""Overlap below which it tells of something else; what lies between is not learned from."""
_NEAREST = 3
"""Places that stand for a box which no place tells of well."""


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """A picture that somebody showed, seen in several lights, and what is where in it."""

    name: str
    """Its identity: of one picture the same however often it is shown."""
    looks: tuple[Look, ...]
    """The picture as it is, first."""
    boxes: tuple[Boxes, ...]
    """Of the thing, for each look; without rows where the thing is not in the picture."""
    wrong: tuple[Boxes, ...]
    """What somebody said is not the thing, for each look."""
    whole: bool = True
    """Whether the thing is nowhere else in the picture; else nobody told of what is in no box."""
    teacher: str = ""
    """The person who showed it; empty for a guest."""


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """Rows to learn from."""

    marks: NDArray[np.float32]
    """Shape (n, m): see :func:`rows`."""
    is_thing: NDArray[np.bool_]
    weights: NDArray[np.float64]


def see(
    networks: SightNetworks,
    name: str,
    pixels: Pixels,
    boxes: Boxes,
    wrong: Boxes | None = None,
    *,
    whole: bool = True,
    teacher: str = "",
) -> Shown:
    """Return the picture *name* as *network* sees it, with the *boxes* that somebody drew."""
    width, none = pixels.shape[1], np.zeros((0, 4))
    pairs = [(look(networks, one), turned) for one, turned in varied(pixels)]
    told = [[mirrored(some, width) if turned else some for _, turned in pairs]
            for some in (boxes, none if wrong is None else wrong)]  # fmt: skip
    looks = tuple(one for one, _ in pairs)
    return Shown(name, looks, tuple(told[0]), tuple(told[1]), whole, teacher)


def identity(pixels: Pixels) -> str:
    """Return what tells a picture from every other, whatever its file is called."""
    return sha256(f"{pixels.shape}".encode() + pixels.tobytes()).hexdigest()[:32]


def corrected(known: Shown, fresh: Shown) -> Shown:
    """Return *fresh*, which tells of a part of the picture only, with what was *known* of it.

    What was taken for the thing and is not is none of its boxes any more.
    """
    pairs = zip(known.boxes, fresh.wrong, strict=True)
    kept = (boxes[overlaps(boxes, wrong).max(axis=1, initial=0.0) < SAME] for boxes, wrong in pairs)
    return Shown(
        fresh.name,
        fresh.looks,
        tuple(np.concatenate(pair) for pair in zip(kept, fresh.boxes, strict=True)),
        tuple(np.concatenate(pair) for pair in zip(known.wrong, fresh.wrong, strict=True)),
        known.whole,
        known.teacher,
    )


def rows(seen: Look) -> NDArray[np.float32]:
    """Return what is learned from at each place: its marks, and how surely something is there."""
    sure = np.clip(seen.objectness, 1e-4, 1 - 1e-4)
    return np.column_stack([seen.marks, np.log(sure / (1 - sure)) / 4]).astype(np.float32)


def places(shown: Sequence[Shown], elsewhere: Sequence[Look] = ()) -> Places:
    """Return the places of *shown*, of which each is the thing or is not; *elsewhere* none is.

    Each picture counts alike, however many places it has. What somebody took for the thing, and
    another put right, counts as much as all the rest of its picture.
    """
    none = np.zeros((0, 4))
    found = [_labelled(one, none, none) for one in elsewhere] + [
        _labelled(one, boxes, wrong, whole=picture.whole)
        for picture in shown
        for one, boxes, wrong in zip(picture.looks, picture.boxes, picture.wrong, strict=True)
    ]
    return Places(
        np.concatenate([one.marks for one in found]),
        np.concatenate([one.is_thing for one in found]),
        np.concatenate([one.weights for one in found]),
    )


def stands_for(seen: Look, box: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which places of *seen* tell of *box*: those that overlap it most."""
    shares = overlaps(seen.boxes, box[None])[:, 0]
    if (shares >= SAME).any():
        return shares >= SAME
    least = np.sort(shares)[-_NEAREST:].min(initial=1.0)
    return (shares >= least) & (shares > 0)


def _labelled(seen: Look, boxes: Boxes, wrong: Boxes, *, whole: bool = True) -> Places:
    shares = overlaps(seen.boxes, boxes).max(axis=1, initial=0.0)
    is_thing = np.zeros(len(seen), dtype=np.bool_)
    for box in boxes:
        is_thing |= stands_for(seen, box)
    is_wrong = (overlaps(seen.boxes, wrong).max(axis=1, initial=0.0) >= SAME) & ~is_thing
    clear = is_thing | ((shares < _OTHER) & whole) | is_wrong
    weights = np.where(is_thing, 1 / max(1, is_thing.sum()), 1 / max(1, (~is_thing & clear).sum()))
    weights[is_wrong] += 1 / max(1, is_wrong.sum())
    return Places(rows(seen)[clear], is_thing[clear], weights[clear])
