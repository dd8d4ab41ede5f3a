"""VADER (Hutto and Gilbert 2014): rules and a lexicon, from PyPI, with tuned thresholds.

Its score from -1 to 1 is cut in three where development replies ask for it, which is more than
its authors' cuts at -0.05 and 0.05 would give it.
"""

from collections.abc import Sequence

import numpy as np
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from gnothi.recommend.replies.responses import Direction
from gnothi_lab.replies.measuring import macro_f1
from gnothi_lab.replies.spoken import Spoken

CUTS = np.round(np.arange(-0.9, 0.91, 0.05), 2).tolist()


class Vader:
    """Says for or against by VADER's compound score."""

    def __init__(self, development: Sequence[Spoken]) -> None:
        """Choose the cuts with the best macro-F1 over *development* replies."""
        self._analyser = SentimentIntensityAnalyzer()
        liking = [one for one in development if one.is_liking]
        truth = [one.direction for one in liking]
        scores = [self._score(one.text) for one in liking]
        pairs = [(low, high) for low in CUTS for high in CUTS if low <= high]
        self.cuts = max(pairs, key=lambda cut: macro_f1(truth, [_cut(s, cut) for s in scores]))

    def read(self, text: str) -> Direction:
        """Return the direction of *text*."""
        return _cut(self._score(text), self.cuts)

    def _score(self, text: str) -> float:
        return float(self._analyser.polarity_scores(text)["compound"])


def _cut(score: float, cuts: tuple[float, float]) -> Direction:
    if score < cuts[0]:
        return Direction.AGAINST
    return Direction.FOR if score > cuts[1] else Direction.BETWEEN
