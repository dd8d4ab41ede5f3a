"""Recognisers: word error rate and speed on home commands, read speech and digits.

Every back end that needs no address and no folder is measured as it is chosen in the product, with
the same hints: the home's names and the samples of the skills. Ours is the figure, pocketsphinx
with the same language model the baseline, the others are peers.

An engine is *unseen* for a recogniser that never heard any of its voices. The shipped one heard
them all but two; so for each engine of its training there is another, trained without it, by
``gnothi-train hearing --without`` into ``build/hearing``. Each engine is heard by the recogniser
that does not know it, and the worst of them is the figure.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import process_time

import numpy as np

from gnothi.core.hearing import RATE, Expected, Hints, Pattern, Recogniser
from gnothi.core.protocols import Name
from gnothi.serve.hearing import hints
from gnothi.skills.skillset import SkillSet
from gnothi.speech import wording
from gnothi.speech.backends import open_recogniser, usable
from gnothi.speech.streaming import StreamingModel, StreamingRecogniser
from gnothi.speech.word_errors import Errors, compare, rate
from gnothi_lab.progress import sampled, watched
from gnothi_lab.result import Result
from gnothi_lab.speech.recordings import (
    Recording,
    in_room,
    read_set,
    room_tones,
    spoken_commands,
    with_noise,
)
from gnothi_train.speech.voices import UNHEARD, VOICES
from gnothi_train.speech.voices import usable as usable_voice

OURS, BASELINE = "gnothi", "pocketsphinx"
ENGINES = {
    "espeak": ("espeak",),
    "flite_festival": ("kal", "ked", "slt", "awb", "rms"),
    "piper": ("joe",),
}
"""Engines and their groups of voices; flite and festival share voices, and are one."""
ROTATION = Path("build/hearing")
"""Here lie recognisers trained ``without-ENGINE``."""
PART = "test"
COMMANDS, NOISY, READ, DIGITS = 210, 48, 14, 60
NOISE_DB = 10.0
_BLOCK = RATE // 10
_DIGITS = "zero one two three four five six seven eight nine"
Figures = dict[str, float]
Intervals = dict[str, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Task:
    """Recordings of one kind, and what a recogniser is told of them."""

    name: str
    recordings: Sequence[Recording]
    hints: Hints
    by_group: bool = False
    """Whether each group of voices is told apart."""


@dataclass(frozen=True, slots=True)
class Heard:
    """How one recogniser heard one task."""

    task: Task
    errors: Sequence[Errors]
    oracle: Sequence[Errors]
    """Those of the best of all hypotheses."""
    seconds: float
    """Of computing."""

    def figures(self) -> Figures:
        """Return rates by name."""
        name = self.task.name
        found = {f"wer_{name}": rate(self.errors), f"oracle_wer_{name}": rate(self.oracle)}
        if self.task.by_group:
            groups = self.by_group()
            found |= {f"wer_{name}_{group}": rate(errors) for group, errors in groups.items()}
            found[f"wer_{name}_worst"] = max(map(rate, groups.values()))
            found[f"all_right_{name}"] = sum(e.edits == 0 for e in self.errors) / len(self.errors)
        return found

    def by_group(self) -> dict[str, list[Errors]]:
        """Return errors of each group of voices."""
        found: dict[str, list[Errors]] = {}
        for one, errors in zip(self.task.recordings, self.errors, strict=True):
            found.setdefault(one.group, []).append(errors)
        return found


def run(*, quick: bool, seed: int, data: Path | None) -> Result:
    """Measure every back end that is usable here; *quick* takes a few recordings of each task."""
    if data is None:
        raise ValueError("recognise needs the recordings: set GNOTHI_DATA")
    given = tasks(data, seed, quick=quick)
    heard = {
        one.name: [hear(open_recogniser(one.name), one.name, task) for task in given]
        for one in usable()
    }
    figures = {name: all_figures(found) for name, found in heard.items()}
    ours = OURS if OURS in figures else BASELINE
    rng = np.random.default_rng(seed)
    apart = unseen(given[0], heard[ours][0])
    rates = {name: rate(errors) for name, errors in apart.items()}
    worst = max(rates, key=lambda name: rates[name])
    return Result(
        name="recognise",
        figures={
            **figures[ours],
            **{f"wer_unseen_{name}": value for name, value in rates.items()},
            "wer_unseen_engine": rates[worst],
            **_compared(heard, apart, worst),
        },
        intervals={
            **intervals(heard[ours], rng),
            **{f"wer_unseen_{name}": interval(errors, rng) for name, errors in apart.items()},
            "wer_unseen_engine": interval(apart[worst], rng),
        },
        baselines={BASELINE: figures[BASELINE]} if ours != BASELINE else {},
        peers={name: one for name, one in figures.items() if name not in (ours, BASELINE)},
        published=_PUBLISHED,
        notes=_notes(ours, given, worst),
    )


def unseen(task: Task, shipped: Heard) -> dict[str, list[Errors]]:
    """Return the errors for each engine of a recogniser that never heard it.

    Every voice of it is one that the recogniser never heard. Without the recognisers of
    ``ROTATION``, only the voices are left that *shipped* never heard.
    """
    found: dict[str, list[Errors]] = {}
    for engine, groups in ENGINES.items():
        folder = ROTATION / f"without-{engine}"
        if folder.is_dir():
            some = [one for one in task.recordings if one.group in groups]
            apart = StreamingRecogniser(StreamingModel(folder), wording.shipped)
            heard = hear(apart, f"without {engine}", replace(task, recordings=some))
            found[engine] = list(heard.errors)
        else:
            by_group = shipped.by_group()
            if errors := [e for group in _unheard(engine) for e in by_group.get(group, ())]:
                found[engine] = errors
    return found


def tasks(data: Path, seed: int, *, quick: bool) -> list[Task]:
    """Return everything that is to be heard; commands are made anew by *seed*."""
    rng = np.random.default_rng(seed)
    groups = tuple(dict.fromkeys(voice.group for voice in VOICES if usable_voice(voice)))
    home = spoken_commands(PART, data, rng, 14 if quick else COMMANDS, groups=groups)
    told = hints(_Names(home.names), SkillSet.load())
    read = read_set(data, "librispeech-3spk", splits=("dev",))
    digits = read_set(data, "fsdd", splits=("dev",))
    ten = Pattern((tuple(_DIGITS.split()),))
    few = (12, 3, 20) if quick else (NOISY, READ, DIGITS)
    return [
        Task("commands", home.recordings, told, by_group=True),
        Task(
            "commands_noisy",
            with_noise(
                sampled(home.recordings, quick=True, size=few[0]), data, rng, decibels=NOISE_DB
            ),
            told,
        ),
        Task("librispeech", sampled(read, quick=True, size=few[1]), _DICTATION),
        # A digit is awaited, after a breath of the room: the recordings are cut close.
        Task(
            "digits",
            [
                replace(one, samples=in_room(one.samples, room_tones(data), rng))
                for one in sampled(digits, quick=True, size=few[2])
            ],
            Hints(patterns=(ten,), expected=Expected.ANSWER),
        ),
    ]


def hear(recogniser: Recogniser, name: str, task: Task) -> Heard:
    """Return how *recogniser* hears *task*, sound in blocks of a tenth of a second."""
    recogniser.open(task.hints).close()
    errors: list[Errors] = []
    oracle: list[Errors] = []
    began = process_time()
    for one in watched(task.recordings, f"{name}, {task.name}"):
        stream = recogniser.open(task.hints)
        for at in range(0, len(one.samples), _BLOCK):
            stream.accept(one.samples[at : at + _BLOCK])
        found = stream.finish()
        stream.close()
        compared = [compare(one.text, guess.text) for guess in found] or [compare(one.text, "")]
        errors.append(compared[0])
        oracle.append(min(compared, key=lambda each: each.edits))
    return Heard(task, errors, oracle, process_time() - began)


def all_figures(heard: Iterable[Heard]) -> Figures:
    """Return the figures of one recogniser over all tasks."""
    figures: Figures = {}
    for one in heard:
        figures |= one.figures()
        seconds = sum(each.seconds for each in one.task.recordings)
        if one.task.name == "commands":
            figures["real_time_factor"] = one.seconds / seconds
        figures[f"recordings_{one.task.name}"] = float(len(one.errors))
    return figures


def intervals(heard: Iterable[Heard], rng: np.random.Generator) -> Intervals:
    """Return 95 % intervals by the bootstrap over recordings."""
    found: Intervals = {}
    for one in heard:
        found[f"wer_{one.task.name}"] = interval(one.errors, rng)
        if one.task.by_group:
            for group, errors in one.by_group().items():
                found[f"wer_{one.task.name}_{group}"] = interval(errors, rng)
    return found


def interval(found: Sequence[Errors], rng: np.random.Generator) -> tuple[float, float]:
    """Return the percentile bootstrap's 95 % interval of the word error rate."""
    edits, words = (np.array([getattr(one, key) for one in found]) for key in ("edits", "words"))
    drawn = rng.integers(0, len(found), (2000, len(found)))
    low, high = np.quantile(edits[drawn].sum(1) / words[drawn].sum(1), (0.025, 0.975))
    return float(low), float(high)


