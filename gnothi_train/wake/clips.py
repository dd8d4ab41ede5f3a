"""The sound that a wake word is learned from: real recordings, and what synthetic voices say."""

import csv
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gnothi.core.errors import InputError
from gnothi.speech.features import HOP, log_mel
from gnothi_train.language import homes
from gnothi_train.speech import shards
from gnothi_train.speech.sound import SHARES, decode
from gnothi_train.speech.voices import RATE, VOICES, Sound, speak
from gnothi_train.wake.align import Aligner
from gnothi_train.wake.alike import alike

WORDS = "wakeword-picovoice"
ELSE = ("command-coffee-picovoice", "librispeech-3spk", "wakeword-precise", "fsdd", "ljspeech-8")
LICENCES = {
    WORDS: "Apache-2.0",
    "command-coffee-picovoice": "Apache-2.0",
    "librispeech-3spk": "CC BY 4.0",
    "wakeword-precise": "public domain",
    "fsdd": "CC BY-SA 4.0",
    "ljspeech-8": "public domain",
    "noise-esc10": "CC BY 3.0",
    "noise-misc": "Apache-2.0, MIT",
    "rir-misc": "Apache-2.0, MIT",
}
"""Sets that are learned from; all may be in a model that is shipped."""

_GAP, _LEAST = 25, 8
"""Windows of 10 ms: shorter pauses are within a word, shorter sounds are none."""
_CARRIERS = ("{}", "{}", "{}.", "{}?", "hey {}", "okay {}", "so, {}")
_ALIKE = 60
_EVERY = {"fsdd": 6}
"""Digits are short, many, and all the same: some are enough."""


@dataclass(frozen=True, slots=True)
class Clip:
    """Somebody says something."""

    sound: Sound
    word: str
    """The wake word that it ends with; empty for anything else."""
    group: str
    """Who speaks: ``SET/CLUSTER`` of a real recording, or a group of voices."""
    start: int
    """Sample at which somebody begins to speak."""
    end: int
    """Sample at which they have finished."""


def real(data: Path, words: Sequence[str]) -> Iterator[Clip]:
    """Yield the real recordings in *data*; those with the text of one of *words* are that word.

    Recordings of ``wakeword-picovoice`` and of orders have clusters in common.
    """
    aligner = Aligner()
    for name in (WORDS, *ELSE):
        folder = data / "speech" / name
        for row in _rows(folder)[:: _EVERY.get(name, 1)]:
            sound, text = decode(folder / row["file"]), (row.get("text") or "").lower()
            who = row.get("cluster") or row.get("speaker") or row.get("set") or ""
            kind = "picovoice" if name.endswith("picovoice") else name
            word = text if text in words else ""
            place = aligner.extent(sound, word) if word else None
            yield Clip(sound, word, f"{kind}/{who}", *(place or extent(sound)))


def own(folder: Path, word: str) -> list[Clip]:
    """Return the recordings in *folder*, in each of which *word* is said once, at its end.

    Raises:
        InputError: there is none, or one of them holds no sound.
    """
    paths = sorted(path for path in folder.iterdir() if path.is_file() and path.name[0] != ".")
    if not paths:
        raise InputError(f"There are no recordings in {folder}.")
    aligner = Aligner()
    sounds = [decode(path) for path in paths]
    places = [aligner.extent(sound, word) or extent(sound) for sound in sounds]
    return [Clip(sound, word, "own", *place) for sound, place in zip(sounds, places, strict=True)]


