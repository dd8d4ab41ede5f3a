"""Questions about a picture: who shows one asks about it, whatever the words may mean elsewhere.

The network never learned to be asked about pictures. So what is said with a picture is for the
skill that reads, and so are that skill's own sentences, word for word: "read this to me" always,
"what's the total?" only after something was shown, or where there is a camera; then also "where is
the red mug?", in any words, where the noun is one that is known by sight and the house has no
better answer: "how many lights are there?" is about the house. Right after something was read,
"no, it says 23.90" puts it right.
"""

import asyncio
from collections.abc import Callable, Mapping

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
from gnothi.skills.turn import SPOKEN_OF

SKILL = "sight"
READ, ASK, FIND = "sight_read", "sight_ask", "sight_find"
TEACH, UNSEE = "sight_teach", "sight_unsee"
PICTURE = "picture"
"""Key of a session's focus under which the picture that was looked at last stands."""
FOUND = "found_thing"
"""Key under which stands what was found last: "that's wrong" is about it, if said at once."""
_AWAITING = frozenset({Situation.ASKED, Situation.CONFIRM})


class Looking:
    """Finds out whether something is asked about a picture."""

    def __init__(
        self,
        skills: SkillSet,
        *,
        has_camera: bool,
        finds: Callable[[str, Understanding], bool] = lambda text, understood: False,
        corrects: Callable[[str, Mapping[str, object]], bool] = lambda text, focus: False,
        prepare: Callable[[str], None] = lambda text: None,
    ) -> None:
        """Know the sentences of the skill that reads; *has_camera*, one may always look.

        *finds* tells of a sentence, and of what it would mean without a picture, whether it asks
        for a thing that is known by sight; *corrects*, of a sentence and a session's focus, whether
        it puts right what was read last. *prepare* opens what a sentence will need, which may take
        a second.
        """
        self._corrects, self._prepare = corrects, prepare
        self._reader = SentenceReader([one for one in skills if one.name == SKILL])
        self._has_camera, self._finds = has_camera, finds

    async def ready(self, utterance: Utterance, focus: Mapping[str, object]) -> None:
        """Return when all is open that *utterance* will need; others are answered meanwhile."""
        if utterance.picture or self._sees(focus):
            await asyncio.to_thread(self._prepare, utterance.text)

    def over(
        self, other: Understander, utterance: Utterance, focus: Mapping[str, object]
    ) -> Understander:
        """Return who understands *utterance*: *other*, unless it may be about a picture."""
        if utterance.picture:
            return _AboutPictures(other)
        sees = self._sees(focus)
        intents = {READ, ASK, FIND, TEACH} if sees else {READ}
        if focus.get(FOUND) and focus.get(SPOKEN_OF) == SKILL:
            intents.add(UNSEE)

        def is_meant(text: str, understood: Understanding) -> bool:
            found = self._reader.read(text)
            is_said = found is not None and found.intent in intents
            corrects = self._corrects(text, focus)
            return is_said or corrects or (sees and self._finds(text, understood))

        return _AboutPictures(other, is_meant)

    def _sees(self, focus: Mapping[str, object]) -> bool:
        return self._has_camera or PICTURE in focus


class _AboutPictures:
    """Understands questions about pictures, and leaves the rest to another understander."""

    def __init__(
        self, other: Understander, is_meant: Callable[[str, Understanding], bool] | None = None
    ) -> None:
        """Take what *is_meant*, unless an answer is awaited; everything where that is ``None``."""
        self._other, self._is_meant = other, is_meant

    def understand(self, text: str, situation: Situation = Situation.IDLE) -> Understanding:
        """Return the request in *text*."""
        if self._is_meant is not None:
            understood = self._other.understand(text, situation)
            if situation in _AWAITING or not self._is_meant(text, understood):
                return understood
        request = Interpretation(SKILL, READ, 1.0, start=0, end=len(text))
        move = Move(Kind.REQUEST, 0, len(text), 1.0, request)
        return Understanding(text, (request,), artifact=f"skills/{SKILL}@samples", moves=(move,))
