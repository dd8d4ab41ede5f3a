"""What the household's own skills are told: their samples are understood word for word.

The network knows the requests that it was trained on, and no skill that somebody writes at home.
Until it learns them, whoever says a sentence of a sample, with any value of its slots, is
understood; everything else is understood as before. Where a value or a yes is awaited, what answers
comes first: "large" and "yes, please" may be samples as well.
"""

from collections.abc import Callable

from gnothi.core.protocols import Understander
from gnothi.core.understanding import Interpretation, Kind, Move, Situation, Slot, Understanding
from gnothi.dialogue.assistant import Chosen
from gnothi.skills.sentences import SentenceReader
from gnothi.skills.skillset import BUILTIN, Skill, SkillSet
from gnothi.text.tokenise import tokenise

_AWAITING = frozenset({Situation.ASKED, Situation.CONFIRM})
_ANEW = frozenset({Kind.REQUEST, Kind.INSTEAD})
"""Moves that begin something else than an answer."""
_TALK = "general"
"""The domain of what asks for nothing: thanks, and the like."""


class AuthoredUnderstander:
    """Understands sentences of samples, and leaves the others to another understander."""

    def __init__(self, reader: SentenceReader, skills: SkillSet, other: Understander) -> None:
        """Read with *reader* what the samples of *skills* say, and the rest with *other*."""
        self._reader, self._skills, self._other = reader, skills, other

    def understand(self, text: str, situation: Situation = Situation.IDLE) -> Understanding:
        """Return the request in *text*, or whatever else it is."""
        # "I'd" is one word of the text, and two of its key.
        words = [(part, word) for word in tokenise(text) for part in word.form.split()]
        found = self._reader.values([part for part, _ in words])
        served = self._skills.for_intent(found[0]) if found else None
        if found is None or served is None:
            return self._other.understand(text, situation)
        if situation in _AWAITING and (answer := self._answer(text, situation)):
            return answer
        intent, values = found
        places = [(words[one.first][1].start, words[one.last - 1][1].end) for one in values]
        skill = served[0]
        start, end = words[0][1].start, words[-1][1].end
        request = Interpretation(
            domain=skill.name,
            intent=intent,
            score=1.0,
            slots=tuple(
                Slot(one.slot, text[first:last], first, last)
                for one, (first, last) in zip(values, places, strict=True)
            ),
            start=start,
            end=end,
        )
        move = Move(Kind.REQUEST, start, end, 1.0, request)
        return Understanding(
            text, (request,), artifact=f"skills/{skill.name}@samples", moves=(move,)
        )

    def _answer(self, text: str, situation: Situation) -> Understanding | None:
        """Return the answer in *text* to what is awaited, if it is one.

        A yes may open a door: words that ask for something by themselves are none.
        """
        found = self._other.understand(text, situation)
        if not found.moves or found.moves[0].kind in _ANEW:
            return None
        if found.moves[0].kind is Kind.YES:
            alone = self._other.understand(text).requests
            return None if any(one.domain != _TALK for one in alone) else found
        return found


def authored(skills: SkillSet, choose: Callable[[str], Chosen]) -> Callable[[str], Chosen]:
    """Return who understands a session: *choose* says so, for all but sentences of own skills."""
    own = [skill for skill in skills if not _is_builtin(skill)]
    if not own:
        return choose
    reader = SentenceReader(own)

    def chosen(session: str) -> Chosen:
        found = choose(session)
        return Chosen(AuthoredUnderstander(reader, skills, found.understander), found.propensity)

    return chosen


def _is_builtin(skill: Skill) -> bool:
    return skill.manifest.folder.parent == BUILTIN
