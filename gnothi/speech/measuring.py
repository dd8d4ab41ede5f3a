"""How well recognisers hear given recordings, and which of them to take.

Word errors are counted over all recordings. Their interval is a bootstrap over recordings (95 %,
percentiles of 1000 draws, seed 0); two recognisers are compared on the same draws. Recordings of
one voice say nothing about other voices, and no interval knows that.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gnothi.core.hearing import RATE, Hints, Recogniser, Samples
from gnothi.speech.word_errors import Errors, compare, rate

BLOCK = 1600
"""Samples that a recogniser is given at once: what a microphone brings in 0.1 s."""
PATIENCE_MS = 2000
"""Longer, nobody waits for the text after the last word."""
_DRAWS = 1000
_HOPELESS = 0.5
"""Who gets more words wrong is not recommended."""


@dataclass(frozen=True, slots=True)
class Recording:
    """Sound, and what is said in it."""

    text: str
    samples: Samples


@dataclass(frozen=True, slots=True)
class Measured:
    """How well a recogniser heard."""

    recogniser: str
    errors: tuple[Errors, ...]
    """Of each recording, in their order."""
    heard: tuple[str, ...]
    """What it made of each recording."""
    real_time_factor: float
    """Seconds of computing for each second of sound, of this process alone."""
    finish_ms: float
    """Longest wait for the text after the last sample."""

    @property
    def word_error_rate(self) -> float:
        """Words that are wrong, missing or too many, for each word that was said."""
        return rate(self.errors)

    @property
    def all_right(self) -> float:
        """Share of recordings with every word right."""
        return sum(one.edits == 0 for one in self.errors) / len(self.errors)

    @property
    def interval(self) -> tuple[float, float]:
        """Where the word error rate lies with 95 %, by bootstrap over recordings."""
        low, high = np.percentile(_drawn(self.errors), (2.5, 97.5))
        return float(low), float(high)

    @property
    def is_quick(self) -> bool:
        """Whether one can talk with it on this machine."""
        return self.real_time_factor <= 1 and self.finish_ms <= PATIENCE_MS

    def told(self) -> dict[str, object]:
        """Return it as JSON has it."""
        return {
            "recogniser": self.recogniser,
            "word_error_rate": round(self.word_error_rate, 4),
            "interval": [round(one, 4) for one in self.interval],
            "all_right": round(self.all_right, 4),
            "real_time_factor": round(self.real_time_factor, 3),
            "finish_ms": round(self.finish_ms),
        }


def measure(
    name: str,
    recogniser: Recogniser,
    hints: Hints,
    recordings: Sequence[Recording],
    *,
    told: Callable[[Iterable[Recording]], Iterable[Recording]] = lambda given: given,
) -> Measured:
    """Have *recogniser* hear *recordings*; *told* sees them go by.

    Raises:
        GnothiError: it can't be used.
    """
    # The first stream makes ready what the others use.
    recogniser.open(hints).close()
    errors, heard, computed, waits = list[Errors](), list[str](), 0.0, [0.0]
    for one in told(recordings):
        began = time.process_time()
        stream = recogniser.open(hints)
        try:
            for at in range(0, len(one.samples), BLOCK):
                stream.accept(one.samples[at : at + BLOCK])
            last = time.perf_counter()
            found = stream.finish()
            waits.append(1000 * (time.perf_counter() - last))
        finally:
            stream.close()
        computed += time.process_time() - began
        heard.append(found[0].text if found else "")
        errors.append(compare(one.text, heard[-1]))
    seconds = sum(len(one.samples) for one in recordings) / RATE
    return Measured(name, tuple(errors), tuple(heard), computed / seconds, max(waits))


@dataclass(frozen=True, slots=True)
class Advice:
    """Which recogniser to take, and on how little that rests."""

    choice: str
    why: tuple[str, ...]
    """In sentences."""


def advise(found: Sequence[Measured], *, usual: str = "") -> Advice:
    """Return what to take of *found*, which all heard the same recordings.

    The fewest word errors win among those that are quick enough. Where chance may have decided,
    the *usual* one stays if it is among the equals: a change needs a reason. Where nobody heard
    half of it, it stays as well: then something else is wrong.
    """
    quick = [one for one in found if one.is_quick] or list(found)
    order = sorted(quick, key=lambda one: (one.word_error_rate, one.finish_ms))
    best = order[0]
    if best.word_error_rate > _HOPELESS:
        told = (
            f"Nobody heard much: even {best.recogniser} got {_words(best)} wrong. Look at the "
            "microphone, and measure again."
        )
        return Advice(usual or best.recogniser, (told,))
    equals = [one for one in order if _may_be_chance(best, one)]
    taken = next((one for one in equals if one.recogniser == usual), best)
    why = [f"It got {_words(taken)} wrong."]
    if others := [one for one in equals if one is not taken]:
        names = " and ".join(f"{one.recogniser} ({_words(one)})" for one in others)
        why.append(f"It can't be told apart from {names} on this little: chance may have decided.")
    why.extend(
        f"{one.recogniser} ({_words(one)}) is too slow here: it lets you wait for "
        f"{one.finish_ms / 1000:.1f} s."
        for one in found
        if one not in quick
        and (one.recogniser == usual or one.word_error_rate < taken.word_error_rate)
    )
    if not taken.is_quick:
        why.append(f"It is slow here, as all are: it lets you wait {taken.finish_ms / 1000:.1f} s.")
    return Advice(taken.recogniser, tuple(why))


def _words(one: Measured) -> str:
    edits, words = sum(each.edits for each in one.errors), sum(each.words for each in one.errors)
    return f"{edits} of {words} words"


def _may_be_chance(best: Measured, other: Measured) -> bool:
    """Whether 95 % of the differences on the same draws of recordings do not exclude none."""
    differences = _drawn(other.errors) - _drawn(best.errors)
    return float(np.percentile(differences, 2.5)) <= 0


def _drawn(errors: Sequence[Errors]) -> NDArray[np.float64]:
    """Return word error rates of draws of recordings, the same draws for equally many."""
    edits = np.array([one.edits for one in errors], np.float64)
    words = np.array([one.words for one in errors], np.float64)
    drawn = np.random.default_rng(0).integers(len(errors), size=(_DRAWS, len(errors)))
    return edits[drawn].sum(axis=1) / np.maximum(words[drawn].sum(axis=1), 1)
