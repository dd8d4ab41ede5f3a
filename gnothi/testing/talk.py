"""A conversation with skills alone, for their tests: no understanding, no dialogue."""

from dataclasses import dataclass

from gnothi.core.errors import GnothiError
from gnothi.skills.samples import Sample
from gnothi.testing.skills import Played, Rehearsal, Stage, wording


@dataclass(slots=True)
class Talk:
    """Says lines to the skills and remembers what came of the last one.

    ``await talk("set a timer for {duration: ten minutes}", "timer_set")`` returns the keys of what
    is said. A line without an intent answers, corrects or goes on with the one before.
    """

    rehearsal: Rehearsal
    played: Played | None = None

    @property
    def stage(self) -> Stage:
        """Where it takes place: home, alarms, player, clock."""
        return self.rehearsal.stage

    @property
    def last(self) -> Played:
        """What came of the last line."""
        if self.played is None:
            raise GnothiError("Nothing has been said yet.")
        return self.played

    @property
    def call(self) -> tuple[str, dict[str, object]]:
        """The last call and its arguments."""
        return self.last.proposal.call.api, dict(self.last.proposal.call.arguments)

    @property
    def spoken(self) -> str:
        """The last answer in words."""
        words = wording(self.rehearsal.skills)
        return words.say_all(self.last.acts, self.stage.clock.now())

    async def __call__(self, text: str, intent: str = "") -> str:
        """Say *text*, with slots marked as in samples; return the keys of the answer."""
        self.played = await self.rehearsal.say(Sample.read(text).fill(), intent)
        words, now = wording(self.rehearsal.skills), self.stage.clock.now()
        faults = [fault for act in self.last.acts for fault in words.faults(act, now)]
        if faults or not self.spoken:
            raise GnothiError(f"'{text}' is answered with '{self.spoken}': {faults}.")
        return " ".join(self.last.keys)

    async def undo(self) -> str:
        """Take back what the last line did; return the keys of what is said to it."""
        call = self.last.undo
        if call is None:
            raise GnothiError("That can't be taken back.")
        turn = self.stage.turn(Sample.read("undo").fill(), "", call.skill)
        outcome = await self.rehearsal.skills.get(call.skill).act(turn, call)
        wording(self.rehearsal.skills).say_all(outcome.acts, self.stage.clock.now())
        return " ".join(act.key for act in outcome.acts)
