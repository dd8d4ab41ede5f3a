"""One turn in the making: what has been understood, done and said so far."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from time import perf_counter

from gnothi.core.acting import Act, Action, Stage
from gnothi.core.protocols import Understander
from gnothi.core.understanding import Interpretation, Slot, Utterance
from gnothi.dialogue.session import Session


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
    confirmed: bool = False
    """Guarded actions were confirmed beforehand, for this turn only."""
    requests: list[Interpretation] = field(default_factory=list[Interpretation])
    out_of_scope: bool = False
    artifact: str = ""
    acts: list[Act] = field(default_factory=list[Act])
    actions: list[Action] = field(default_factory=list[Action])
    stages: list[Stage] = field(default_factory=list[Stage])
    display: list[Mapping[str, object]] = field(default_factory=list[Mapping[str, object]])
    asked: bool = False
    """Whether this turn ends with a question of its own."""

    @contextmanager
    def stage(self, name: str) -> Generator[StageNote]:
        """Time a stage of the turn."""
        note, began = StageNote(), perf_counter()
        try:
            yield note
        finally:
            ms = (perf_counter() - began) * 1_000
            self.stages.append(Stage(name, round(ms, 3), note.artifact, note.note))


def shifted(request: Interpretation, by: int) -> Interpretation:
    """Return *request*, found in a part of the utterance that begins at character *by*."""
    return replace(
        request,
        start=request.start + by,
        end=request.end + by,
        slots=tuple(_shifted(slot, by) for slot in request.slots),
    )


def _shifted(slot: Slot, by: int) -> Slot:
    return replace(slot, start=slot.start + by, end=slot.end + by)
