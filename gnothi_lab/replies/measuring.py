"""F1 averaged over classes, its interval, and how well sureness is calibrated."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

BINS = 10
DRAWS = 2000


def macro_f1(truth: Sequence[str], found: Sequence[str]) -> float:
    """Return F1 averaged over the classes of *truth*; other classes in *found* are misses."""
    return float(_macro_f1(_confusion(truth, found)[None])[0])


def macro_f1_interval(
    truth: Sequence[str], found: Sequence[str], groups: Sequence[str], rng: np.random.Generator
) -> tuple[float, float]:
    """Return a 95 % interval of :func:`macro_f1`, drawing whole *groups* (dialogues).

    Classes that a draw misses are left out of its average.
    """
    classes = sorted({*truth, *found})
    names = sorted(set(groups))
    place = {name: at for at, name in enumerate(names)}
    counts = np.zeros((len(names), len(classes), len(classes)))
    for true, read, group in zip(truth, found, groups, strict=True):
        counts[place[group], classes.index(true), classes.index(read)] += 1
    weights = rng.multinomial(len(names), np.full(len(names), 1 / len(names)), DRAWS)
    drawn = np.tensordot(weights, counts, 1)
    low, high = np.quantile(_macro_f1(drawn), (0.025, 0.975))
    return float(low), float(high)


def calibration_error(sureness: Sequence[float], right: Sequence[bool]) -> float:
    """Return the expected calibration error over ten bins of equal width (Naeini et al. 2015).

    sum over bins of (size / n) |mean of right - mean of sureness|.
    """
    sure, hits = np.asarray(sureness), np.asarray(right, np.float64)
    bins = np.minimum((sure * BINS).astype(int), BINS - 1)
    gaps = [abs((hits[bins == one] - sure[bins == one]).sum()) for one in range(BINS)]
    return float(sum(gaps) / len(sure))


def _confusion(truth: Sequence[str], found: Sequence[str]) -> NDArray[np.float64]:
    classes = sorted({*truth, *found})
    counts = np.zeros((len(classes), len(classes)))
    for true, read in zip(truth, found, strict=True):
        counts[classes.index(true), classes.index(read)] += 1
    return counts


def _macro_f1(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return macro-F1 of confusion matrices; shape ``(matrices, true, found)``."""
    hits = np.diagonal(counts, axis1=1, axis2=2)
    true, found = counts.sum(2), counts.sum(1)
    scores = 2 * hits / np.maximum(true + found, 1)
    present = true > 0
    return (scores * present).sum(1) / np.maximum(present.sum(1), 1)
