"""The learning rate that suits each method best, found on development halves.

These are the pool parted once more: nothing of the test is seen. Every method is tried at the same
rates on the same domains and the same draw of examples, with as many steps as it gets later.
"""

from collections.abc import Iterable, Mapping
from itertools import product

import numpy as np

from gnothi_lab.progress import watched
from gnothi_lab.sight.teaching.domains import Domain
from gnothi_lab.sight.teaching.runs import Laboratory, Run
from gnothi_train.vision.teach.methods import Method

RATES = (1e-3, 3e-3, 1e-2, 3e-2)
"""That are tried."""
DOMAINS = ("bccd", "cards")
"""Whose development halves are tried: large things that look alike, and small marks."""


def best_rates(
    laboratory: Laboratory, known: Mapping[str, Domain], methods: Iterable[Method], seed: int
) -> dict[Method, float]:
    """Return the rate of each of *methods* with the best mean AP50 over development halves."""
    halves = {name: known[name].development() for name in DOMAINS}
    tried = list(product(halves, methods))
    found: dict[Method, list[list[float]]] = {method: [] for _, method in tried}
    for name, method in watched(tried, "Trying learning rates"):
        half, basis = halves[name], "" if method is Method.SCRATCH else "large"
        runs = [Run(half.name, method, seed=seed, basis=basis, rate=rate) for rate in RATES]
        found[method].append([laboratory.outcome(run, half).ap50 for run in runs])
    return {method: RATES[int(np.mean(rows, axis=0).argmax())] for method, rows in found.items()}
