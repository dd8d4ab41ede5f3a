"""One turn in the making: what has been understood, done and said so far."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from time import perf_counter

from gnothi.core.acting import Act, Action, Call, Decided, Stage, Status
from gnothi.core.protocols import Understander
from gnothi.core.risk import Risk
from gnothi.core.understanding import Interpretation, Move, Situation, Utterance
from gnothi.dialogue.reading import Step
from gnothi.dialogue.rewriting import Rewriting
from gnothi.dialogue.session import Pending, Session
from gnothi.language.rewrites import Rewrite

UNSURE = 0.3
"""A question about something that was understood less surely than this is as good as no answer."""


@dataclass(slots=True)
class StageNote:
    """What a stage adds to the trace while it runs."""

    artifact: str = ""
    note: str = ""


@dataclass(slots=True)
class Progress:
    """Collects the parts of an interaction while a turn runs."""

    utterance: Utterance
    session: Session
    now: datetime
    """In the home's time zone."""
    understander: Understander
    heard: Utterance | None = None
    """What was said, where a learned rewrite, or a sentence made whole, is in ``utterance``."""
    repaired: int = 0
    """How often the sentence has been asked about, where it was cut off before."""
    rewriting: Rewriting | None = None
    retrieved: Rewriting | None = None
    """What was found for words that had led to nothing."""
    confirmed: bool = False
    """Guarded actions were confirmed beforehand, for this turn only."""
    requests: list[Interpretation] = field(default_factory=list[Interpretation])
    situation: Situation = Situation.IDLE
    """Where the conversation stood when the utterance came."""
    steps: list[Step] = field(default_factory=list[Step])
    """What the utterance asks to be done, in order."""
    meant: str = ""
    """The utterance with blanks for what it forbids, where that was taken for a request."""
    left: bool = False
    """Whether it forbids something and asks for nothing."""
    awaited: Pending | None = None
    """The question that stood open when the utterance came; only to it can it say yes."""
    agreed: Call | None = None
    """What a yes of this utterance has carried out."""
    moves: tuple[Move, ...] = ()
    """What the parts of the utterance do to the conversation."""
    out_of_scope: bool = False
    artifact: str = ""
    """``name@version`` of what understood; apart by a space where heads were adjusted."""
    adjusted: bool = False
    """Whether it would have been understood otherwise without the adjusted heads."""
    acts: list[Act] = field(default_factory=list[Act])
    actions: list[Action] = field(default_factory=list[Action])
    stages: list[Stage] = field(default_factory=list[Stage])
    display: list[Mapping[str, object]] = field(default_factory=list[Mapping[str, object]])
    asked: bool = False
    """Whether this turn ends with a question of its own."""
    decisions: list[Decided] = field(default_factory=list[Decided])
    """What was chosen at random."""
    warmth: float | None = None
    """How warmly it is said, where a skill says so."""

    @property
    def allowed(self) -> Risk | None:
        """The highest risk class that what was learned may lead to; ``None`` if nothing was."""
        found = self.rewritten
        learned = Risk.REVERSIBLE if self.adjusted else None
        return found.risk if found else learned

    @property
    def rewritten(self) -> Rewrite | None:
        """The learned rewrite that took part."""
        told = [one.found for one in (self.rewriting, self.retrieved) if one and one.found]
        return told[0] if told else None

    @property
    def led_to_nothing(self) -> bool:
        """Whether nothing was understood, or nothing of it could be done."""
        if self.out_of_scope or not self.actions:
            return self.out_of_scope
        return all(
            action.status is Status.FAILED
            or (action.status is Status.NEEDS_VALUE and self._is_unsure)
            for action in self.actions
        )

    @property
    def _is_unsure(self) -> bool:
        return all(request.score < UNSURE for request in self.requests)

    def continue_with(self, interpretation: Interpretation) -> None:
        """Note that this turn goes on with an earlier *interpretation*."""
        whole = replace(interpretation, start=0, end=len(self.utterance.text))
        self.requests.append(whole)

    @contextmanager
    def stage(self, name: str) -> Generator[StageNote]:
        """Time a stage of the turn."""
        note, began = StageNote(), perf_counter()
        try:
            yield note
        finally:
            ms = (perf_counter() - began) * 1_000
            self.stages.append(Stage(name, round(ms, 3), note.artifact, note.note))
