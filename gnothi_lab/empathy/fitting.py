"""The weights of the score, fitted to how sessions ended, in the form that the product has.

``score = sureness ** power * (share * liked + (1 - share) * closeness)`` never falls when a sign
rises, whatever the two numbers: the grid holds nothing that breaks the law.
"""

from collections.abc import Sequence
from itertools import product

import numpy as np

from gnothi.recommend.noise import Floats
from gnothi_lab.empathy.measuring import auc
from gnothi_lab.empathy.moments import Moments

POWERS = (0.0, 0.125, 0.25, 0.5, 0.75, 1.0)
SHARES = tuple(np.linspace(0.0, 1.0, 21).tolist())


def score(signs: Floats, power: float, share: float) -> Floats:
    """Return the score of rows of closeness, sentiment and sureness."""
    near, liked, sure = signs[:, 0], (signs[:, 1] + 1) / 2, signs[:, 2]
    return sure**power * (share * liked + (1 - share) * near)


def fit(parts: Sequence[Moments]) -> tuple[float, float]:
    """Return power and share with the highest AUC, on average over *parts* (families)."""

    def worth(weights: tuple[float, float]) -> float:
        return float(np.mean([auc(score(one.signs, *weights), one.is_success) for one in parts]))

    return max(product(POWERS, SHARES), key=worth)
