"""How often the first thing found is the one that was meant, on scenes with known truth."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from gnothi.vision.boxes import Boxes, overlaps, suppressed
from gnothi.vision.finding.cutting import cut_out
from gnothi.vision.finding.models import MOST, SAME
from gnothi_train.vision.backbone import as_input
from gnothi_train.vision.find.naming import Mind
from gnothi_train.vision.find.network import Eyes, Joint, Regions
from gnothi_train.vision.find.vectors import PhraseVectors
from gnothi_train.vision.scenes.composing import Placed, Scene
from gnothi_train.vision.scenes.phrases import Phrase, phrase_for

RIGHT = 0.5
"""Overlap from which a box is the right one."""
SURE = 0.25
"""Weight of how sure it is that there is a thing, against how well it fits."""
_TRIES = 24
EACH = 4
"""Questions about a scene, at most."""


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """The things of one picture, surest first."""

    boxes: Boxes
    sure: NDArray[np.float64]
    """Probability of there being a thing, shape (things,)."""
    meanings: Tensor
    """Shape (things, dimensions), before they are made unit vectors."""


@dataclass(frozen=True, slots=True)
class Question:
    """A phrase that means one thing in a scene."""

    phrase: Phrase
    answer: Placed


def questions(scene: Scene, random: np.random.Generator, count: int) -> tuple[Question, ...]:
    """Return up to *count* phrases that mean exactly one thing of *scene* each, for sure."""
    side = scene.pixels.shape[0]
    found: dict[str, Question] = {}
    for _ in range(_TRIES if scene.placed else 0):
        thing = scene.placed[int(random.integers(len(scene.placed)))]
        phrase = phrase_for(thing, side, random, with_colour=True)
        fits = [phrase.fits(one, side) for one in scene.placed]
        if fits.count(True) == 1 and None not in fits:
            found.setdefault(phrase.text, Question(phrase, scene.placed[fits.index(True)]))
        if len(found) == count:
            break
    return tuple(found.values())


@torch.no_grad()
def look(
    eyes: Eyes, regions: Regions, scenes: Sequence[Scene], *, size: int = 16
) -> Iterator[Found]:
    """Yield the things that *eyes* see in each of *scenes*, and what *regions* take them for."""
    for begin in range(0, len(scenes), size):
        pixels = np.stack([scene.pixels for scene in scenes[begin : begin + size]])
        with torch.autocast("cpu", dtype=torch.bfloat16):
            sight = eyes(as_input(torch.from_numpy(pixels)))
        for picture, boxes, things in zip(pixels, sight.boxes, sight.things.sigmoid(), strict=True):
            best = things.topk(min(4 * MOST, len(things))).indices
            where, sure = boxes[best].double().numpy(), things[best].double().numpy()
            kept = suppressed(where, sure, SAME)[:MOST]
            with torch.autocast("cpu", dtype=torch.bfloat16):
                meanings = regions(*map(torch.from_numpy, cut_out(picture, where[kept])))
            yield Found(where[kept], sure[kept], meanings)


Judge = Callable[[Found, Sequence[Phrase]], NDArray[np.float64]]
"""How well each thing fits each phrase: (things, phrases)."""


def judge(mind: Mind, vectors: PhraseVectors) -> Judge:
    """Return how *mind* judges."""

    @torch.no_grad()
    def told(found: Found, phrases: Sequence[Phrase]) -> NDArray[np.float64]:
        texts = [phrase.text for phrase in phrases]
        words = vectors.words_of(texts) if isinstance(mind, Joint) else torch.zeros(0)
        logits = mind(found.meanings, vectors.of(texts), words)
        fits = torch.nn.functional.logsigmoid(logits.double()).numpy()
        return fits + SURE * np.log(found.sure + 1e-9)[:, None]

    return told


def recall(
    judges: Sequence[Judge], founds: Iterable[Found], scenes: Sequence[Scene], *, seed: int
) -> NDArray[np.float64]:
    """Return for each scene with a question the share that each judge answers right at once.

    Shape (scenes, judges).
    """
    shares: list[list[float]] = []
    random = np.random.default_rng(seed)
    for scene, found in zip(scenes, founds, strict=True):
        asked = questions(scene, random, EACH)
        if asked:
            phrases = [one.phrase for one in asked]
            right = [hits(one(found, phrases), found.boxes, asked) for one in judges]
            shares.append([float(np.mean(one)) for one in right])
    return np.array(shares)


def hits(scores: NDArray[np.float64], boxes: Boxes, asked: Sequence[Question]) -> list[bool]:
    """Return for each question whether the box with the best score is the right one."""
    truth = np.array([one.answer.box for one in asked], dtype=np.float64)
    best = boxes[scores.argmax(axis=0)]
    return [bool(one >= RIGHT) for one in np.diag(overlaps(best, truth))]


def seen(founds: Sequence[Found], scenes: Sequence[Scene], *, most: int = 30) -> float:
    """Return the share of all things that one of the *most* surest boxes is around."""
    shares = [
        (overlaps(np.array([one.box for one in scene.placed]), found.boxes[:most]) >= RIGHT)
        .any(axis=1)
        .mean()
        for scene, found in zip(scenes, founds, strict=True)
        if scene.placed
    ]
    return float(np.mean(shares))
