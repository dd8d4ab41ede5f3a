"""Rooms, noise, microphones and other throats: what a clean voice sounds like at home.

Never digital silence: every piece gets room tone, before, after and underneath.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, fftconvolve, lfilter, resample_poly

from gnothi_train.speech.sound import decode
from gnothi_train.speech.voices import RATE

Floats = NDArray[np.float32]

NOISES = ("noise-esc10", "noise-misc")
ROOMS = "rir-misc"


@dataclass(frozen=True, slots=True)
class Places:
    """Recorded noises and room responses of one part."""

    noises: Sequence[Floats]
    responses: Sequence[Floats]

    @classmethod
    def read(cls, data: Path, part: str) -> "Places":
        """Read those of the *part* ``train`` or ``dev``; room responses are all for training."""
        noises = [
            level(decode(path).astype(np.float32) / 32768.0)
            for name in NOISES
            for path in _files(data / "speech" / name, part)
        ]
        responses = [
            _aligned(decode(path).astype(np.float32) / 32768.0)
            for path in _files(data / "speech" / ROOMS, "train")
        ]
        return cls([noise for noise in noises if len(noise) > RATE // 4], responses)


def _files(folder: Path, part: str) -> list[Path]:
    with (folder / "transcripts.tsv").open(encoding="utf-8") as lines:
        return [
            folder / row["file"]
            for row in csv.DictReader(lines, delimiter="\t")
            if row["split"] == part
        ]


def level(sound: Floats) -> Floats:
    """Return *sound* at unit level."""
    return sound / (np.sqrt(np.mean(sound**2)) + 1e-9)


def _aligned(response: Floats) -> Floats:
    """Return *response* from its direct path on, at most half a second, with unit energy."""
    peak = int(np.abs(response).argmax())
    cut = response[peak : peak + RATE // 2]
    return cut / (np.sqrt(np.sum(cut**2)) + 1e-9)


def at_home(sound: Floats, places: Places, rng: np.random.Generator) -> Floats:
    """Return *sound* (from -1 to 1) as another throat would say it in some room at home."""
    sound = level(np.trim_zeros(sound))
    if rng.random() < 0.75:
        sound = other_throat(sound, rng.uniform(0.86, 1.17))
    sound = np.pad(sound, (_pause(rng), _pause(rng)))
    if rng.random() < 0.55:
        sound = level(in_room(sound, places, rng))
    sound = sound + tone(len(sound), rng) * 10 ** (-rng.uniform(25, 55) / 20)
    if rng.random() < 0.5:
        sound = sound + noise(len(sound), places, rng) * 10 ** (-rng.uniform(4, 30) / 20)
    if rng.random() < 0.5:
        sound = microphone(sound, rng)
    sound = level(sound) * 10 ** (rng.uniform(-45, -15) / 20)
    return np.clip(sound, -1.0, 1.0).astype(np.float32)


def plain(sound: Floats, rng: np.random.Generator) -> Floats:
    """Return *sound* with nothing but quiet room tone around and under it: for measuring."""
    sound = np.pad(level(np.trim_zeros(sound)), (RATE * 3 // 10, RATE * 4 // 10))
    sound = sound + tone(len(sound), rng) * 10 ** (-40 / 20)
    return (level(sound) * 10 ** (-28 / 20)).clip(-1, 1).astype(np.float32)


def noisy(sound: Floats, places: Places, rng: np.random.Generator, *, decibels: float) -> Floats:
    """Return *sound* with room tone and a recorded noise at *decibels* below it: for measuring."""
    sound = np.pad(level(np.trim_zeros(sound)), (RATE * 3 // 10, RATE * 4 // 10))
    sound = sound + tone(len(sound), rng) * 10 ** (-40 / 20)
    sound = sound + noise(len(sound), places, rng) * 10 ** (-decibels / 20)
    return (level(sound) * 10 ** (-28 / 20)).clip(-1, 1).astype(np.float32)


def other_throat(sound: Floats, factor: float) -> Floats:
    """Play *sound* faster by *factor*: pitch and formants rise with it (Ko et al. 2015).

    Voices draw their own speed, so that throat and speed do not go together.
    """
    ratio = Fraction(1 / factor).limit_denominator(40)
    return resample_poly(sound, ratio.numerator, ratio.denominator).astype(np.float32)


def noise(size: int, places: Places, rng: np.random.Generator) -> Floats:
    """Return *size* samples of a recorded noise, repeated where it is shorter, at unit level."""
    recorded = places.noises[rng.integers(len(places.noises))]
    start = int(rng.integers(len(recorded)))
    return np.resize(np.roll(recorded, -start), size)


def _pause(rng: np.random.Generator) -> int:
    return int(rng.uniform(0.05, 0.6) * RATE)


def tone(size: int, rng: np.random.Generator) -> Floats:
    """Return room tone: noise whose spectrum falls more or less, at unit level."""
    white = rng.standard_normal(size).astype(np.float32)
    return level(lfilter([1.0], [1.0, -rng.uniform(0.0, 0.95)], white).astype(np.float32))


def in_room(sound: Floats, places: Places, rng: np.random.Generator) -> Floats:
    """Return *sound* as it is heard in some room."""
    return fftconvolve(sound, _room(places, rng))[: len(sound)].astype(np.float32)


def _room(places: Places, rng: np.random.Generator) -> Floats:
    """Return a recorded response, or one of noise that decays as in a room (Polack 1988)."""
    if rng.random() < 0.4:
        return places.responses[rng.integers(len(places.responses))]
    decay = rng.uniform(0.1, 0.6)
    size = int(min(0.5, decay) * RATE)
    tail = rng.standard_normal(size) * 10 ** (-3 * np.arange(size) / (decay * RATE))
    tail[: int(rng.uniform(0.001, 0.01) * RATE)] = 0
    tail *= 10 ** (-rng.uniform(0, 12) / 20) / np.sqrt(np.sum(tail**2))
    tail[0] = 1.0
    return tail.astype(np.float32)


def microphone(sound: Floats, rng: np.random.Generator) -> Floats:
    """Tilt the spectrum of *sound*; now and then cut it off where old recordings do."""
    tilt = rng.uniform(-0.6, 0.6)
    sound = lfilter([1.0, tilt], [1.0], sound).astype(np.float32)
    if rng.random() < 0.25:
        edge = rng.uniform(3400, 6500)
        sound = lfilter(*butter(4, edge / (RATE / 2)), sound).astype(np.float32)
    return level(sound)