@dataclass(frozen=True, slots=True)
class _Names:
    """A gazetteer that knows just these names."""

    kept: tuple[Name, ...]

    def names(self) -> Iterable[Name]:
        """Return them."""
        return self.kept


_DICTATION = Hints(expected=Expected.DICTATION)
_PUBLISHED = {
    "streaming zipformer, 66 M": {
        "wer_librispeech": 0.0306,
        "source": (
            "icefall, egs/librispeech/ASR/RESULTS.md: trained on 960 h, LibriSpeech test-clean, "
            "chunks of 320 ms; other recordings than ours"
        ),
    },
    "Moonshine small-streaming, 123 M": {
        "wer_librispeech": 0.0249,
        "source": "its documentation: LibriSpeech test-clean; other recordings than ours",
    },
}


def _compared(heard: dict[str, list[Heard]], apart: dict[str, list[Errors]], worst: str) -> Figures:
    """Return what the baseline makes of the same engines, and how much better ours is."""
    if BASELINE not in heard or OURS not in heard:
        return {}
    by_group = heard[BASELINE][0].by_group()
    theirs = {engine: rate([e for g in _unheard(engine) for e in by_group[g]]) for engine in apart}
    found = {f"wer_pocketsphinx_{engine}": value for engine, value in theirs.items()}
    found |= {
        f"wer_reduction_{engine}": 1 - rate(errors) / theirs[engine]
        for engine, errors in apart.items()
        if theirs[engine]
    }
    found["wer_pocketsphinx"] = max(theirs.values())
    found["wer_reduction_vs_pocketsphinx"] = 1 - rate(apart[worst]) / found["wer_pocketsphinx"]
    return found


