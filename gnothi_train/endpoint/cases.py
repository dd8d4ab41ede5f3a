"""Recordings of real people with pauses in the middle, and where they really end.

Some pauses are as they were recorded: those inside of sentences that are read, some in commands,
and the silence behind commands. The others are put in, as if somebody hesitated: at a point where
the sound is soft anyway, it fades within 40 ms into room tone of the same recording, and out of it
again. *Half of all ends are cut in the same way*, at the same loudness and into the same tone, so
that the cut itself tells nothing.

Parts are kept apart by whole clusters (Picovoice's recordings, whose speakers are not known), and
by speakers (LibriSpeech). Synthetic commands are for training alone.
"""

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gnothi.core.hearing import RATE, Samples
from gnothi.speech.audio import read_file
from gnothi.speech.voice import BLOCK, VoiceDetector
from gnothi_train.speech import corpus
from gnothi_train.speech.augment import Places
from gnothi_train.speech.voices import HELD_OUT, VOICES, speak

Floats = NDArray[np.float32]

COMMANDS, READ = "command-coffee-picovoice", "librispeech-3spk"
PARTS = ("train", "test", "train", "test", "dev")
"""Clusters take turns, the largest first."""
READERS = {"ls19": "train", "ls26": "test"}
_DEV_CHAPTER = "19-198"
"""Of the reader of the training part."""
SILENCE_S = 1.5
"""So much silence follows the end."""
HESITATION_S = (0.3, 2.0)
CUT, NATURAL = "cut", "natural"

_HOP = RATE // 100
_DIP_S = 0.06
_SOFT_DB = 25.0
_ABOVE_FLOOR_DB = 6.0
_APART_S = 0.35
_FADE = RATE * 40 // 1000
_LEAST_TONE_S = 0.12
_BEFORE_S = 0.6
"""Room tone before a command."""


@dataclass(frozen=True, slots=True)
class Pause:
    """Somebody falls silent."""

    at_s: float
    """When, in seconds of the case's sound."""
    goes_on_s: float | None
    """After so long a silence the person goes on; ``None`` where this is the end."""
    how: str
    """``CUT``, or ``NATURAL``: as it was recorded."""

    @property
    def is_end(self) -> bool:
        """Whether the person has finished."""
        return self.goes_on_s is None


