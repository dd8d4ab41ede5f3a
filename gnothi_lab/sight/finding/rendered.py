"""Questions about rendered scenes, and who answers them."""

from collections.abc import Callable, Mapping, Sequence
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
from gnothi_train.vision.find.stages import learned
from gnothi_train.vision.find.vectors import PhraseVectors
from gnothi_train.vision.scenes.composing import Placed, Scene
from gnothi_train.vision.scenes.phrases import Phrase, phrase_of
from gnothi_train.vision.scenes.shards import read_shards
from gnothi_train.vision.scenes.things import is_new, named

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
        pupil = learned(folder, stage)
        (mind,) = pupil.minds.values()
        return cls(lambda scene: next(iter(look(pupil.eyes, [scene]))), judge(mind, vectors))


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

    @property
    def is_new(self) -> bool:
        """Whether it asks for a noun in a colour that training never saw it in."""
        asked, thing = self.question.phrase, self.question.answer
        painted = named()[thing.noun].is_painted
        return bool(asked.colour) and painted and is_new(thing.noun, asked.colour or "")


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
    some: Sequence[Scene], seed: int, wanted: Callable[[Placed], bool] = lambda one: True
) -> list[tuple[Scene, tuple[Question, ...]]]:
    """Return *some* scenes with questions about what is *wanted* in each."""
    random = np.random.default_rng(seed)
    told = [(scene, questions(scene, random, 3 * EACH)) for scene in some]
    return [
        (scene, chosen[:EACH])
        for scene, asked in told
        if (chosen := tuple(one for one in asked if wanted(one.answer)))
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
            )
            for at, one in enumerate(asked)
        ]
    return found


def _right(boxes: Boxes, scores: NDArray[np.float64], truth: NDArray[np.float64]) -> Sequence[bool]:
    best = boxes[scores.argmax(axis=0)]
    return [bool(one >= RIGHT) for one in np.diag(overlaps(best, truth))]


def _noun(one: Question) -> Phrase:
    return phrase_of(one.answer.noun)


def _colour(one: Question) -> Phrase:
    colour = one.phrase.colour
    return Phrase(f"the {colour} thing" if colour else "the thing", frozenset(), colour)
