"""Questions about rendered scenes, and who answers them."""

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gnothi.vision.boxes import Boxes, areas, overlaps
from gnothi.vision.finding.models import Seer, View
from gnothi_lab.progress import watched
from gnothi_train.vision.find.measure import (
    EACH,
    RIGHT,
    Found,
    Judge,
    Question,
    judge,
    look,
    questions,
)
from gnothi_train.vision.find.stages import learned, learned_eyes
from gnothi_train.vision.find.vectors import PhraseVectors
from gnothi_train.vision.scenes.composing import Scene
from gnothi_train.vision.scenes.phrases import Phrase, phrase_of
from gnothi_train.vision.scenes.shards import read_shard, read_shards
from gnothi_train.vision.scenes.things import is_new, named

Pair = tuple[str, str]
"""Noun and colour."""
_SURE = 0.3
"""Probability from which a box is one of a thing, for who takes the largest."""


@dataclass(frozen=True, slots=True)
class Other:
    """Eyes that are not served, and how they judge."""

    look: Callable[[Scene], Found]
    judge: Judge

    @classmethod
    def read(cls, folder: Path, stage: str, vectors: PhraseVectors) -> "Other":
        """Return who learned in *stage*, from its checkpoint in *folder*."""
        pupil, eyes = learned(folder, stage), learned_eyes(folder)
        (mind,) = pupil.minds.values()
        return cls(
            lambda scene: next(iter(look(eyes, pupil.regions, [scene]))), judge(mind, vectors)
        )


@dataclass(frozen=True, slots=True)
class Answered:
    """A question, and who was right."""

    scene: str
    question: Question
    right: Mapping[str, bool]
    found: tuple[float, ...]
    """The box that the served eyes take."""
    picture: bytes
    """JPEG."""
    needs_both: bool
    """Whether neither the noun alone nor the colour alone tells which thing is meant."""

    @property
    def pair(self) -> Pair | None:
        """The noun and the colour that are asked for; ``None`` where no colour is."""
        colour = self.question.phrase.colour
        return (self.question.answer.noun, colour) if colour else None

    def is_new(self, told: Container[Pair]) -> bool:
        """Whether it asks for a pair that is kept for tests and is not among those *told*."""
        pair = self.pair
        return pair is not None and is_kept(pair) and pair not in told


def is_kept(pair: Pair) -> bool:
    """Whether *pair* is one that training is meant not to see."""
    return named()[pair[0]].is_painted and is_new(*pair)


def pairs_in(folder: Path, *patterns: str) -> frozenset[Pair]:
    """Return every noun and colour of a thing in the shards in *folder* that fit a pattern.

    Whatever it was painted with: what counts is what a training is told of.
    """
    return frozenset(
        (one.noun, one.colour)
        for pattern in patterns
        for path in folder.glob(pattern)
        for scene in read_shard(path)
        for one in scene.placed
        if one.colour
    )


def needs_both(scene: Scene, question: Question) -> bool:
    """Whether in *scene* several things are of the noun, and several of the colour, asked for."""
    asked = question.phrase
    if asked.colour is None or not asked.nouns:
        return False
    alone = Phrase("", asked.nouns), Phrase("", frozenset(), asked.colour)  # no size, so no side
    return all(sum(one.fits(thing, 1) is True for thing in scene.placed) > 1 for one in alone)


def scenes(folder: Path, kind: str, *, most: int) -> Sequence[Scene]:
    """Return about *most* scenes of *kind* that ``gnothi-train eyes`` rendered, from every seed.

    Raises:
        ValueError: there are none.
    """
    found = read_shards(folder, f"{kind}-[0-9]*.npz")
    if not found:
        raise ValueError(f"find-object needs the scenes in {folder}: run gnothi-train eyes")
    return found[:: max(1, len(found) // most)]


def asked_about(
    some: Sequence[Scene],
    seed: int,
    wanted: Callable[[Scene, Question], bool] = lambda scene, one: True,
) -> list[tuple[Scene, tuple[Question, ...]]]:
    """Return *some* scenes with the questions about each that are *wanted*."""
    random = np.random.default_rng(seed)
    told = [(scene, questions(scene, random, 3 * EACH)) for scene in some]
    return [
        (scene, chosen[:EACH])
        for scene, asked in told
        if (chosen := tuple(one for one in asked if wanted(scene, one)))
    ]


def of_served(seer: Seer, view: View, phrases: Sequence[Phrase]) -> NDArray[np.float64]:
    """Return how likely the served eyes take each thing for what each phrase means."""
    return seer.likely(view, tuple(phrase.text for phrase in phrases))


def answer(
    rows: Sequence[tuple[Scene, tuple[Question, ...]]],
    seer: Seer,
    others: Mapping[str, Other],
    title: str,
) -> list[Answered]:
    """Return who of the served eyes, simple rules and *others* answers which question right."""
    found: list[Answered] = []
    for number, (scene, asked) in enumerate(watched(rows, title)):
        view = seer.view(scene.pixels)
        phrases = [one.phrase for one in asked]
        truth = np.array([one.answer.box for one in asked], dtype=np.float64)
        scores = {
            "ours": of_served(seer, view, phrases),
            "largest object": np.repeat(
                (areas(view.boxes) * (view.sure > _SURE))[:, None], len(asked), axis=1
            ),
            "noun alone": of_served(seer, view, [_noun(one) for one in asked]),
            "colour alone": of_served(seer, view, [_colour(one) for one in asked]),
        }
        right = {name: _right(view.boxes, told, truth) for name, told in scores.items()}
        for name, other in others.items():
            seen = other.look(scene)
            right[name] = _right(seen.boxes, other.judge(seen, phrases), truth)
        found += [
            Answered(
                str(number),
                one,
                {name: told[at] for name, told in right.items()},
                tuple(view.boxes[scores["ours"][:, at].argmax()].tolist()),
                scene.jpeg,
                needs_both(scene, one),
            )
            for at, one in enumerate(asked)
        ]
    return found


def _right(boxes: Boxes, scores: NDArray[np.float64], truth: NDArray[np.float64]) -> Sequence[bool]:
    best = boxes[scores.argmax(axis=0)]
    return [bool(one >= RIGHT) for one in np.diag(overlaps(best, truth))]


def is_right(box: Sequence[float], true: Sequence[float]) -> bool:
    """Whether *box* overlaps the *true* one enough."""
    return bool(overlaps(np.array([box]), np.array([true]))[0, 0] >= RIGHT)


def _noun(one: Question) -> Phrase:
    return phrase_of(one.answer.noun)


def _colour(one: Question) -> Phrase:
    colour = one.phrase.colour
    return Phrase(f"the {colour} thing" if colour else "the thing", frozenset(), colour)
