"""Piper: neural voices (VITS) of 20 to 120 MB, which people fetch; natural, and quick enough.

A voice is two files, ``NAME.onnx`` and ``NAME.onnx.json``. The network runs in ONNX Runtime, as
all of ours do. What it needs are phonemes, and espeak-ng says them, as a program of its own: the
package ``piper-tts`` would do the same inside this process, is 34 MB, and GPL.
"""

import json
import os
import re
import unicodedata
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

from gnothi.core.errors import InputError, ProviderError
from gnothi.core.onnx import open_session
from gnothi.core.speaking import Ability, Block, Piece, Speech, Voice
from gnothi.speech.speaking import espeak
from gnothi.speech.speaking.composing import sooner
from gnothi.speech.speaking.loudness import levelling
from gnothi.speech.speaking.stream import Halt, Span, Stream
from gnothi.speech.speaking.whisper import whispered

_BEGIN, _END, _PAD = "^", "$", "_"
_LOWEST_RATE, _HIGHEST_RATE = 8_000, 48_000
_MOST_THREADS = 4
_SHORT, _MOST_KEPT = 100, 64
"""Numbers of phonemes (about 2 s) of a sentence whose sound is kept, and how many are: 12 MB."""
_SLOWEST, _FASTEST = 0.3, 3.0
_CLAUSE = re.compile(r"(?:[^,;:.!?]|[,.:](?=\d))+[,;:.!?]*")
_OTHER_LANGUAGE = re.compile(r"\([^)]+\)")
_CALIBRATION = "Good morning, everybody."


@dataclass(frozen=True, slots=True)
class _Config:
    """What the file beside a network says of it."""

    rate: int
    language: str
    espeak: str
    """The voice of espeak-ng whose phonemes it learned; empty where it learned letters."""
    ids: Mapping[str, Sequence[int]]
    noise: float
    length: float
    noise_w: float
    speakers: Mapping[str, int]

    @classmethod
    def read(cls, path: Path) -> "_Config":
        """Read the file at *path*.

        Raises:
            InputError: it is not there, or says not what a voice must say.
        """
        try:
            told: Any = json.loads(path.read_text(encoding="utf-8"))
            kind = told.get("phoneme_type", "espeak")
            if kind not in ("espeak", "text"):
                raise InputError(f"{path.name}: voices that learned '{kind}' are not supported.")
            inference, voice = told.get("inference", {}), told["espeak"]["voice"]
            found = cls(
                rate=int(told["audio"]["sample_rate"]),
                language=str(told.get("language", {}).get("code") or voice),
                espeak=str(voice) if kind == "espeak" else "",
                ids={
                    str(key): [int(one) for one in ids]
                    for key, ids in told["phoneme_id_map"].items()
                },
                noise=float(inference.get("noise_scale", 0.667)),
                length=float(inference.get("length_scale", 1.0)),
                noise_w=float(inference.get("noise_w", 0.8)),
                speakers=_speakers(told),
            )
        except OSError as error:
            raise InputError(f"{path} is missing: fetch it together with the voice.") from error
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise InputError(f"{path} does not describe a voice of Piper.") from error
        if (
            not _LOWEST_RATE <= found.rate <= _HIGHEST_RATE
            or not {_BEGIN, _END, _PAD} <= found.ids.keys()
        ):
            raise InputError(f"{path} does not describe a voice of Piper.")
        return found


def _speakers(told: Mapping[str, Any]) -> dict[str, int]:
    """Return the numbers of the people whose voices one network has, by name."""
    if int(told.get("num_speakers", 1)) <= 1:
        return {}
    return {str(name): int(number) for name, number in told["speaker_id_map"].items()}


class PiperSpeaker:
    """Speaks with the voices of Piper in a folder."""

    name = "piper"
    abilities = frozenset(
        {Ability.RATE, Ability.VOLUME, Ability.PAUSE, Ability.PHONEMES, Ability.WHISPER}
    )

    def __init__(self, folder: Path, voice: str | None = None, *, speed: float = 1.0) -> None:
        """Read which voices are in *folder*; their networks are opened when they speak.

        Only voices with the rate of the first can be chosen, so that one rate holds for all.

        Raises:
            InputError: there is none, or none called *voice*, or espeak-ng is missing.
        """
        if not folder.is_dir():
            raise InputError(f"There is no folder {folder}: put a voice of Piper there.")
        if problem := espeak.lacks():
            raise InputError(f"Voices of Piper need phonemes. {problem}")
        found = {path.stem: path for path in sorted(folder.glob("*.onnx"))}
        if not found:
            raise InputError(f"{folder} has no voice of Piper: NAME.onnx and NAME.onnx.json.")
        self._names: dict[str, PiperVoice] = {}
        for name, path in found.items():
            config = _Config.read(path.with_name(f"{path.name}.json"))
            for speaker in config.speakers or {"": 0}:
                full = f"{name}/{speaker}" if speaker else name
                self._names[full] = PiperVoice(path, config, config.speakers.get(speaker), speed)
        self._usual = self._named(voice) if voice else next(iter(self._names.values()))
        self._names = {k: v for k, v in self._names.items() if v.rate == self._usual.rate}

    @property
    def rate(self) -> int:
        """Samples a second."""
        return self._usual.rate

    def voices(self) -> Sequence[Voice]:
        """Return its voices, the usual one first."""
        names = sorted(self._names, key=lambda name: self._names[name] is not self._usual)
        return [Voice(name, self._names[name].language) for name in names]

    def speak(self, speech: Speech, *, voice: str | None = None) -> Stream:
        """Begin to say *speech*; a long first sentence is begun sooner."""
        return Stream(sooner(speech), self._named(voice) if voice else self._usual)

    def _named(self, voice: str) -> "PiperVoice":
        """Return the voice called *voice*.

        Raises:
            InputError: there is none.
        """
        if voice not in self._names:
            known = ", ".join(list(self._names)[:10])
            raise InputError(f"There is no voice '{voice}'. There are: {known}")
        return self._names[voice]


