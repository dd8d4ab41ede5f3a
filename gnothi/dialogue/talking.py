"""Who a turn is for while a skill leads a talk: the skill, or somebody else for once.

A skill that leads a talk reads whatever is said next. Only a sure request for something else is a
digression: it is carried out, and then the talk goes on where it was.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from gnothi.core.acting import Act
from gnothi.core.understanding import Kind
from gnothi.dialogue.lexicon import Lexicon, words
from gnothi.dialogue.performer import Performer, Request
from gnothi.dialogue.progress import Progress
from gnothi.dialogue.reading import SURE, Said, Step
from gnothi.dialogue.session import TRIES, Talking
from gnothi.skills.format import Api
from gnothi.skills.turn import Reading

SURELY = 0.5
"""What the skill reads as surely as this is for it, unless a request stands against it."""
CERTAIN = 1.0
"""What is read so surely is for the skill, whatever else it may be taken for."""
SURE_OF_COMMAND = 0.8
"""The same where the words begin with a command: "set the thermostat to twenty"."""
LIKELY = 0.3
"""What nobody else understands belongs to a talk that asks nothing if it is read so surely."""
SURE_OF_OTHER = 0.9
"""Words that are no whole sentence must be understood so surely to be a request for another."""
NOTHING = Reading(0.0)
_WHOLE = frozenset({Kind.REQUEST, Kind.INSTEAD})


@dataclass(frozen=True, slots=True)
class Shared:
    """How an utterance divides between the talk and everything else."""

    digressions: tuple[Step, ...]
    text: str
    """What is left for the talk."""
    reading: Reading
    """What the skill makes of it."""

    @property
    def is_unclear(self) -> bool:
        """Whether nothing of it means anything sure."""
        return not self.digressions and self.reading.sureness < SURELY

    @property
    def is_for_talk(self) -> bool:
        """Whether something of it is for the talk."""
        return self.reading.sureness >= SURELY or (not self.digressions and bool(self.text))


class Talks:
    """Shares what is said between a talk and the rest of the assistant."""

    def __init__(
        self,
        performer: Performer,
        lexicon: Lexicon,
        read_alone: Callable[[Progress], Sequence[Step]],
    ) -> None:
        """Let the skills of *performer* lead; *lexicon* knows the verbs of commands.

        *read_alone* reads an utterance as if no talk went on: "set a timer for two hours" is no
        longer two things, one of which might answer a question.
        """
        self._performer = performer
        self._lexicon = lexicon
        self._read_alone = read_alone

    def opening(self, steps: list[Step], text: str) -> list[Step]:
        """Return *steps* of *text*, the last for all that is said from where it asks for a talk.

        "Find us some music, one of us hates country": who helps to choose has to know. What is no
        command and would stay in the talk begins nothing else: "and no jazz please".
        """
        for at, step in enumerate(steps):
            leads = self._performer.begins(step.said)
            if leads is None or step.changes:
                continue
            start = text.find(step.said.text)
            whole = replace(step.said, text=text[max(start, 0) :])
            if all(self._stays(one.said, leads) for one in steps[at + 1 :]) and (
                self._performer.begins(whole)
            ):
                return [*steps[:at], Step(whole)]
        return steps

    def _stays(self, said: Said, leads: Api) -> bool:
        is_kept = not said.is_sure or (said.request and said.request.intent in leads.keeps)
        return bool(is_kept) and not self._lexicon.is_command(said.text)

    async def share(self, talking: Talking, steps: Sequence[Step], progress: Progress) -> Shared:
        """Say which of *steps* are about something else, and what the rest means to the talk."""
        whole = progress.utterance.text
        reading = await self._performer.read(talking, whole, progress)
        found = [one for one in steps if await self._digresses(one, reading, talking, progress)]
        if not found:
            return Shared((), whole, reading)
        left = _without(whole, found)
        rest = await self._performer.read(talking, left, progress) if words(left) else NOTHING
        if rest.sureness >= SURELY:
            return Shared(tuple(found), left, rest)
        is_request = any(one.said.kind in _WHOLE for one in found)
        steps = self._read_alone(progress) if is_request else found
        return Shared(tuple(steps), "", NOTHING)

    def is_reaction(self, talking: Talking, shared: Shared, steps: Sequence[Step]) -> bool:
        """Whether *shared* belongs to a talk that asks nothing, rather than to any of *steps*.

        After something plays, "not that one" is for who suggested it, and "next" for the player.
        Who names another item instead ("no, the Rolling Stones") corrects what was settled.
        """
        if shared.digressions:
            return False
        if shared.reading.names and shared.reading.sureness >= SURELY:
            steps = [one for one in steps if not self._corrects(one.said)]
        said = [one.said for one in steps if self._performer.rivals(one.said, talking)]
        rivals = [one.request.score for one in said if one.request]
        return shared.reading.sureness >= max([LIKELY, *rivals])

    def _corrects(self, said: Said) -> bool:
        return said.kind in {Kind.CHANGE, Kind.INSTEAD} and not self._lexicon.is_command(said.text)

    async def go_on(self, talking: Talking, shared: Shared, progress: Progress) -> None:
        """Let the talk take its share."""
        await self._performer.talk_on(talking, shared.reading, shared.text, progress)

    async def resume(self, talking: Talking, progress: Progress) -> bool:
        """Let a talk that waits take what nothing asked since can make use of; whether it does.

        It has to name something that there is to choose: "hmm" is for the newer question.
        """
        whole = progress.utterance.text
        reading = await self._performer.read(talking, whole, progress)
        if not reading.names or reading.sureness < SURELY:
            return False
        await self._performer.talk_on(talking, reading, whole, progress)
        return True

    async def _digresses(
        self, step: Step, reading: Reading, talking: Talking, progress: Progress
    ) -> bool:
        """Whether *step* is surely a request for something else, which can be served."""
        said = step.said
        if said.kind is Kind.REPEAT:
            return reading.sureness < SURELY
        if said.request is None or reading.sureness >= CERTAIN:
            return False
        if self._performer.claims(said):
            return talking.talk.question is None or reading.sureness < SURELY
        is_command = self._lexicon.is_command(said.text)
        is_whole = said.kind in _WHOLE
        if is_whole and not is_command and reading.names and reading.sureness >= SURELY:
            is_whole = said.request.score >= SURE_OF_OTHER  # "nah, too gloomy" is no weather
        is_command = is_command and not is_whole
        least = SURE_OF_COMMAND if is_command else SURE_OF_OTHER
        if said.request.score < (SURE if is_whole else least):
            return False
        is_whole = is_whole or is_command
        nothing = reading.sureness == 0 and is_whole and said.request.score >= SURE_OF_OTHER
        if not self._performer.digresses(said.request, talking, anyway=nothing):
            return False
        if not is_whole and reading.names:
            return False
        proposal = await self._performer.propose(Request(said.request, said.text), progress)
        return proposal is not None and not proposal.problem and (is_whole or not proposal.question)


def returning(talking: Talking) -> tuple[Talking, Act | None]:
    """Return *talking* after a digression, and what is asked again; after some, nothing is."""
    away = replace(talking, digressions=talking.digressions + 1)
    question = talking.talk.question
    return away, question if away.digressions < TRIES else None


def _without(text: str, steps: Sequence[Step]) -> str:
    for step in steps:
        text = text.replace(step.said.text, " ", 1)
    return " ".join(text.split())
