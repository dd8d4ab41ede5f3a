"""Learning to hear in a household: which recordings there are, who listens, and what came of it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gnothi.core.acting import Act
from gnothi.core.clock import SystemClock
from gnothi.core.hearing import Hints
from gnothi.core.plain import Json
from gnothi.core.settings import Settings
from gnothi.home.house import STARTER, House
from gnothi.journal.journal import Journal
from gnothi.learning.hearing import HearingCycle, Standing
from gnothi.learning.workshop import Learner, Workshop
from gnothi.serve.hearing import hints
from gnothi.serve.household import HOME_FILE
from gnothi.serve.listening.recordings import Recordings
from gnothi.serve.listening.rehearing import HouseListener
from gnothi.serve.listening.transcripts import RecordedTurns
from gnothi.serve.sentences import learning_sentence
from gnothi.skills.skillset import SkillSet
from gnothi.speech.backends import open_recogniser


def hearing_cycle(
    workshop: Workshop, settings: Settings, journal: Journal, skills: SkillSet
) -> HearingCycle:
    """Return what learns from the recordings of the household in *settings*."""

    def told() -> Hints:
        kept = settings.folder / HOME_FILE
        house = House.from_file(kept if kept.exists() else STARTER, clock=SystemClock())
        return hints(house, skills, nods=True)

    def listener() -> HouseListener:
        return HouseListener(lambda: open_recogniser(settings.recogniser or None), told)

    recorded = RecordedTurns(journal, Recordings(settings.folder, journal))
    return HearingCycle(workshop, recorded, listener)


@dataclass(frozen=True, slots=True)
class ToldHearing:
    """What a household learned of how people speak there, as it is told."""

    standing: Standing

    def json(self) -> dict[str, Json]:
        """Return it as ``--json`` gives it."""
        one = self.standing
        sentences: list[Json] = [
            {"said": " ".join(symbols), "counts": times} for symbols, times in one.live.sentences
        ]
        names: list[Json] = [
            {"name": " ".join(name), "times": times} for name, times in one.live.names
        ]
        return {
            "version": one.version,
            "phase": one.phase.value if one.phase else None,
            "figures": dict(one.figures),
            "sentences": sentences,
            "names": names,
        }

    def lines(self) -> Iterator[str]:
        """Yield it in sentences."""
        one = self.standing
        if one.phase is None:
            yield learning_sentence(Act("hearing-nothing"))
            return
        yield learning_sentence(Act("hearing-stands", {"phase": one.phase.value}))
        if "wer" in one.figures:
            yield learning_sentence(Act("hearing-figures", one.figures))
        if one.live.sentences:
            yield learning_sentence(Act("hearing-sentences"))
        for symbols, _ in one.live.sentences:
            yield f"  {' '.join(symbols)}"
        if one.live.names:
            yield learning_sentence(Act("hearing-names"))
        for name, times in one.live.names:
            yield f"  {' '.join(name)}  ({times:g})"


def told_hearing(learners: Iterable[Learner]) -> ToldHearing:
    """Return what the one of *learners* that learns to hear has learned."""
    cycle = next(one for one in learners if isinstance(one, HearingCycle))
    return ToldHearing(cycle.standing())
