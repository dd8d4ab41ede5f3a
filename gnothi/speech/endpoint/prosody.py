"""How it sounded before somebody fell silent, and how the silence sounds, in a few numbers.

Speakers lengthen the last syllable before a boundary, let pitch and loudness fall towards the end
of a sentence, and hold pitch up where they want to go on (Klatt 1975; Pierrehumbert 1980; Ferrer,
Shriberg and Stolcke 2002 use such numbers to find ends of utterances). Everything is relative to
the same person in the same recording, so that microphones and voices matter less.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gnothi.core.hearing import RATE, Samples
from gnothi.speech.features import BANDS, HOP, WINDOW, log_mel

Floats = NDArray[np.float32]

REACH_S = 3.0
"""Seconds of sound before the silence that are looked at."""
SAID = 35
"""Numbers about what was said."""
SILENCE = 7
"""Numbers about the silence."""

_FRAME_S = HOP / RATE
_STRETCHES = ((0, 6), (6, 12), (12, 24), (24, 48), (48, 100))
"""Frames of 10 ms before the silence over which loudness is averaged."""
_GROUPS = 8
_PITCH_WINDOW = RATE * 40 // 1000
_LAGS = (RATE // 400, RATE // 70)
"""Pitch is looked for from 70 to 400 Hz."""
_PERIODIC = 0.5
_PITCHED = 150
"""Frames in which pitch is looked for."""
_AUDIBLE = 3.5
"""Speech is this much louder than the floor, in natural logarithms of power in a band."""


@dataclass(frozen=True, slots=True)
class Voicing:
    """How the voice detector saw an utterance until the silence."""

    speech_s: float
    """From the beginning of the utterance to the silence."""
    phrase_s: float
    """Since the last pause before."""
    sureness: float
    """Mean probability of speech in the last tenths of a second."""


def said(sound: Samples, voicing: Voicing) -> Floats:
    """Return ``SAID`` numbers about *sound*, which ends where the silence begins."""
    bands = log_mel(sound[-int((REACH_S + 0.1) * RATE) :])
    if len(bands) < _STRETCHES[1][1]:
        return np.zeros(SAID, np.float32)
    loudness = bands.mean(1)
    top, floor = np.percentile(loudness, (90, 5))
    relative = (loudness - top)[::-1]
    levels = [float(relative[a:b].mean()) if len(relative) > a else 0.0 for a, b in _STRETCHES]
    spectra = [*_shape(bands[-15:]), *_shape(bands[-30:-15] if len(bands) > 15 else bands)]
    told = [
        *levels,
        float(top - floor),
        *spectra,
        *_melody(sound, loudness > max(top - 4 * _AUDIBLE, min(floor + 1, top - 3))),
        *_rhythm(loudness),
        voicing.speech_s,
        min(voicing.phrase_s, 5.0),
        voicing.sureness,
    ]
    return np.array(told, np.float32)


def silence(sound: Samples, before: Samples, chances: Sequence[float], silence_s: float) -> Floats:
    """Return ``SILENCE`` numbers about the *sound* since somebody fell silent.

    *chances* are the probabilities of speech in it, block by block; *before* is what was said.
    """
    loudness = log_mel(np.concatenate([before[-WINDOW:], sound])).mean(1)
    spoken = log_mel(before[-RATE:]).mean(1)
    if not len(loudness) or not len(spoken) or not chances:
        return np.array([silence_s, np.log(silence_s + 0.05), 0, 0, 0, 0, 0], np.float32)
    top = float(np.percentile(spoken, 90))
    told = [
        silence_s,
        float(np.log(silence_s + 0.05)),
        float(np.mean(chances)),
        float(np.max(chances[-3:])),
        float(loudness[-6:].mean()) - top,
        float(loudness[-6:].mean() - loudness[:6].mean()),
        float(loudness[-9:].max()) - top,
    ]
    return np.array(told, np.float32)


def _shape(bands: Floats) -> list[float]:
    """Return how the power is spread over eight groups of bands."""
    mean = bands.mean(0).reshape(_GROUPS, BANDS // _GROUPS).mean(1)
    return [float(one) for one in mean - mean.mean()]


def _rhythm(loudness: Floats) -> list[float]:
    """Return how long the last syllable is, how long syllables are, and the ratio."""
    smooth = np.convolve(loudness, np.full(7, 1 / 7), "same")
    inner = smooth[1:-1]
    peaks = np.flatnonzero(
        (inner > smooth[:-2]) & (inner >= smooth[2:]) & (inner > np.median(smooth))
    )
    if len(peaks) < 2:
        return [0.3, 0.25, 1.0]
    last = min((len(smooth) - 1 - int(peaks[-1])) * _FRAME_S, 1.0)
    usual = float(np.median(np.diff(peaks))) * _FRAME_S
    return [last, usual, min(last / max(usual, 0.05), 5.0)]


def _melody(sound: Samples, audible: NDArray[np.bool_]) -> list[float]:
    """Return how pitch moves towards the end, in semitones, and how long the last vowel is."""
    pitch = _pitch(sound)
    count = min(len(pitch), len(audible))
    pitch = np.where(audible[-count:], pitch[-count:], 0.0) if count else pitch
    at = np.flatnonzero(pitch)
    if len(at) < 8:
        return [0.0, 0.0, 0.0, 0.0, 0.1, 0.5, 0.0]
    tones = 12 * np.log2(pitch[at])
    usual = float(np.median(tones))
    last = int(at[-1])
    ending = tones[-10:]
    late = at >= last - 30
    steps = at[late] - at[late].mean()
    spread = float((steps**2).sum())
    slope = float((steps * (tones[late] - tones[late].mean())).sum() / spread) if spread else 0.0
    gaps = np.flatnonzero(np.diff(at) > 2)
    first = int(at[gaps[-1] + 1]) if len(gaps) else int(at[0])
    told = [
        float(np.median(ending)) - usual,
        slope * 10,
        float(ending.min()) - float(np.percentile(tones, 5)),
        float(np.std(tones)),
        (last - first + 1) * _FRAME_S,
        (count - 1 - last) * _FRAME_S,
        len(at) / count,
    ]
    return [float(np.clip(one, -24, 24)) for one in told]


def _pitch(sound: Samples) -> Floats:
    """Return the pitch of each frame of 10 ms in hertz, 0 where there is none.

    It is the lag at which a frame is most like itself (normalised autocorrelation, with the
    window's own taken out: Boersma 1993).
    """
    sound = sound[-(_PITCHED * HOP + _PITCH_WINDOW) :]
    if len(sound) < _PITCH_WINDOW:
        return np.zeros(0, np.float32)
    frames = np.lib.stride_tricks.sliding_window_view(sound, _PITCH_WINDOW)[::HOP]
    window = np.hanning(_PITCH_WINDOW).astype(np.float32)
    centred = (frames - frames.mean(1, keepdims=True)) * window
    alike = np.fft.irfft(np.abs(np.fft.rfft(centred, 2048)) ** 2)
    own = np.fft.irfft(np.abs(np.fft.rfft(window, 2048)) ** 2)
    low, high = _LAGS
    ratio = alike[:, low:high] / (alike[:, :1] + 1e-9) * (own[0] / own[low:high])
    best = ratio.argmax(1)
    found = RATE / (best + low)
    return np.where(ratio.max(1) > _PERIODIC, found, 0.0).astype(np.float32)