@dataclass(frozen=True, slots=True)
class Case:
    """Somebody says something, with pauses, and ends."""

    name: str
    group: str
    """Speaker, or cluster of recordings."""
    kind: str
    """``command``, ``read`` or ``synthetic``."""
    samples: Samples
    pauses: tuple[Pause, ...]
    """In order of time; the last is the end."""


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording, and where it is loud and soft."""

    name: str
    group: str
    kind: str
    samples: Samples
    chances: Floats
    """Probability of speech in blocks of 32 ms."""


def real(part: str, data: Path, detector: VoiceDetector) -> Iterator[Recording]:
    """Yield the recordings of real people in the part called *part*."""
    rows = _rows(data / "speech" / COMMANDS)
    parts = clusters(Counter(row["cluster"] for row in rows))
    for row in rows:
        if parts[row["cluster"]] == part:
            yield _recording(data, COMMANDS, row["file"], row["cluster"], "command", detector)
    for row in _rows(data / "speech" / READ):
        where = READERS[row["speaker"]]
        if where == "train" and _DEV_CHAPTER in row["file"]:
            where = "dev"
        if where == part:
            yield _recording(data, READ, row["file"], row["speaker"], "read", detector)


def clusters(sizes: Counter[str]) -> dict[str, str]:
    """Return the part of each cluster."""
    ordered = sorted(sizes, key=lambda one: (-sizes[one], one))
    return {one: PARTS[at % len(PARTS)] for at, one in enumerate(ordered)}


def synthetic(
    data: Path, detector: VoiceDetector, rng: np.random.Generator, count: int
) -> Iterator[Recording]:
    """Yield *count* commands of the training part spoken by programs, in rooms that were recorded.

    Two in five have sounds of homes beneath.
    """
    texts = corpus.read_sample("train", data, rng, count)
    places = Places.read(data, "train")
    tones = list(_tones(data, detector))
    voices = [voice for voice in VOICES if voice.group != HELD_OUT]
    groups = sorted({voice.group for voice in voices})
    size = 10
    for start in range(0, count, size):
        group = groups[start // size % len(groups)]
        own = [voice for voice in voices if voice.group == group]
        voice = own[int(rng.integers(len(own)))]
        for at, sound in enumerate(speak(texts[start : start + size], voice, rng)):
            if len(sound) < RATE // 3:
                continue
            samples = _framed(sound.astype(np.float32) / np.float32(32768), tones, places, rng)
            name = f"synthetic-{start + at}"
            chances = np.array(detector.open().accept(samples), np.float32)
            yield Recording(name, group, "synthetic", samples, chances)


def case(recording: Recording, rng: np.random.Generator, *, most: int = 2) -> Case | None:
    """Return *recording* with up to *most* hesitations put in; nothing where that can't be."""
    found = _Loudness.of(recording)
    tone = found.tone() if found else None
    if found is None or tone is None:
        return None
    natural = found.pauses()
    chosen = _chosen(found.dips(), natural, int(rng.integers(most + 1)), rng)
    start = max(0, found.begin - int(_BEFORE_S * 100))
    parts: list[Samples] = []
    pauses: list[Pause] = []
    added_s = -start * _HOP / RATE
    before = start
    for begin, end in sorted([*natural, *chosen]):
        at_s = begin * _HOP / RATE + added_s
        if (begin, end) not in chosen:
            pauses.append(Pause(at_s, (end - begin) * _HOP / RATE, NATURAL))
            continue
        length = float(rng.uniform(*HESITATION_S))
        parts += [recording.samples[before * _HOP : begin * _HOP + _FADE], _some(tone, length, rng)]
        added_s += length
        before = begin
        pauses.append(Pause(at_s, length, CUT))
    end_s = found.end * _HOP / RATE + added_s
    stop = found.end * _HOP + int(SILENCE_S * RATE)
    is_cut = recording.kind == "read" or rng.random() < 0.5 or stop > len(recording.samples)
    if is_cut:
        parts += [recording.samples[before * _HOP : found.end * _HOP + _FADE]]
        parts += [_some(tone, SILENCE_S, rng)]
    else:
        parts += [recording.samples[before * _HOP : stop]]
    pauses.append(Pause(end_s, None, CUT if is_cut else NATURAL))
    return Case(recording.name, recording.group, recording.kind, _joined(parts), tuple(pauses))


def _chosen(
    dips: list[tuple[int, int]],
    natural: list[tuple[int, int]],
    count: int,
    rng: np.random.Generator,
) -> list[tuple[int, int]]:
    """Return *count* of the longest *dips* that are no pauses already."""
    free = [dip for dip in dips if dip not in natural]
    longest = sorted(free, key=lambda dip: dip[0] - dip[1])[: 2 * count]
    return [longest[at] for at in rng.permutation(len(longest))[:count].tolist()]


def _joined(parts: Sequence[Samples]) -> Samples:
    """Return *parts* one after the other; each fades into the next, and no time is lost."""
    joined = parts[0]
    for part in parts[1:]:
        joined = faded(joined, part)
    return joined


def _some(tone: Samples, seconds: float, rng: np.random.Generator) -> Samples:
    """Return *seconds* of *tone*, and what fades at one end."""
    turned = np.roll(tone, -int(rng.integers(len(tone))))
    return np.resize(turned, int(seconds * RATE) + _FADE)