def _rows(folder: Path) -> list[dict[str, str]]:
    with (folder / "transcripts.tsv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def extent(sound: Sound) -> tuple[int, int]:
    """Return the first and last sample of what is said in *sound*: its loudest piece by pauses."""
    loudness = log_mel(sound.astype(np.float32) / np.float32(32768)).mean(1)
    if not len(loudness):
        return 0, len(sound)
    low, high = np.quantile(loudness, [0.1, 0.97])
    loud = np.flatnonzero(loudness > low + 0.4 * (high - low))
    pieces = np.split(loud, np.flatnonzero(np.diff(loud) > _GAP) + 1)
    best = max(pieces, key=lambda one: float((loudness[one] - low).sum()) if len(one) else 0.0)
    if len(best) < _LEAST:
        return 0, len(sound)
    return int(best[0]) * HOP, min(len(sound), (int(best[-1]) + 2) * HOP)


def synthetic(
    folder: Path, words: Sequence[str], *, seed: int, each: int, others: int
) -> Iterator[Clip]:
    """Yield what voices say: *each* times each of *words*, *others* sentences, and more.

    Sentences are what people say at home; a quarter as many are words that sound alike. Sound is
    kept in *folder* between runs; voices of ``voices.HELD_OUT`` are not among them.
    """
    for number, word in enumerate(words):
        said = [_CARRIERS[at % len(_CARRIERS)].format(word) for at in range(each)]
        yield from _spoken(folder, f"word-{word}", said, word, (seed, number))
        near = alike(word, _ALIKE)
        said = [*near, *parts(word)] * max(1, round(others / 4 / len(words) / len(near)))
        yield from _spoken(folder, f"alike-{word}", said, "", (seed, 99, number))
    rng = np.random.default_rng((seed, 7))
    texts = [one for one in sentences() if not set(words) & set(one.lower().split())]
    chosen = [texts[at] for at in rng.permutation(len(texts))[:others]]
    yield from _spoken(folder, "sentences", chosen, "", (seed, 8))


def parts(word: str) -> list[str]:
    """Return pieces of *word*, as they are said by themselves: its words, beginnings and ends."""
    whole = word.split()
    singles = whole if len(whole) > 1 else []
    return [*singles, word[: len(word) // 2 + 1], word[len(word) // 2 :]]


def sentences() -> list[str]:
    """Return what people say at home, as the training of language has it written down."""
    folder = Path(homes.__file__).parent / "utterances"
    files = (path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.txt")))
    lines = (line for text in files for line in text.splitlines())
    told = (line.rpartition("|")[2].strip() for line in lines if not line.startswith("#"))
    plain = (_unmarked(one) for one in told)
    return [one for one in dict.fromkeys(plain) if 3 <= len(one.split()) <= 16]


def _unmarked(text: str) -> str:
    words = text.replace("]", " ").split()
    return " ".join(word for word in words if not word.startswith("["))


def _spoken(
    folder: Path, name: str, texts: Sequence[str], word: str, seed: tuple[int, ...]
) -> Iterator[Clip]:
    told = hashlib.sha256(repr((seed, word, texts)).encode()).hexdigest()[:8]
    path = folder / f"{name.replace(' ', '-')}-{told}"
    if not path.with_suffix(".json").exists():
        rng = np.random.default_rng(seed)
        kinds = list(SHARES)
        picks = rng.choice(len(kinds), len(texts), p=list(SHARES.values()))
        said: list[tuple[str, str, Sound]] = []
        for number, kind in enumerate(kinds):
            mine = [text for text, pick in zip(texts, picks, strict=True) if pick == number]
            said += _by(kind, mine, rng)
        kept = [row for row in said if len(row[2]) > RATE // 5 and np.abs(row[2]).max() > 500]
        shards.write(path, [r[2] for r in kept], [r[0] for r in kept], [r[1] for r in kept])
    for utterance, sound in shards.read(path.with_suffix(".json")):
        piece = np.array(sound)
        yield Clip(piece, word, f"synthetic/{utterance.group}", *spoken_extent(piece))


def spoken_extent(sound: Sound) -> tuple[int, int]:
    """Return the first and last sample of clean speech: all of it, pauses too."""
    level = np.abs(sound.astype(np.float32))
    loud = np.flatnonzero(level > 0.02 * level.max())
    return int(loud[0]), int(loud[-1]) + 1


def _by(
    kind: tuple[str, str], texts: Sequence[str], rng: np.random.Generator
) -> Iterator[tuple[str, str, Sound]]:
    voices = [voice for voice in VOICES if (voice.group, voice.program) == kind]
    picks = rng.integers(len(voices), size=len(texts))
    for number in sorted(set(picks.tolist())):
        mine = [text for text, pick in zip(texts, picks, strict=True) if pick == number]
        sounds = speak(mine, voices[number], rng)
        yield from zip(mine, [voices[number].group] * len(mine), sounds, strict=True)
