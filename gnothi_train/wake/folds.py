"""Voices and clusters are kept apart in turn: what is judged on was never learned from."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from gnothi.speech import features
from gnothi.speech.waking.spotter import Spotter
from gnothi_train.speech import augment
from gnothi_train.speech.augment import Places
from gnothi_train.wake import network as shapes
from gnothi_train.wake import scenes
from gnothi_train.wake.clips import Clip
from gnothi_train.wake.judge import by_group
from gnothi_train.wake.learn import Recipe, learn
from gnothi_train.wake.network import WakeNetwork
from gnothi_train.wake.scenes import Cast, Scene

PARTS = 3
RECIPE = Recipe()
_UNSURE = 0.0
"""A threshold before one is known."""
_MODULES = (augment, features, scenes, shapes)
Shown = Callable[[Iterable[int], str, int], Iterable[int]]
"""Shows how far one is: steps, what is done, and how many there are."""


@dataclass(frozen=True)
class Folds:
    """Clips in parts, scenes of each part, and networks that learned from all parts but one."""

    words: tuple[str, ...]
    clips: tuple[Clip, ...]
    places: Places
    work: Path
    """Where scenes and networks stay between runs."""
    shown: Shown
    each: int = 1000
    """Scenes of each part."""
    recipe: Recipe = RECIPE
    parts: int = PARTS
    seed: int = 0

    @cached_property
    def numbers(self) -> list[int]:
        """The part of each clip."""
        return by_group(self.clips, self.parts, np.random.default_rng((self.seed, 1)))

    def of(self, part: int) -> list[Clip]:
        """Return the clips of a part."""
        return [one for one, number in zip(self.clips, self.numbers, strict=True) if number == part]

    def scenes(self, part: int) -> list[Scene]:
        """Return the scenes that the clips of a part are in."""
        path = self.work / f"scenes-{self._key}-{part}.npz"
        if not path.exists():
            mine = self.of(part)
            cast = Cast([c for c in mine if c.word], [c for c in mine if not c.word], self.words)
            rng = np.random.default_rng((self.seed, 2, part))
            made = scenes.scenes(cast, self.places, rng, self.each)
            title = f"Scenes, part {part + 1} of {self.parts}"
            _write([next(made) for _ in self.shown(range(self.each), title, self.each)], path)
        return list(_read(path))

    def network(self, without: int | None = None) -> WakeNetwork:
        """Return the network that has learned from all parts, or all but *without*."""
        learned = [
            scene for part in range(self.parts) if part != without for scene in self.scenes(part)
        ]
        name = "all" if without is None else f"without-{without}"
        recipe = hashlib.sha256(repr(self.recipe).encode()).hexdigest()[:8]
        steps = -(-len(learned) // self.recipe.batch) * self.recipe.epochs
        title = "Learning" if without is None else f"Learning without part {without + 1}"
        ticks = iter(self.shown(range(steps), title, steps))
        path = self.work / f"network-{self._key}-{recipe}-{name}.pt"
        found = learn(
            learned,
            len(self.words),
            self.recipe,
            seed=self.seed,
            kept=path,
            progress=lambda _step, _loss: next(ticks, None),
        )
        for _ in ticks:
            pass
        return found

    def spotter(self, without: int | None = None) -> Spotter:
        """Return the same as it is served, with weights of half precision."""
        return served(self.network(without), self.words)

    @cached_property
    def _key(self) -> str:
        told = hashlib.sha256(repr((self.words, self.each, self.parts, self.seed)).encode())
        for clip, part in zip(self.clips, self.numbers, strict=True):
            told.update(f"{clip.word}|{clip.group}|{clip.start}|{clip.end}|{part}".encode())
        for module in _MODULES:
            told.update(Path(str(module.__file__)).read_bytes())
        return told.hexdigest()[:12]


def served(
    network: WakeNetwork, words: Sequence[str], sure: Sequence[float] = (), late_s: float = 0.0
) -> Spotter:
    """Return *network* as it is served: with weights of half precision."""
    weights = {name: weight.astype(np.float16) for name, weight in network.arrays().items()}
    sure = sure or [_UNSURE] * len(words)
    others = {"words": np.array(words), "sure": np.array(sure), "late_s": np.array(late_s)}
    return Spotter.of({**weights, **others})


def _write(made: Sequence[Scene], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new.npz")
    said = [(at, *one) for at, scene in enumerate(made) for one in scene.said]
    np.savez(
        fresh,
        frames=np.stack([one.frames for one in made]),
        said=np.array(said, np.int64).reshape(-1, 3),
    )
    fresh.replace(path)


def _read(path: Path) -> Iterator[Scene]:
    with np.load(path, allow_pickle=False) as kept:
        frames, said = kept["frames"], kept["said"]
    for at, row in enumerate(frames):
        mine = said[said[:, 0] == at]
        yield Scene(row, tuple((int(word), int(end)) for _, word, end in mine))
