"""The composition root: opens everything that a household keeps, and joins it."""

import asyncio
import json
import logging
import os
from contextlib import suppress
from functools import partial
from pathlib import Path
from random import Random, SystemRandom
from threading import Lock
from typing import TYPE_CHECKING, Self

from gnothi.core.clock import Clock, SystemClock
from gnothi.core.errors import GnothiError, InputError, StorageError
from gnothi.core.interaction import Interaction, Signal
from gnothi.core.plain import plain
from gnothi.core.settings import Settings
from gnothi.home.alarms import AlarmEvent, Alarms
from gnothi.home.history import History
from gnothi.home.house import STARTER, House
from gnothi.home.model import Home, load_home
from gnothi.journal.resilient import ResilientJournal
from gnothi.recommend.library.history import NAMESPACE as LISTENING
from gnothi.registry.registry import Registry
from gnothi.serve.assembly import Surroundings, assemble, open_wording
from gnothi.serve.authored import authored
from gnothi.serve.explaining import Explanation, explain_words
from gnothi.serve.player import PagePlayer
from gnothi.serve.rewriting import open_rewriting
from gnothi.serve.sight import open_eyes, open_readings
from gnothi.serve.things import open_things
from gnothi.serve.understanding import LiveUnderstander
from gnothi.serve.unwanted import refused
from gnothi.skills.skillset import SkillSet

if TYPE_CHECKING:
    from gnothi.home.mqtt import Bridge

HOME_FILE = "home.json"
HISTORY_FILE = "history.sqlite"
SPOOL_FILE = "journal.waiting.jsonl"
"""Turns that wait for a database that is away."""
SAVED_EVERY = 1.0
"""Seconds between looks whether the home changed outside of a turn."""

_log = logging.getLogger(__name__)


def open_understander(settings: Settings | None = None) -> LiveUnderstander:
    """Return what is live for understanding in this installation."""
    registry = open_registry(settings or Settings.from_environment())
    return LiveUnderstander(registry)


def open_skills(settings: Settings) -> SkillSet:
    """Return the built-in skills and the household's own."""
    return SkillSet.load(settings.skills)


def open_registry(settings: Settings) -> Registry:
    """Return the registry of this installation."""
    return Registry.open(settings.folder / "registry")


