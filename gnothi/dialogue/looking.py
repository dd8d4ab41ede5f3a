"""Questions about a picture: who shows one asks about it, whatever the words may mean elsewhere.

The network never learned to be asked about pictures. So what is said with a picture is for the
skill that reads, and so are that skill's own sentences, word for word: "read this to me" always,
"what's the total?" only after something was shown, or where there is a camera.
"""

from collections.abc import Mapping

from gnothi.core.protocols import Understander
from gnothi.core.understanding import (
    Interpretation,
    Kind,
    Move,
    Situation,
    Understanding,
    Utterance,
)
from gnothi.skills.sentences import SentenceReader
from gnothi.skills.skillset import SkillSet

SKILL = "sight"
READ, ASK = "sight_read", "sight_ask"
PICTURE = "picture"
"""Key of a session's focus under which the picture that was looked at last stands."""
_AWAITING = frozenset({Situation.ASKED, Situation.CONFIRM})


class Looking:
    """Finds out whether something is asked about a picture."""

    def __init__(self, skills: SkillSet, *, has_camera: bool) -> None:
        """Know the sentences of the skill that reads; *has_camera*, one may always look."""
        self._reader = SentenceReader([one for one in skills if one.name == SKILL])
        self._has_camera = has_camera

    def over(
        self, other: Understander, utterance: Utterance, focus: Mapping[str, object]
    ) -> Understander:
        """Return who understands *utterance*: *other*, unless it may be about a picture."""
        if utterance.picture:
            return _AboutPictures(other, None, frozenset())
        sees = self._has_camera or PICTURE in focus
        return _AboutPictures(other, self._reader, frozenset({READ, ASK} if sees else {READ}))


class _AboutPictures:
    """Understands questions about pictures, and leaves the rest to another understander."""

    def __init__(
        self, other: Understander, reader: SentenceReader | None, intents: frozenset[str]
    ) -> None:
        """Take sentences of *reader* with one of *intents*; without one, whatever is said."""
        self._other, self._reader, self._intents = other, reader, intents

    def understand(self, text: str, situation: Situation = Situation.IDLE) -> Understanding:
        """Return the request in *text*."""
        if self._reader and (situation in _AWAITING or not self._is_meant(text)):
            return self._other.understand(text, situation)
        request = Interpretation(SKILL, READ, 1.0, start=0, end=len(text))
        move = Move(Kind.REQUEST, 0, len(text), 1.0, request)
        return Understanding(text, (request,), artifact=f"skills/{SKILL}@samples", moves=(move,))

    def _is_meant(self, text: str) -> bool:
        found = self._reader.read(text) if self._reader else None
        return found is not None and found.intent in self._intents
