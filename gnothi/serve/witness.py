"""What tells afterwards how a turn went, and is not said to the assistant, as signals of the turn.

Taken back by hand, stopped, played to its end, interrupted, scolded or praised, or followed by
silence. All of it is noted after the answer has gone out: no turn waits for it. The journal keeps
signals beside turns; :mod:`gnothi.learning.signs` reads them there.
"""

import asyncio
import logging
from asyncio import TimerHandle
from collections import OrderedDict
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from gnothi.core.acting import Status
from gnothi.core.errors import InputError, StorageError
from gnothi.core.interaction import Interaction, Signal
from gnothi.dialogue.lexicon import lexicon
from gnothi.dialogue.reactions import COMPLAINT, UNDO, mood
from gnothi.dialogue.session import CORRECTABLE, SESSIONS
from gnothi.home.house import Change, Snapshot
from gnothi.serve.premises import Premises

BARGE_IN, STOP, COMPLETED_PLAY, SILENCE = "barge-in", "stop", "completed-play", "silence"
SPOKEN = "spoken"
"""The answer was said aloud; the detail tells how soon, and how much of it was heard."""
AT_ONCE = timedelta(seconds=30)
"""How soon a change by hand takes back what was just done."""
QUIET = timedelta(seconds=60)
"""After so long, nobody has said anything about a turn."""

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Turn:
    """The newest turn of a session."""

    id: str
    at: datetime
    """By the clock, also where the turn pretends to be at another moment."""
    before: Snapshot
    changes: Mapping[str, Mapping[str, object]]
    silence: TimerHandle | None = None
    undone: set[str] = field(default_factory=set[str])


@dataclass(slots=True)
class Hearing:
    """One turn while it is answered."""

    session: str
    before: Snapshot
    plays: int


class Witness:
    """Watches what becomes of turns. Only to be used from the server's event loop."""

    def __init__(self, household: Premises) -> None:
        """Begin to watch *household*."""
        self._household = household
        self._turns: OrderedDict[str, _Turn] = OrderedDict()
        self._music: str | None = None
        """The turn that began what plays."""
        self._hearing = 0
        """Turns that are being answered: what changes now is not done by hand."""
        self._stop: list[Callable[[], object]] = []
        self._writing: set[asyncio.Task[None]] = set()
        self.follow()

    def follow(self) -> None:
        """Watch the household as it is now; needed again after it moved into another home."""
        for stop in self._stop:
            stop()
        for session in list(self._turns):
            self._forget(session)
        player = self._household.player
        self._stop = [
            self._household.house.subscribe(self._changed),
            player.subscribe(lambda _: self._played()),
            player.when_ended(self._ended),
        ]

    @contextmanager
    def hearing(self, session: str) -> Generator[Hearing]:
        """Watch a turn of *session* being answered; tell it to :meth:`answered` at the end."""
        if (last := self._turns.get(session)) and last.silence:
            last.silence.cancel()
        self._hearing += 1
        try:
            yield Hearing(session, self._household.house.snapshot(), self._household.player.plays)
        finally:
            self._hearing -= 1

    def answered(self, heard: Hearing, turn: Interaction, *, interrupts: bool = False) -> None:
        """Note what *turn* says about the one before it, and watch what becomes of it."""
        now = self._household.clock.now()
        last = self._turns.pop(heard.session, None)
        if last and now - last.at <= CORRECTABLE:
            if interrupts:
                self._attach(last.id, BARGE_IN)
            if tone := _tone(turn):
                self._attach(last.id, tone)
        if self._household.player.plays != heard.plays:
            self._music = None if self._household.player.is_sampling else turn.id
        fresh = _Turn(turn.id, now, heard.before, turn.changes)
        wait = asyncio.get_running_loop().call_later
        fresh.silence = wait(QUIET.total_seconds(), partial(self._fell_silent, turn.id))
        self._turns[heard.session] = fresh
        while len(self._turns) > SESSIONS:
            self._forget(next(iter(self._turns)))

    def note(self, turn: str, name: str, **detail: object) -> None:
        """Attach the signal called *name* to *turn*, for whoever sees what happens to its answer.

        A turn is interrupted once: who notes that does not tell :meth:`answered` as well.
        """
        self._attach(turn, name, **detail)

    async def settle(self) -> None:
        """Wait until everything that was noted is written down."""
        await asyncio.gather(*self._writing)

    async def stop(self) -> None:
        """Stop watching, once everything is written down."""
        for session in list(self._turns):
            self._forget(session)
        await self.settle()

    def _forget(self, session: str) -> None:
        gone = self._turns.pop(session)
        if gone.silence:
            gone.silence.cancel()

    def _fell_silent(self, turn: str) -> None:
        """Nobody has spoken for a while; music is no silence."""
        if self._household.player.state()["status"] != "playing":
            self._attach(turn, SILENCE)

    def _changed(self, change: Change) -> None:
        """See whether somebody has taken back by hand what a turn had done."""
        if self._hearing:
            return
        now = self._household.clock.now()
        for turn in self._turns.values():
            recent = now - turn.at <= AT_ONCE
            if recent and change.entity not in turn.undone and _takes_back(change, turn):
                turn.undone.add(change.entity)
                self._attach(turn.id, UNDO, by="hand", device=change.entity)

    def _played(self) -> None:
        """See whether what plays was stopped before its end."""
        if self._music and self._household.player.state()["status"] == "idle":
            self._attach(self._music, STOP, by="word" if self._hearing else "hand")
            self._music = None

    def _ended(self) -> None:
        """The first track that a turn had asked for was played to its end."""
        if self._music:
            self._attach(self._music, COMPLETED_PLAY)
            self._music = None

    def _attach(self, turn: str, name: str, **detail: object) -> None:
        """Write a signal down beside the turns, without holding anybody up."""
        signal = Signal(name, self._household.clock.now(), detail=detail)
        task = asyncio.get_running_loop().create_task(self._write(turn, signal))
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)

    async def _write(self, turn: str, signal: Signal) -> None:
        try:
            await asyncio.to_thread(self._household.journal.attach, turn, signal)
        except InputError:
            _log.debug("%s was erased, or never written down.", turn)
        except StorageError as error:
            _log.error("A signal could not be journalled: %s", error)


def _tone(turn: Interaction) -> str | None:
    """Return what the tone of *turn* says; what asks for something may only complain besides."""
    found = mood(turn.utterance.text, lexicon(turn.utterance.language))
    asks = any(action.status is not Status.FAILED for action in turn.actions)
    return found if found == COMPLAINT or not asks else None


def _takes_back(change: Change, turn: _Turn) -> bool:
    """Whether *change* brings a device back to where it was before *turn*."""
    changed = turn.changes.get(change.entity)
    before = turn.before.states.get(change.entity)
    if not changed or before is None:
        return False
    if "state" in changed:
        return change.after.state == before.state != change.before.state
    return all(change.after.attributes.get(key) == before.attributes.get(key) for key in changed)
