"""The scenes that a training needs, drawn into shards: what is there already is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gnothi_train.vision.scenes.backgrounds import read_backgrounds
from gnothi_train.vision.scenes.composing import SIDE
from gnothi_train.vision.scenes.households import Household
from gnothi_train.vision.scenes.shards import write_shard
from gnothi_train.vision.scenes.sprites import LEARNED, of_styles, read_sprites
from gnothi_train.vision.scenes.things import TOLD, UNSEEN, seen, things

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
    new: bool = False
    """Whether things come in colours that training never sees them in."""


def kinds() -> Mapping[str, Kind]:
    """Return by name the sets of scenes: two to learn from, the others to measure on."""
    boxed = seen(thing.noun for thing in things())
    return {
        "boxed": Kind(1_000),
        "told": Kind(2_000, (*TOLD, *boxed[:: len(boxed) // _BESIDE])),
        "development": Kind(3_000, new=True),
        "test": Kind(4_000, new=True),
        "old-pairs": Kind(5_000),
        "new-style": Kind(6_000, styles=("openmoji",), new=True),
        "told-nouns": Kind(7_000, (*TOLD, *boxed[:: len(boxed) // _BESIDE])),
        "unseen-nouns": Kind(8_000, (*UNSEEN, *boxed[:: len(boxed) // _BESIDE])),
    }


def render(
    pictures: Path, folder: Path, counts: Mapping[str, int], *, side: int = SIDE
) -> Mapping[str, Sequence[Path]]:
    """Draw so many scenes of each kind in *counts*; return their shards by kind.

    *pictures* is the folder of sprites and backgrounds; it is read only where something is missing.

    Raises:
        FileNotFoundError: there are no sprites in it.
    """
    shards = {
        name: [folder / f"{name}-{at:03d}.npz" for at in range(-(-count // SHARD))]
        for name, count in counts.items()
    }
    missing = [name for name, paths in shards.items() if not all(path.exists() for path in paths)]
    if missing:
        sprites, photos = read_sprites(pictures), read_backgrounds(pictures)
        for name in missing:
            kind = kinds()[name]
            nouns = set(kind.nouns or seen(thing.noun for thing in things()))
            chosen = tuple(
                one for one in of_styles(sprites, kind.styles) if one.thing.noun in nouns
            )
            household = Household(chosen, photos, kind.new, side)
            for at, path in enumerate(shards[name]):
                if not path.exists():
                    few = min(SHARD, counts[name] - at * SHARD)
                    write_shard(path, household.scenes(kind.seed + at), few)
    return shards
