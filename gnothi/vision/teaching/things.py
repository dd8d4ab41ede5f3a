"""The things that a household taught its assistant, and the artifact that they are kept in.

The artifact ``sight/things`` holds what the frozen network saw in the examples, so that a thing can
be learned anew when something is put right; the pictures themselves only where somebody agreed, as
small cuts. A thing belongs to one network of the eyes: what another one sees means nothing to it.
"""

import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gnothi.core.errors import ArtifactError, InputError
from gnothi.core.seeing import Pixels
from gnothi.vision.boxes import Boxes
from gnothi.vision.pictures import read_picture, reduced, write_jpeg
from gnothi.vision.teaching.examples import Shown
from gnothi.vision.teaching.learner import Expectation, Judge, Learned
from gnothi.vision.teaching.looking import Look
from gnothi.vision.teaching.names import plain_name
from gnothi.vision.teaching.own import OwnNetwork

NAME = "sight/things"
TOLD, ARRAYS = "things.json", "things.npz"
MOST = 50
"""Things of a household."""
CUT = 96
"""Pixels of the longer side of a cut that is kept."""
_AROUND = 3
"""Times its sides that a cut is laid on, to be seen as part of a picture."""
_MARGIN = 0.15
"""Share of a box that is kept around it."""


@dataclass(frozen=True, slots=True, eq=False)
class Thing:
    """Something that was taught."""

    name: str
    """As people say it: "the cat's bowl"."""
    eyes: str
    """The network that saw the examples, ``name@version``."""
    shown: tuple[Shown, ...]
    """Examples that it was learned from."""
    learned: Learned
    waiting: tuple[Shown, ...] = ()
    """Examples of which what was learned was no better: they wait for more."""
    cuts: tuple[bytes, ...] = ()
    """JPEGs of it, where somebody agreed that they are kept."""
    own: OwnNetwork | None = None
    """A network of its own, where it was taught thoroughly."""


@dataclass(frozen=True, slots=True, eq=False)
class Things:
    """What one household taught."""

    things: tuple[Thing, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """What is known, in the order of teaching."""
        return tuple(one.name for one in self.things)

    def find(self, name: str) -> Thing | None:
        """Return the thing that is called *name*, whatever its case and article."""
        wanted = plain_name(name)
        return next((one for one in self.things if plain_name(one.name) == wanted), None)

    def with_thing(self, thing: Thing) -> "Things":
        """Return these with *thing* in place of what was called so, or added.

        Raises:
            InputError: there are too many.
        """
        kept = [one for one in self.things if plain_name(one.name) != plain_name(thing.name)]
        if len(kept) >= MOST:
            raise InputError(f"I know {MOST} things, which is the most: forget one first.")
        return Things((*kept, thing))

    def without(self, name: str) -> "Things":
        """Return these without what is called *name*.

        Raises:
            InputError: nothing is called so.
        """
        gone = self.find(name)
        if gone is None:
            raise InputError(f"I know no thing called {name!r}.")
        return Things(tuple(one for one in self.things if one is not gone))


def cut(pixels: Pixels, box: NDArray[np.float64]) -> bytes:
    """Return the *box* (4,) of *pixels* with a margin, as a small JPEG."""
    height, width = pixels.shape[:2]
    margin = _MARGIN * max(box[2] - box[0], box[3] - box[1])
    left, top = (int(max(0, value - margin)) for value in box[:2])
    right, bottom = int(min(width, box[2] + margin)), int(min(height, box[3] + margin))
    return write_jpeg(reduced(pixels[top : bottom + 1, left : right + 1], CUT))


def uncut(jpeg: bytes) -> tuple[Pixels, Boxes]:
    """Return a small cut as part of a larger plain picture, and the box (1, 4) of the thing in it.

    The margin is taken for whole on every side: at the edge of a picture it was less, and the box
    becomes a little small there.
    """
    pixels = read_picture(jpeg)
    height, width = pixels.shape[:2]
    edge = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    plain = np.full((_AROUND * height, _AROUND * width, 3), np.median(edge, axis=0), np.uint8)
    top, left = (plain.shape[0] - height) // 2, (plain.shape[1] - width) // 2
    plain[top : top + height, left : left + width] = pixels
    margin = _MARGIN * max(width, height) / (1 + 2 * _MARGIN)
    box = (left + margin, top + margin, left + width - margin, top + height - margin)
    return plain, np.array([box])


def packed(things: Things) -> dict[str, bytes]:
    """Return the files of the artifact that holds *things*."""
    arrays: dict[str, NDArray[Any]] = {}
    told: list[dict[str, Any]] = []
    for at, thing in enumerate(things.things):
        arrays |= dict(_arrays(str(at), thing))
        told.append(
            {
                "name": thing.name,
                "eyes": thing.eyes,
                "shown": [_told(one) for one in thing.shown],
                "waiting": [_told(one) for one in thing.waiting],
                "cuts": len(thing.cuts),
                "own": _own_told(thing),
                "threshold": thing.learned.threshold,
                "bias": thing.learned.judge.bias,
                "expectation": asdict(thing.learned.expectation),
            }
        )
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)  # pyright: ignore[reportArgumentType] - arrays by name
    text = json.dumps({"things": told}, ensure_ascii=False)
    return {TOLD: text.encode(), ARRAYS: file.getvalue()}


