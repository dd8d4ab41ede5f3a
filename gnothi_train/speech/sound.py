"""The sound that is learned from: what voices say, and what people said."""

import csv
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from gnothi.core.hearing import Samples
from gnothi.speech.audio import read_file
from gnothi_train.speech import corpus, shards
from gnothi_train.speech.voices import HELD_OUT, RATE, VOICES, Sound, Voice, speak
from gnothi_train.speech.wording import spoken

RECORDINGS = ("librispeech-3spk", "fsdd", "ljspeech-8", "wakeword-precise")
"""Real recordings whose licences let a model be shipped, with the words that were said."""

SHARES = {
    ("espeak", "espeak-ng"): 0.30,
    ("kal", "flite"): 0.10,
    ("kal", "festival"): 0.07,
    ("ked", "festival"): 0.13,
    ("slt", "flite"): 0.11,
    ("slt", "festival"): 0.10,
    ("awb", "flite"): 0.19,
}
"""How much of the synthetic sound each group speaks with each program."""
_SHARD = 200
_SENTENCES = 26_000


def synthesise(folder: Path, data: Path, *, seed: int, shards_wanted: int) -> Iterator[Path]:
    """Speak sentences of the training part into *folder*, a shard after the other."""
    rng = np.random.default_rng((seed, 1))
    texts = corpus.read_sample("train", data, rng, _SENTENCES)
    keys, chances = list(SHARES), list(SHARES.values())
    for number in range(shards_wanted):
        path = folder / f"train-{number:03}"
        chosen = np.random.default_rng((seed, 2, number))
        said = [texts[(number * _SHARD + i) % len(texts)] for i in range(_SHARD)]
        if not path.with_suffix(".json").exists():
            picks = chosen.choice(len(keys), len(said), p=chances)
            _speak_shard(path, said, [keys[pick] for pick in picks], chosen)
        yield path


def synthesise_apart(folder: Path, data: Path, *, seed: int, count: int = 300) -> None:
    """Speak commands of the development part: by the held-out group, and by known ones."""
    rng = np.random.default_rng((seed, 3))
    said = corpus.commands("dev", data, rng)[:count]
    for name, groups in (("dev-unseen", {HELD_OUT}), ("dev-seen", {k for k, _ in SHARES})):
        path = folder / name
        kinds = sorted({(v.group, v.program) for v in VOICES if v.group in groups})
        picks = [kinds[i % len(kinds)] for i in range(len(said))]
        if not path.with_suffix(".json").exists():
            _speak_shard(path, said, picks, rng)


def _speak_shard(
    path: Path, texts: list[str], kinds: list[tuple[str, str]], rng: np.random.Generator
) -> None:
    spoken_by: list[tuple[str, str, Sound]] = []
    for kind in sorted(set(kinds)):
        mine = [text for text, other in zip(texts, kinds, strict=True) if other == kind]
        for voice, some in _assigned(kind, mine, rng):
            sounds = speak(some, voice, rng)
            spoken_by += [(t, voice.group, s) for t, s in zip(some, sounds, strict=True)]
    kept = [row for row in spoken_by if len(row[2]) > RATE // 5 and np.abs(row[2]).max() > 500]
    shards.write(path, [r[2] for r in kept], [r[0] for r in kept], [r[1] for r in kept])


def _assigned(
    kind: tuple[str, str], texts: list[str], rng: np.random.Generator
) -> Iterator[tuple[Voice, list[str]]]:
    voices = [voice for voice in VOICES if (voice.group, voice.program) == kind]
    picks = rng.integers(len(voices), size=len(texts))
    for number in sorted(set(picks.tolist())):
        yield voices[number], [t for t, p in zip(texts, picks, strict=True) if p == number]


def recordings(folder: Path, data: Path) -> None:
    """Read the real recordings into *folder*: one shard for each set and part."""
    for name in RECORDINGS:
        for part in ("train", "dev"):
            path = folder / f"{part}-real-{name}"
            rows = [row for row in _transcribed(data / "speech" / name) if row["part"] == part]
            if rows and not path.with_suffix(".json").exists():
                pieces = [decode(data / "speech" / name / row["file"]) for row in rows]
                groups = [f"real/{name}/{row['speaker']}" for row in rows]
                shards.write(path, pieces, [row["text"] for row in rows], groups)


def _transcribed(folder: Path) -> Iterator[dict[str, str]]:
    with (folder / "transcripts.tsv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            if text := spoken(row.get("text") or ""):
                yield {
                    "file": row["file"],
                    "part": row.get("split") or "train",
                    "speaker": row.get("speaker") or "",
                    "text": text,
                }


def decode(path: Path) -> Sound:
    """Return the sound file at *path*, whatever its format, mono at 16 kHz; shape (samples,)."""
    return to_int16(np.concatenate(list(read_file(path))))


def to_int16(samples: Samples) -> Sound:
    """Return *samples* (from -1 to 1) as 16-bit integers."""
    return np.clip(np.round(samples * 32768.0), -32768, 32767).astype(np.int16)
