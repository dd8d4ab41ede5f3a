"""Retraining of the network's heads on labels, light enough for a home.

Lessons are wordings with the intent that they ought to have; beside them stands what people said
and the network answered well enough. The adjustments A of :class:`gnothi.language.heads.Heads`
minimise, with z the scores by which the served network decides,

    Σ_lessons CE(y, z + A φ) + Σ_kept (alpha + beta·[it worked]) KL(z ‖ z + A φ) + λ/2 ‖A‖².

The second term is the focal distillation of Yan et al., "Positive-congruent training: towards
regression-free model updates" (CVPR 2021): the old network teaches the new one, above all where it
was right, so that hardly anything that works today breaks. The sum is convex: there is one best A,
in whatever order turns come.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib import import_module
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from gnothi.language.decoder import decode, log_softmax
from gnothi.language.heads import Heads, likeness
from gnothi.language.models import Labels
from gnothi.text.encoder import Reading

Doubles: TypeAlias = NDArray[np.float64]
Objective: TypeAlias = Callable[[Doubles], tuple[float, Doubles]]
_DIGITS = 4
"""Decimal places of weights: what the last steps of the search leave open is not kept."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How heads are retrained; tuned as ``docs/decisions/0010-labels.md`` tells."""

    width: float = 0.175
    """τ: how far a lesson reaches."""
    alpha: float = 0.1
    """Weight of what is kept, whether it worked or not."""
    beta: float = 0.4
    """More weight of what worked."""
    shrinkage: float = 0.1
    """λ."""
    lessons: int = 300
    """At most so many; each costs a turn a fraction of a microsecond."""
    kept: int = 3_000
    """At most so many texts are held to what they meant."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """A wording as the network reads it, and the number of the intent that it ought to have."""

    text: str
    reading: Reading
    intent: int


@dataclass(frozen=True, slots=True)
class Kept:
    """A wording whose reading is to stay as it is."""

    text: str
    reading: Reading
    worked: bool = True


def fit(
    lessons: Sequence[Lesson],
    kept: Sequence[Kept],
    labels: Labels,
    *,
    network: str,
    ranks: Mapping[str, int],
    recipe: Recipe | None = None,
) -> Heads:
    """Return the adjustments of *network* that *lessons* call for, at the cost of nothing *kept*.

    *ranks* has the risk of each intent. The same content gives the same adjustments.
    """
    recipe = recipe or Recipe()
    taught = _some(lessons, recipe.lessons)
    held = _some(kept, recipe.kept)
    centres = _embeddings([one.reading for one in taught])
    near = likeness(centres, centres, recipe.width).astype(np.float64)
    near_kept = likeness(_embeddings([one.reading for one in held]), centres, recipe.width)
    focus = np.array([recipe.alpha + recipe.beta * one.worked for one in held])
    problem = _Problem(near, near_kept.astype(np.float64), focus, recipe.shrinkage)
    intents, weights = _fit_intents(taught, held, labels, problem)
    return Heads(
        network,
        centres,
        intents,
        weights,
        _fit_scope(taught, held, labels, problem),
        recipe.width,
        ranks=np.array([ranks[name] for name in labels.intents], np.int64),
        scope_threshold=labels.scope_threshold,
    )


def decision(reading: Reading, labels: Labels) -> Doubles:
    """Return the scores of all intents by which ``interpret`` decides: likelihood and slots' fit.

    Intents that were not considered count as fitting no better than the worst of those that were.
    """
    scores = log_softmax(reading.intents / np.float32(labels.temperature)).astype(np.float64)
    _, fits = decode(log_softmax(reading.tags), touching=labels.touching)
    scores += labels.slot_weight * float(fits.min())
    scores[reading.considered] += labels.slot_weight * (fits - fits.min())
    return scores


@dataclass(frozen=True, slots=True)
class _Problem:
    """What both searches share."""

    near: Doubles
    """φ of the lessons, lessons by centres."""
    near_kept: Doubles
    focus: Doubles
    """alpha + beta·[worked], one a kept text."""
    shrinkage: float

    def solve(self, rows: int, objective: Objective) -> NDArray[np.float32]:
        """Return the matrix of *rows* by centres that minimises *objective*."""
        optimize: Any = import_module("scipy.optimize")
        shape = rows, self.near.shape[1]
        penalty = self.shrinkage

        def penalised(flat: Doubles) -> tuple[float, Doubles]:
            value, slope = objective(flat.reshape(shape))
            return value + penalty / 2 * float(flat @ flat), slope.ravel() + penalty * flat

        start = np.zeros(rows * shape[1])
        options = {"maxiter": 500, "ftol": 1e-12, "gtol": 1e-7}
        found = optimize.minimize(penalised, start, jac=True, method="L-BFGS-B", options=options)
        best = np.asarray(found.x, np.float64).reshape(shape)
        return (np.round(best, _DIGITS) + 0.0).astype(np.float32)


def _fit_intents(
    lessons: Sequence[Lesson], kept: Sequence[Kept], labels: Labels, problem: _Problem
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return which intents move, and their weights: those asked for, and those taken for them."""
    scores = _decisions([one.reading for one in lessons], labels)
    scores_kept = _decisions([one.reading for one in kept], labels)
    wanted = np.array([one.intent for one in lessons], np.int64)
    moved = np.unique(np.concatenate([wanted, scores.argmax(1)]))
    truth = np.eye(scores.shape[1])[wanted]
    teacher = _softmax(scores_kept)

    def objective(weights: Doubles) -> tuple[float, Doubles]:
        told = _moved(scores, moved, problem.near @ weights.T)
        held = _moved(scores_kept, moved, problem.near_kept @ weights.T)
        surprise = -float((truth * _log_softmax(told)).sum())
        drift = (teacher * (_log_softmax(scores_kept) - _log_softmax(held))).sum(1)
        slope = (_softmax(told) - truth)[:, moved].T @ problem.near
        pull = (problem.focus[:, None] * (_softmax(held) - teacher))[:, moved]
        return surprise + float(problem.focus @ drift), slope + pull.T @ problem.near_kept

    return moved, problem.solve(len(moved), objective)


