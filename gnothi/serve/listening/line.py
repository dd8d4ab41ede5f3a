"""One worker thread that listens, and the line to it: bounded on both ends.

Recognising takes computing that would hold up the event loop. The thread takes sound in the order
in which it came, and orders to its ear in between. Who sends faster than it can be heard waits.
"""

import asyncio
import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from queue import SimpleQueue
from time import perf_counter
from typing import TypeAlias

from gnothi.core.errors import GnothiError
from gnothi.core.hearing import RATE, Samples
from gnothi.speech.ear import Ear, Listening, Sound

ROOM_S = 2.0
"""Seconds of sound that may wait for the thread."""
_ORDER_S = 0.05
"""An order counts as much, so that they are bounded, too."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Told:
    """Something that the ear said."""

    sound: Sound
    heard_s: float
    """Seconds of sound that the ear was given until then."""
    ms: float
    """From the arrival of the last of it until this was told."""


@dataclass(frozen=True, slots=True)
class Obeyed:
    """An order was carried out; everything that it led to has been told before."""

    order: str


@dataclass(frozen=True, slots=True)
class Failed:
    """The ear failed; it listens on unless the line is closed."""

    error: Exception


Event: TypeAlias = Told | Obeyed | Failed
Order: TypeAlias = Callable[[Ear], Sequence[Sound] | None]


@dataclass(frozen=True, slots=True)
class _Item:
    """Something that waits for the thread: sound, or an order with its name."""

    what: Samples | Order
    size_s: float
    name: str = ""
    arrived: float = field(default_factory=perf_counter)


class Line:
    """The way to an ear in a thread of its own. Belongs to one event loop."""

    def __init__(self, make: Callable[[], Ear], *, room_s: float = ROOM_S) -> None:
        """Begin to listen with the ear that *make* returns; it is made in the thread."""
        self._make = make
        self._room_s = room_s
        self._loop = asyncio.get_running_loop()
        self._items: SimpleQueue[_Item | None] = SimpleQueue()
        self._waiting_s = 0.0
        self._has_room = asyncio.Event()
        self._has_room.set()
        self._events: deque[Event] = deque()
        self._has_event = asyncio.Event()
        self._thread = threading.Thread(target=self._listen, name="gnothi-ear", daemon=True)
        self._thread.start()

    async def hear(self, samples: Samples) -> None:
        """Hand *samples* on; waits while there is no room."""
        await self._put(_Item(samples, len(samples) / RATE))

    async def order(self, name: str, order: Order) -> None:
        """Let the thread do something with the ear, after the sound that came before.

        ``Obeyed`` tells when it is done.
        """
        await self._put(_Item(order, _ORDER_S, name))

    async def next(self) -> Event:
        """Wait for what the ear says next; of partial results only the latest is kept."""
        while not self._events:
            self._has_event.clear()
            await self._has_event.wait()
        return self._events.popleft()

    async def close(self) -> None:
        """Stop listening; returns when the thread has ended."""
        self._items.put(None)
        await asyncio.to_thread(self._thread.join)

    async def _put(self, item: _Item) -> None:
        while self._waiting_s >= self._room_s:
            self._has_room.clear()
            await self._has_room.wait()
        self._waiting_s += item.size_s
        self._items.put(item)

    def _took(self, size_s: float) -> None:
        self._waiting_s = max(0.0, self._waiting_s - size_s)
        self._has_room.set()

    def _tell(self, event: Event) -> None:
        if self._events and _replaces(event, self._events[-1]):
            self._events.pop()
        self._events.append(event)
        self._has_event.set()

    def _listen(self) -> None:
        """Run in the thread until the line is closed."""
        try:
            ear = self._make()
        except Exception as error:  # noqa: BLE001 - told to whoever waits on the other end
            self._to_loop(self._tell, Failed(error))
            self._drain()
            return
        heard_s = 0.0
        try:
            while (item := self._items.get()) is not None:
                if not item.name:
                    heard_s += item.size_s
                self._do(ear, item, heard_s)
        finally:
            ear.close()

    def _do(self, ear: Ear, item: _Item, heard_s: float) -> None:
        try:
            what = item.what
            for sound in (what(ear) if callable(what) else ear.accept(what)) or ():
                ms = (perf_counter() - item.arrived) * 1000
                self._to_loop(self._tell, Told(sound, heard_s, ms))
        except Exception as error:  # noqa: BLE001 - as above
            self._to_loop(self._tell, Failed(error))
        if item.name:
            self._to_loop(self._tell, Obeyed(item.name))
        self._to_loop(self._took, item.size_s)

    def _drain(self) -> None:
        """Keep whoever sends from waiting for ever."""
        while (item := self._items.get()) is not None:
            self._to_loop(self._took, item.size_s)

    def _to_loop(self, do: Callable[..., None], *given: object) -> None:
        try:
            self._loop.call_soon_threadsafe(do, *given)
        except RuntimeError:
            _log.debug("The loop ended before the ear.")


def _replaces(event: Event, before: Event) -> bool:
    """Whether nobody needs *before* any more: partial results, and failures in a row."""
    if isinstance(event, Failed):
        return isinstance(before, Failed) and isinstance(before.error, GnothiError)
    return _is_partial(event) and _is_partial(before)


def _is_partial(event: Event) -> bool:
    return isinstance(event, Told) and isinstance(event.sound, Listening)
