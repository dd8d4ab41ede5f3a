"""End of speech: how often people are cut off, and for how long they wait, by rule.

Recordings of real people are heard once by the product's own parts; then each rule is replayed over
the pauses in them and over their ends. Ours is the arbitrator that ships, baselines are rules of
pauses, tuned on the development part, and the peer is smart-turn, as Pipecat asks it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gnothi.speech.endpoint.arbitrator import Arbitrator
from gnothi.speech.voice import STATEMENT
from gnothi_lab.peers.smart_turn import MISSING, SmartTurn
from gnothi_lab.result import Result
from gnothi_lab.speech import ends, perceived
from gnothi_lab.speech.end_to_end import end_to_end
from gnothi_lab.speech.ends import (
    Heard,
    Outcome,
    Rule,
    asked,
    at_latency,
    energy,
    evened,
    outcome,
    silero,
    smart_turn,
    unasked,
)
from gnothi_lab.speech.gathering import at_home, people
from gnothi_lab.speech.habits import lives
from gnothi_train.endpoint import cases

PAUSES_S = tuple(round(0.032 * blocks, 3) for blocks in range(2, 60, 2))
THRESHOLDS = (0.2, 0.35, 0.5, 0.7)
ABOVE_DB = (6.0, 10.0, 15.0, 20.0)
SURE = tuple(np.round(1 / (1 + np.exp(-np.linspace(-3.5, 4.5, 33))), 4).tolist())
LATENCIES_S = (0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0)
SLOW_S = 0.8
"""Latency at nine of ten ends at which rules are compared as well."""
REPEATS = 200
END_TO_END = 40
"""Commands that an ear hears as it ships."""
AT_HOME = 120
"""Synthetic commands to a home."""
HOME = "home"
Figures = dict[str, float]
Family = Sequence[Rule]
"""A rule with one setting after the other, from hasty to patient."""


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything that is compared."""

    ours: Family
    shipped: Rule
    """Ours, as it ships."""
    sound: Family
    """Ours without encoder states, for recognisers that hide theirs."""
    first_pass: Family
    """Ours without the arbitrator."""
    pauses: dict[str, Family]
    turns: dict[str, Family]