class PiperVoice:
    """One voice of Piper."""

    def __init__(self, path: Path, config: _Config, speaker: int | None, speed: float) -> None:
        """Speak with the network at *path*."""
        self._path = path
        self._config = config
        self._speaker = speaker
        self._speed = speed
        self._lock = Lock()
        self._kept: OrderedDict[tuple[tuple[int, ...], float], Block] = OrderedDict()
        self.rate = config.rate
        self.language = config.language

    @property
    def gain(self) -> float:
        """What makes it as loud as others, from a known sentence; the network is warm then, too."""
        return self._levelling

    @cached_property
    def _levelling(self) -> float:
        raw = self._run(self._ids(self._phonemes(Piece(_CALIBRATION))), 1.0, Halt())
        return levelling(raw, self.rate)

    def joins(self, before: Piece, after: Piece) -> bool:
        """Whether two neighbours are one run of the network."""
        one, other = before.manner, after.manner
        return (one.rate, one.volume, one.is_whispered) == (
            other.rate,
            other.volume,
            other.is_whispered,
        )

    def sound(self, span: Span, halt: Halt) -> Iterator[Block]:
        """Yield the sound of *span*, whole."""
        phonemes = " ".join(filter(None, map(self._phonemes, span.pieces)))
        if not phonemes.strip() or halt.is_called:
            return
        manner = span.pieces[0].manner
        raw = self._made(tuple(self._ids(phonemes)), manner.rate, halt)
        yield whispered(raw, self.rate) if manner.is_whispered else raw

    def _made(self, ids: tuple[int, ...], rate: float, halt: Halt) -> Block:
        """Return the sound of *ids*; short ones are kept, as most answers are of a few."""
        key = (ids, rate)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        raw = self._run(ids, rate, halt)
        if len(ids) <= _SHORT and not halt.is_called:
            with self._lock:
                self._kept[key] = raw
                while len(self._kept) > _MOST_KEPT:
                    self._kept.popitem(last=False)
        return raw

    def _phonemes(self, piece: Piece) -> str:
        if piece.phonemes:
            return piece.phonemes
        if not self._config.espeak:
            return piece.text
        return _pronounced(piece.text, self._config.espeak)

    def _ids(self, phonemes: str) -> list[int]:
        """Return the numbers of *phonemes*, padded; unknown ones are left out."""
        known = self._config.ids
        ids = [*known[_BEGIN], *known[_PAD]]
        for one in unicodedata.normalize("NFD", phonemes):
            if one in known:
                ids += [*known[one], *known[_PAD]]
        return [*ids, *known[_END]]

    def _run(self, ids: Sequence[int], rate: float, halt: Halt) -> Block:
        """Run the network; it gives up within an operator when *halt* is called."""
        speed = min(max(rate * self._speed, _SLOWEST), _FASTEST)
        given = {
            "input": np.array([ids], np.int64),
            "input_lengths": np.array([len(ids)], np.int64),
            "scales": np.array(
                [self._config.noise, self._config.length / speed, self._config.noise_w], np.float32
            ),
        }
        if self._speaker is not None:
            given["sid"] = np.array([self._speaker], np.int64)
        options: Any = import_module("onnxruntime").RunOptions()

        def give_up() -> None:
            options.terminate = True

        with self._lock:
            session = self._session
        try:
            with halt.ending(give_up):
                found = session.run(None, given, options)[0]
        except Exception as error:
            if halt.is_called:
                return np.zeros(0, np.float32)
            raise ProviderError(f"The voice {self._path.stem} failed: {error}") from error
        return np.nan_to_num(np.asarray(found, np.float32).reshape(-1))

    @cached_property
    def _session(self) -> Any:  # noqa: ANN401 - onnxruntime has no types
        try:
            return open_session(self._path, threads=min(_MOST_THREADS, _cores()))
        except Exception as error:
            raise ProviderError(f"{self._path} is no network of Piper: {error}") from error


def _cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _pronounced(text: str, voice: str) -> str:
    """Return the phonemes of *text* with its punctuation, which the network learned as well.

    espeak-ng tells a clause a line, without the sign that ends it. Where it parts the text as we
    do, the signs go back to their clauses; else each of our clauses is asked for by itself.
    """
    clauses = [one.strip() for one in _CLAUSE.findall(text) if any(map(str.isalnum, one))]
    told = espeak.phonemes(text, voice)
    if len(told) != len(clauses):
        told = [" ".join(espeak.phonemes(clause, voice)) for clause in clauses]
    said = (
        _OTHER_LANGUAGE.sub("", phonemes) + _sign(clause)
        for phonemes, clause in zip(told, clauses, strict=True)
    )
    return " ".join(said)


def _sign(clause: str) -> str:
    return clause[-1] if clause[-1] in ",;:.!?" else ""
