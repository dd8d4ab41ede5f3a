"""Rules for the end of speech, replayed over pauses and ends: when each would have decided.

A rule is asked along one pause after the other, as it was heard once, and gives the second at which
it takes the person for finished, counted from when they fell silent. In the middle of what somebody
says that is an early cut-off if it comes before the person goes on; at an end it is the latency.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gnothi.speech.endpoint import completeness
from gnothi.speech.endpoint.arbitrator import PLAIN, Arbitrator
from gnothi.speech.endpoint.prosody import SAID
from gnothi.speech.endpoint.stopping import hurried, joined
from gnothi.speech.voice import STATEMENT
from gnothi_train.endpoint.listen import Listened

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

LATEST_S = 2.0
"""After so long a silence every rule decides: nobody waits longer for a machine."""
NEVER = np.inf
_NEARLY_S = 0.001
_COMPLETE = PLAIN - completeness.NUMBERS + 1
"""Where the language model's word on the end stands among the numbers of a moment."""
_WHOLE = 1.0
_SILENCE_S = SAID
"""Where the length of the silence stands among them."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A pause or an end, and everything that rules look at in it."""

    listened: Listened
    loudness_at_s: Floats
    """Ends of frames of 10 ms."""
    loudness: Floats
    """Decibels above the recording's own floor."""
    turn: Sequence[tuple[float, float]] = ()
    """When smart-turn was asked, and how probable it found the end."""
    whole: Floats | None = None
    """How probably the words are a whole request, moment by moment; nothing where none is made."""

    @property
    def is_end(self) -> bool:
        """Whether the person has finished."""
        return self.listened.pause.is_end

    @property
    def goes_on_s(self) -> float:
        """After how long the person goes on."""
        goes_on = self.listened.pause.goes_on_s
        return NEVER if goes_on is None else goes_on


Rule = Callable[[Heard], float]
"""Returns when it decides, ``NEVER`` if not by itself."""


def below(at_s: Floats, values: Floats, *, threshold: float, for_s: float) -> float:
    """Return when *values* have been below *threshold* for so long without a break."""
    if len(values) < 2:
        return NEVER
    step = float(at_s[1] - at_s[0])
    needed = max(1, round(for_s / step))
    run = 0
    for when, value in zip(at_s.tolist(), values.tolist(), strict=True):
        run = run + 1 if value < threshold else 0
        if run >= needed:
            return when
    return NEVER


def energy(above_db: float, for_s: float) -> Rule:
    """Return the rule: no louder than so much above the floor, for so long."""
    return lambda one: below(one.loudness_at_s, one.loudness, threshold=above_db, for_s=for_s)


def silero(threshold: float, for_s: float) -> Rule:
    """Return the rule: the voice detector finds speech less probable than this, for so long."""

    def decided(one: Heard) -> float:
        heard = one.listened
        return below(heard.chance_at_s, heard.chances, threshold=threshold, for_s=for_s)

    return decided


def asked(probabilities: Callable[[Heard], Floats], sure: float) -> Rule:
    """Return the rule: an arbitrator that is asked while the silence lasts is so *sure*."""

    def decided(one: Heard) -> float:
        told = probabilities(one)
        at = np.flatnonzero(told >= sure)
        return float(one.listened.at_s[at[0]]) if len(at) else NEVER

    return decided


def told(
    arbitrator: Arbitrator, one: Heard, *, with_states: bool = True, with_words: bool = True
) -> Floats:
    """Return how probable the product finds the end, moment by moment; (moments,).

    *with_words*, it hurries where they are a whole request, as patient as after a statement.
    """
    heard = one.listened
    if not len(heard.at_s):
        return np.zeros(0, np.float32)
    odds = arbitrator.scores(heard.plain, heard.states if with_states else None).tolist()
    if with_words and one.whole is not None:
        rows = zip(odds, one.whole.tolist(), heard.plain.tolist(), strict=True)
        odds = [
            hurried(odd, joined(whole, row[_COMPLETE]), row[_SILENCE_S], STATEMENT.wait_s)
            for odd, whole, row in rows
        ]
    return (1 / (1 + np.exp(-np.array(odds)))).astype(np.float32)


def unasked(for_s: float) -> Rule:
    """Return the first pass alone: a pause of *for_s*, or half of it after a whole sentence."""

    def decided(one: Heard) -> float:
        heard = one.listened
        for at_s, silence_s in zip(
            heard.chance_at_s.tolist(), heard.silences.tolist(), strict=True
        ):
            if silence_s >= for_s - _NEARLY_S:
                return at_s
            known = np.flatnonzero(heard.at_s <= at_s + _NEARLY_S)
            is_whole = len(known) > 0 and heard.plain[known[-1], _COMPLETE] > _WHOLE
            if is_whole and silence_s >= for_s / 2 - _NEARLY_S:
                return at_s
        return NEVER

    return decided


def smart_turn(sure: float, number: int = 0, latest_s: float = LATEST_S) -> Rule:
    """Return Pipecat's rule: asked once, after a silence; if not *sure*, waits for *latest_s*."""

    def decided(one: Heard) -> float:
        if len(one.turn) <= number:
            return NEVER
        at_s, told = one.turn[number]
        return at_s if told >= sure else max(at_s, latest_s)

    return decided


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a rule did with pauses and ends."""

    at_s: Doubles
    """When it decided; at most ``LATEST_S``."""
    is_early: NDArray[np.bool_]
    is_end: NDArray[np.bool_]
    weights: Doubles
    """How much each counts: kinds of recordings the same, pauses apart from ends."""

    @property
    def early(self) -> float:
        """Share of pauses in which somebody is cut off."""
        return float(np.average(self.is_early[~self.is_end], weights=self.weights[~self.is_end]))

    def latency(self, share: float) -> float:
        """Return the quantile of the latency at ends."""
        at_s, weights = self.at_s[self.is_end], self.weights[self.is_end]
        order = np.argsort(at_s)
        summed = np.cumsum(weights[order])
        # In the middle of each weight, and straight lines between: quantiles move smoothly.
        places = (summed - weights[order] / 2) / summed[-1]
        return float(np.interp(share, places, at_s[order]))


def outcome(rule: Rule, heard: Sequence[Heard], weights: Doubles) -> Outcome:
    """Return what *rule* does with all that was *heard*."""
    at_s = np.minimum([rule(one) for one in heard], LATEST_S)
    goes_on = np.array([one.goes_on_s for one in heard])
    return Outcome(at_s, at_s < goes_on, np.array([one.is_end for one in heard]), weights)


def evened(heard: Sequence[Heard]) -> Doubles:
    """Return weights with which each kind counts the same, among pauses and among ends."""
    keys = [(one.listened.kind, one.is_end) for one in heard]
    return np.array([1 / keys.count(key) for key in keys])


def at_latency(outcomes: Sequence[Outcome], seconds: float, *, share: float = 0.5) -> float:
    """Return the early cut-offs of a rule with another setting each, where its latency is this.

    Between settings straight lines are drawn; of settings that are slower *and* cut off more
    often than others, nothing is made. Beyond the fastest or slowest, it is theirs.
    """
    points = sorted((one.latency(share), one.early) for one in outcomes)
    kept: list[tuple[float, float]] = []
    for latency, early in points:
        if not kept or early < kept[-1][1]:
            kept.append((latency, early))
    latencies, shares = zip(*kept, strict=True)
    return float(np.interp(seconds, latencies, shares))