def run(*, quick: bool, seed: int, data: Path | None) -> Result:
    """Replay every rule over the test part; *quick* takes the development part instead."""
    if data is None:
        raise ValueError("end-pointing needs the recordings: set GNOTHI_DATA")
    peer, part = SmartTurn.find(), "dev" if quick else "test"
    dev = people("dev", data, seed, peer)
    tested = dev if quick else people(part, data, seed, peer)
    home = at_home(part, data, seed, peer, 12 if quick else AT_HOME)
    arbitrator = Arbitrator.read()
    rules = compared(arbitrator, tuned(dev), is_peer_here=peer is not None)
    rng = np.random.default_rng(seed)
    told = Comparison(rules, tested)
    figures = told.figures() | lives(arbitrator, tested, seed)
    figures |= {f"hesitations_{HOME}": float(sum(map(is_put_in, home)))}
    figures |= fared(rules.shipped, home, tested)
    count = 8 if quick else END_TO_END
    figures |= end_to_end(part, data, seed, rules.shipped, tested, count)
    mute = asked(partial(ends.told, arbitrator, with_words=False), STATEMENT.sure)
    others = {"ours, whole requests aside": mute, "a pause of 0.6 s": silero(0.35, 0.6)}
    return Result(
        name="end-pointing",
        figures=figures,
        intervals=told.intervals(rng, REPEATS // 8 if quick else REPEATS),
        baselines=told.baselines()
        | {name: fared(rule, home, tested) for name, rule in others.items()},
        peers={
            name: one | fared(smart_turn(0.5, number), home, tested)
            for number, (name, one) in enumerate(told.peers().items())
        },
        notes=notes(tested, arbitrator, peer is not None, quick=quick),
    )


def tuned(dev: Sequence[Heard]) -> dict[str, Callable[[float], Rule]]:
    """Return the pause rules with the thresholds that cut off least on *dev*, at all latencies."""
    weights = evened(dev)

    def best(rule: Callable[[float, float], Rule], among: Sequence[float]) -> float:
        return min(among, key=lambda one: _cost(partial(rule, one), dev, weights))

    return {
        "energy": partial(energy, best(energy, ABOVE_DB)),
        "silero": partial(silero, best(silero, THRESHOLDS)),
    }


def _cost(
    rule: Callable[[float], Rule], dev: Sequence[Heard], weights: NDArray[np.float64]
) -> float:
    outcomes = [outcome(rule(for_s), dev, weights) for for_s in PAUSES_S]
    return sum(at_latency(outcomes, one) for one in LATENCIES_S)


def compared(
    arbitrator: Arbitrator, pauses: dict[str, Callable[[float], Rule]], *, is_peer_here: bool
) -> Rules:
    """Return all rules, each with all its settings."""
    ours = partial(ends.told, arbitrator)
    sound = partial(ends.told, arbitrator, with_states=False)
    turns: dict[str, Family] = {}
    if is_peer_here:
        for number, stop_s in enumerate(perceived.STOPS_S):
            # At 0 it never waits: else nine of ten ends are never quick.
            turns[f"smart-turn after {stop_s:g} s"] = [
                smart_turn(sure, number) for sure in (0.0, *SURE)
            ]
    return Rules(
        [asked(ours, sure) for sure in SURE],
        asked(ours, STATEMENT.sure),
        [asked(sound, sure) for sure in SURE],
        [unasked(for_s) for for_s in PAUSES_S],
        {
            "energy, fixed": [energy(10.0, for_s) for for_s in PAUSES_S],
            "energy, tuned": [pauses["energy"](for_s) for for_s in PAUSES_S],
            "Silero, as Gnothi had it": [silero(0.35, for_s) for for_s in PAUSES_S],
            "Silero, tuned": [pauses["silero"](for_s) for for_s in PAUSES_S],
        },
        turns,
    )


def fared(rule: Rule, home: Sequence[Heard], people: Sequence[Heard]) -> Figures:
    """Return how *rule* fares with hesitations in commands *at home*, and in those of *people*."""
    orders = [one for one in people if one.listened.kind == "command"]
    found: Figures = {}
    for name, heard in ((HOME, home), ("orders", orders)):
        told = outcome(rule, heard, np.ones(len(heard)))
        found[f"early_cutoffs_{name}"] = float(told.is_early[[*map(is_put_in, heard)]].mean())
        found[f"latency_s_p50_{name}"] = told.latency(0.5)
        found[f"latency_s_p90_{name}"] = told.latency(0.9)
    return found


def is_put_in(one: Heard) -> bool:
    """Whether somebody hesitates because we made them."""
    return not one.is_end and one.listened.pause.how == cases.CUT


class Comparison:
    """What all rules do on one set of pauses and ends."""

    def __init__(self, rules: Rules, heard: Sequence[Heard]) -> None:
        """Replay *rules* over what was *heard*."""
        self._heard = heard
        weights = evened(heard)
        self._weights = weights
        families = {
            "ours": rules.ours,
            "shipped": [rules.shipped],
            "sound": rules.sound,
            "first pass": rules.first_pass,
            **rules.pauses,
            **rules.turns,
        }
        self._outcomes = {
            name: [outcome(rule, heard, weights) for rule in family]
            for name, family in families.items()
        }
        self._pauses = tuple(rules.pauses)
        self._turns = tuple(rules.turns)
        middle = 1 + int(np.argmin(np.abs(np.array(SURE) - 0.5)))
        self._default = middle
        """Setting of smart-turn at which Pipecat uses it."""

    def figures(self) -> Figures:
        """Return ratios first, then what ours does as it ships, and at several latencies."""
        told = self._ratios(self._outcomes)
        told |= self._shipped()
        for name, key in (("ours", "early_cutoffs"), ("sound", "early_cutoffs_sound_and_text")):
            told |= self._curve(name, key)
        return told

    def _shipped(self) -> Figures:
        (shipped,) = self._outcomes["shipped"]
        told = {
            "early_cutoffs": shipped.early,
            "latency_s_p50": shipped.latency(0.5),
            "latency_s_p90": shipped.latency(0.9),
        }
        for kind in sorted({one.listened.kind for one in self._heard}):
            for how in (cases.CUT, cases.NATURAL):
                pauses, ends = (self._such(kind, how, is_end=is_end) for is_end in (False, True))
                if pauses.any():
                    told[f"early_cutoffs_{kind}_{how}"] = float(shipped.is_early[pauses].mean())
                    told[f"pauses_{kind}_{how}"] = float(pauses.sum())
                if ends.any():
                    told[f"latency_s_p50_{kind}_{how}"] = float(np.median(shipped.at_s[ends]))
                    told[f"ends_{kind}_{how}"] = float(ends.sum())
        return told

    def _such(self, kind: str, how: str, *, is_end: bool) -> NDArray[np.bool_]:
        rows = [
            (one.listened.kind, one.listened.pause.how, one.is_end) == (kind, how, is_end)
            for one in self._heard
        ]
        return np.array(rows)

    def _curve(self, name: str, key: str) -> Figures:
        told = self._outcomes[name]
        medians = {f"{key}_at_{one:g}_s": at_latency(told, one) for one in LATENCIES_S}
        slow = {
            f"{key}_at_p90_{one:g}_s": at_latency(told, one, share=0.9)
            for one in (0.6, SLOW_S, 1.0, 1.2)
        }
        return medians | slow

    def _ratios(self, outcomes: dict[str, list[Outcome]]) -> Figures:
        (shipped,) = outcomes["shipped"]
        median = shipped.latency(0.5)
        pauses = min(at_latency(outcomes[name], median) for name in self._pauses)
        patient = min(at_latency(outcomes[name], SLOW_S, share=0.9) for name in self._pauses)
        told = {
            "early_cutoffs_vs_best_pause_rule": _ratio(shipped.early, pauses),
            f"early_cutoffs_vs_best_pause_rule_at_p90_{SLOW_S:g}_s": _ratio(
                at_latency(outcomes["ours"], SLOW_S, share=0.9), patient
            ),
            "sound_and_text_vs_best_pause_rule": _ratio(
                at_latency(outcomes["sound"], median), pauses
            ),
            "first_pass_vs_best_pause_rule": _ratio(
                at_latency(outcomes["first pass"], median), pauses
            ),
        }
        for name in self._turns[:1]:
            turn = outcomes[name][self._default]
            ours = at_latency(outcomes["ours"], turn.latency(0.5))
            sound = at_latency(outcomes["sound"], turn.latency(0.5))
            told["early_cutoffs_vs_smart_turn"] = _ratio(ours, turn.early)
            told["sound_and_text_vs_smart_turn"] = _ratio(sound, turn.early)
            slow = at_latency(outcomes["ours"], SLOW_S, share=0.9)
            theirs = at_latency(outcomes[name], SLOW_S, share=0.9)
            told[f"early_cutoffs_vs_smart_turn_at_p90_{SLOW_S:g}_s"] = _ratio(slow, theirs)
        return told

    def intervals(self, rng: np.random.Generator, repeats: int) -> dict[str, tuple[float, float]]:
        """Return 95 % intervals of the ratios: whole recordings are drawn, each kind apart."""
        clips = [(one.listened.kind, one.listened.clip) for one in self._heard]
        names = sorted(set(clips))
        at = {name: [i for i, clip in enumerate(clips) if clip == name] for name in names}
        kinds = sorted({kind for kind, _ in names})
        found: dict[str, list[float]] = {}
        for _ in range(repeats):
            picked: list[int] = []
            for kind in kinds:
                own = [name for name in names if name[0] == kind]
                for number in rng.integers(len(own), size=len(own)).tolist():
                    picked += at[own[number]]
            index = np.array(picked)
            drawn = {
                name: [_picked(one, index) for one in told] for name, told in self._outcomes.items()
            }
            for name, value in self._ratios(drawn).items():
                found.setdefault(name, []).append(value)
        return {
            name: (float(np.quantile(values, 0.025)), float(np.quantile(values, 0.975)))
            for name, values in found.items()
        }

    def baselines(self) -> dict[str, Figures]:
        """Return rules of pauses, and ours without the arbitrator, at the latency of ours."""
        (shipped,) = self._outcomes["shipped"]
        told = {name: self._beside(name, shipped) for name in self._pauses}
        told["ours without the arbitrator"] = self._beside("first pass", shipped)
        return told

    def _beside(self, name: str, shipped: Outcome) -> Figures:
        outcomes, median = self._outcomes[name], shipped.latency(0.5)
        nearest = min(outcomes, key=lambda one: abs(one.latency(0.5) - median))
        return {
            "early_cutoffs": at_latency(outcomes, median),
            "latency_s_p50": median,
            "latency_s_p90": nearest.latency(0.9),
            **self._curve(name, "early_cutoffs"),
        }

    def peers(self) -> dict[str, Figures]:
        """Return smart-turn at the threshold that Pipecat has."""
        return {
            name: {
                "early_cutoffs": self._outcomes[name][self._default].early,
                "latency_s_p50": self._outcomes[name][self._default].latency(0.5),
                "latency_s_p90": self._outcomes[name][self._default].latency(0.9),
                **self._curve(name, "early_cutoffs"),
            }
            for name in self._turns
        }


def _ratio(ours: float, theirs: float) -> float:
    """Return the ratio; in a sample in which nobody is cut off, as if one in a thousand were."""
    return ours / max(theirs, 0.001)


def _picked(one: Outcome, index: NDArray[np.int64]) -> Outcome:
    return Outcome(one.at_s[index], one.is_early[index], one.is_end[index], one.weights[index])


def notes(
    heard: Sequence[Heard], arbitrator: Arbitrator, is_peer_here: bool, *, quick: bool
) -> list[str]:
    """Return what must be known to read the figures."""
    groups = len({one.listened.group for one in heard})
    part = "development" if quick else "test"
    told = [
        (
            f"{arbitrator.label}, {part} part: {len(heard)} pauses and ends of {groups} clusters "
            "and speakers that it did not learn from. Clusters of recording and voice stand for "
            "speakers whom nobody named; some leakage is possible."
        ),
        (
            "Commands: Picovoice's recordings of real people, with 0 to 2 hesitations of 0.3 to "
            "2 s put in at soft places, in room tone of the same recording; half of the ends are "
            "cut and continued in the very same way. Natural pauses in them count as well."
        ),
        (
            "Reading: LibriSpeech, one speaker, natural pauses and hesitations put in. Ends of "
            "reading are ends of recordings, which are often no ends of sentences. Our recogniser "
            "learned from recordings of this speaker, the arbitrator did not."
        ),
        (
            "Both kinds count the same, among pauses and among ends. Latency is counted from where "
            "the last sound is 25 dB softer than the speech; every rule gives up after 2 s."
        ),
        (
            "Ratios are early cut-offs of ours by those of theirs, at the same median latency. The "
            "median hides the slow ends: of ours, as it ships, one in ten takes up to 2 s, while "
            "all ends of a pause rule take about as long. Figures at equal 90th percentiles "
            "('at_p90_…') stand beside them, and ours gains less there."
        ),
        (
            "'cut_off_end_to_end': an ear as it ships hears commands with their pauses, from "
            "beginning to end; 'cut_off_replayed': the same ones, replayed; '_pocketsphinx': with "
            "that recogniser, which hides its states. Recordings stop 1.5 s after the end, and "
            "then it is over."
        ),
        (
            "'_home': simulated, commands to a home, of the test part, "
            "spoken by six groups of programs with the same hesitations put in; '_orders': the "
            "commands of real people. Early cut-offs are of hesitations that were put in. 'Ours, "
            "whole requests aside' is the arbitrator alone, as it was before."
        ),
        (
            "'simulated_…': how often people pause is simulated, what is heard is not; cost: 4 s "
            "for each time that somebody is cut off, and the silence before the decision."
        ),
        "Intervals: bootstrap over recordings; there are few voices, and they are too narrow.",
    ]
    if is_peer_here:
        told.append(
            "smart-turn v3.2 from pipecat-ai: asked once, 0.2 s after Silero (threshold 0.7) "
            "finds silence; below 0.5 it waits until 2 s (3 s by Pipecat's default)."
        )
    else:
        told.append(MISSING)
    return told
