"""A small household for tests of the conversation, whose understanding is written down."""

from collections.abc import Mapping
from datetime import datetime
from random import Random
from zoneinfo import ZoneInfo

from gnothi.core.clock import FixedClock
from gnothi.core.interaction import Interaction
from gnothi.core.settings import Settings
from gnothi.core.understanding import Interpretation, Slot, Understanding, Utterance
from gnothi.dialogue.assistant import Chosen
from gnothi.home.alarms import Alarms
from gnothi.home.house import STARTER, House
from gnothi.home.model import load_home
from gnothi.journal.memory import MemoryStore
from gnothi.serve.assembly import Surroundings, assemble, open_wording
from gnothi.serve.player import PagePlayer
from gnothi.skills.skillset import SkillSet

NOW = datetime(2026, 11, 20, 18, 0, tzinfo=ZoneInfo("Europe/Berlin"))
SKILLS = SkillSet.load()
Known = Mapping[str, tuple[str, Mapping[str, str]]]
"""Text to its intent and slots."""


class WrittenDown:
    """Understands exactly the sentences that it was given."""

    def __init__(self, known: Known) -> None:
        self._known = known

    def understand(self, text: str) -> Understanding:
        if text not in self._known:
            return Understanding(text, out_of_scope=True)
        intent, slots = self._known[text]
        found = tuple(_slot(text, name, value) for name, value in slots.items())
        request = Interpretation(intent.partition("_")[0], intent, 0.9, found, (), 0, len(text))
        return Understanding(text, (request,), artifact="test@1")


def _slot(text: str, name: str, value: str) -> Slot:
    start = text.index(value)
    return Slot(name, value, start, start + len(value))


class Scene:
    """A conversation over the starter home."""

    def __init__(self, known: Known, settings: Settings, journal: object = None) -> None:
        self.clock = FixedClock(NOW)
        self.house = House(load_home(STARTER), clock=self.clock)
        self.alarms = Alarms(MemoryStore(), self.clock, NOW.tzinfo, rng=Random(0))
        stores: dict[str, MemoryStore] = {}
        self.assistant = assemble(
            Surroundings(
                self.house,
                self.alarms,
                PagePlayer(),
                lambda skill: stores.setdefault(skill, MemoryStore()),
                settings,
                self.clock,
            ),
            lambda _: Chosen(WrittenDown(known)),
            SKILLS,
            open_wording(SKILLS, rng=Random(0)),
            rng=Random(0),
            journal=journal,
        )

    async def say(self, text: str, **options: object) -> Interaction:
        device = options.pop("device", None)
        return await self.assistant.turn(Utterance(text, device=device), session="test", **options)

    def items(self) -> list[str]:
        return [item.text for item in self.house.items("todo.shopping")]
