"""News for everybody who listens: devices, rings, turns, switches, player commands."""

import asyncio
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from gnothi.core.plain import Json

_ROOM = 256
"""News that may wait for a slow listener."""


@dataclass(frozen=True, slots=True)
class News:
    """Something that happened."""

    kind: str
    """``device``, ``list``, ``alarm``, ``turn``, ``artifact``, ``player``, ``home``,
    ``learning``, ``resync``."""
    body: Mapping[str, Json]
    owner: str | None = None
    """Only for this person and those in charge; for everybody when ``None``."""


RESYNC = News("resync", {})
"""Said to a listener who was too slow: what it knows is old, it should ask again."""


class Listener:
    """One who listens. Slow ones lose news and are told so; nobody holds up the others."""

    def __init__(self, room: int = _ROOM) -> None:
        """Keep up to *room* news waiting."""
        self._queue: asyncio.Queue[News] = asyncio.Queue(room)

    def tell(self, news: News) -> None:
        """Put *news* in the queue; when it is full, forget all of it and ask to resync."""
        try:
            self._queue.put_nowait(news)
        except asyncio.QueueFull:
            self.waiting()
            self._queue.put_nowait(RESYNC)

    def waiting(self) -> list[News]:
        """Take everything that waits."""
        return [self._queue.get_nowait() for _ in range(self._queue.qsize())]

    async def next(self) -> News:
        """Wait for the next news."""
        return await self._queue.get()


class Hub:
    """Passes news to every listener. Only to be used from the server's event loop."""

    def __init__(self) -> None:
        """Begin with nobody listening."""
        self._listeners: set[Listener] = set()

    def publish(self, kind: str, body: Mapping[str, Json], owner: str | None = None) -> None:
        """Tell everybody."""
        news = News(kind, body, owner)
        for listener in self._listeners:
            listener.tell(news)

    @contextmanager
    def listen(self) -> Generator[Listener]:
        """Listen for as long as the block lasts."""
        listener = Listener()
        self._listeners.add(listener)
        try:
            yield listener
        finally:
            self._listeners.discard(listener)
