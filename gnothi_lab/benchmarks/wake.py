"""Wake words: misses, and false wakes an hour, of clusters of recordings that were never heard.

What is measured is the network that comes with Gnothi, trained anew without each part of the
recordings in turn: whole clusters (which stand in for people), speakers and voices are in one part.
The threshold for a part is chosen on the others.
"""

import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from scipy.stats import chi2

from gnothi.core.hearing import RATE
from gnothi.speech.waking.openwakeword import PACKAGE
from gnothi.speech.waking.own import SHIPPED, OwnWakeWord
from gnothi.speech.waking.spotter import FILE
from gnothi_lab.progress import watched
from gnothi_lab.result import ROOT, Result
from gnothi_lab.speech.waking import (
    CLEAN,
    Listener,
    Outcome,
    Trial,
    crossed,
    key_phrases,
    noises,
    open_wake_word,
    ours,
    talk,
)
from gnothi_lab.statistics import cluster_bootstrap, rate
from gnothi_train.speech.augment import Places
from gnothi_train.wake.clips import real, synthetic
from gnothi_train.wake.folds import PARTS, Folds
from gnothi_train.wake.judge import Heard
from gnothi_train.wake.learn import Recipe
from gnothi_train.wake.trainer import PER_HOUR, USUAL, is_recorded

KEPT = ROOT / "build" / "wake"
"""Where scenes and networks stay: those of ``gnothi-train wake``, if it ran with the same seed."""
SPOKEN, SCENES, TALK = 200, 1000, 200
COUNTED = ("20db", "10db", "5db")
"""Conditions whose mean is the figure."""
OFTEN = 1.0
"""False wakes an hour at the second operating point."""
_FEW = 12
"""Slow listeners hear each so many-th clip without a word of theirs."""
_BLOCK = 1_024
Parts = list[dict[str, dict[str, Heard]]]
"""For each part, by word and condition."""
Figures = dict[str, float]
Intervals = dict[str, tuple[float, float]]


def run(*, quick: bool, seed: int, data: Path | None) -> Result:
    """Measure ours, pocketsphinx, and openWakeWord where it is installed.

    *quick* barely learns, and measures ours alone.
    """
    if data is None:
        raise ValueError("wake needs the recordings: set GNOTHI_DATA")
    return Bench(data, seed, quick=quick).result()


