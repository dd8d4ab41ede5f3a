"""What an utterance says about the turn before it: corrected, refused, not caught, scolded.

The journal keeps these as signals of the earlier turn; learning reads them there.
"""

from collections.abc import Mapping, Sequence

from gnothi.core.understanding import Kind, Situation
from gnothi.dialogue.lexicon import Lexicon, words
from gnothi.dialogue.reading import Step

CORRECTION, REFUSAL, CANCEL, UNDO, REPEAT = "correction", "refusal", "cancel", "undo", "repeat"
COMPLAINT, PRAISE = "complaint", "praise"

_AFTER_ACTION: Mapping[Kind, str] = {
    Kind.CHANGE: CORRECTION,
    Kind.INSTEAD: CORRECTION,
    Kind.OLD: CORRECTION,
    Kind.NO: REFUSAL,
    Kind.UNDO: UNDO,
    Kind.CANCEL: CANCEL,
    Kind.REPEAT: REPEAT,
}
_AFTER_QUESTION: Mapping[Kind, str] = {
    Kind.INSTEAD: CORRECTION,
    Kind.UNDO: UNDO,
    Kind.CANCEL: CANCEL,
    Kind.REPEAT: REPEAT,
}
"""A no to a question is an answer, and so is another value."""


def reaction(steps: Sequence[Step], situation: Situation) -> str | None:
    """Return the name of the signal that *steps* are for the turn before, if they are one.

    Only what comes first reacts: "turn it on, no, off" corrects itself.
    """
    if not steps or situation is Situation.IDLE:
        return None
    meanings = _AFTER_ACTION if situation is Situation.DONE else _AFTER_QUESTION
    return meanings.get(steps[0].said.kind)


def mood(text: str, lexicon: Lexicon) -> str | None:
    """Return the signal that the tone of *text* is for the turn before, if it is one.

    Only how an utterance begins counts: "play Stupid Girl" is no complaint.
    """
    said = words(text)
    while said and said[0] in lexicon.fillers:
        said = said[1:]
    spoken = f"{' '.join(said)} "
    for name, phrases in ((COMPLAINT, lexicon.complaints), (PRAISE, lexicon.praises)):
        if any(spoken.startswith(f"{phrase} ") for phrase in phrases):
            return name
    return None
