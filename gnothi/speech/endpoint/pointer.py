"""The end-pointer: a pause or a finished sentence proposes an end, and an arbitrator judges it.

After Raju et al., "Two-pass endpoint detection for speech recognition" (ASRU 2023, arXiv
2401.08916). The first pass is whichever comes first, a pause of the voice detector or a sentence
of the language model that is complete and followed by nothing. The second is asked again and again
*while* the silence lasts, so that it costs no time: it needs what the recogniser holds back for
look-ahead, which is therefore worked out at once.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from gnothi.core.hearing import (
    RATE,
    Expected,
    Hints,
    Partial,
    Samples,
    States,
    Stream,
    flushed,
)
from gnothi.speech.endpoint.arbitrator import Arbitrator, Floats, around
from gnothi.speech.endpoint.completeness import NOTHING, Completeness
from gnothi.speech.endpoint.habit import Level
from gnothi.speech.endpoint.prosody import REACH_S, Voicing, said, silence
from gnothi.speech.endpoint.stopping import Whole, hurried, joined
from gnothi.speech.voice import BLOCK_S, Heard, Patience

EVERY = 3
"""Blocks of 32 ms in a silence after which the arbitrator is asked, and asked again."""
_SELDOM = ((18, 3), (40, 6), (10_000, 24))
"""Up to so many blocks it is asked after every so many: a long silence says little new."""
_AT_ONCE = 3
"""Blocks that are handed to the recogniser together while nobody asks."""
STATE_S = 0.06
"""Seconds from one encoder state to the next."""
_PAUSE_S = 0.1
"""Shorter silences are consonants."""
_SAID_AND_DONE_S = 1.2
"""So long no word must have come, where the voice detector hears speech all the same."""
_COMPLETE = 0.5
"""How much likelier an end must be after these words than anywhere, as a logarithm."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What is known at one moment of a silence."""

    silence_s: float
    plain: Floats
    """``arbitrator.PLAIN`` numbers."""
    states: Floats | None
    """What encoder states say, where the recogniser shows them."""
    whole: float = 0.0
    """How probably the words are a whole request; 0 where nobody can tell."""


class Pointing:
    """Watches one utterance."""

    def __init__(
        self, completeness: Completeness | None, whole: Whole | None = None, *, reads_states: bool
    ) -> None:
        """Judge words by *completeness* and *whole*, nothing where anything may be said."""
        self._completeness = completeness
        self._whole = whole
        self._known = ("", 0.0)
        """The words that were judged last, and how whole they are."""
        self._reads_states = reads_states
        self._sound: list[Samples] = []
        self._silent: list[Samples] = []
        self._chances: list[float] = []
        self._states: list[States] = []
        self._heard_s = 0.0
        self._silence_s = 0.0
        self._phrase_from_s = 0.0
        self._text = ""
        self._text_s = 0.0
        self._said: Floats | None = None

    def watch(self, heard: Heard) -> bool:
        """Take in a block that was *heard*; return whether it is time to ask the arbitrator."""
        self._heard_s += len(heard.samples) / RATE
        if heard.silence_s:
            if not self._silent:
                self._said = None
            self._silent.append(heard.samples)
        else:
            self._resumed()
            self._said = None
            self._sound.append(heard.samples)
            self._sound = self._sound[-round(REACH_S / BLOCK_S) :]
        self._silence_s = heard.silence_s
        self._chances = [*self._chances[-300:], heard.speech]
        return self._is_paused() or self._is_said_and_done()

    def read(self, partial: Partial) -> None:
        """Take in what was recognised of what was watched."""
        if self._reads_states and partial.states is not None:
            self._states.append(partial.states)
        if partial.text != self._text:
            self._text, self._text_s = partial.text, self._heard_s

    def moment(self) -> Moment:
        """Return what is known now."""
        silent = np.concatenate(self._silent) if self._silent else np.zeros(0, np.float32)
        before = np.concatenate(self._sound) if self._sound else np.zeros(0, np.float32)
        count = len(self._silent)
        if self._said is None:
            self._said = said(before, self._voicing(count))
        words = self._completeness.numbers(self._text) if self._completeness else NOTHING
        numbers = [
            self._said,
            silence(silent, before, self._chances[-count:] if count else [], self._silence_s),
            words,
        ]
        whole = joined(self._wholeness(), float(words[1]))
        return Moment(self._silence_s, np.concatenate(numbers), self._around(), whole)

    def _wholeness(self) -> float:
        if self._whole and self._text != self._known[0]:
            self._known = (self._text, self._whole(self._text))
        return self._known[1]

    def _resumed(self) -> None:
        if not self._silent:
            return
        if self._silence_s >= _PAUSE_S:
            self._phrase_from_s = self._heard_s
        self._sound += self._silent
        self._silent = []

    def _is_paused(self) -> bool:
        blocks = round(self._silence_s / BLOCK_S)
        step = next(step for most, step in _SELDOM if blocks <= most)
        return blocks > 0 and blocks % step == 0

    def _is_said_and_done(self) -> bool:
        """Whether the words are a whole sentence and no more came, though a voice is heard.

        It is somebody else's voice: a radio, people in the next room.
        """
        if not self._completeness or not self._text or self._silence_s:
            return False
        if self._heard_s - self._text_s < _SAID_AND_DONE_S:
            return False
        if round(self._heard_s / BLOCK_S) % EVERY:
            return False
        return self._completeness.numbers(self._text)[1] > _COMPLETE

    def _voicing(self, silent: int) -> Voicing:
        chances = self._chances[: len(self._chances) - silent][-10:]
        spoken_s = self._heard_s - self._silence_s
        return Voicing(
            spoken_s,
            spoken_s - self._phrase_from_s,
            float(np.mean(chances)) if chances else 0.0,
        )

    def _around(self) -> Floats | None:
        if not self._states:
            return None
        states = np.concatenate(self._states)
        self._states = [states]
        return around(states, int((self._heard_s - self._silence_s) / STATE_S))


