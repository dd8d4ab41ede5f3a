"""What each view of a word is worth: global, local and fused, with true boxes.

True boxes isolate reading from finding. The readers of one spotter learned at once from the same
words, and differ in what they look at alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gnothi.vision.reading.cutting import boxes_of
from gnothi.vision.reading.letters import greedy, nearest
from gnothi.vision.reading.own import OwnReader
from gnothi_lab.sight.scenes import Scene
from gnothi_lab.sight.spotting import letters
from gnothi_lab.statistics import bootstrap

VIEWS = ("global", "local", "fused")
SMALL = 16.0
"""Words less high than so many pixels are small."""
STEEP = 45.0
"""Words turned by so many degrees at least are rotated."""


@dataclass(frozen=True, slots=True)
class Told:
    """One word of one page, and which views read it right."""

    page: str
    """What it is written on, at whatever angle that is shown."""
    angle: float
    """Degrees by which its page is turned."""
    height: float
    right: tuple[bool, ...]
    """In the order of ``VIEWS``."""

    @property
    def is_hard(self) -> bool:
        """Whether it is rotated or small."""
        return self.angle >= STEEP or self.height < SMALL


Readers = Mapping[str, OwnReader]
"""By view; the pictures are reduced for the global one by the same share for all."""


def compared(
    scenes: Sequence[Scene],
    angle: float,
    readers: Readers,
    lexicons: Sequence[Sequence[str]] = (),
) -> list[Told]:
    """Return how the *readers* read every readable word of *scenes*, given its true box.

    With *lexicons*, one a scene, each word becomes the likeliest one in it, where one is near.
    """
    known = lexicons or [()] * len(scenes)
    return [
        told
        for scene, lexicon in zip(scenes, known, strict=True)
        for told in _page(scene, angle, readers, lexicon)
    ]


def _page(scene: Scene, angle: float, readers: Readers, lexicon: Sequence[str]) -> list[Told]:
    words = [one for one in scene.words if any(map(str.isalnum, one.text))]
    if not words:
        return []
    boxes = boxes_of(np.array([one.corners for one in words]))
    read: list[list[bool]] = []
    features, _ = readers["fused"].find(scene.pixels)  # all views have one finder
    for view in VIEWS:
        scores = readers[view].scores(features, scene.pixels, boxes)
        texts = [nearest(one, lexicon) if lexicon else greedy(one)[0] for one in scores]
        pairs = zip(words, texts, strict=True)
        read.append([letters(text) == letters(word.text) for word, text in pairs])
    page = scene.name.partition("@")[0]
    heights = boxes[:, 3].tolist()
    return [
        Told(page, angle, height, right)
        for height, right in zip(heights, zip(*read, strict=True), strict=True)
    ]


def lexicon(
    scene: Scene, others: Sequence[Scene], count: int, rng: np.random.Generator
) -> list[str]:
    """Return the words of *scene* as they are written, and *count* of *others*."""
    own = {word.text for word in scene.words if word.text}
    rest = sorted({word.text for one in others for word in one.words if word.text} - own)
    return [*sorted(own), *map(str, rng.choice(rest, min(count, len(rest)), replace=False))]


def accuracy(words: Sequence[Told], view: str) -> float:
    """Return the share of *words* that *view* reads right."""
    at = VIEWS.index(view)
    return float(np.mean([one.right[at] for one in words])) if words else 0.0


def gain(
    words: Sequence[Told], other: str, rng: np.random.Generator
) -> tuple[float, tuple[float, float]]:
    """Return by how much fused is more often right than *other*, with its interval over pages.

    Words of a page share its typeface, paper and light, at whatever angle it is shown.
    """
    one, two = VIEWS.index("fused"), VIEWS.index(other)
    pages = sorted({word.page for word in words})
    index = {page: at for at, page in enumerate(pages)}
    sums: NDArray[np.float64] = np.zeros((len(pages), 2))
    for word in words:
        sums[index[word.page]] += [word.right[one] - float(word.right[two]), 1]
    return gained(sums, rng)


def gained(
    sums: NDArray[np.float64], rng: np.random.Generator
) -> tuple[float, tuple[float, float]]:
    """Return how many more words are right, as a share, with its interval over pages.

    *sums* are (pages, 2): how many more are right on that page, and how many words it has.
    """
    total = sums.sum(axis=0)

    def over(drawn: NDArray[np.float64], axis: int) -> NDArray[np.float64]:
        del axis
        chosen = sums[np.atleast_2d(drawn).astype(int)].sum(axis=1)
        return chosen[:, 0] / np.maximum(1, chosen[:, 1])

    interval = bootstrap(np.arange(len(sums), dtype=np.float64), rng, statistic=over, draws=1000)
    return float(total[0] / max(1, total[1])), interval


def opened(folder: Path, views: Sequence[str], longest: int) -> dict[str, OwnReader]:
    """Return readers by view, of the artifacts in *folder*."""
    return {view: OwnReader(folder / view, longest=longest) for view in views}
