"""Which things stand together in a scene: a few at random, and some that are easy to mix up."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from gnothi_train.vision.scenes.backgrounds import Picture, read_backgrounds
from gnothi_train.vision.scenes.composing import SIDE, Scene, compose
from gnothi_train.vision.scenes.sprites import LEARNED, Sprite, of_styles, read_sprites
from gnothi_train.vision.scenes.things import Part, colours_of, part_of, seen, things

FEWEST, MOST = 6, 12
"""Things in a scene."""
_UNPAINTED = 0.25
"""Share of the things that take paint and are left as they are."""
_ALIKE = 0.75
"""How often a scene has things that share the noun or the colour of another."""


@dataclass(frozen=True, slots=True)
class Household:
    """What scenes are made of."""

    sprites: tuple[Sprite, ...]
    photos: tuple[Picture, ...] = ()
    part: Part = "training"
    """What the scenes are for: things are painted in the colours that are for it."""
    side: int = SIDE
    _shelves: dict[str, dict[str, list[Sprite]]] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        """Sort the sprites by noun and style; those that may not be shown are left out."""
        for one in filter(self._may_stand, self.sprites):
            self._shelves.setdefault(one.thing.noun, {}).setdefault(one.style, []).append(one)

    @property
    def nouns(self) -> tuple[str, ...]:
        """What there is, in order."""
        return tuple(self._shelves)

    def scene(self, random: np.random.Generator) -> Scene:
        """Return a scene."""
        return compose(self.chosen(random), self.photos, random, side=self.side)

    def chosen(self, random: np.random.Generator) -> list[tuple[Sprite, str | None]]:
        """Return the sprites of a scene, and the paint of each; ``None``: it stays as it is."""
        count = int(random.integers(FEWEST, MOST + 1))
        wanted = [self._any(self._noun(random), random) for _ in range(count)]
        if random.random() < _ALIKE:
            self._confuse(wanted, random)
        return wanted

    def scenes(self, seed: int) -> Iterator[Scene]:
        """Yield scenes without end."""
        random = np.random.default_rng(seed)
        while True:
            yield self.scene(random)

    def _noun(self, random: np.random.Generator) -> str:
        return self.nouns[int(random.integers(len(self.nouns)))]

    def _any(self, noun: str, random: np.random.Generator) -> tuple[Sprite, str | None]:
        """Return a picture of *noun*, and its paint."""
        styles = self._shelves[noun]
        shelf = styles[list(styles)[int(random.integers(len(styles)))]]
        one = shelf[int(random.integers(len(shelf)))]
        colours = colours_of(noun, self.part) if one.takes_paint else ()
        if not colours or (self._may_stay(one) and random.random() < _UNPAINTED):
            return one, None
        return one, colours[int(random.integers(len(colours)))]

    def _may_stay(self, one: Sprite) -> bool:
        """Whether *one* may be shown in its own colour: training sees no pair that is new.

        Of nouns that come in the colours of nature alone, such as fruit, every colour is seen.
        """
        if not one.thing.is_painted or one.colour is None:
            return True
        return part_of(one.thing.noun, one.colour) in ("training", self.part)

    def _may_stand(self, one: Sprite) -> bool:
        """Whether *one* may be shown at all: as it is, or painted."""
        is_painted = one.takes_paint and bool(colours_of(one.thing.noun, self.part))
        return is_painted or self._may_stay(one)

    def _confuse(
        self, wanted: list[tuple[Sprite, str | None]], random: np.random.Generator
    ) -> None:
        """Put in place of some things what shares the noun, or the colour, of the first painted."""
        first = next((pair for pair in wanted if pair[1]), None)
        if first is None:
            return
        sprite, colour = first
        others = [at for at, pair in enumerate(wanted) if pair is not first]
        random.shuffle(others)
        for at in others[: int(random.integers(1, 3))]:
            wanted[at] = self._any(sprite.thing.noun, random)
        for at in others[2 : 2 + int(random.integers(1, 3))]:
            other = self._any(self._noun(random), random)
            fits = other[0].takes_paint and colour in colours_of(other[0].thing.noun, self.part)
            wanted[at] = (other[0], colour) if fits else other


def furnish(
    pictures: Path,
    *,
    styles: Sequence[str] = LEARNED,
    nouns: Sequence[str] = (),
    part: Part = "training",
) -> Household:
    """Return the household of what is in the folder *pictures*.

    Only *nouns* where given, else those that training has boxes of.
    """
    allowed = set(nouns or seen(thing.noun for thing in things()))
    sprites = of_styles(read_sprites(pictures), styles)
    chosen = tuple(one for one in sprites if one.thing.noun in allowed)
    return Household(chosen, read_backgrounds(pictures), part)
