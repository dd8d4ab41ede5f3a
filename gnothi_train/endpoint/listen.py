"""Cases as the product hears them: what the arbitrator is asked in each silence, moment by moment.

The sound goes through the very parts that an ear is made of, in blocks as a microphone gives them;
only that nothing ends the utterance, so that one pass tells what every rule would have done.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gnothi.core.hearing import RATE, Expected, Hints, Recogniser
from gnothi.speech.endpoint.pointer import EndPointer, Following, Moment
from gnothi.speech.level import Gain
from gnothi.speech.voice import Began, Heard, Segmenter, VoiceDetector
from gnothi_train.endpoint.cases import Case, Pause

Floats = NDArray[np.float32]

DICTATION = Hints(expected=Expected.DICTATION)
_BLOCK = RATE // 50
_EARLIEST_S = -0.25
"""The voice detector may find silence so long before the last faint sound has faded."""
_ENDLESS = 1e9


@dataclass(frozen=True, slots=True)
class Listened:
    """What was known in one pause, in seconds from when the person fell silent."""

    clip: str
    group: str
    kind: str
    pause: Pause
    at_s: Floats
    """When the arbitrator was asked; (moments,)."""
    plain: Floats
    """(moments, numbers)"""
    states: Floats | None
    """(moments, numbers)"""
    chance_at_s: Floats
    """Ends of blocks of 32 ms; (blocks,)."""
    chances: Floats
    """Probability of speech in each."""
    silences: Floats
    """Seconds without speech at the end of each block, as the product counts them."""
    texts: tuple[str, ...]
    """What was recognised; (moments,)."""


Open = Callable[[Case], tuple[Hints, Recogniser, EndPointer]]


def listen(case: Case, opened: Open, detector: VoiceDetector) -> Iterator[Listened]:
    """Hear *case* with what is *opened* for it; yield what was known in each of its pauses."""
    hints, recogniser, pointer = opened(case)
    segmenter, gain = Segmenter(detector.open(), pause_s=_ENDLESS), Gain()
    following: Following | None = None
    moments: list[tuple[float, Moment, str]] = []
    track: list[tuple[float, float, float]] = []
    for start in range(0, len(case.samples), _BLOCK):
        for event in segmenter.accept(gain.take(case.samples[start : start + _BLOCK])):
            if isinstance(event, Began):
                following = Following(recogniser.open(hints), pointer.open(hints))
            elif isinstance(event, Heard) and following:
                moment = following.take(event)
                track.append((segmenter.heard_s, event.speech, event.silence_s))
                if moment:
                    text = following.partial.text if following.partial else ""
                    moments.append((segmenter.heard_s, moment, text))
    if following:
        following.stream.close()
    for at, pause in enumerate(case.pauses):
        before = case.pauses[at - 1] if at else None
        begin = pause.at_s + _EARLIEST_S
        if before and before.goes_on_s is not None:
            begin = max(begin, before.at_s + before.goes_on_s)
        end = pause.at_s + (_ENDLESS if pause.goes_on_s is None else pause.goes_on_s)
        yield _listened(
            case,
            pause,
            [(at_s - pause.at_s, one, text) for at_s, one, text in moments if begin <= at_s < end],
            [(at_s - pause.at_s, one, rest) for at_s, one, rest in track if begin <= at_s < end],
        )


def _listened(
    case: Case,
    pause: Pause,
    moments: list[tuple[float, Moment, str]],
    track: list[tuple[float, float, float]],
) -> Listened:
    states = [one.states for _, one, _ in moments if one.states is not None]
    blocks = np.array(track, np.float32).reshape(-1, 3)
    return Listened(
        case.name,
        case.group,
        case.kind,
        pause,
        np.array([at for at, _, _ in moments], np.float32),
        np.array([one.plain for _, one, _ in moments], np.float32),
        np.array(states, np.float32) if states and len(states) == len(moments) else None,
        blocks[:, 0],
        blocks[:, 1],
        blocks[:, 2],
        tuple(text for _, _, text in moments),
    )
