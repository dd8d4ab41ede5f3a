"""Domains that detectors are taught: what may be learned from, and what is only looked at.

Pictures that were taken together (within a minute, of one board, in a burst) stay on one side.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gnothi.vision.teaching.folders.collection import Example
from gnothi.vision.teaching.folders.reading import read_folder
from gnothi_train.vision.teach.augment import fitted, tiles

SHARE = 0.4
"""Of the pictures, those that are only looked at."""
_SPLIT = 20_221_023
"""Seed of the split, the same for every run: the opening of ECCV 2022."""
_TILE = 160
"""Pixels of the tiles that boards are cut into: their defects are 30 pixels of 640. Two tiles of
three have none; they are looked at as well."""
_KEPT = 320
"""Pixels of the longer side of what is read: twice what a network sees, for crops."""
_MOST, _MOST_TILES = 48, 192
"""Pictures and tiles that are looked at, evenly taken of more."""
_EVERYDAY = 10
"""Classes of everyday photos that stand in the most pictures."""


@dataclass(frozen=True, slots=True)
class Domain:
    """Pictures of one kind, parted by what was taken together."""

    name: str
    names: tuple[str, ...]
    pool: tuple[Example, ...]
    """Examples are drawn from these."""
    pool_groups: tuple[str, ...]
    test: tuple[Example, ...]

    @property
    def classes(self) -> int:
        """How many kinds of things there are."""
        return len(self.names)

    def development(self) -> "Domain":
        """Return the pool parted once more, for whoever tunes: nothing of the test is in it."""
        inside = _tested(self.pool_groups, _SPLIT + 1)
        rest = [at for at in range(len(self.pool)) if at not in inside]
        return Domain(
            f"{self.name}-development",
            self.names,
            tuple(self.pool[at] for at in rest),
            tuple(self.pool_groups[at] for at in rest),
            tuple(self.pool[at] for at in sorted(inside)),
        )


@dataclass(frozen=True, slots=True)
class _Kind:
    """How a domain is read."""

    group: Callable[[str], str]
    """From the name of a picture to what it was taken together with."""
    tile: int = 0
    most_frequent: int = 0
    """Classes that are kept; all of them where it is 0."""


def _tens(name: str) -> str:
    """Ten neighbours in the numbering of a camera.

    Where tens meet, neighbours are parted: of what is looked at, one picture in seven of cards and
    of blood has one within two numbers in the pool. None is nearly the same by its thumbnail.
    """
    letters, digits = re.sub(r"\d+.*", "", name), re.search(r"(\d+)\D*$", name)
    return f"{letters}{int(digits[1]) // 10}" if digits else name


_KINDS: Mapping[str, _Kind] = {
    "bccd": _Kind(_tens),
    "cards": _Kind(_tens),
    "microcontrollers": _Kind(lambda name: name[: len("IMG_20181228_1018")]),
    "deeppcb": _Kind(lambda name: name[:5], tile=_TILE),
    "coco128": _Kind(lambda name: name, most_frequent=_EVERYDAY),
}
"""Other folders are read with each picture by itself."""


def domains(data: Path) -> list[str]:
    """Return the names of the domains in *data*."""
    return sorted(path.name.removeprefix("det_") for path in (data / "vision").glob("det_*"))


def read_domain(data: Path, name: str) -> Domain:
    """Return the domain called *name*."""
    kind = _KINDS.get(name, _Kind(lambda one: one))
    collection = read_folder(data / "vision" / f"det_{name}")
    names, examples = collection.names, collection.read(2 * _KEPT if kind.tile else _KEPT)
    if kind.most_frequent:
        names, examples = _frequent(names, examples, kind.most_frequent)
    groups = [kind.group(one.name) for one in examples]
    test = _tested(groups, _SPLIT)
    cut = [tiles(one, kind.tile) if kind.tile else [one] for one in examples]
    pool = [(one, groups[at]) for at, row in enumerate(cut) if at not in test for one in row]
    return Domain(
        name,
        names,
        tuple(one for one, _ in pool),
        tuple(group for _, group in pool),
        _evenly(
            [one for at in sorted(test) for one in cut[at]], _MOST_TILES if kind.tile else _MOST
        ),
    )


def shots(domain: Domain, count: int, seed: int) -> list[Example]:
    """Draw pictures with at least *count* boxes of each class, or all that there are.

    Pictures come in random order; one is taken when a class in it still lacks boxes. Every box in
    it is told of: what is not told of would be learned as background.
    """
    rng = np.random.default_rng((seed, count, len(domain.pool)))
    have: Counter[int] = Counter()
    taken: list[Example] = []
    for at in rng.permutation(len(domain.pool)):
        here = Counter(domain.pool[at].classes.tolist())
        if any(have[kind] < count for kind in here):
            taken.append(domain.pool[at])
            have.update(here)
    return taken


def looked_at(domain: Domain, size: int) -> list[Example]:
    """Return the test pictures as a network of *size* sees them."""
    return [fitted(one, size) for one in domain.test]


def _tested(groups: Sequence[str], seed: int) -> set[int]:
    """Return the numbers of about :data:`SHARE` of the pictures, whole groups together."""
    names = sorted(set(groups))
    found: set[int] = set()
    for at in np.random.default_rng(seed).permutation(len(names)):
        members = {number for number, group in enumerate(groups) if group == names[at]}
        if len(found) + len(members) <= SHARE * len(groups):
            found |= members
    return found


def _evenly(examples: Sequence[Example], most: int) -> tuple[Example, ...]:
    """Return at most so many of *examples*."""
    every = np.linspace(0, len(examples) - 1, min(len(examples), most)).round().astype(int)
    return tuple(examples[at] for at in every)


def _frequent(
    names: Sequence[str], examples: Sequence[Example], count: int
) -> tuple[tuple[str, ...], list[Example]]:
    """Keep the *count* classes that stand in the most pictures, and the pictures with them."""
    seen = Counter(kind for one in examples for kind in set(one.classes.tolist()))
    kept = sorted(kind for kind, _ in seen.most_common(count))
    found: list[Example] = []
    for one in examples:
        mask = np.isin(one.classes, kept)
        if mask.any():
            classes = np.searchsorted(kept, one.classes[mask])
            found.append(Example(one.name, one.pixels, one.boxes[mask], classes.astype(np.int64)))
    return tuple(names[kind] for kind in kept), found