class Bench:
    """Everything that is trained and measured."""

    def __init__(self, data: Path, seed: int, *, quick: bool) -> None:
        """Read *data*."""
        self._quick, self._seed = quick, seed
        spoken = 20 if quick else SPOKEN
        voices = KEPT / "voices"
        said = synthetic(voices, USUAL, seed=seed, each=spoken, others=4 * spoken)
        clips = (*real(data, USUAL), *said)
        places, quiet = Places.read(data, "train"), Places.read(data, "dev")
        each, recipe = (16, Recipe(epochs=1)) if quick else (SCENES, Recipe())
        self._folds = Folds(USUAL, clips, places, KEPT, _shown, each, recipe, seed=seed)
        rng = np.random.default_rng((seed, 6))
        others = [*talk(40 if quick else TALK, USUAL, rng), *noises(quiet)]
        parts = [
            [one for one in self._folds.of(part) if is_recorded(one)] + others[part::PARTS]
            for part in range(PARTS)
        ]
        self._tested = Trial([part[:: 20 if quick else 1] for part in parts], quiet, seed)

    def result(self) -> Result:
        """Return the figures."""
        words = self._folds.words
        heard = self._heard(words, _listener(self._folds), self._tested)
        outcomes = {word: crossed([part[word] for part in heard], PER_HOUR) for word in words}
        often = {word: crossed([part[word] for part in heard], OFTEN) for word in words}
        at_one = _figures(often)
        rng = np.random.default_rng(self._seed)
        baselines, peers = ({}, {}) if self._quick else (self._baselines(), self._peers())
        return Result(
            name="wake",
            figures={
                **_figures(outcomes),
                **{f"{name}_at_one_per_hour": at_one[name] for name in _MAIN},
                **_lateness(heard, outcomes),
                **self._product(),
            },
            intervals=_intervals(outcomes, rng),
            baselines=baselines,
            peers=peers,
            notes=(*self._notes(outcomes), *((_SLOW,) if baselines else ())),
        )

    def _heard(self, words: Sequence[str], listener: Listener, tested: Trial) -> Parts:
        """Return for each part how each word fares in each condition."""
        found: Parts = []
        for part in range(PARTS):
            by_word: dict[str, dict[str, Heard]] = {word: {} for word in words}
            for condition in watched(tested.conditions(), f"Listening to part {part + 1}"):
                for word, one in tested.heard(part, condition, words, listener).items():
                    by_word[word][condition] = one
            found.append(by_word)
        return found

    def _baselines(self) -> dict[str, Figures]:
        """Return what the key phrases of pocketsphinx reach."""
        found = self._known(
            "pocketsphinx", lambda: self._reached(USUAL, key_phrases(USUAL), self._some(USUAL, 4))
        )
        return {"pocketsphinx, key phrases": found}

    def _peers(self) -> dict[str, Figures]:
        """Return what openWakeWord reaches with the word that it has, too."""
        if not find_spec(PACKAGE):
            return {}
        word = USUAL[:1]
        found = self._known(
            "openwakeword",
            lambda: self._reached(word, open_wake_word(word), self._some(word, 2)),
        )
        return {"openWakeWord": found}

    def _known(self, name: str, measure: Callable[[], Figures]) -> Figures:
        """Return the figures called *name*, measured unless they are kept: these take long."""
        path = KEPT / f"{name}-{'quick-' * self._quick}{self._seed}.json"
        if not path.exists():
            path.write_text(json.dumps(measure()), encoding="utf-8")
        return json.loads(path.read_text(encoding="utf-8"))

    def _reached(self, words: Sequence[str], listener: Listener, tested: Trial) -> Figures:
        heard = self._heard(words, listener, tested)
        return _figures({word: crossed([part[word] for part in heard], PER_HOUR) for word in words})

    def _some(self, words: Sequence[str], every: int) -> Trial:
        """Return what slow listeners hear, clean: each so many-th of *words*, fewer of the rest."""
        parts = [
            [one for at, one in enumerate(part) if at % (every if one.word in words else _FEW) == 0]
            for part in self._tested.parts
        ]
        return Trial(parts, self._tested.places, self._seed, ())

    def _product(self) -> Figures:
        """Return what the artifact that is served costs, in blocks as satellites send them."""
        stream = OwnWakeWord(USUAL).open()
        sound = np.concatenate([one for _, one, _ in self._tested.played(0, CLEAN)])[: 300 * RATE]
        begun = time.process_time()
        for start in range(0, len(sound), _BLOCK):
            stream.accept(sound[start : start + _BLOCK])
        spent = time.process_time() - begun
        return {
            "real_time_factor": spent / (len(sound) / RATE),
            "size_kb": (SHIPPED / FILE).stat().st_size / 1000,
        }

    def _notes(self, outcomes: Mapping[str, Outcome]) -> Sequence[str]:
        hours = {word: f"{sum(one.hours):.1f}" for word, one in outcomes.items()}
        said = {word: len(one.missed[CLEAN]) for word, one in outcomes.items()}
        people = len({group for one in outcomes.values() for group in one.groups[CLEAN]})
        return (
            (
                f"Real people say {said} in {people} clusters of recording conditions, which stand "
                f"in for speakers: some speakers may be in two. {PARTS} parts of whole clusters, "
                f"speakers and groups of voices (seed {self._seed}); each is heard by a network "
                "that learned from the others, and woken at a threshold that was chosen on the "
                f"others: the lowest with at most {PER_HOUR} false wakes an hour. The recipe was "
                "chosen on part 0, whose figures may be a little too good."
            ),
            (
                f"False wakes are counted in {hours} hours without the word, clean and, "
                "half of it again, with noise at 10 dB: the other wake words (and three more), "
                "orders to a coffee maker, read speech, digits, Precise's words, 200 "
                "sentences by a synthetic voice that nothing was learned from (as on television; "
                "rms of flite), noises of homes, and quiet rooms between all of these. It is far "
                "denser in speech than a day at home."
            ),
            (
                "Noise: ESC-10, fold 4, which nothing was learned from, softer than the word by as "
                "many decibels as the name says; misses are the mean over 20, 10 and 5 dB. Figures "
                "without the name of a word are of all words together."
            ),
            "Intervals: misses by the bootstrap over clusters; false wakes as Poisson counts.",
        )


