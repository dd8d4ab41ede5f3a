"""One call for the work of several streams: gathered until it is worth it, or may not wait.

Each stream has a thread of its own, which hands in what it wants worked out and waits for it. Work
is gathered until there is enough for one call, until every stream that is open has handed something
in, until somebody pauses, or until the first has waited long enough. Whoever waits then makes the
call for all: there is no thread beside those of the streams, and a stream alone never waits.
"""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar
from weakref import WeakSet

Work = TypeVar("Work")
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Rules:
    """When gathered work is worked out."""

    enough: int = 16
    """So much work makes a call, which takes no more of it."""
    wait_s: float = 0.02
    """No work waits longer for that of others, while nothing else is worked out."""

    def rest_s(self, waiting: int, oldest_s: float, *, streams: int, is_urgent: bool) -> float:
        """Return for how many seconds more work should be gathered; none where it is due.

        *waiting* pieces of work wait, of *streams* that are open, the oldest since *oldest_s*
        seconds; *is_urgent* says that somebody has paused.
        """
        if is_urgent or waiting >= min(self.enough, streams):
            return 0.0
        return max(0.0, self.wait_s - oldest_s)


@dataclass(slots=True, eq=False)
class _Job(Generic[Work, Made]):
    work: Work
    since_s: float
    is_urgent: bool
    is_taken: bool = False
    made: list[Made] = field(default_factory=list[Made])
    error: Exception | None = None

    @property
    def is_done(self) -> bool:
        return bool(self.made) or self.error is not None


class Batches(Generic[Work, Made]):
    """Works out what the threads of several streams hand in, in as few calls as the rules say."""

    def __init__(
        self,
        work_out: Callable[[Sequence[Work]], Sequence[Made]],
        rules: Rules | None = None,
        *,
        calls: int = 1,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Call *work_out*, at most *calls* times at once: one for each core that it may have.

        It may fail for all that it is given when one piece is bad: then each is worked out alone.
        """
        self._work_out = work_out
        self._rules = rules or Rules()
        self._calls = calls
        self._clock = clock
        self._changed = threading.Condition()
        self._waiting: list[_Job[Work, Made]] = []
        self._running = 0
        # A stream that was forgotten instead of closed is not waited for.
        self._streams: WeakSet[object] = WeakSet()

    def enter(self, stream: object) -> None:
        """Count *stream* among those whose work is waited for."""
        with self._changed:
            self._streams.add(stream)

    def leave(self, stream: object) -> None:
        """Wait no more for the work of *stream*; more than once is no harm."""
        with self._changed:
            self._streams.discard(stream)
            self._changed.notify_all()

    def work_out(self, work: Work, *, is_urgent: bool = False) -> Made:
        """Return what is made of *work*, together with that of others; now where it *is_urgent*.

        Raises:
            Exception: what working it out alone raises.
        """
        job = _Job[Work, Made](work, self._clock(), is_urgent)
        with self._changed:
            self._waiting.append(job)
            self._changed.notify_all()
        try:
            while not job.is_done:
                if batch := self._due(job):
                    self._call(batch)
        finally:
            self._forget(job)
        if job.error is not None:
            raise job.error
        return job.made[0]

    def _due(self, job: _Job[Work, Made]) -> list[_Job[Work, Made]]:
        """Wait until *job* is done, or work is due that nobody has taken: it is returned."""
        with self._changed:
            while not job.is_done:
                rest_s = None if job.is_taken or self._running >= self._calls else self._rest_s()
                if rest_s == 0:
                    batch = self._waiting[: self._rules.enough]
                    del self._waiting[: len(batch)]
                    for one in batch:
                        one.is_taken = True
                    self._running += 1
                    return batch
                self._changed.wait(rest_s)
        return []

    def _rest_s(self) -> float:
        return self._rules.rest_s(
            len(self._waiting),
            self._clock() - self._waiting[0].since_s,
            streams=len(self._streams),
            is_urgent=any(one.is_urgent for one in self._waiting),
        )

    def _call(self, batch: Sequence[_Job[Work, Made]]) -> None:
        try:
            if not self._made(batch) and len(batch) > 1:
                for one in batch:
                    self._made([one])
        finally:
            with self._changed:
                # Whoever was interrupted leaves the others' work to them.
                left = [one for one in batch if not one.is_done]
                for one in left:
                    one.is_taken = False
                self._waiting[:0] = left
                self._running -= 1
                self._changed.notify_all()

    def _made(self, batch: Sequence[_Job[Work, Made]]) -> bool:
        """Work out *batch*; its error is known only where it is a single piece of work."""
        try:
            found = self._work_out([one.work for one in batch])
        except Exception as error:  # noqa: BLE001 - raised again in the stream that it belongs to
            if len(batch) == 1:
                batch[0].error = error
            return False
        for one, made in zip(batch, found, strict=True):
            one.made.append(made)
        return True

    def _forget(self, job: _Job[Work, Made]) -> None:
        with self._changed:
            if job in self._waiting:
                self._waiting.remove(job)
                self._changed.notify_all()
