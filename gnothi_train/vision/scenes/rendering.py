"""The scenes that a training needs, drawn into shards: what is there already is kept."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gnothi_train.vision.scenes.backgrounds import read_backgrounds
from gnothi_train.vision.scenes.composing import SIDE
from gnothi_train.vision.scenes.households import Household
from gnothi_train.vision.scenes.shards import origin_of, write_shard
from gnothi_train.vision.scenes.sprites import LEARNED, below, of_styles, read_sprites
from gnothi_train.vision.scenes.things import TOLD, UNSEEN, Part, seen, things

SHARD = 1_000
"""Scenes in a file."""
_BESIDE = 48
"""Nouns with boxes that stand beside those that are only told."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A set of scenes."""

    seed: int
    """Of its first shard; no two kinds share one."""
    nouns: tuple[str, ...] = ()
    """Empty for all that training has boxes of."""
    styles: tuple[str, ...] = LEARNED
    part: Part = "training"
    """Which pairs of noun and colour are shown: no pair is for two parts."""


def kinds() -> Mapping[str, Kind]:
    """Return by name the sets of scenes: two to learn from, the others to measure on."""
    boxed = seen(thing.noun for thing in things())
    return {
        "boxed": Kind(1_000),
        "told": Kind(2_000, (*TOLD, *boxed[:: len(boxed) // _BESIDE])),
        "development": Kind(3_000, part="development"),
        "test": Kind(4_000, part="test"),
        "old-pairs": Kind(5_000),
        "new-style": Kind(6_000, styles=("openmoji",), part="test"),
        "told-nouns": Kind(7_000, (*TOLD, *boxed[:: len(boxed) // _BESIDE])),
        "unseen-nouns": Kind(8_000, (*UNSEEN, *boxed[:: len(boxed) // _BESIDE])),
    }


def render(
    pictures: Path, folder: Path, counts: Mapping[str, int], *, side: int = SIDE
) -> Mapping[str, Sequence[Path]]:
    """Draw so many scenes of each kind in *counts*; return their shards by kind.

    *pictures* is the folder of sprites and backgrounds. A shard that is there is kept if it was
    drawn from the same files in the same way, else drawn anew.

    Raises:
        FileNotFoundError: there are no sprites in it.
    """
    listed = _listed(pictures)
    shards = {
        name: [folder / f"{name}-{at:03d}.npz" for at in range(-(-count // SHARD))]
        for name, count in counts.items()
    }
    wanted = {
        path: (name, at, few, f"{listed} {kinds()[name]} {at} {few} {side}")
        for name, paths in shards.items()
        for at, path in enumerate(paths)
        for few in [min(SHARD, counts[name] - at * SHARD)]
    }
    missing = {path: told for path, told in wanted.items() if origin_of(path) != told[3]}
    if missing:
        sprites, photos = read_sprites(pictures), read_backgrounds(pictures)
        for path, (name, at, few, origin) in missing.items():
            kind = kinds()[name]
            nouns = set(kind.nouns or seen(thing.noun for thing in things()))
            chosen = tuple(
                one for one in of_styles(sprites, kind.styles) if one.thing.noun in nouns
            )
            household = Household(chosen, photos, kind.part, side)
            write_shard(path, household.scenes(kind.seed + at), few, origin)
    return shards


def _listed(pictures: Path) -> str:
    """Return a hash of the names and sizes of all files in *pictures*."""
    told = [
        (path.relative_to(pictures).as_posix(), path.stat().st_size) for path in below(pictures, "")
    ]
    return hashlib.sha256(repr(told).encode()).hexdigest()