@dataclass(frozen=True, slots=True)
class _Loudness:
    """Where a recording is loud and soft, in frames of 10 ms."""

    samples: Samples
    decibels: Floats
    chances: Floats
    begin: int
    end: int
    """Where the last sound of speech fades."""
    threshold: float

    @classmethod
    def of(cls, recording: Recording) -> "_Loudness | None":
        """Return it; nothing where nobody speaks."""
        samples = recording.samples
        windows = np.lib.stride_tricks.sliding_window_view(samples, 2 * _HOP)[::_HOP]
        decibels = 10 * np.log10((windows**2).mean(1) + 1e-10)
        at = ((np.arange(len(decibels)) + 1) * _HOP // BLOCK).astype(int)
        chances = recording.chances[np.minimum(at, len(recording.chances) - 1)]
        spoken = np.flatnonzero(chances > 0.5)
        if len(spoken) < 30:
            return None
        first, last = int(spoken[0]), int(spoken[-1])
        level = float(np.percentile(decibels[first:last], 90))
        floor = float(np.percentile(decibels, 10))
        threshold = max(floor + _ABOVE_FLOOR_DB, level - _SOFT_DB)
        loud = np.flatnonzero(decibels[first : last + 20] > threshold)
        if not len(loud) or threshold > level - 8:
            return None
        end = first + int(loud[-1]) + 2
        return cls(samples, decibels, chances, first, end, threshold)

    def dips(self) -> list[tuple[int, int]]:
        """Return soft stretches inside the speech: between words, mostly."""
        found: list[tuple[int, int]] = []
        for begin, end in _runs(self.decibels[: self.end] <= self.threshold):
            is_inside = begin >= self.begin + 40 and end <= self.end - 20
            apart = not found or begin - found[-1][0] >= _APART_S * 100
            if is_inside and end - begin >= _DIP_S * 100 and apart:
                found.append((begin + 2, end))
        return found

    def pauses(self) -> list[tuple[int, int]]:
        """Return pauses as they were recorded: from the last soft sound before to the next one."""
        found: list[tuple[int, int]] = []
        for begin, end in _runs(self.decibels[: self.end] <= self.threshold):
            is_inside = begin >= self.begin + 40 and end <= self.end - 20
            if is_inside and end - begin >= 20:
                found.append((begin + 2, end))
        return found

    def tone(self) -> Samples | None:
        """Return what the room sounds like: stretches in which nobody speaks, one after another."""
        quiet = (self.chances < 0.2) & (self.decibels <= self.threshold)
        parts = [
            self.samples[(a + 6) * _HOP : (b - 6) * _HOP]
            for a, b in _runs(quiet)
            if b - a >= 12 + _LEAST_TONE_S * 100 and (b < self.begin - 5 or a > self.begin)
        ]
        if not parts:
            return None
        tone = parts[0]
        for part in parts[1:]:
            tone = faded(tone, part)
        # There and back again, so that no seam clicks.
        return np.concatenate([tone, tone[::-1]])


def faded(one: Samples, other: Samples) -> Samples:
    """Return *one* that fades into *other*, at equal power."""
    size = min(_FADE, len(one), len(other))
    angle = np.linspace(0, np.pi / 2, size, dtype=np.float32)
    middle = one[len(one) - size :] * np.cos(angle) + other[:size] * np.sin(angle)
    return np.concatenate([one[: len(one) - size], middle, other[size:]])


def _runs(mask: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    return ((int(a), int(b)) for a, b in edges.reshape(-1, 2))


def _tones(data: Path, detector: VoiceDetector) -> Iterator[Samples]:
    rows = _rows(data / "speech" / COMMANDS)
    parts = clusters(Counter(row["cluster"] for row in rows))
    chosen = [row for row in rows if parts[row["cluster"]] == "train"][::6]
    for row in chosen:
        recording = _recording(data, COMMANDS, row["file"], row["cluster"], "command", detector)
        found = _Loudness.of(recording)
        tone = found.tone() if found else None
        if tone is not None and len(tone) > RATE // 2:
            yield tone


def _framed(
    sound: Samples, tones: Sequence[Samples], places: Places, rng: np.random.Generator
) -> Samples:
    """Return *sound* in a room, with its tone before, after and beneath."""
    before, after = int(RATE * rng.uniform(0.3, 0.8)), int(RATE * (SILENCE_S + 0.5))
    level = np.float32(10 ** (rng.uniform(-32, -16) / 20))
    loudness = np.sqrt(np.mean(sound**2)) + 1e-9
    framed = np.pad(sound * (level / loudness), (before, after)).astype(np.float32)
    if rng.random() < 0.4:
        noise = places.noises[int(rng.integers(len(places.noises)))]
        share = level * np.float32(10 ** (-rng.uniform(10, 30) / 20))
        framed = framed + share * np.resize(noise, len(framed))
    tone = tones[int(rng.integers(len(tones)))]
    tone = tone / np.float32(np.sqrt(np.mean(tone**2)) + 1e-9)
    floor = np.float32(10 ** (rng.uniform(-75, -50) / 20))
    return np.clip(framed + floor * np.resize(tone, len(framed)), -1, 1).astype(np.float32)


def _recording(
    data: Path, name: str, file: str, group: str, kind: str, detector: VoiceDetector
) -> Recording:
    samples = np.concatenate(list(read_file(data / "speech" / name / file)))
    chances = np.array(detector.open().accept(samples), np.float32)
    return Recording(Path(file).stem, group, kind, samples, chances)


def _rows(folder: Path) -> list[dict[str, str]]:
    with (folder / "transcripts.tsv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
