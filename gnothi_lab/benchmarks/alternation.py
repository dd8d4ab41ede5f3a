"""Alternation: short commands, long-form speech, or both in turn, for the same time of training.

Three recognisers learned on from the shipped one for the same number of minutes, by ``gnothi-train
hearing --mix`` into ``build/hearing``: from short commands, from the same sentences joined to more
than ten seconds, and from a batch of these and one of those in turn. Each is heard on short and on
long speech that none of them learned from.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from gnothi.core.hearing import Expected, Hints, Pattern
from gnothi.serve.hearing import hints
from gnothi.skills.skillset import SkillSet
from gnothi.speech.streaming import SHIPPED, WEIGHTS, StreamingModel, StreamingRecogniser
from gnothi.speech.word_errors import Errors, rate
from gnothi.speech.wording import shipped
from gnothi_lab.benchmarks.recognise import Heard, Task, hear, interval
from gnothi_lab.progress import sampled
from gnothi_lab.result import Result
from gnothi_lab.speech.names import Names
from gnothi_lab.speech.recordings import (
    Recording,
    in_room,
    read_set,
    room_tones,
    spoken_commands,
    with_noise,
)
from gnothi_train.speech.voices import UNHEARD, VOICES, usable

FOLDER = Path("build/hearing")
"""Here lie the recognisers, in folders ``mix-short`` and so on."""
OURS = "alternate"
MIXES = (OURS, "short", "long")
START = "start"
COMMANDS, READ, DIGITS = 60, 14, 60
JOINED = 4
"""Commands in a row that make long-form speech."""
NOISE_DB = 10.0
SHORT = ("commands", "commands_noisy", "commands_letters", "digits")
LONG = ("joined", "librispeech")
_DICTATION = Hints(expected=Expected.DICTATION)
_DIGITS = "zero one two three four five six seven eight nine"


def run(*, quick: bool, seed: int, data: Path | None) -> Result:
    """Measure the three and their start; *quick* takes commands of the development part.

    Raises:
        ValueError: there are no recordings, or no recognisers.
    """
    if data is None:
        raise ValueError("alternation needs the recordings: set GNOTHI_DATA")
    if missing := [name for name in MIXES if not (FOLDER / f"mix-{name}").is_dir()]:
        raise ValueError(
            f"alternation needs {FOLDER}/mix-{missing[0]}: see the recogniser in "
            "docs/how-to/train.md"
        )
    folders = {START: SHIPPED} | {name: FOLDER / f"mix-{name}" for name in MIXES}
    given = tasks("dev" if quick else "test", data, seed, count=24 if quick else COMMANDS)
    heard = {
        name: {task.name: hear(recogniser(folder), name, task) for task in given}
        for name, folder in folders.items()
    }
    return result(heard, np.random.default_rng(seed))


def recogniser(folder: Path) -> StreamingRecogniser:
    """Return the recogniser in *folder*, without a transducer: only one of the four has any."""
    weights = replace(WEIGHTS, transducer=0.0)
    return StreamingRecogniser(StreamingModel(folder), shipped, weights=weights)


def result(heard: Mapping[str, Mapping[str, Heard]], rng: np.random.Generator) -> Result:
    """Return how those in *heard* compare, by name of recogniser and of task."""
    errors = {
        name: {task: one.errors for task, one in by_task.items()}
        | {part: pooled([by_task[t] for t in chosen]) for part, chosen in _PARTS.items()}
        for name, by_task in heard.items()
    }
    figures = {
        name: {f"wer_{task}": rate(one) for task, one in by_task.items()}
        for name, by_task in errors.items()
    }
    intervals = {f"wer_{task}": interval(one, rng) for task, one in errors[OURS].items()}
    ours = figures[OURS]
    for other in figures.keys() - {OURS}:
        for part in _PARTS:
            name = f"wer_reduction_{part}_vs_{other}"
            low, high = _reduced(errors[OURS][part], errors[other][part], rng)
            ours[name] = 1 - ours[f"wer_{part}"] / figures[other][f"wer_{part}"]
            intervals[name] = (low, high)
    return Result(
        name="alternation",
        figures=ours,
        intervals=intervals,
        baselines={name: one for name, one in figures.items() if name != OURS},
        notes=_NOTES,
    )


def tasks(part: str, data: Path, seed: int, *, count: int) -> list[Task]:
    """Return short and long speech; commands in voices that no recogniser of ours heard."""
    rng = np.random.default_rng(seed)
    groups = [g for g in UNHEARD if any(v.group == g and usable(v) for v in VOICES)]
    home = spoken_commands(part, data, rng, count, groups=groups)
    told = hints(Names(home.names), SkillSet.load())
    noisy = with_noise(home.recordings, data, rng, decibels=NOISE_DB)
    digits = [
        replace(one, samples=in_room(one.samples, room_tones(data), rng))
        for one in sampled(read_set(data, "fsdd", splits=("dev",)), quick=True, size=DIGITS)
    ]
    ten = Hints(patterns=(Pattern((tuple(_DIGITS.split()),)),), expected=Expected.ANSWER)
    read = sampled(read_set(data, "librispeech-3spk", splits=("dev",)), quick=True, size=READ)
    return [
        Task("commands", home.recordings, told),
        Task("commands_noisy", noisy, told),
        Task("commands_letters", home.recordings, _DICTATION),
        Task("digits", digits, ten),
        Task("joined", joined(home.recordings), _DICTATION),
        Task("librispeech", read, _DICTATION),
    ]


def joined(recordings: Sequence[Recording]) -> list[Recording]:
    """Return *recordings* of one voice after the other, ``JOINED`` in a row."""
    ordered = sorted(recordings, key=lambda one: one.group)
    return [
        Recording(
            " ".join(one.text for one in some),
            np.concatenate([one.samples for one in some]),
            some[0].group,
        )
        for at in range(0, len(ordered), JOINED)
        if (some := ordered[at : at + JOINED])
    ]


def pooled(heard: Sequence[Heard]) -> list[Errors]:
    """Return the errors of several tasks."""
    return [errors for one in heard for errors in one.errors]


def _reduced(
    ours: Sequence[Errors], theirs: Sequence[Errors], rng: np.random.Generator
) -> tuple[float, float]:
    """Return the 95 % interval of the relative reduction, by bootstrap over recordings."""
    drawn = rng.integers(0, len(ours), (2000, len(ours)))
    one, other = (np.array([each.edits for each in some]) for some in (ours, theirs))
    found = 1 - one[drawn].sum(1) / np.maximum(1, other[drawn].sum(1))
    low, high = np.quantile(found, (0.025, 0.975))
    return float(low), float(high)


_PARTS = {"short": SHORT, "long": LONG}
_NOTES = (
    (
        "Recognisers that learned on from the shipped one (start) for the same time, from the "
        "same sentences, voices and recordings: short commands (up to 6 s), the same joined to "
        "more than 10 s, or a batch of these and one of those in turn (alternate). CTC alone."
    ),
    (
        "Short: commands of the test part (templates and names that nothing learned from) in "
        "voices that none of them heard, synthetic, with the home's names known; the same with "
        "sounds of a home 10 dB beneath; the same without a language model (letters); digits, "
        "real, of speakers whose other recordings they heard. Long: four of the commands in a row, "
        "and read speech of a known speaker (LibriSpeech), both without a language model."
    ),
    (
        "Reductions are relative, over all words of the short or the long recordings. Intervals: "
        "bootstrap over recordings, in pairs for reductions; not over voices or trainings."
    ),
)
