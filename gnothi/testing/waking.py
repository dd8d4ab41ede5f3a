"""Checks that everything passes that listens for a wake word, ours or a stranger's."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from gnothi.core.errors import InputError
from gnothi.core.hearing import RATE, Samples
from gnothi.core.waking import WakeWord, Woken

_BLOCK, _ODD = RATE // 10, 1237
_QUIET_S = 3


@dataclass(frozen=True, slots=True)
class _Told:
    """A word, and how much sound had been taken in when it was told."""

    woken: Woken
    heard_s: float


def wake_word_complaints(
    wake: WakeWord, clip: Samples, *, late_s: float = 1.0, slack_s: float = 0.3
) -> Iterator[str]:
    """Yield what is wrong with *wake*, in sentences; nothing where all is well.

    In *clip*, one of its words is said once. It must be told once, at most *late_s* after its end,
    whatever the size of blocks; a quiet room wakes nobody; the same word wakes again, later;
    *slack_s* is how far apart the times may lie that it tells for different blocks.
    """
    given = clip.copy()
    told = _heard(wake, [clip], _BLOCK)
    if len(told) != 1:
        yield f"A word that is said once is told once, not {len(told)} times."
        return
    if not np.array_equal(given, clip):
        yield "The samples it is given stay as they were."
    yield from _sane(wake, told[0], late_s)
    again = _heard(wake, [clip], _ODD)
    if len(again) != 1 or abs(again[0].woken.end_s - told[0].woken.end_s) > slack_s:
        yield "When it wakes does not depend on the size of blocks, or on the stream before."
    room = _room(_QUIET_S)
    if _heard(wake, [room, room[:0]], _BLOCK):
        yield "A quiet room wakes nobody."
    if len(_heard(wake, [clip, room, clip], _BLOCK)) != 2:
        yield "A word that is said twice is told twice."
    yield from _refusals(wake)


def _room(seconds: float) -> Samples:
    rng = np.random.default_rng(0)
    return (0.0005 * rng.standard_normal(int(seconds * RATE))).astype(np.float32)


def _heard(wake: WakeWord, sounds: Sequence[Samples], size: int) -> list[_Told]:
    """Return what is told in *sounds* and the room after them."""
    sound = np.concatenate([*sounds, _room(2)])
    stream = wake.open()
    told: list[_Told] = []
    try:
        for start in range(0, len(sound), size):
            block = sound[start : start + size]
            heard = (start + len(block)) / RATE
            told += [_Told(one, heard) for one in stream.accept(block)]
        stream.accept(sound[:0])
    finally:
        stream.close()
    return told


def _sane(wake: WakeWord, told: _Told, late_s: float) -> Iterator[str]:
    woken = told.woken
    if wake.words and woken.word not in wake.words:
        yield f"'{woken.word}' is none of its words: {', '.join(wake.words)}."
    if not 0 <= woken.score <= 1:
        yield f"It is sure to {woken.score}, which is not from 0 to 1."
    if not 0 <= woken.end_s <= told.heard_s:
        yield f"The word ends at {woken.end_s} s, when {told.heard_s} s were heard."
    elif told.heard_s - woken.end_s > late_s:
        yield f"It is told {told.heard_s - woken.end_s:.1f} s after its end."


def _refusals(wake: WakeWord) -> Iterator[str]:
    stream = wake.open()
    try:
        for sound in (np.zeros(_BLOCK), np.zeros((_BLOCK, 2), np.float32)):
            try:
                stream.accept(sound)  # pyright: ignore[reportArgumentType] - wrong on purpose
            except InputError:
                continue
            yield f"Sound of type {sound.dtype} and shape {sound.shape} is refused."
    finally:
        stream.close()
        stream.close()
    try:
        stream.accept(np.zeros(_BLOCK, np.float32))
    except InputError:
        return
    yield "A closed stream takes no more sound."