class Household:
    """Everything of one household, from the journal to the voice that answers."""

    def __init__(self, settings: Settings, clock: Clock, rng: Random) -> None:
        """Open what is kept under *settings*; use :meth:`open`, which has defaults."""
        self.settings = settings
        self.clock = clock
        self._rng = rng
        settings.folder.mkdir(parents=True, exist_ok=True)
        self.journal = ResilientJournal.open(
            settings.journal_url, spool=settings.folder / SPOOL_FILE
        )
        self.registry = open_registry(settings)
        self.skills = open_skills(settings)
        self.understander = LiveUnderstander(self.registry)
        self._choose = authored(self.skills, self.understander.choose)
        self.rewrites, self.requests = open_rewriting(
            self.registry,
            self.skills,
            lambda session: self._choose(session).understander,
            refused=lambda: refused(self.journal),
        )
        self.player = PagePlayer()
        self.readings = open_readings(self.registry, clock)
        self.eyes = open_eyes(
            settings,
            self.registry,
            lambda: self.understander.plain().encoder,
            readings=self.readings,
        )
        self.things = open_things(self.registry, clock)
        self._own = self.journal.store("household")
        self._dirty = False
        self._saving = Lock()
        self._cached = False
        self._tasks: list[asyncio.Task[None]] = []
        self._inhabit(self._open_house())

    @classmethod
    def open(
        cls, settings: Settings, *, clock: Clock | None = None, rng: Random | None = None
    ) -> Self:
        """Open the household kept under *settings*, a new one where there is none.

        Raises:
            InputError: the home file can't be used.
            StorageError: the journal can't be opened.
            SkillError: one of the household's own skills does not keep the format.
        """
        return cls(settings, clock or SystemClock(), rng or SystemRandom())

    @property
    def setup_done(self) -> bool:
        """Whether somebody went through the first-run wizard."""
        return self._own.get("setup") is True

    def explain(self, text: str) -> Explanation:
        """Say what each word of *text* is worth for what is understood of it.

        Raises:
            InputError: nothing is understood.
        """
        return explain_words(self.understander.network(), text)

    async def start(self) -> None:
        """Begin what goes on between turns: alarms, saving, the broker; load what understands."""
        await asyncio.to_thread(self.understander.understand, "hello")
        self._tasks = [
            asyncio.create_task(self.alarms.run()),
            asyncio.create_task(self._save_now_and_then()),
            asyncio.create_task(self._know_again()),
        ]
        if self.settings.mqtt_url:
            from gnothi.home.mqtt import Bridge

            bridge = Bridge(self.house, self.settings.mqtt_url)
            self.alarms.subscribe(partial(_ring_over, bridge))
            self._tasks.append(asyncio.create_task(bridge.run()))

    async def stop(self) -> None:
        """Stop what goes on between turns and write down what is left."""
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with suppress(asyncio.CancelledError):
                await task
        self._tasks = []
        self.close()

    def close(self) -> None:
        """Write the home down and close the journal."""
        self.save()
        self.eyes.close()
        self.journal.close()

    async def move_in(self, home: Home) -> None:
        """Make *home* the home of this household; it is kept when this returns."""
        running = bool(self._tasks)
        for task in self._tasks:
            task.cancel()
        self._inhabit(self._house(home))
        self._own.put("setup", True)
        self._dirty = True
        self.save()
        if running:
            await self.start()

    def save(self, *, through: bool = True) -> None:
        """Write the home down if it changed, in one step.

        *through* the machine's caches, so that it outlives a power cut; without, it is instant
        and outlives the process.

        Raises:
            StorageError: it can't be written.
        """
        with self._saving:  # a turn and the thread that saves now and then have one draft
            if not (self._dirty or (through and self._cached)):
                return
            changed, self._dirty = self._dirty, False
            try:
                text = json.dumps(self.house.to_json())
                _write_at_once(self.settings.folder / HOME_FILE, text, through=through)
                self._cached = not through
            except OSError as error:
                self._dirty = changed
                raise StorageError(f"The home can't be written down: {error.strerror}.") from error

    def _inhabit(self, house: House) -> None:
        self.house = house
        self.house.subscribe(lambda _: self._mark())
        self.alarms = Alarms(
            self.journal.store("alarms"), self.clock, house.time_zone, rng=self._rng
        )
        self.wording = open_wording(self.skills, locale=house.home.locale, rng=self._rng)
        surroundings = Surroundings(
            house=house,
            alarms=self.alarms,
            player=self.player,
            stores=lambda skill: self.journal.store(f"skill.{skill}"),
            settings=self.settings,
            clock=self.clock,
            listening=lambda person: self.journal.store(LISTENING, person=person),
            registry=self.registry,
            encoder=lambda: self.understander.plain().encoder,
            sight=self.eyes,
            things=self.things,
            readings=self.readings,
        )
        self.assistant = assemble(
            surroundings,
            self._choose,
            self.skills,
            self.wording,
            rng=self._rng,
            journal=self._write_down,
            signals=self._attach,
            rewriter=self.rewrites,
            retriever=self.requests,
        )

    def _open_house(self) -> House:
        kept = self.settings.folder / HOME_FILE
        return self._house(load_home(kept if kept.exists() else STARTER))

    def _house(self, home: Home) -> House:
        history = History(self.settings.folder / HISTORY_FILE)
        return House(home, clock=self.clock, history=history)

    def _mark(self) -> None:
        self._dirty = True

    def _write_down(self, interaction: Interaction) -> None:
        self.save(through=False)
        self.journal.append(interaction)

    def _attach(self, turn: str, signal: Signal) -> None:
        with suppress(InputError):  # the turn before was erased, or never written down
            self.journal.attach(turn, signal)

    async def _know_again(self) -> None:
        """Learn things anew that were shown to other eyes, where pictures of them were kept."""
        try:
            if names := await asyncio.to_thread(self.things.renew):
                _log.info("With new eyes I learned anew: %s", ", ".join(names))
        except GnothiError as error:
            _log.error("Things could not be learned anew: %s", error)

    async def _save_now_and_then(self) -> None:
        while True:
            await asyncio.sleep(SAVED_EVERY)
            self.eyes.forget_old()
            try:
                await asyncio.to_thread(self.save)
                await asyncio.to_thread(self.journal.drain)
            except StorageError as error:
                _log.error("%s", error)


def _ring_over(bridge: "Bridge", event: AlarmEvent) -> None:
    """Tell an alarm's event under ``gnothi/alarms/…``, for lamps that blink and speakers."""
    alarm = {"kind": event.alarm.kind.value, "name": event.alarm.name, "due": event.alarm.due}
    bridge.tell(f"alarms/{event.name}", json.dumps(plain(alarm)))


def _write_at_once(path: Path, text: str, *, through: bool) -> None:
    """Replace the file at *path* by *text*: after a crash it holds the old or the new, whole."""
    temporary = path.with_suffix(".new")
    with temporary.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        if through:
            os.fsync(file.fileno())
    temporary.replace(path)
