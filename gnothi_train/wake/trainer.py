"""``gnothi-train wake``: a wake word of one's own, or those that come with Gnothi."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np
import torch
from rich.console import Console
from rich.progress import track as bar

from gnothi.core.artifact import Card
from gnothi.core.clock import SystemClock
from gnothi.core.errors import GnothiError, InputError
from gnothi.core.settings import Settings
from gnothi.speech.waking.own import SHIPPED
from gnothi.speech.waking.spotter import FILE, NAME, packed
from gnothi_train.artifact import write_artifact
from gnothi_train.speech.augment import NOISES, ROOMS, Places
from gnothi_train.wake.alike import said
from gnothi_train.wake.clips import ELSE, LICENCES, WORDS, Clip, own, real, synthetic
from gnothi_train.wake.folds import Folds
from gnothi_train.wake.judge import Heard, false_per_hour, heard, judge, misses, threshold, track
from gnothi_train.wake.learn import Recipe

USUAL = ("alexa", "computer", "jarvis")
"""The words that come with Gnothi: there are recordings of them by many people."""
PER_HOUR = 0.5
"""False wakes an hour that a threshold allows."""
NOISY = 10.0
"""Decibels by which noise is softer than speech, where it is judged in noise."""
_FEWEST_PHONES = 4
_TIMES = 3
"""Own recordings count so many times."""
_NOTICES = (
    "Picovoice wake-word-benchmark and speech-to-intent-benchmark, Apache-2.0.",
    "LibriSpeech (Panayotov et al. 2015), CC BY 4.0: speakers 19 and 26 of train-clean-100.",
    "Free Spoken Digit Dataset (Z. Jackson et al.), CC BY-SA 4.0.",
    "Precise Community Data (Mycroft) and LJ Speech (K. Ito), public domain.",
    "ESC-10 (K. J. Piczak 2015), CC BY 3.0; noises of Picovoice and audiomentations.",
    "Synthetic voices of espeak-ng, flite and festival.",
    (
        "Figures: each part judged by a network that learned from the others; parts are clusters "
        "of recordings and groups of voices. Misses of real people where there are recordings of "
        "the word, else of synthetic voices; half of the sound clean, half in noise at 10 dB."
    ),
)


@dataclass(frozen=True, slots=True)
class Judged:
    """How one word fares in all parts, each judged by a network that never heard it."""

    word: str
    some: tuple[Heard, ...]

    @property
    def sure(self) -> float:
        """The threshold."""
        return threshold(self.some, PER_HOUR)

    def figures(self) -> Iterator[tuple[str, float]]:
        """Yield names and values of what is written on the card."""
        name = self.word.replace(" ", "_")
        yield f"misses_{name}", misses(self.some, self.sure)
        yield f"false_per_hour_{name}", false_per_hour(self.some, self.sure)
        yield f"hours_{name}", sum(one.hours for one in self.some)
        yield f"said_{name}", float(sum(len(one.near) for one in self.some))


def judged(folds: Folds, places: Places) -> list[Judged]:
    """Return how each word fares when voices and clusters are kept apart in turn.

    Half of the sound is clean, half has noises of *places* beneath it.
    """
    found: dict[str, list[Heard]] = {word: [] for word in folds.words}
    for part in range(folds.parts):
        spotter, clips = folds.spotter(part), _tested(folds, part)
        for noisy in (None, places):
            rng = np.random.default_rng((folds.seed, 3, part))
            one = track(clips, rng, noisy, NOISY)
            for word, scores in zip(folds.words, heard(spotter, one).T, strict=True):
                found[word].append(judge(word, scores, one))
    return [Judged(word, tuple(some)) for word, some in found.items()]


def _tested(folds: Folds, part: int) -> list[Clip]:
    """Return what a part is judged on: recordings, and words that nobody was recorded saying."""
    real = {one.word for one in folds.clips if is_recorded(one)}
    mine = [one for one in folds.of(part) if is_recorded(one) or one.word not in real | {""}]
    rng = np.random.default_rng((folds.seed, 4, part))
    return [mine[at] for at in rng.permutation(len(mine)).tolist()]


def is_recorded(clip: Clip) -> bool:
    """Tell whether somebody said it, and no program."""
    return not clip.group.startswith("synthetic/")


@click.command("wake")
@click.option(
    "--word",
    "words",
    multiple=True,
    help="What shall wake the assistant; else the words that come with Gnothi.",
)
@click.option("--recordings", type=click.Path(path_type=Path, exists=True, file_okay=False),
              help="Folder of sound files in each of which the word is said once.")  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path), default=None, help="Folder to fill.")
@click.option("--work", type=click.Path(path_type=Path), default=Path("build/wake"),
              show_default=True, help="Folder of what is made; it may be removed.")  # fmt: skip
@click.option("--spoken", type=click.IntRange(20), default=200, show_default=True,
              help="Times that synthetic voices say each word.")  # fmt: skip
@click.option("--scenes", type=click.IntRange(8), default=1000, show_default=True,
              help="Scenes of eight seconds in each of three parts.")  # fmt: skip
@click.option("--epochs", type=click.IntRange(1), default=Recipe().epochs, show_default=True)
@click.option("--seed", type=int, default=0, show_default=True)
@click.option("--threads", type=click.IntRange(1), default=1, show_default=True)
def main(
    *,
    words: tuple[str, ...],
    recordings: Path | None,
    out: Path | None,
    work: Path,
    spoken: int,
    scenes: int,
    epochs: int,
    seed: int,
    threads: int,
) -> None:
    """Train a network that listens for wake words, and write the artifact with its card.

    Synthetic voices say the words, words that sound alike, and what people say at home; real
    recordings, noises and rooms come from the public data sets. Takes some twenty minutes on one
    core; begun again, it goes on where it was. Use the result as `--wake gnothi:FOLDER`.
    """
    data = Settings.from_environment().data
    if data is None:
        raise click.UsageError("Set GNOTHI_DATA to the folder of the public data sets.")
    if words and out is None:
        raise click.UsageError("Name a folder to fill: --out FOLDER")
    if recordings and len(words) != 1:
        raise click.UsageError("Recordings are of one word: name it with --word.")
    torch.set_num_threads(threads)
    try:
        known = tuple(map(spelled, words)) or USUAL
        clips = [*real(data, known)]
        clips += synthetic(work / "voices", known, seed=seed, each=spoken, others=4 * spoken)
        clips += (own(recordings, known[0]) if recordings else []) * _TIMES
        places = Places.read(data, "train")
        folds = Folds(known, tuple(clips), places, work, _shown, scenes, Recipe(epochs), seed=seed)
        found = judged(folds, Places.read(data, "dev"))
        card = _card(folds, found, data, own=recordings is not None)
        write(folds, found, out or SHIPPED, card)
    except GnothiError as error:
        raise click.ClickException(str(error)) from error
    click.echo(json.dumps(card.figures, indent=1))


def spelled(word: str) -> str:
    """Return *word* as it is compared.

    Raises:
        InputError: it can't be said, or is too short to wake by.
    """
    plain = " ".join(word.lower().split())
    if not plain or not all(one.isalpha() or one in "' " for one in plain):
        raise InputError(f"'{word}' is no word to wake by: letters and spaces only.")
    if (count := len(said(plain))) < _FEWEST_PHONES:
        raise InputError(
            f"'{plain}' has only {count} sounds and would be heard everywhere: take a longer word, "
            "or two."
        )
    return plain


def write(folds: Folds, found: Sequence[Judged], out: Path, card: Card) -> None:
    """Write the network that learned from all parts, with the thresholds that were *found*."""
    late = np.concatenate([one.late_s(word.sure) for word in found for one in word.some])
    # Who goes on at once loses nothing: three of four words have ended by then.
    late_s = float(np.quantile(late, 0.75)) if len(late) else 0.0
    sure = [one.sure for one in found]
    content = packed(folds.words, sure, max(0.0, late_s), folds.network().arrays())
    write_artifact(out, card, {FILE: content})


def _card(folds: Folds, found: Sequence[Judged], data: Path, *, own: bool) -> Card:
    figures = {name: round(value, 4) for one in found for name, value in one.figures()}
    told = "" if folds.words == USUAL else "".join(f" --word '{one}'" for one in folds.words)
    command = (
        f"gnothi-train wake{told}{' --recordings FOLDER' if own else ''} --scenes {folds.each} "
        f"--epochs {folds.recipe.epochs} --seed {folds.seed}"
    )
    return Card(
        name=NAME,
        version=f"{SystemClock().now():%Y-%m-%d}.1",
        kind="npz",
        files={},
        command=command,
        seed=folds.seed,
        data=tuple(_sources(data, folds.clips if own else ())),
        figures=figures,
        notices=_NOTICES,
    )


def _sources(data: Path, clips: Sequence[Clip]) -> Iterator[Mapping[str, str]]:
    for name in (WORDS, *ELSE, *NOISES, ROOMS):
        listed = (data / "speech" / name / "transcripts.tsv").read_bytes()
        mark = hashlib.sha256(listed).hexdigest()
        yield {"name": name, "sha256": mark, "licence": LICENCES[name]}
    mine = sorted(hashlib.sha256(one.sound).hexdigest() for one in clips if one.group == "own")
    if mine:
        mark = hashlib.sha256("\n".join(mine).encode()).hexdigest()
        yield {"name": "recordings", "sha256": mark, "licence": "private"}


_SHOWN = Console(stderr=True)


def _shown(steps: Iterable[int], title: str, total: int) -> Iterable[int]:
    return bar(steps, title, total, console=_SHOWN)
