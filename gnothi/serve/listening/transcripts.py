"""What was said in the recordings that people had kept, as the journal knows it.

Nobody transcribes. What was heard, done and not complained about was said so. What failed was said
as the next turn has it, where that follows soon, sounds like it and was done, spoken or typed. And
whoever wants to may write it down: ``gnothi journal correct``.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta

import numpy as np

from gnothi.core.acting import Status
from gnothi.core.clock import Clock
from gnothi.core.errors import InputError
from gnothi.core.hearing import Samples
from gnothi.core.interaction import Interaction, Signal
from gnothi.journal.journal import Journal
from gnothi.learning.hearing import How, Transcript
from gnothi.serve.listening.gathering import AGAINST
from gnothi.serve.listening.recordings import Recordings
from gnothi.speech.audio import read_file
from gnothi.speech.words import said
from gnothi.text.phonetics import sounds_like

SIGNAL = "transcript"
"""Attached to a turn by whoever writes down what was said in it; the detail holds the ``text``."""
SOON = timedelta(seconds=45)
"""Time in which the same may be said again."""
ALIKE = 0.6
"""What is said again sounds at least so much like what was heard."""
NEARLY = 0.85
"""What sounds so much like what was done may have been meant instead."""
LONGER = 2
"""Words that what is said again has more or fewer, at most."""
_LONGEST = 300


def correct(journal: Journal, clock: Clock, turn: str, text: str) -> None:
    """Write down that *text* is what was said in the turn with the id *turn*.

    Raises:
        InputError: there is no such turn, it was typed, or nobody can say that.
    """
    found = journal.get(turn)
    if found is None:
        raise InputError(f"The journal has no turn '{turn}'.")
    if found.utterance.heard is None:
        raise InputError("That was typed: there is nothing that was heard wrong.")
    if not said(text) or len(text) > _LONGEST:
        raise InputError(f"Write down the words that were said, in at most {_LONGEST} letters.")
    journal.attach(turn, Signal(SIGNAL, clock.now(), detail={"text": text.strip()}))


class RecordedTurns:
    """The recordings of a household of which is known what was said."""

    def __init__(self, journal: Journal, recordings: Recordings) -> None:
        """Read them in *journal* and *recordings*."""
        self._journal, self._recordings = journal, recordings

    def transcripts(self) -> Sequence[Transcript]:
        """Return what was said, in order of time."""
        if not self._recordings.are_there:
            return ()
        found = (_transcript(turn, after) for turn, after in self._spoken())
        return sorted((one for one in found if one), key=lambda one: (one.at, one.turn))

    def sound(self, transcript: Transcript) -> Samples:
        """Return the recording.

        Raises:
            InputError: it is gone, or can't be read.
        """
        file = self._recordings.find(transcript.person, transcript.turn)
        if file is None:
            raise InputError(f"The recording of {transcript.turn} is gone: learn again.")
        return np.concatenate(list(read_file(file)))

    def _spoken(self) -> Iterator[tuple[Interaction, Interaction | None]]:
        """Yield turns with a recording, each with what followed in its session, if anything did."""
        waiting: dict[str, Interaction] = {}
        for turn in self._journal.iterate():
            if before := waiting.pop(turn.session, None):
                yield before, turn
            if turn.utterance.heard and self._recordings.find(turn.user, turn.id):
                waiting[turn.session] = turn
        for turn in waiting.values():
            yield turn, None


def _transcript(turn: Interaction, after: Interaction | None) -> Transcript | None:
    """Return what was said in *turn*; ``None`` where nobody knows."""
    if told := [str(one.detail.get("text", "")) for one in turn.signals if one.name == SIGNAL]:
        text, how = told[-1], How.TOLD
    elif went_well(turn):
        # What sounds nearly the same right after it may be what was meant, or one thing more.
        if after and _sounds_again(turn, after, NEARLY):
            return None
        text, how = turn.utterance.text, How.DONE
    elif after and went_well(after) and _sounds_again(turn, after, ALIKE):
        text, how = after.utterance.text, How.AGAIN
    else:
        return None
    return Transcript(turn.id, turn.at, turn.user or "", text, how) if said(text) else None


def went_well(turn: Interaction) -> bool:
    """Whether *turn* did what it was understood to ask, in its own words, and nothing objects."""
    is_done = bool(turn.actions) and all(one.status is Status.DONE for one in turn.actions)
    as_said = said(turn.understanding.text) == said(turn.utterance.text)
    return is_done and as_said and not any(one.name in AGAINST for one in turn.signals)


def _sounds_again(turn: Interaction, after: Interaction, least: float) -> bool:
    """Whether the same person soon says other words that sound like those of *turn*."""
    is_soon = timedelta(0) <= after.at - turn.at <= SOON
    heard, then = said(turn.utterance.text), said(after.utterance.text)
    if not is_soon or heard == then or after.user != turn.user:
        return False
    same_length = abs(len(heard) - len(then)) <= LONGER
    return same_length and sounds_like(" ".join(heard), " ".join(then)) >= least
