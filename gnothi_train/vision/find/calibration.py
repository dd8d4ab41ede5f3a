"""How sure the eyes are: from scores to probabilities, so that what is absent is not found.

A logistic function of the score of the best box for a phrase, fitted to phrases for things that
are there and for things that are not (Platt, 1999).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
from scipy.optimize import minimize

from gnothi_train.vision.find.measure import (
    SURE,
    Found,
    hits,
    judge,
    look,
    questions,
)
from gnothi_train.vision.find.network import Apart, Eyes, Regions
from gnothi_train.vision.find.vectors import PhraseVectors
from gnothi_train.vision.scenes.composing import Scene
from gnothi_train.vision.scenes.paint import COLOURS
from gnothi_train.vision.scenes.phrases import Phrase, phrase_of
from gnothi_train.vision.scenes.things import UNSEEN, named

WRONGLY = 0.1
"""Share of the things asked for that are not there, and of which one is seen all the same."""
_LEAST, _MOST = 0.1, 0.9
"""Between these is the probability from which a thing is said to be seen."""
_ABSENT = 4
"""Phrases for a scene that fit nothing in it."""


def calibrated(
    eyes: Eyes,
    regions: Regions,
    apart: Apart,
    scenes: Sequence[Scene],
    vectors: PhraseVectors,
    seed: int,
) -> Mapping[str, float]:
    """Return slope, shift, weight and least of :class:`gnothi.vision.finding.models.Settings`."""
    rows = np.array(list(_rows(look(eyes, regions, scenes), apart, scenes, vectors, seed)))
    scores, right, is_there = rows.T

    def loss(both: np.ndarray) -> float:
        logits = both[0] * scores + both[1]
        return float(np.mean(np.logaddexp(0, logits) - right * logits))

    slope, shift = minimize(loss, np.array([1.0, 1.0]), method="Nelder-Mead").x
    chances = 1 / (1 + np.exp(-(slope * scores + shift)))
    least = float(np.clip(np.quantile(chances[is_there < 1], 1 - WRONGLY), _LEAST, _MOST))
    return {"slope": float(slope), "shift": float(shift), "weight": SURE, "least": least}


def absent(scene: Scene, random: np.random.Generator, count: int) -> tuple[Phrase, ...]:
    """Return *count* phrases that fit nothing in *scene*, of nouns that a finder learns.

    Half of them have the noun of something that is there in another colour.
    """
    side = scene.pixels.shape[0]
    nouns, found = [noun for noun in named() if noun not in UNSEEN], list[Phrase]()
    there = [one.noun for one in scene.placed if one.colour]
    while len(found) < count:
        near = bool(there) and random.random() < 0.5
        pool = there if near else nouns
        noun = pool[int(random.integers(len(pool)))]
        colour = list(COLOURS)[int(random.integers(len(COLOURS)))]
        phrase = phrase_of(noun, colour if near or random.random() < 0.5 else None)
        if all(phrase.fits(one, side) is False for one in scene.placed):
            found.append(phrase)
    return tuple(found)


def _rows(
    founds: Iterable[Found],
    apart: Apart,
    scenes: Sequence[Scene],
    vectors: PhraseVectors,
    seed: int,
) -> Iterator[tuple[float, float, float]]:
    """Yield the best score for each phrase, whether it is right, and whether it could be."""
    random, told = np.random.default_rng(seed), judge(apart, vectors)
    for scene, found in zip(scenes, founds, strict=True):
        asked = questions(scene, random, _ABSENT)
        if asked:
            scores = told(found, [one.phrase for one in asked])
            right = hits(scores, found.boxes, asked)
            best = scores.max(axis=0).tolist()
            yield from ((score, float(one), 1.0) for score, one in zip(best, right, strict=True))
        none = told(found, absent(scene, random, _ABSENT))
        yield from ((score, 0.0, 0.0) for score in none.max(axis=0).tolist())