def _unheard(engine: str) -> tuple[str, ...]:
    """Return the groups of *engine* that a recogniser of ours never heard."""
    groups = ENGINES[engine]
    rotated = (ROTATION / f"without-{engine}").is_dir()
    return groups if rotated else tuple(group for group in groups if group in UNHEARD)


def _notes(ours: str, given: Sequence[Task], worst: str) -> Sequence[str]:
    names = len(given[0].hints.names)
    rotated = [name for name in ENGINES if (ROTATION / f"without-{name}").is_dir()]
    groups = len({one.group for one in given[0].recordings})
    return (
        f"The figures are those of '{ours}'.",
        (
            "Commands are synthetic: sentences of the test part in equal shares from our grammar, "
            "Home Assistant's test sentences and requests to published homes, spoken by espeak-ng, "
            f"flite, festival and Piper, with room tone of real recordings. {groups} groups of "
            "voices: all voices of one person, or of one set of rules, are one."
        ),
        (
            f"The home has the {names} names that occur in the commands, invented ones too. "
            "Templates and names of the language model are those of the training part."
        ),
        (
            f"'wer_unseen_engine' is the worst engine, {worst}: each is heard by a recogniser that "
            "heard no voice of it. Trained apart for this: without "
            f"{', '.join(rotated) or 'none'}; the others are the shipped recogniser, on "
            f"{' and '.join(UNHEARD)} alone. 'wer_pocketsphinx' is pocketsphinx's worst engine; "
            "for it all are unseen. 'wer_reduction_ENGINE' compares both on one engine."
        ),
        (
            f"Noise: sounds of ESC-10, fold 4, {NOISE_DB:g} dB softer than the speech. "
            "LibriSpeech: development recordings of one speaker of train-clean-100, as dictation; "
            "our network learned from other recordings of this speaker. "
            "Digits: FSDD, repetitions 0-4, band-limited to 4 kHz, in room tone, a digit awaited."
        ),
        "Both texts are written alike before they are compared: small letters, numbers in words.",
        "Real-time factor: seconds of computing of this process, single-threaded, per second.",
        "Oracle: the best of all hypotheses.",
    )
