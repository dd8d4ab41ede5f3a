"""Whether words are a whole request to this household: nothing is missing, and it is understood.

The judge of endings (``gnothi.language.endings``) says how probably words were cut off, and
understanding how surely it knows what they ask for. Words that no skill serves are not whole: the
recogniser may have made them of something else.
"""

from collections.abc import Mapping
from functools import partial

from gnothi.core.hearing import Hints
from gnothi.core.protocols import Understander
from gnothi.core.understanding import CONTENT, Move
from gnothi.dialogue.assistant import Chosen
from gnothi.dialogue.performer import UNAVAILABLE
from gnothi.language.endings import Endings, kinds_of, with_kinds
from gnothi.serve.authored import authored
from gnothi.skills.skillset import SkillSet
from gnothi.speech.endpoint.stopping import Whole
from gnothi.speech.kept import Kept

_KEPT = 4
"""Homes whose names stay ready."""
_Kinds = Mapping[tuple[str, ...], str]


class Wholeness:
    """Judges words by their meaning. Any thread may ask."""

    def __init__(
        self, understander: Understander, skills: SkillSet, endings: Endings | None = None
    ) -> None:
        """Understand what *skills* serve with *understander* and by the samples of own skills.

        *endings* are the shipped ones unless told.

        Raises:
            ArtifactError: these are damaged.
        """
        self._understander = authored(skills, lambda _: Chosen(understander))("").understander
        self._skills = skills
        self._endings = endings or Endings()
        self._endings.judge("on")  # read now: who listens can't help it
        self._kinds = Kept[Hints, _Kinds](_KEPT)

    def __call__(self, hints: Hints) -> Whole:
        """Return the judge of words that are said where *hints* hold."""
        return partial(self.chance, self._kinds.get(hints, _named))

    def chance(self, kinds: _Kinds, text: str) -> float:
        """Return how probably *text* is a whole request, from 0 to 1; *kinds* are names."""
        found = self._understander.understand(text)
        sure = min(map(self._sureness, found.moves), default=0.0)
        if not sure:
            return 0.0
        return sure * (1 - self._endings.judge(text, lambda said: with_kinds(said, kinds)).cut)

    def _sureness(self, move: Move) -> float:
        """Return how sure it is what *move* asks for; 0 where it can't be done."""
        if move.kind not in CONTENT:
            return move.score
        served = self._skills.for_intent(move.request.intent) if move.request else None
        if move.request is None or served is None or served[0].name == UNAVAILABLE:
            return 0.0
        return move.request.score


def _named(hints: Hints) -> _Kinds:
    return kinds_of({name.text: name.kind for name in hints.names})
