"""Answers sentences over homes as they are given; nothing is kept."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from random import Random

from gnothi.core.clock import Clock, FixedClock, SystemClock
from gnothi.core.interaction import Interaction
from gnothi.core.settings import Settings
from gnothi.core.understanding import Heard, Utterance
from gnothi.dialogue.assistant import Assistant
from gnothi.dialogue.wording import Wording
from gnothi.home.alarms import Alarms
from gnothi.home.house import STARTER, House
from gnothi.home.model import Home, load_home, read_home
from gnothi.journal.memory import MemoryStore
from gnothi.serve.assembly import Surroundings, assemble, open_wording
from gnothi.serve.authored import authored
from gnothi.serve.household import open_registry, open_skills, open_understander
from gnothi.serve.player import PagePlayer
from gnothi.serve.rewriting import open_rewriting
from gnothi.serve.sight import open_eyes, open_readings
from gnothi.serve.things import open_things

SESSION = "trial"


class Trial:
    """Opens an assistant for each sentence; models, skills and what was learned are shared."""

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        seed: int = 0,
        refused: Callable[[], frozenset[str]] = frozenset,
    ) -> None:
        """Use the installation's models, skills, rewrites and phrases.

        *seed* chooses among equal wordings; *refused* has the ids of rewrites that people don't
        want. No conversation is held out: nobody learns from what is not kept.
        """
        self._settings = settings or Settings.from_environment()
        self._seed = seed
        self._understander = open_understander(self._settings)
        self._skills = open_skills(self._settings)
        self._choose = authored(self._skills, self._understander.choose)
        registry = open_registry(self._settings)
        self._rewrites, self._requests = open_rewriting(
            registry,
            self._skills,
            lambda session: self._choose(session).understander,
            refused=refused,
            hold_out=0.0,
        )
        self._readings = open_readings(registry, learns=False)
        self.eyes = open_eyes(
            self._settings,
            registry,
            lambda: self._understander.plain().encoder,
            readings=self._readings,
        )
        """What may be shown with a question."""
        self._wording = lru_cache(maxsize=8)(self._open_wording)

    async def answer(
        self,
        text: str,
        *,
        home: str | Mapping[str, object] | None = None,
        device: str | None = None,
        user: str | None = None,
        now: datetime | None = None,
        confirm: bool = False,
        picture: str = "",
        heard: Heard | None = None,
    ) -> Interaction:
        """Answer *text* as the first turn of a session; *picture* is one that ``eyes`` was shown.

        *heard* tells how it was heard, where it was spoken.

        Raises:
            InputError: the home can't be used.
        """
        assistant = self.open(open_home(home), now=now)
        utterance = Utterance(text, device=device, speaker=user, picture=picture, heard=heard)
        return await assistant.turn(utterance, session=SESSION, now=now, confirm=confirm)

    def open(self, home: Home, *, now: datetime | None = None) -> Assistant:
        """Return an assistant for *home* that remembers only while it exists."""
        clock: Clock = SystemClock()
        house = House(home, clock=clock)
        if now is not None:
            moment = now if now.tzinfo else now.replace(tzinfo=house.time_zone)
            house = House(home, clock=(clock := FixedClock(moment)))
        return self.assistant(house, clock)

    def assistant(self, house: House, clock: Clock) -> Assistant:
        """Return an assistant that lives in *house* by *clock*."""
        rng = Random(self._seed)
        stores: dict[str, MemoryStore] = {}
        surroundings = Surroundings(
            house=house,
            alarms=Alarms(MemoryStore(), clock, house.time_zone, rng=rng),
            player=PagePlayer(),
            stores=lambda skill: stores.setdefault(skill, MemoryStore()),
            settings=self._settings,
            clock=clock,
            encoder=lambda: self._understander.plain().encoder,
            sight=self.eyes,
            things=open_things(open_registry(self._settings), clock, learns=False),
            readings=self._readings,
        )
        wording = self._wording(house.home.locale)
        return assemble(
            surroundings,
            self._choose,
            self._skills,
            wording,
            rng=rng,
            rewriter=self._rewrites,
            retriever=self._requests,
        )

    def _open_wording(self, locale: str) -> Wording:
        return open_wording(self._skills, locale=locale, rng=Random(self._seed))


def open_home(home: str | Mapping[str, object] | None) -> Home:
    """Return the home in a file, the home that an object describes, or the starter home.

    Raises:
        InputError: the home can't be used.
    """
    if home is None:
        return load_home(STARTER)
    return load_home(Path(home)) if isinstance(home, str) else read_home(home)
