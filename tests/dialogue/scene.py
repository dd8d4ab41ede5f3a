"""A small household for tests of the conversation, understood by the shipped network."""

from datetime import datetime
from random import Random
from zoneinfo import ZoneInfo

from gnothi.core.clock import FixedClock
from gnothi.core.interaction import Interaction
from gnothi.core.protocols import Understander
from gnothi.core.settings import Settings
from gnothi.core.understanding import Utterance
from gnothi.dialogue.assistant import Chosen
from gnothi.home.alarms import Alarms
from gnothi.home.house import STARTER, House
from gnothi.home.model import load_home
from gnothi.journal.memory import MemoryStore
from gnothi.language.understand import NeuralUnderstander
from gnothi.learning.readings import TaughtReadings
from gnothi.learning.things import TaughtThings
from gnothi.serve.assembly import Surroundings, assemble, open_wording
from gnothi.serve.player import PagePlayer
from gnothi.skills.skillset import SkillSet
from gnothi.vision.eyes import Eyes

NOW = datetime(2026, 11, 20, 18, 0, tzinfo=ZoneInfo("Europe/Berlin"))
SKILLS = SkillSet.load()
UNDERSTANDER = NeuralUnderstander()
"""The shipped network."""


class Scene:
    """A conversation over the starter home."""

    def __init__(
        self,
        settings: Settings,
        *,
        understander: Understander = UNDERSTANDER,
        sight: Eyes | None = None,
        things: TaughtThings | None = None,
        readings: TaughtReadings | None = None,
        **options: object,
    ) -> None:
        self.clock = FixedClock(NOW)
        self.house = House(load_home(STARTER), clock=self.clock)
        self.alarms = Alarms(MemoryStore(), self.clock, NOW.tzinfo, rng=Random(0))
        self.player = PagePlayer()
        self.listening: dict[str, MemoryStore] = {}
        stores: dict[str, MemoryStore] = {}
        self.assistant = assemble(
            Surroundings(
                self.house,
                self.alarms,
                self.player,
                lambda skill: stores.setdefault(skill, MemoryStore()),
                settings,
                self.clock,
                lambda person: self.listening.setdefault(person, MemoryStore()),
                encoder=lambda: UNDERSTANDER.encoder,
                sight=sight,
                things=things,
                readings=readings,
            ),
            lambda _: Chosen(understander),
            SKILLS,
            open_wording(SKILLS, rng=Random(0)),
            rng=Random(0),
            **options,
        )

    async def say(self, text: str, **options: object) -> Interaction:
        device, speaker = options.pop("device", None), options.pop("speaker", None)
        picture = str(options.pop("picture", ""))
        heard = Utterance(
            text,
            device=device,
            speaker=speaker,
            picture=picture,
            heard=options.pop("heard", None),
        )
        session = f"{speaker}/test" if speaker else "test"
        return await self.assistant.turn(heard, session=session, **options)

    def items(self) -> list[str]:
        return [item.text for item in self.house.items("todo.shopping")]
