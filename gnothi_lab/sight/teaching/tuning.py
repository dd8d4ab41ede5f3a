"""The learning rate that suits each method best, found on development halves.

These are the pool parted once more: nothing of the test is seen. Every method is tried at the same
rates on the same domains and the same draw of examples, with as many steps as it gets later.
"""

from collections.abc import Callable, Iterable, Mapping

import numpy as np

from gnothi_lab.progress import watched
from gnothi_lab.sight.teaching.domains import Domain
from gnothi_lab.sight.teaching.runs import Laboratory, Run
from gnothi_train.vision.teach.methods import Method

RATES = (1e-3, 3e-3, 1e-2, 3e-2)
"""That every method is tried at."""
BEYOND = {RATES[0]: 3e-4, RATES[-1]: 1e-1}
"""What is tried as well where the best of those is the lowest or the highest."""
DOMAINS = ("bccd", "cards")
"""Whose development halves are tried: large things that look alike, and small marks."""


def best_rates(
    laboratory: Laboratory, known: Mapping[str, Domain], methods: Iterable[Method], seed: int
) -> dict[Method, float]:
    """Return the rate of each of *methods* with the best mean AP50 over development halves."""
    halves = {name: known[name].development() for name in DOMAINS}

    def scores(method: Method, rate: float) -> float:
        basis = "" if method is Method.SCRATCH else "large"
        runs = [
            (Run(half.name, method, seed=seed, basis=basis, rate=rate), half)
            for half in halves.values()
        ]
        return float(np.mean([laboratory.outcome(run, half).ap50 for run, half in runs]))

    return {
        method: _best(method, scores) for method in watched([*methods], "Trying learning rates")
    }


def _best(method: Method, scores: Callable[[Method, float], float]) -> float:
    """Return the rate of *method* with the best score, one beyond the usual ones if need be."""
    told = {rate: scores(method, rate) for rate in RATES}
    best = max(told, key=told.__getitem__)
    if best in BEYOND:
        told[BEYOND[best]] = scores(method, BEYOND[best])
    return max(told, key=told.__getitem__)
