"""What the doors open onto: the parts of a household that the API works with."""

from typing import Protocol

from gnothi.core.clock import Clock
from gnothi.core.protocols import Understander
from gnothi.core.settings import Settings
from gnothi.dialogue.assistant import Assistant
from gnothi.home.alarms import Alarms
from gnothi.home.house import House
from gnothi.home.model import Home
from gnothi.journal.journal import Journal
from gnothi.learning.readings import TaughtReadings
from gnothi.learning.things import TaughtThings
from gnothi.registry.registry import Registry
from gnothi.serve.explaining import Explanation
from gnothi.serve.player import PagePlayer
from gnothi.skills.skillset import SkillSet
from gnothi.vision.eyes import Eyes


class Premises(Protocol):
    """A household, as its doors see it; :class:`gnothi.serve.household.Household` is one."""

    @property
    def settings(self) -> Settings:
        """Where things are kept."""
        ...

    @property
    def clock(self) -> Clock:
        """What time it is."""
        ...

    @property
    def house(self) -> House:
        """Who and what is here."""
        ...

    @property
    def assistant(self) -> Assistant:
        """Who answers."""
        ...

    @property
    def understander(self) -> Understander:
        """Who understands without acting."""
        ...

    def explain(self, text: str) -> Explanation:
        """Say what each word of *text* is worth for what is understood of it.

        Raises:
            InputError: nothing is understood.
        """
        ...

    @property
    def alarms(self) -> Alarms:
        """What will ring."""
        ...

    @property
    def journal(self) -> Journal:
        """What happened."""
        ...

    @property
    def registry(self) -> Registry:
        """What was learned."""
        ...

    @property
    def skills(self) -> SkillSet:
        """What can be done."""
        ...

    @property
    def player(self) -> PagePlayer:
        """What the open pages play."""
        ...

    @property
    def eyes(self) -> Eyes:
        """What is shown, and the camera."""
        ...

    @property
    def things(self) -> TaughtThings:
        """What the camera was taught."""
        ...

    @property
    def readings(self) -> TaughtReadings:
        """What was put right of what was read."""
        ...

    @property
    def setup_done(self) -> bool:
        """Whether somebody went through the first-run wizard."""
        ...

    async def move_in(self, home: Home) -> None:
        """Make *home* the home of this household; it is kept when this returns."""
        ...

    async def start(self) -> None:
        """Begin what runs by itself: alarms, MQTT."""
        ...

    async def stop(self) -> None:
        """End it, and close what is open."""
        ...