class Following:
    """One utterance, heard by a recogniser and watched for its end."""

    def __init__(self, stream: Stream, pointing: Pointing | None) -> None:
        """Hand sound to *stream*; without *pointing*, nothing is asked."""
        self.stream = stream
        self._pointing = pointing
        self._waiting: list[Samples] = []
        self.partial: Partial | None = None
        """What was recognised so far; nothing before the first sound."""

    def take(self, heard: Heard) -> Moment | None:
        """Take in a block that was *heard*; return what is known where the arbitrator is due."""
        self._waiting.append(heard.samples)
        is_due = self._pointing is not None and self._pointing.watch(heard)
        # That somebody speaks is worth knowing at once.
        if is_due or self.partial is None or len(self._waiting) >= _AT_ONCE:
            self.hand_over()
        if not self._pointing or not is_due:
            return None
        if held := flushed(self.stream):
            self._read(held)
        return self._pointing.moment()

    def hand_over(self) -> None:
        """Let the recogniser hear what waits."""
        if self._waiting:
            sound, self._waiting = np.concatenate(self._waiting), []
            self._read(self.stream.accept(sound))

    def _read(self, partial: Partial) -> None:
        self.partial = partial
        if self._pointing:
            self._pointing.read(partial)


class EndPointer:
    """Opens what watches utterances; one serves any number of ears."""

    def __init__(
        self,
        arbitrator: Arbitrator,
        completeness: Callable[[Hints], Completeness],
        *,
        encoder: str = "",
        whole: Callable[[Hints], Whole] | None = None,
    ) -> None:
        """Judge with *arbitrator*; *encoder* is the hash of the one whose states are shown.

        *whole* tells of requests whether they are whole; without it, sound and grammar alone do.
        """
        self._arbitrator = arbitrator
        self._completeness = completeness
        self._whole = whole
        self.reads_states = bool(encoder) and encoder == arbitrator.encoder
        """Whether the arbitrator knows the encoder that is at work."""

    @property
    def levels(self) -> tuple[Level, ...]:
        """Levels of patience that a person may have."""
        return self._arbitrator.levels(reads_states=self.reads_states)

    def open(self, hints: Hints) -> Pointing:
        """Begin to watch an utterance."""
        is_free = hints.expected is Expected.DICTATION
        known = None if is_free else self._completeness(hints)
        is_request = hints.expected is Expected.REQUEST
        whole = self._whole(hints) if self._whole and is_request else None
        return Pointing(known, whole, reads_states=self.reads_states)

    def is_over(self, moment: Moment, patience: Patience, *, shift: float = 0.0) -> bool:
        """Return whether somebody has finished, as surely as *patience* asks for.

        *shift* is added to the log odds that are asked for: what a person's habits say.
        """
        states = None if moment.states is None else moment.states[None]
        (odds,) = self._arbitrator.scores(moment.plain[None], states).tolist()
        asked = math.log(patience.sure / (1 - patience.sure)) + shift
        return hurried(odds, moment.whole, moment.silence_s, patience.wait_s) >= asked
