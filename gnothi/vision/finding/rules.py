"""What the network can't see, because it sees one thing at a time: which of several, and where."""

from collections.abc import Callable, Mapping, Sequence

from gnothi.core.seeing import Sighting

THIRD = 1 / 3
_NEAR = 1.0
"""How far apart things beside each other may be, in the longer side of the larger one."""
_Measure = Callable[[Sighting], float]


def middle(one: Sighting) -> tuple[float, float]:
    """Return the middle of the box of *one*, x and y in pixels."""
    left, top, right, bottom = one.box
    return (left + right) / 2, (top + bottom) / 2


def size(one: Sighting) -> float:
    """Return the area of the box of *one*."""
    left, top, right, bottom = one.box
    return (right - left) * (bottom - top)


def place(one: Sighting, width: int, height: int) -> tuple[str, str]:
    """Return where *one* is: ``left``, ``middle`` or ``right``; ``top``, ``middle``, ``bottom``.

    Thirds of a picture of *width* and *height* pixels.
    """
    x, y = middle(one)
    across = "left" if x < THIRD * width else "right" if x > (1 - THIRD) * width else "middle"
    down = "top" if y < THIRD * height else "bottom" if y > (1 - THIRD) * height else "middle"
    return across, down


def in_place(
    found: Sequence[Sighting], where: str, width: int, height: int
) -> tuple[Sighting, ...]:
    """Return those of *found* in the half (in the middle: the third) of the picture that is meant.

    *where* is empty for anywhere.
    """
    inside: Mapping[str, Callable[[float, float], bool]] = {
        "": lambda x, y: True,
        "left": lambda x, y: x < width / 2,
        "right": lambda x, y: x >= width / 2,
        "top": lambda x, y: y < height / 2,
        "bottom": lambda x, y: y >= height / 2,
        "middle": lambda x, y: abs(x / width - 0.5) < THIRD / 2 and abs(y / height - 0.5) < THIRD,
    }
    return tuple(one for one in found if inside[where](*middle(one)))


def extreme(found: Sequence[Sighting], which: str) -> tuple[Sighting, ...]:
    """Return the one of *found* that is meant; all of them where *which* is empty."""
    if not which or not found:
        return tuple(found)
    return (max(found, key=_EXTREMES[which]),)


def related(
    found: Sequence[Sighting], relation: str, others: Sequence[Sighting]
) -> tuple[Sighting, ...]:
    """Return those of *found* that stand in *relation* to one of *others*, itself not counted."""
    return tuple(
        one
        for one in found
        if any(one.box != other.box and _RELATIONS[relation](one, other) for other in others)
    )


def _beside(one: Sighting, other: Sighting) -> bool:
    apart = max(
        max(one.box[0], other.box[0]) - min(one.box[2], other.box[2]),
        max(one.box[1], other.box[1]) - min(one.box[3], other.box[3]),
        0.0,
    )
    longest = max(max(box[2] - box[0], box[3] - box[1]) for box in (one.box, other.box))
    return apart <= _NEAR * longest


_EXTREMES: Mapping[str, _Measure] = {
    "leftmost": lambda one: -one.box[0],
    "rightmost": lambda one: one.box[2],
    "topmost": lambda one: -one.box[1],
    "bottommost": lambda one: one.box[3],
    "biggest": size,
    "smallest": lambda one: -size(one),
}
_RELATIONS: Mapping[str, Callable[[Sighting, Sighting], bool]] = {
    "left": lambda one, other: middle(one)[0] < middle(other)[0],
    "right": lambda one, other: middle(one)[0] > middle(other)[0],
    "above": lambda one, other: middle(one)[1] < middle(other)[1],
    "below": lambda one, other: middle(one)[1] > middle(other)[1],
    "beside": _beside,
}