def _fit_scope(
    lessons: Sequence[Lesson], kept: Sequence[Kept], labels: Labels, problem: _Problem
) -> NDArray[np.float32]:
    """Return what is added to the scope's logit: nothing where no lesson is out of scope."""
    scope = np.array([one.reading.scope - labels.scope_threshold for one in lessons])
    if not (scope > 0).any():
        return np.zeros(len(lessons), np.float32)
    scope_kept = np.array([one.reading.scope - labels.scope_threshold for one in kept])
    teacher = _sigmoid(scope_kept)

    def objective(weights: Doubles) -> tuple[float, Doubles]:
        told = scope + problem.near @ weights[0]
        held = scope_kept + problem.near_kept @ weights[0]
        surprise = float(np.logaddexp(0, told).sum())
        drift = np.logaddexp(0, held) - np.logaddexp(0, scope_kept) - teacher * (held - scope_kept)
        pull = problem.focus * (_sigmoid(held) - teacher)
        slope = _sigmoid(told) @ problem.near + pull @ problem.near_kept
        return surprise + float(problem.focus @ drift), slope[None]

    return problem.solve(1, objective)[0]


def _some(texts: Sequence[Any], most: int) -> list[Any]:
    """Return at most so many, the same of the same texts: none is chosen for who said it."""
    return sorted(texts, key=lambda one: sha256(one.text.encode()).digest())[:most]


def _embeddings(readings: Sequence[Reading]) -> NDArray[np.float32]:
    rows = [reading.embedding for reading in readings]
    return np.stack(rows) if rows else np.zeros((0, 384), np.float32)


def _decisions(readings: Sequence[Reading], labels: Labels) -> Doubles:
    rows = [decision(reading, labels) for reading in readings]
    return np.stack(rows) if rows else np.zeros((0, len(labels.intents)))


def _moved(scores: Doubles, intents: NDArray[np.int64], change: Doubles) -> Doubles:
    moved = scores.copy()
    moved[:, intents] += change
    return moved


def _log_softmax(scores: Doubles) -> Doubles:
    shifted = scores - scores.max(-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(-1, keepdims=True))


def _softmax(scores: Doubles) -> Doubles:
    return np.exp(_log_softmax(scores))


def _sigmoid(scores: Doubles) -> Doubles:
    return 1 / (1 + np.exp(-scores))