def unpacked(files: Mapping[str, bytes]) -> Things:
    """Return the things in the *files* of an artifact.

    Raises:
        ArtifactError: they are not what :func:`packed` writes.
    """
    try:
        told = json.loads(files[TOLD])
        with np.load(io.BytesIO(files[ARRAYS]), allow_pickle=False) as arrays:
            things = [_thing(str(at), one, arrays) for at, one in enumerate(told["things"])]
        return Things(tuple(things))
    except (KeyError, ValueError, TypeError, OSError) as error:
        raise ArtifactError(f"What was taught can't be read: {error}") from error


def _arrays(key: str, thing: Thing) -> Iterator[tuple[str, NDArray[Any]]]:
    yield f"{key}/weights", thing.learned.judge.weights
    if thing.own:
        yield f"{key}/own", np.frombuffer(thing.own.content, np.uint8)
    for at, one in enumerate(thing.cuts):
        yield f"{key}/cut/{at}", np.frombuffer(one, np.uint8)
    for group, some in (("shown", thing.shown), ("waiting", thing.waiting)):
        for at, one in enumerate(some):
            for number, look in enumerate(one.looks):
                place = f"{key}/{group}/{at}/{number}"
                yield f"{place}/boxes", look.boxes.astype(np.float32)
                yield f"{place}/objectness", look.objectness.astype(np.float16)
                yield f"{place}/marks", look.marks.astype(np.float16)
                yield f"{place}/drawn", one.boxes[number]
                yield f"{place}/wrong", one.wrong[number]


def _own_told(thing: Thing) -> dict[str, float] | None:
    own = thing.own
    return {"size": own.size, "threshold": own.threshold, "number": own.number} if own else None


def _own(told: Mapping[str, Any], content: bytes) -> OwnNetwork:
    return OwnNetwork(content, int(told["size"]), float(told["threshold"]), int(told["number"]))


def _told(shown: Shown) -> dict[str, Any]:
    return {
        "name": shown.name,
        "looks": len(shown.looks),
        "whole": shown.whole,
        "teacher": shown.teacher,
    }


def _thing(key: str, told: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Thing:
    judge = Judge(np.asarray(arrays[f"{key}/weights"], np.float64), float(told["bias"]))
    learned = Learned(judge, float(told["threshold"]), Expectation(**told["expectation"]))
    shown, waiting = (
        tuple(_shown(f"{key}/{group}/{at}", one, arrays) for at, one in enumerate(told[group]))
        for group in ("shown", "waiting")
    )
    return Thing(
        name=str(told["name"]),
        eyes=str(told["eyes"]),
        shown=shown,
        learned=learned,
        waiting=waiting,
        cuts=tuple(arrays[f"{key}/cut/{at}"].tobytes() for at in range(told["cuts"])),
        own=_own(told["own"], arrays[f"{key}/own"].tobytes()) if told["own"] else None,
    )


def _shown(place: str, told: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Shown:
    keys = [f"{place}/{number}" for number in range(told["looks"])]
    looks = tuple(
        Look(
            np.asarray(arrays[f"{key}/boxes"], np.float64),
            np.asarray(arrays[f"{key}/objectness"], np.float32),
            np.asarray(arrays[f"{key}/marks"], np.float32),
        )
        for key in keys
    )
    drawn, wrong = (
        tuple(np.asarray(arrays[f"{key}/{kind}"], np.float64) for key in keys)
        for kind in ("drawn", "wrong")
    )
    return Shown(str(told["name"]), looks, drawn, wrong, bool(told["whole"]), str(told["teacher"]))
