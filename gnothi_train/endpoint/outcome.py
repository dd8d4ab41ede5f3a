"""How an arbitrator fares: whom it cuts off, and for how long it lets people wait."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gnothi.speech.endpoint.arbitrator import Arbitrator
from gnothi_train.endpoint.listen import Listened

Floats = NDArray[np.float32]

SHIFTS = (-2.0, -1.0, 0.0, 1.0, 2.0)
"""Levels of patience, added to the log odds that are asked for."""
LATEST_S = 2.0
"""After so long a silence it is over."""


@dataclass(frozen=True, slots=True)
class Judged:
    """Probabilities of an end, moment by moment, in pauses and at ends."""

    heard: Sequence[Listened]
    told: Sequence[Floats]

    def decided(self, sure: float) -> Floats:
        """Return when each was taken for the end, at the latest after ``LATEST_S``."""
        return np.array(
            [
                min([*one.at_s[told >= sure].tolist(), LATEST_S])
                for one, told in zip(self.heard, self.told, strict=True)
            ],
            np.float32,
        )

    def figures(self, sure: float) -> dict[str, float]:
        """Return the share of early cut-offs and the latency, each kind of recording the same."""
        decided, weights = self.decided(sure), self.weights()
        goes_on = np.array([one.pause.goes_on_s or 0.0 for one in self.heard])
        is_end = np.array([one.pause.is_end for one in self.heard])
        early = np.average((decided < goes_on)[~is_end], weights=weights[~is_end])
        order = np.argsort(decided[is_end])
        summed = np.cumsum(weights[is_end][order]) / weights[is_end].sum()
        latencies = decided[is_end][order]
        return {
            "early_cutoffs": float(early),
            "latency_s_mean": float(np.average(decided[is_end], weights=weights[is_end])),
            "latency_s_p50": float(latencies[np.searchsorted(summed, 0.5)]),
            "latency_s_p90": float(latencies[np.searchsorted(summed, 0.9)]),
        }

    def weights(self) -> NDArray[np.float64]:
        """Return weights with which each kind counts the same, among pauses and among ends."""
        keys = [(one.kind, one.pause.is_end) for one in self.heard]
        return np.array([1 / keys.count(key) for key in keys])


def judge(arbitrator: Arbitrator, heard: Sequence[Listened], *, with_states: bool) -> Judged:
    """Return what *arbitrator* tells of what was *heard*."""
    return Judged(heard, [probabilities(arbitrator, one, with_states=with_states) for one in heard])


def probabilities(arbitrator: Arbitrator, one: Listened, *, with_states: bool) -> Floats:
    """Return how probable the end is at each moment; (moments,)."""
    if not len(one.at_s):
        return np.zeros(0, np.float32)
    states = one.states if with_states else None
    told = 1 / (1 + np.exp(-arbitrator.scores(one.plain, states)))
    return told.astype(np.float32)


def levels(judged: Judged, sure: float) -> list[tuple[float, float, float]]:
    """Return each level of patience with early cut-offs and mean latency; see ``habit.Level``."""
    odds = math.log(sure / (1 - sure))
    found: list[tuple[float, float, float]] = []
    for shift in SHIFTS:
        told = judged.figures(1 / (1 + math.exp(-odds - shift)))
        found.append((shift, told["early_cutoffs"], told["latency_s_mean"]))
    return found