_SLOW = (
    "pocketsphinx hears every fourth recording of the words, openWakeWord every second 'alexa' (it "
    "has neither 'computer' nor 'jarvis' alone), and both one of twelve other clips, all of it "
    "clean: they are slow. Thresholds are chosen in the same way; with so little else, half "
    "a false wake an hour means none at all in the other parts. Whether openWakeWord's network "
    "learned from these recordings is not known."
)
_MAIN = ("misses", "misses_clean", "false_per_hour")


def _shown(steps: Iterable[int], title: str, _total: int) -> Iterable[int]:
    return watched([*steps], title)


def _listener(folds: Folds) -> Listener:
    return ours({part: folds.spotter(part) for part in range(PARTS)})


def _figures(outcomes: Mapping[str, Outcome]) -> Figures:
    """Return misses in each condition and false wakes, of all words and of each."""
    found: Figures = {}
    for word, one in outcomes.items():
        missed = {name: rate(some) for name, some in one.missed.items()}
        found |= {f"misses_{name}_{word}": value for name, value in missed.items()}
        found[f"false_per_hour_{word}"] = sum(one.false) / sum(one.hours)
    every = {
        f"misses_{name}": rate([hit for one in outcomes.values() for hit in one.missed[name]])
        for name in _conditions(outcomes)
    }
    if set(COUNTED) <= set(_conditions(outcomes)):
        every["misses"] = float(np.mean([every[f"misses_{name}"] for name in COUNTED]))
    false = sum(sum(one.false) for one in outcomes.values())
    hours = sum(sum(one.hours) for one in outcomes.values())
    return {**every, "false_per_hour": false / hours, **found}


def _conditions(outcomes: Mapping[str, Outcome]) -> Sequence[str]:
    return [*next(iter(outcomes.values())).missed]


def _intervals(outcomes: Mapping[str, Outcome], rng: np.random.Generator) -> Intervals:
    """Return 95 % intervals: clusters are drawn for misses, false wakes are Poisson counts."""
    found: Intervals = {}
    known = {"misses": COUNTED, "misses_clean": (CLEAN,)}
    for name, conditions in known.items():
        if not set(conditions) <= set(_conditions(outcomes)):
            continue
        missed = [hit for one in outcomes.values() for at in conditions for hit in one.missed[at]]
        groups = [who for one in outcomes.values() for at in conditions for who in one.groups[at]]
        found[name] = cluster_bootstrap(missed, groups, rng)
    false = sum(sum(one.false) for one in outcomes.values())
    hours = sum(sum(one.hours) for one in outcomes.values())
    # Garwood 1936: exact limits of a Poisson count.
    low = chi2.ppf(0.025, 2 * false) / 2 if false else 0.0
    found["false_per_hour"] = (low / hours, chi2.ppf(0.975, 2 * false + 2) / 2 / hours)
    return found


def _lateness(heard: Parts, outcomes: Mapping[str, Outcome]) -> Figures:
    """Return how long after its end a word is told, in milliseconds."""
    late = np.concatenate(
        [
            part[word][CLEAN].late_s(sure)
            for word, one in outcomes.items()
            for part, sure in zip(heard, one.sure, strict=True)
        ]
    )
    low, middle, high = np.quantile(1000 * late, (0.05, 0.5, 0.95))
    return {"late_ms_p5": float(low), "late_ms_p50": float(middle), "late_ms_p95": float(high)}
