"""Learning beside the server: in a process of its own, at night or when somebody asks.

The process has the lowest priority and one thread, so that a turn does not wait for it. It works
on the same files; the server meets what it learned at the next turn, without a restart.
"""

import asyncio
import contextlib
import json
import logging
import os
import sys
from collections.abc import AsyncGenerator, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Self, TypeVar, cast

from gnothi.core.acting import Act
from gnothi.core.errors import StorageError
from gnothi.core.plain import Json
from gnothi.core.settings import Settings
from gnothi.serve.learning import Learning, open_learning
from gnothi.serve.premises import Premises
from gnothi.serve.unwanted import STORE

_NIGHTS = "nights"
_END = 10.0
"""Seconds that a round gets to end when it is stopped."""
_MOST_SAID = 2000
"""Characters of an error that are kept."""

_log = logging.getLogger(__name__)
Decided = TypeVar("Decided")
Tell = Callable[[Mapping[str, Json]], None]


@dataclass(frozen=True, slots=True)
class Nights:
    """When it learns by itself."""

    on: bool = True
    at: time = time(3, 30)
    """By the clock of the home."""

    @classmethod
    def read(cls, found: Json) -> Self:
        """Read what was kept; the defaults where nothing was."""
        if not isinstance(found, dict):
            return cls()
        return cls(bool(found["on"]), time.fromisoformat(str(found["at"])))

    def json(self) -> dict[str, Json]:
        """Return them as they are kept."""
        return {"on": self.on, "at": f"{self.at:%H:%M}"}

    def next(self, now: datetime) -> datetime | None:
        """Return the next time after *now*, in its time zone; ``None`` when it is off."""
        if not self.on:
            return None
        today = now.replace(hour=self.at.hour, minute=self.at.minute, second=0, microsecond=0)
        return today if today > now else today + timedelta(days=1)


class Worker:
    """Runs rounds of learning for a household, one at a time. Belongs to the event loop."""

    def __init__(self, household: Premises, tell: Tell, *, gently: bool = True) -> None:
        """Learn for *household*; *tell* hears whenever something begins or ends."""
        self._household, self._tell = household, tell
        self.gently = gently
        self.look_every = 20.0
        """Seconds between looks at the clock."""
        self._round: asyncio.Task[None] | None = None
        self._process: asyncio.subprocess.Process | None = None
        self._begun = asyncio.Event()
        self._wanted = False
        self.step = ""
        """What the running round does; empty between rounds."""

    @property
    def running(self) -> bool:
        """Whether a round is under way."""
        return self._round is not None and not self._round.done()

    @property
    def pid(self) -> int | None:
        """The process that learns; ``None`` while none does."""
        alive = self._process is not None and self._process.returncode is None
        return self._process.pid if self._process and alive else None

    @property
    def nights(self) -> Nights:
        """When it learns by itself."""
        return Nights.read(self._household.journal.store(STORE).get(_NIGHTS))

    def set_nights(self, nights: Nights) -> None:
        """Learn by itself at other times."""
        self._household.journal.store(STORE).put(_NIGHTS, nights.json())

    def next(self) -> datetime | None:
        """Return when it learns by itself the next time."""
        return self.nights.next(self._now())

    def learning(self) -> Learning:
        """Return what the household has learned."""
        household = self._household
        return open_learning(
            household.settings,
            household.journal,
            household.registry,
            household.skills,
            clock=household.clock,
        )

    def begin(self) -> bool:
        """Begin a round; false where one is under way."""
        if self.running:
            return False
        self._round = asyncio.create_task(self._run())
        return True

    async def wait(self) -> None:
        """Wait until no round is under way."""
        if self._round is not None:
            await asyncio.wait([self._round])

    async def decide(self, decision: Callable[[Learning], Decided]) -> Decided:
        """Carry out what a person decided about what was learned.

        It goes before a running round, which is stopped and begins again afterwards.
        """
        interrupted = self.running
        await self.stop()
        try:
            return await asyncio.to_thread(decision, self.learning())
        finally:
            if interrupted:
                self.begin()

    async def stop(self) -> None:
        """Stop a running round; nothing is half learned, for each step is written at once."""
        if self._round is None or self._round.done():
            return
        await self._begun.wait()
        process = self._process
        if process is None:
            return
        self._wanted = False
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        done, _ = await asyncio.wait([self._round], timeout=_END)
        if not done:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await asyncio.wait([self._round])

    @contextlib.asynccontextmanager
    async def nightly(self) -> AsyncGenerator[None]:
        """Learn night by night for as long as the block lasts."""
        nights = asyncio.create_task(self._sleep_and_learn())
        try:
            yield
        finally:
            nights.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await nights
            await self.stop()

    async def _sleep_and_learn(self) -> None:
        looked = self._now()
        while True:
            await asyncio.sleep(self.look_every)
            due, looked = self._due_after(looked), self._now()
            if due and due <= looked:
                self.begin()

    def _due_after(self, moment: datetime) -> datetime | None:
        """Look anew each time: somebody may have chosen another hour, or set the clock."""
        try:
            return self.nights.next(moment)
        except StorageError:
            _log.exception("When to learn can't be read")  # Tomorrow it may.
            return None

    async def _run(self) -> None:
        self._wanted, self.step = True, "begin"
        self._begun.clear()
        self._publish()
        try:
            reason = await self._told_by_process()
        except OSError as error:
            reason = Act("learning-broke", {"reason": str(error)})
        try:
            if reason is not None:
                await asyncio.to_thread(self.learning().broke_off, reason)
        finally:
            self._process, self.step = None, ""
            self._begun.set()
            self._publish()

    async def _told_by_process(self) -> Act | None:
        """Let a process do the round; return why it broke off, ``None`` if it did not."""
        command = [sys.executable, "-m", "gnothi", "learn", "now", "--json"]
        self._process = process = await asyncio.create_subprocess_exec(
            *command,
            *(["--gently"] if self.gently else []),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=_environment(self._household.settings),
        )
        self._begun.set()
        assert process.stdout is not None and process.stderr is not None
        complaints = asyncio.create_task(process.stderr.read())
        async for line in process.stdout:
            self._heard(line)
        said = (await complaints).decode("utf-8", "replace").strip()
        code = await process.wait()
        if code == 0:
            return None
        if not self._wanted:
            return Act("learning-stopped")
        _log.error("Learning ended with %s: %s", code, said[-_MOST_SAID:])
        return Act("learning-broke", {"reason": _last_line(said) or str(code)})

    def _heard(self, line: bytes) -> None:
        try:
            found: Any = json.loads(line)
        except ValueError:
            return
        if isinstance(found, dict) and "step" in found:
            self.step = str(cast("dict[str, object]", found)["step"])
            self._publish()

    def _publish(self) -> None:
        self._tell({"running": bool(self.step), "step": self.step})

    def _now(self) -> datetime:
        return self._household.clock.now().astimezone(self._household.house.time_zone)


def _environment(settings: Settings) -> dict[str, str]:
    """Return the environment of a process that works on the same household."""
    ours = {
        "GNOTHI_FOLDER": str(settings.folder),
        "GNOTHI_JOURNAL": settings.journal_url,
        "GNOTHI_SKILLS": str(settings.skills) if settings.skills else "",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PYTHONUTF8": "1",
    }
    return {**os.environ, **ours}


def _last_line(said: str) -> str:
    """Return the sentence in which the command line tells what went wrong."""
    line = said.splitlines()[-1] if said else ""
    return line.removeprefix("gnothi: ")[-_MOST_SAID:]
