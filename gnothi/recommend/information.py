"""How much a prompt is expected to tell of what somebody would like, in nats.

The mutual information of the answer and the item, by the answer's chances in
:mod:`gnothi.recommend.noise` (Lindley 1956). An answer depends on an item only through a few
classes (has the value or not), so nothing is simulated: all attributes take microseconds.
"""

import numpy as np

from gnothi.recommend.belief import Jury
from gnothi.recommend.noise import Floats, Noise, Singles


def entropy(chances: Floats) -> Floats:
    """Return the entropy along the last axis, shape ``(…, outcomes)`` to ``(…)``."""
    safe = np.where(chances > 0, chances, 1.0)
    return np.asarray(-(chances * np.log(safe)).sum(-1), np.float64)


def yes_or_no(yes: Floats) -> Floats:
    """Return the entropy of answers that are yes with chance *yes*."""
    safe = np.clip(yes, 1e-12, 1 - 1e-12)
    return np.asarray(-safe * np.log(safe) - (1 - safe) * np.log1p(-safe), np.float64)


def of_suggestions(values: Floats, shrugs: Floats, noise: Noise) -> tuple[Floats, Floats]:
    """Return gain and chance of a yes for suggesting each value; *values* are their chances.

    I = (1 - u) * (h(q * hit + (1 - q) * stray) - q * h(hit) - (1 - q) * h(stray))
    """
    yes = values * noise.hit + (1 - values) * noise.stray
    sure, stray = yes_or_no(np.array([noise.hit, noise.stray]))
    gain = (1 - shrugs) * (yes_or_no(yes) - values * sure - (1 - values) * stray)
    return np.maximum(gain, 0.0), yes * (1 - shrugs)


def of_pairs(
    first: Floats, second: Floats, both: Floats, shrugs: Floats, noise: Noise
) -> tuple[Floats, Floats]:
    """Return gain and chance of taking one, for choices between two values.

    *first* and *second* are the chances of the values, *both* those of having both.
    """
    only, other = first - both, second - both
    classes = np.stack([1 - only - other - both, only, other, both], -1).clip(0.0, 1.0)
    answers = classes @ noise.choice
    answers /= answers.sum(-1, keepdims=True)
    gain = (1 - shrugs) * (entropy(answers) - classes @ entropy(noise.choice))
    return np.maximum(gain, 0.0), (1 - answers[..., 2]) * (1 - shrugs)


def of_samples(likes: Singles, jury: Jury) -> tuple[Floats, Floats]:
    """Return gain and chance of a yes for samples: *likes* are ``(jury, samples)``."""
    yes = jury.mass(likes)
    gain = yes_or_no(yes) - jury.mass(yes_or_no(likes.astype(np.float64)))
    return np.maximum(gain, 0.0), yes


def of_open(jury: Jury) -> float:
    """Return how much it tells when somebody names one value, any, of what they would like."""
    sizes = np.maximum(np.diff(jury.facts.indptr), 1).astype(np.float32)
    named = np.asarray(jury.facts.T @ (jury.weights / sizes), np.float64)
    return max(0.0, float(entropy(named)) - float(jury.weights @ np.log(sizes)))
