"""Recordings of which is known what was meant, but not in which words.

A skill's samples say in which sentences something can be meant: "can I get a large latte" and "make
me a large latte" are the same order. Which of them a recording holds is found by aligning them all
with it, by the very network that is to learn from it (weak supervision; hard expectation
maximisation, as in self-training with constraints). What remains to be guessed is little: carrier
phrases and the order of words; the words that matter are given.
"""

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np

from gnothi.core.errors import InputError
from gnothi.core.hearing import RATE, Pattern
from gnothi.skills.sentences import Meaning, patterns
from gnothi.skills.skillset import Skill
from gnothi.speech.audio import read_file
from gnothi.speech.graph import GraphWeights, SentenceGraph, WordGraph
from gnothi.speech.voice import BLOCK, VoiceDetector
from gnothi_train.speech.augment import Floats

TABLE = "transcripts.tsv"
_SPEECH = 0.5
UNTRAINED = GraphWeights(blank=4.0, word=4.0)
"""For a network that has heard nothing of the kind: see decision 29."""
TRAINED = GraphWeights(blank=0.0, word=2.0)
STRAIN = 0.28
"""Above this strain, what is said is no sentence of the skill: 95 % of orders in noise of 6 dB lay
below 0.24, 95 % of what is said to homes above 0.31 (decision 29)."""


@dataclass(frozen=True, slots=True)
class Recording:
    """Somebody says something to a skill."""

    path: Path
    meaning: Meaning
    group: str = ""
    """Who speaks, where that is known: what is held back is held back by groups."""


def read_recordings(folder: Path) -> list[Recording]:
    """Return the recordings that the table in *folder* lists.

    Its columns are ``file``, ``intent`` and ``slots_json`` (an object of texts), and, where it is
    known, ``cluster``: who speaks.

    Raises:
        InputError: there is no such table, or a line of it can't be understood.
    """
    path = folder / TABLE
    if not path.is_file():
        raise InputError(f"{folder} has no {TABLE}: write there what is meant in each file.")
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
            if not {"file", "intent", "slots_json"} <= set(rows.fieldnames or ()):
                raise InputError(f'{path} needs the columns "file", "intent" and "slots_json".')
            found = [_recording(row, folder, f"Line {rows.line_num} of {path}") for row in rows]
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{path} is no table in UTF-8: save it as such.") from error
    if not found:
        raise InputError(f"{path} lists no recordings.")
    return found


def _recording(row: dict[str, str | None], folder: Path, where: str) -> Recording:
    try:
        slots: object = json.loads(row["slots_json"] or "{}")
    except ValueError as error:
        raise InputError(f"{where}: slots_json is no JSON: {error}") from error
    if not isinstance(slots, dict) or not all(
        isinstance(value, str) for value in cast("dict[str, object]", slots).values()
    ):
        raise InputError(f"{where}: slots_json must be an object whose values are texts.")
    if not row["file"] or not row["intent"]:
        raise InputError(f"{where} needs a file and an intent.")
    told = {name: value.strip() for name, value in cast("dict[str, str]", slots).items()}
    path = folder / row["file"]
    if not path.is_file():
        raise InputError(f"{where}: there is no file {row['file']}.")
    return Recording(path, Meaning(row["intent"], told), row.get("cluster") or "")


@dataclass(frozen=True, slots=True)
class Clip:
    """A recording that is ready to be learned from."""

    sound: Floats
    speech: tuple[int, int]
    """The first sample of speech and the one after the last."""
    sentences: SentenceGraph
    """Every sentence that it may hold."""


def open_clips(
    recordings: Sequence[Recording], skill: Skill, pieces: Sequence[str]
) -> Iterator[Clip]:
    """Yield the sound of *recordings* with what may be said in each.

    Raises:
        InputError: no sample of the skill says what was meant.
    """
    detector = VoiceDetector()
    for one, sentences in zip(recordings, possible(recordings, skill, pieces), strict=True):
        sound = np.concatenate(list(read_file(one.path)))
        chances = np.array(detector.open().accept(sound))
        loud = np.flatnonzero(chances > _SPEECH)
        found = (int(loud[0]) * BLOCK, (int(loud[-1]) + 1) * BLOCK) if len(loud) else None
        yield Clip(sound, found or (0, len(sound)), sentences)


def possible(
    recordings: Sequence[Recording], skill: Skill, pieces: Sequence[str]
) -> Iterator[SentenceGraph]:
    """Yield the sentences that each of *recordings* may hold.

    Raises:
        InputError: no sample of the skill says what was meant.
    """
    known: dict[str, SentenceGraph] = {}
    for one in recordings:
        key = json.dumps([one.meaning.intent, dict(one.meaning.slots)], sort_keys=True)
        if key not in known:
            known[key] = SentenceGraph(WordGraph.of(_possible(one, skill)), pieces)
        yield known[key]


def _possible(one: Recording, skill: Skill) -> list[Pattern]:
    found = list(patterns(skill, one.meaning))
    if not found:
        slots = ", ".join(f"{name} '{value}'" for name, value in one.meaning.slots.items())
        raise InputError(
            f"{one.path.name}: no sample of '{skill.name}' says '{one.meaning.intent}' with "
            f"{slots or 'no slots'}. Add one, or leave the recording out."
        )
    return found


def framed(clip: Clip, rng: np.random.Generator) -> Floats:
    """Return the speech in *clip* with some of the room before and after it."""
    first = max(0, clip.speech[0] - int(rng.uniform(0.15, 1.2) * RATE))
    last = min(len(clip.sound), clip.speech[1] + int(rng.uniform(0.15, 1.0) * RATE))
    return clip.sound[first:last]


def spelled(sentences: SentenceGraph, scores: Floats, *, trained: bool) -> str:
    """Return which of *sentences* fits best with the network's *scores* for a recording.

    Without any that fits, the text is empty.
    """
    found = sentences.best(scores, TRAINED if trained else UNTRAINED)
    return found.text if found else ""
