"""Checks that every speaker passes, ours or a stranger's."""

import threading
import time
from collections.abc import Iterator

import numpy as np

from gnothi.core.errors import InputError
from gnothi.core.speaking import (
    BLOCK_S,
    Ability,
    Block,
    Manner,
    Piece,
    Sentence,
    Speaker,
    Speaking,
    Speech,
)

_SLOWEST_END_S = 1.0
"""Patience of a check, not of a person: a loaded machine is no fault of a speaker."""
_NO_VOICE = "no voice is called this"


def speaker_complaints(speaker: Speaker, text: str) -> Iterator[str]:
    """Yield what is wrong with a *speaker*, in sentences; nothing where all is well.

    *text* is a sentence in its language that takes a second or more. Blocks are short floats;
    pauses, rate and volume do what they say where it is able to; who closes is obeyed at once,
    whatever is being waited for; and nothing is said of nothing.
    """
    sound = _sound(speaker, _speech(text))
    if not len(sound) or float(np.abs(sound).max()) < 0.01:
        yield "It says nothing."
        return
    yield from _blocks(speaker, text)
    yield from _abilities(speaker, text, sound)
    if len(_sound(speaker, Speech(()))) or len(_sound(speaker, _speech(""))):
        yield "Of no words, it says something."
    yield from _ends(speaker, text)
    yield from _voices(speaker, text)


def _speech(text: str, manner: Manner | None = None, pause_s: float = 0.0) -> Speech:
    return Speech((Sentence((Piece(text, manner or Manner(), pause_s=pause_s),)),))


def _sound(speaker: Speaker, speech: Speech) -> Block:
    return np.concatenate([np.zeros(0, np.float32), *speaker.speak(speech)])


def _blocks(speaker: Speaker, text: str) -> Iterator[str]:
    most = round(BLOCK_S * speaker.rate)
    for block in speaker.speak(_speech(text)):
        if block.dtype != np.float32 or block.ndim != 1:
            yield f"A block of type {block.dtype} and shape {block.shape} is no block."
            return
        if not 0 < len(block) <= most:
            yield f"A block has {len(block)} samples; from 1 to {most} are right."
            return
        if not np.isfinite(block).all() or float(np.abs(block).max()) > 1:
            yield "Samples are from -1 to 1."
            return


def _abilities(speaker: Speaker, text: str, usual: Block) -> Iterator[str]:
    able = speaker.abilities
    if Ability.RATE in able:
        fast = len(_sound(speaker, _speech(text, Manner(rate=1.5))))
        slow = len(_sound(speaker, _speech(text, Manner(rate=0.6))))
        if not fast < len(usual) < slow:
            yield "What is said faster takes less time, and slower more."
    if Ability.VOLUME in able:
        soft = _sound(speaker, _speech(text, Manner(volume=-12.0)))
        if not _power(soft) < 0.5 * _power(usual):
            yield "What is said 12 dB softer has a quarter of the amplitude."
    if Ability.PAUSE in able:
        speech = Speech((Sentence((Piece(text, pause_s=1.0), Piece(text))),))
        without = Speech((Sentence((Piece(text), Piece(text))),))
        longer = len(_sound(speaker, speech)) - len(_sound(speaker, without))
        if longer < 0.4 * speaker.rate:
            yield "A pause of a second makes it longer."
    if Ability.WHISPER in able and not len(
        _sound(speaker, _speech(text, Manner(is_whispered=True)))
    ):
        yield "It whispers nothing."


def _power(sound: Block) -> float:
    return float(np.sqrt(np.mean(np.square(sound)))) if len(sound) else 0.0


def _ends(speaker: Speaker, text: str) -> Iterator[str]:
    long = Speech((Sentence((Piece(text),)),) * 200)
    speaking = speaker.speak(long)
    next(speaking)
    speaking.close()
    speaking.close()
    if next(speaking, None) is not None:
        yield "After it was closed, nothing comes."
    unheard = speaker.speak(long)
    unheard.close()
    if next(unheard, None) is not None:
        yield "What is closed before it began, says nothing."
    yield from _ends_elsewhere(speaker, long)


def _ends_elsewhere(speaker: Speaker, long: Speech) -> Iterator[str]:
    """Close while somebody else waits for a block."""
    speaking = speaker.speak(long)
    listener = threading.Thread(target=_listen, args=(speaking,), daemon=True)
    listener.start()
    time.sleep(0.05)
    speaking.close()
    listener.join(_SLOWEST_END_S)
    if listener.is_alive():
        yield "Who waits for a block is let go when it is closed."


def _listen(speaking: Speaking) -> None:
    for _ in speaking:
        pass


def _voices(speaker: Speaker, text: str) -> Iterator[str]:
    voices = speaker.voices()
    if not voices:
        yield "It has a voice, and tells its name."
        return
    if not len(_sound(speaker, _speech(text))) or len({one.name for one in voices}) < len(voices):
        yield "Each voice has a name of its own."
    speaker.speak(_speech(text), voice=voices[-1].name).close()
    try:
        speaker.speak(_speech(text), voice=_NO_VOICE).close()
    except InputError:
        return
    yield "A voice that it does not have is refused."
