"""Real recordings with their texts, and synthetic commands with the names that they use.

Commands come from the templates of one part of ``gnothi_train.speech.corpus`` and are spoken by
voices of ``gnothi_train.speech.voices``; voices of one person count as one group, whichever
program speaks. Nothing is digitally silent: before, after and beneath lies the room tone of real
recordings.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np

from gnothi.core.hearing import RATE, Samples
from gnothi.core.protocols import Name
from gnothi.speech.audio import read_file
from gnothi.speech.words import said
from gnothi_train.language.examples import Example
from gnothi_train.speech.voices import GROUPS, VOICES, speak
from gnothi_train.wording.fit import examples

_TONE_S = 0.3
"""So long is nobody heard at the beginning of the recorded commands."""
_TONE_LEVEL = 10 ** (-62 / 20)
_AROUND_S = (0.2, 0.5)
"""Room tone before and after a command, in seconds."""
_LONGEST = 22
"""Words of a command."""
_KINDS = {
    "device_type": "device",
    "house_place": "area",
    "list_name": "list",
    "person": "person",
}
SOURCES = ("grammar", "ha_intents", "ha_device_actions")


@dataclass(frozen=True, slots=True)
class Recording:
    """Somebody says something."""

    text: str
    samples: Samples
    group: str
    """Speaker, or group of voices: what rates are told apart by."""

    @property
    def seconds(self) -> float:
        """How long it is."""
        return len(self.samples) / RATE


def read_set(data: Path, name: str, *, splits: Sequence[str]) -> list[Recording]:
    """Return the recordings of the real set called *name*."""
    folder = data / "speech" / name
    return [
        Recording(row["text"], whole(folder / row["file"]), row["speaker"])
        for row in _rows(folder)
        if row["split"] in splits
    ]


@dataclass(frozen=True, slots=True)
class Home:
    """Commands to one home, and what it calls its things: what its gazetteer has."""

    recordings: Sequence[Recording]
    names: tuple[Name, ...]


def spoken_commands(
    name: str,
    data: Path,
    rng: np.random.Generator,
    count: int,
    *,
    groups: Sequence[str] = GROUPS,
    around_s: tuple[float, float] = _AROUND_S,
) -> Home:
    """Return *count* commands of the part called *name*, spoken by *groups* in turn.

    Before and after them nobody speaks for between *around_s* seconds.
    They are of three origins in equal shares: our grammar, Home Assistant's test sentences, and
    requests to published homes. Every name in them is one of the home's, invented ones too.
    """
    chosen = _commands(name, data, rng, count)
    tones = room_tones(data)
    found: list[Recording] = []
    for at, example in enumerate(chosen):
        text, group = " ".join(said(example.text)), groups[at % len(groups)]
        voices = [voice for voice in VOICES if voice.group == group]
        (sound,) = speak([text], voices[int(rng.integers(len(voices)))], rng)
        if len(sound):
            samples = sound.astype(np.float32) / np.float32(32768)
            found.append(Recording(text, in_room(samples, tones, rng, around_s), group))
    return Home(found, _names(chosen))


def _commands(name: str, data: Path, rng: np.random.Generator, count: int) -> list[Example]:
    by_source: dict[str, dict[str, Example]] = {source: {} for source in SOURCES}
    for example in examples(name, data):
        if example.source in by_source and 0 < len(said(example.text)) <= _LONGEST:
            by_source[example.source][example.text.lower()] = example
    chosen: list[Example] = []
    for found in by_source.values():
        order = rng.permutation(len(found))[: -(-count // len(by_source))]
        listed = list(found.values())
        chosen += [listed[at] for at in order]
    return [chosen[at] for at in rng.permutation(len(chosen))[:count]]


def _names(chosen: Iterable[Example]) -> tuple[Name, ...]:
    found = (
        Name(example.text[span.start : span.end].lower(), "", _KINDS[span.name])
        for example in chosen
        for span in example.spans or ()
        if span.name in _KINDS
    )
    return tuple(dict.fromkeys(found))


def with_noise(
    recordings: Iterable[Recording], data: Path, rng: np.random.Generator, *, decibels: float
) -> list[Recording]:
    """Return *recordings* with sounds of homes beneath, *decibels* softer than the speech."""
    folder = data / "speech" / "noise-esc10"
    sounds = [whole(folder / row["file"]) for row in _rows(folder) if row["split"] == "dev"]
    noisy: list[Recording] = []
    for one in recordings:
        noise = np.resize(sounds[int(rng.integers(len(sounds)))], len(one.samples))
        share = 10 ** (-decibels / 20) * _loudness(one.samples) / (_loudness(noise) + 1e-9)
        mixed = np.clip(one.samples + np.float32(share) * noise, -1, 1)
        noisy.append(replace(one, samples=mixed.astype(np.float32)))
    return noisy


def in_room(
    samples: Samples,
    tones: Sequence[Samples],
    rng: np.random.Generator,
    around_s: tuple[float, float] = _AROUND_S,
) -> Samples:
    """Return *samples* with room tone before, after and beneath."""
    before, after = (int(RATE * rng.uniform(*around_s)) for _ in range(2))
    framed = np.pad(samples, (before, after))
    tone = np.resize(tones[int(rng.integers(len(tones)))], len(framed))
    level = np.float32(_TONE_LEVEL / (_loudness(tone) + 1e-9))
    return np.clip(framed + level * tone, -1, 1).astype(np.float32)


@cache
def room_tones(data: Path) -> tuple[Samples, ...]:
    """Return what rooms sound like before anybody speaks."""
    folder = data / "speech" / "command-coffee-picovoice"
    rows = [row for row in _rows(folder) if row["split"] == "dev"]
    tones = (whole(folder / row["file"])[: int(_TONE_S * RATE)] for row in rows)
    # There and back again, so that no seam clicks.
    return tuple(np.concatenate([tone, tone[::-1]]) for tone in tones)


def whole(path: Path) -> Samples:
    """Return the sound at *path*."""
    return np.concatenate(list(read_file(path)))


def _rows(folder: Path) -> Iterator[dict[str, str]]:
    with (folder / "transcripts.tsv").open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)


def _loudness(samples: Samples) -> float:
    return float(np.sqrt(np.mean(samples**2)))
