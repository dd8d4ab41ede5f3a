"""The page's own player: it keeps the queue here and lets every open page follow."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from gnothi.core.plain import Json, plain
from gnothi.core.protocols import Track


@dataclass(frozen=True, slots=True)
class Playing:
    """What the player does."""

    queue: tuple[Track, ...] = ()
    place: int = 0
    status: str = "idle"
    """``idle``, ``playing`` or ``paused``."""
    volume: float = 0.5
    """From 0 to 1."""
    muted: bool = False

    @property
    def track(self) -> Track | None:
        """The track at its turn."""
        return self.queue[self.place] if self.place < len(self.queue) else None


Listener = Callable[[Mapping[str, Json]], None]


class PagePlayer:
    """Implements :class:`gnothi.core.protocols.Player` for pages that make the sound."""

    def __init__(self) -> None:
        """Begin with an empty queue."""
        self._playing = Playing()
        self._listeners: list[Listener] = []
        self._at_end: list[Callable[[], None]] = []
        self.plays = 0
        """How often somebody has asked for something to be played."""

    async def play(self, tracks: Sequence[Track]) -> None:
        """Play *tracks* from the first one; nothing to play stops the player."""
        status = "playing" if tracks else "idle"
        self.plays += bool(tracks)
        self._become(replace(self._playing, queue=tuple(tracks), place=0, status=status))

    async def command(self, name: str, **values: float | str) -> None:
        """Carry out ``pause``, ``resume``, ``stop``, ``next``, ``previous``, ``volume``, ``mute``.

        ``ended`` goes on to the next one after the *track* of this id was played to its end; where
        another one plays by now, another page has told it already.
        Unknown commands and commands that make no sense now change nothing.
        """
        steps = {
            "pause": self._paused,
            "resume": self._resumed,
            "stop": lambda: replace(self._playing, status="idle", place=0),
            "next": lambda: self._moved(1),
            "previous": lambda: self._moved(-1),
            "volume": lambda: self._loud(float(values.get("level", self._playing.volume))),
            "mute": lambda: replace(self._playing, muted=bool(values.get("muted", True))),
        }
        if name == "ended":
            self._end(str(values.get("track", "")))
        if name in steps:
            self._become(steps[name]())

    @property
    def is_sampling(self) -> bool:
        """Whether only a part of what plays is wanted: its end says nothing."""
        track = self._playing.track
        return track is not None and track.limit > 0

    def state(self) -> Mapping[str, Json]:
        """Return what is playing."""
        playing = self._playing
        return {
            "status": playing.status,
            "track": plain(playing.track),
            "place": playing.place,
            "queue": plain(playing.queue),
            "volume": playing.volume,
            "muted": playing.muted,
        }

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call *listener* with the state after each change, until the result is called."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def when_ended(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call *listener* when a track was played to its end, until the result is called."""
        self._at_end.append(listener)
        return lambda: self._at_end.remove(listener)

    def _end(self, track: str) -> None:
        playing = self._playing.track
        if playing is None or playing.id != track or self._playing.status != "playing":
            return
        for listener in tuple(self._at_end):
            listener()
        self._become(self._moved(1))

    def _paused(self) -> Playing:
        playing = self._playing.status == "playing"
        return replace(self._playing, status="paused") if playing else self._playing

    def _resumed(self) -> Playing:
        return replace(self._playing, status="playing") if self._playing.track else self._playing

    def _moved(self, by: int) -> Playing:
        place = max(self._playing.place + by, 0)
        if place >= len(self._playing.queue):
            return replace(self._playing, status="idle", place=0)
        return replace(self._playing, place=place)

    def _loud(self, level: float) -> Playing:
        return replace(self._playing, volume=min(max(level, 0.0), 1.0), muted=False)

    def _become(self, playing: Playing) -> None:
        self._playing = playing
        state = self.state()
        for listener in tuple(self._listeners):
            listener(state)
