"""A conversation with the built-in skills, without understanding: tests name the intent."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pytest

from gnothi.skills.samples import Sample
from gnothi.skills.skillset import SkillSet
from gnothi.testing.skills import Played, Rehearsal, Stage, wording

Say = Callable[..., Awaitable[str]]


@dataclass(slots=True)
class Talk:
    """Says lines to the skills and remembers what came of the last one."""

    rehearsal: Rehearsal
    played: Played | None = None

    @property
    def stage(self) -> Stage:
        """Where it takes place."""
        return self.rehearsal.stage

    @property
    def call(self) -> tuple[str, dict[str, object]]:
        """The last call and its arguments."""
        assert self.played is not None
        return self.played.proposal.call.api, dict(self.played.proposal.call.arguments)

    async def __call__(self, text: str, intent: str = "") -> str:
        """Say *text*, with slots marked as in samples; return the keys of the answer."""
        self.played = await self.rehearsal.say(Sample.read(text).fill(), intent)
        spoken = wording(self.rehearsal.skills).say_all(self.played.acts, self.stage.clock.now())
        assert spoken
        return " ".join(self.played.keys)

    def spoken(self) -> str:
        """Return the last answer in words."""
        assert self.played is not None
        return wording(self.rehearsal.skills).say_all(self.played.acts, self.stage.clock.now())

    async def undo(self) -> str:
        """Take back what the last line did."""
        assert self.played is not None and self.played.undo is not None
        call = self.played.undo
        turn = self.stage.turn(Sample.read("undo").fill(), "", call.skill)
        outcome = await self.rehearsal.skills.get(call.skill).act(turn, call)
        assert wording(self.rehearsal.skills).say_all(outcome.acts, self.stage.clock.now())
        return " ".join(act.key for act in outcome.acts)


@pytest.fixture(scope="session")
def skills() -> SkillSet:
    """The built-in skills."""
    return SkillSet.load()


@pytest.fixture
def talk(skills: SkillSet) -> Talk:
    """A fresh conversation on a Friday morning at nine, in the starter home."""
    return Talk(Rehearsal(skills))
