"""A journal that goes on taking turns while its database is away."""

import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import RLock
from time import monotonic
from typing import Any, Self, cast

from gnothi.core.clock import Clock
from gnothi.core.errors import InputError, StorageError
from gnothi.core.interaction import Interaction, Signal
from gnothi.journal.database import Database
from gnothi.journal.document import (
    read_interaction,
    read_signal,
    storable,
    write_interaction,
    write_signal,
)
from gnothi.journal.erasure import Erasure
from gnothi.journal.journal import Journal
from gnothi.journal.spool import Spool

PAUSE_S = 5.0
"""Time between two attempts to reach a database that is away: nobody waits for each of them."""
_log = logging.getLogger(__name__)


class ResilientJournal(Journal):
    """A journal with a spool: turns and signals wait in a file while the database is away.

    They enter the database later, in order and once each (turns by id, signals by content), at
    the first :meth:`append`, :meth:`attach` or :meth:`drain` that reaches it. Reading still needs
    the database, and does not see what waits.
    """

    def __init__(
        self,
        database: Database,
        spool: Path,
        *,
        clock: Clock | None = None,
        monotonic: Callable[[], float] = monotonic,
    ) -> None:
        """Use *database*, and the file *spool* while it is away."""
        super().__init__(database, clock=clock)
        self._spool = Spool(spool)
        self._order = RLock()
        self._monotonic = monotonic
        self._retry_at = 0.0

    @classmethod
    def open(cls, url: str, *, spool: Path | None = None, clock: Clock | None = None) -> Self:
        """Open the journal at *url*, also when its database is away at the moment.

        *spool* is ``NAME.waiting.jsonl`` beside a SQLite file by default.

        Raises:
            InputError: *url* names no database of a known kind, or one without a file beside
                which the spool could be.
        """
        database = Database(url)
        journal = cls(database, spool or _beside(database), clock=clock)
        journal.drain()
        return journal

    @property
    def waiting(self) -> int:
        """How many turns and signals wait for the database."""
        return self._spool.waiting

    def append(self, interaction: Interaction) -> None:
        """Record a turn, in the database or beside it; it is durable when this returns.

        Raises:
            StorageError: neither of the two can be written.
        """
        entry = {"turn": write_interaction(interaction)}
        self._write(lambda: super(ResilientJournal, self).append(interaction), entry)

    def attach(self, interaction_id: str, signal: Signal) -> None:
        """Attach a signal, in the database or beside it.

        Raises:
            InputError: the database has no such turn.
            StorageError: neither of the two can be written.
        """
        entry = {"of": interaction_id, "signal": write_signal(signal)}
        self._write(lambda: super(ResilientJournal, self).attach(interaction_id, signal), entry)

    def drain(self) -> int:
        """Move what waits into the database, if it is there; return how many were moved."""
        with self._order:
            try:
                self.database.prepare()
                return self._drained()
            except StorageError as error:
                self._back_off(error)
                return 0

    def erase(self, user: str) -> Erasure:
        """Forget a person, also what waits beside the database."""
        with self._order:
            theirs: set[str] = set()
            self._spool.keep(lambda entry: not _is_about(entry, user, theirs))
            return super().erase(user)

    def _write(self, write: Callable[[], None], entry: Mapping[str, str]) -> None:
        with self._order:
            if self._monotonic() < self._retry_at:
                self._spool.add(entry)
                return
            try:
                self._drained()
                write()
            except StorageError as error:
                self._back_off(error)
                self._spool.add(entry)

    def _drained(self) -> int:
        if not self._spool.waiting:
            return 0
        moved = self._spool.drain(self._take)
        _log.info("%d entries that waited are in the journal now.", moved)
        return moved

    def _take(self, entry: object) -> None:
        found = cast("Mapping[str, str]", entry)
        try:
            if "turn" in found:
                super().append(read_interaction(found["turn"]))
            else:
                super().attach(found["of"], read_signal(found["signal"]))
        except InputError as error:
            # A signal of a turn that was erased meanwhile.
            _log.warning("An entry that waited has no place in the journal: %s", error)

    def _back_off(self, error: StorageError) -> None:
        if self._monotonic() >= self._retry_at:
            _log.error("Turns wait in a file until the database is back: %s", error)
        self._retry_at = self._monotonic() + PAUSE_S


def _beside(database: Database) -> Path:
    if not database.is_sqlite or not database.url.database:
        raise InputError("A journal that is no file needs to be told where turns may wait.")
    return Path(database.url.database).with_suffix(".waiting.jsonl")


def _is_about(entry: object, user: str, theirs: set[str]) -> bool:
    """Whether *entry* is a turn of *user*, or a signal of one; *theirs* collects the ids."""
    found = cast("Mapping[str, Any]", entry)
    if "turn" not in found:
        return found["of"] in theirs
    turn = read_interaction(found["turn"])
    if turn.user is None or storable(turn.user) != storable(user):
        return False
    theirs.add(turn.id)
    return True
