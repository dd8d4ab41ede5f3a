"""A player that makes no sound, for tests and checks."""

from collections.abc import Mapping, Sequence

from gnothi.core.plain import Json, plain
from gnothi.core.protocols import Track


class StillPlayer:
    """Implements :class:`gnothi.core.protocols.Player` and remembers what it was told."""

    def __init__(self) -> None:
        """Begin with an empty queue."""
        self.queue: tuple[Track, ...] = ()
        self.place = 0
        self.status = "idle"
        self.volume = 0.5
        self.muted = False

    async def play(self, tracks: Sequence[Track]) -> None:
        """Play *tracks* from the first one."""
        self.queue, self.place = tuple(tracks), 0
        self.status = "playing" if tracks else "idle"

    async def command(self, name: str, **values: float | str) -> None:
        """Carry out what :class:`gnothi.core.protocols.Player` names, and ``mute``."""
        match name:
            case "next" | "previous":
                self._move(1 if name == "next" else -1)
            case "volume":
                self.volume = float(values["level"])
            case "mute":
                self.muted = bool(values["muted"])
            case _:
                self.status = {"pause": "paused", "resume": "playing"}.get(name, "idle")

    def state(self) -> Mapping[str, Json]:
        """Return what is playing."""
        track = self.queue[self.place] if self.place < len(self.queue) else None
        return {
            "status": self.status,
            "track": plain(track),
            "place": self.place,
            "queue": plain(self.queue),
            "volume": self.volume,
            "muted": self.muted,
        }

    def _move(self, by: int) -> None:
        self.place = max(self.place + by, 0)
        if self.place >= len(self.queue):
            self.place, self.status = 0, "idle"
