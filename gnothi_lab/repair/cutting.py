"""Requests to published homes, cut off in the middle: their words, and how they sound.

Where in the sound a word ends is found by letting the same voice, at the same speed and pitch, say
only the words up to it. Somebody who is asked for the rest begins with the first word that was not
said to its end.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from gnothi.core.hearing import RATE, Samples
from gnothi.speech.words import said
from gnothi_lab.homes.cases import Case
from gnothi_lab.speech.recordings import in_room
from gnothi_train.speech.voices import VOICES, Voice, speak

SHARE = (0.6, 0.9)
"""Where a request is cut, as shares of its words or of its sound."""
RELEASED_S = 0.06
"""So soon at most after the last word is a button released."""
_LEAST_WORDS = 3
_ROOM_S = 0.3
_AROUND_S = (_ROOM_S, _ROOM_S)
_SILENT = 0.02
"""Share of the loudest sample below which a voice that has ended is silent."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A request, and what of it was said before it was cut off."""

    case: Case
    begun: str
    """The words that were said to their end."""
    rest: str
    """The others: what is answered when it is asked for."""


@dataclass(frozen=True, slots=True)
class SpokenCut:
    """How that sounds, in a room."""

    cut: Cut
    begun: Samples
    """Up to the cut, where the sound ends: a button was released."""
    silent: Samples
    """The same, but the room is heard on: somebody fell silent."""
    rest: Samples
    whole: Samples
    released: Samples
    """The whole, and the end of the sound soon after its last word."""
    again: Samples
    """The whole request, said once more: louder or slower, as voices vary."""


def typed(cases: Sequence[Case], rng: np.random.Generator) -> Iterator[Cut]:
    """Yield each of *cases* that has words enough, cut between two words."""
    for case in cases:
        words = said(case.request.text)
        if len(words) >= _LEAST_WORDS:
            many = min(len(words) - 1, max(1, round(len(words) * rng.uniform(*SHARE))))
            yield Cut(case, " ".join(words[:many]), " ".join(words[many:]))


def spoken(
    case: Case, group: str, tones: Sequence[Samples], rng: np.random.Generator
) -> SpokenCut | None:
    """Return *case*, said by a voice of *group* and cut off; ``None`` where it can't be said."""
    words = said(case.request.text)
    voices = [voice for voice in VOICES if voice.group == group]
    voice = voices[int(rng.integers(len(voices)))]
    manner, other = (int(rng.integers(2**31)) for _ in range(2))
    whole = _said(words, voice, manner)
    if len(words) < _LEAST_WORDS or not len(whole):
        return None
    at = round(len(whole) * rng.uniform(*SHARE))
    many = next(k for k in range(len(words) - 1, -1, -1) if _length(words[:k], voice, manner) <= at)
    cut = Cut(case, " ".join(words[:many]), " ".join(words[many:]))
    return SpokenCut(
        cut,
        begun=ended(in_room(whole[:at], tones, rng, _AROUND_S), 0.0),
        silent=in_room(whole[:at], tones, rng),
        rest=in_room(_said(words[many:], voice, manner), tones, rng),
        whole=in_room(whole, tones, rng),
        released=ended(in_room(whole, tones, rng, _AROUND_S), rng.uniform(0, RELEASED_S)),
        again=in_room(_said(words, voice, other), tones, rng),
    )


def ended(samples: Samples, after_s: float) -> Samples:
    """Return *samples*, which a room frames, without the room after *after_s* from the end."""
    return samples[: len(samples) - round((_ROOM_S - after_s) * RATE)]


def _length(words: Sequence[str], voice: Voice, manner: int) -> int:
    return len(_said(words, voice, manner)) if words else 0


def _said(words: Sequence[str], voice: Voice, manner: int) -> Samples:
    """Return what *voice* makes of *words*, without silence at the end; the same each time."""
    (sound,) = speak([" ".join(words)], voice, np.random.default_rng(manner))
    samples = sound.astype(np.float32) / np.float32(32768)
    loud = np.flatnonzero(np.abs(samples) > _SILENT * np.abs(samples).max(initial=0.0))
    return samples[: int(loud[-1]) + RATE // 100] if len(loud) else samples[:0]
