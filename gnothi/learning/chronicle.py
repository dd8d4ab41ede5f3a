"""What became of each rewrite, and when: kept beside the registry, for people to read.

The registry knows versions; this knows rewrites: tried, used, refused, withdrawn, switched off,
forgotten, each with its reason. Whoever is erased takes along what was learned from them.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any, Self, cast

from gnothi.core.acting import Act
from gnothi.core.plain import Json, plain
from gnothi.core.protocols import Store
from gnothi.core.risk import Risk
from gnothi.language.rewrites import Rewrite

MOST = 500
"""Events that are kept; the oldest go first."""
_EVENT, _OFF = "event/", "off/"


class Fate(StrEnum):
    """What became of a rewrite."""

    TRIED = "tried"
    """It answers unheard."""
    LIVE = "live"
    REJECTED = "rejected"
    """It was never used."""
    WITHDRAWN = "withdrawn"
    """It failed in use."""
    OFF = "off"
    """Somebody switched it off."""
    ON = "on"
    FORGOTTEN = "forgotten"
    """Nobody wants it back."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a rewrite."""

    at: datetime
    fate: Fate
    rewrite: Rewrite
    reason: Act | None = None
    by: str | None = None
    """The person who decided it; ``None`` for Gnothi itself, or where nobody knows."""


class Chronicle:
    """The events of a household's rewrites, in its store."""

    def __init__(self, store: Store) -> None:
        """Keep events in *store*."""
        self._store = store

    def note(self, events: Iterable[Event]) -> None:
        """Keep *events*; of too many the oldest are dropped."""
        for event in events:
            name = f"{event.rewrite.id}\0{event.fate}"
            self._store.put(f"{_EVENT}{event.at.isoformat()}/{_mark(name)}", _written(event))
        kept = [key for key, _ in self._store.items(_EVENT)]
        for key in kept[: max(0, len(kept) - MOST)]:
            self._store.delete(key)

    def events(self) -> list[Event]:
        """Return everything that happened, the oldest first."""
        return [_event(cast("Mapping[str, Any]", value)) for _, value in self._store.items(_EVENT)]

    def revise(self, revised: Callable[[Event], Event | None]) -> None:
        """Replace every event by what *revised* makes of it, nothing where that is ``None``."""
        for key, value in self._store.items(_EVENT):
            event = _event(cast("Mapping[str, Any]", value))
            now = revised(event)
            if now is None:
                self._store.delete(key)
            elif now != event:
                self._store.put(key, _written(now))


@dataclass(frozen=True, slots=True)
class SwitchedOff:
    """A rewrite that somebody switched off, whole, for the day that it is wanted again."""

    rewrite: Rewrite
    at: datetime
    by: str | None = None

    @classmethod
    def read(cls, found: Mapping[str, Any]) -> Self:
        """Read what :class:`Shelf` wrote."""
        moment = datetime.fromisoformat(found["at"])
        return cls(read_rewrite(found["rewrite"]), moment, found["by"])


class Shelf:
    """Rewrites that are switched off."""

    def __init__(self, store: Store) -> None:
        """Keep them in *store*."""
        self._store = store

    def put(self, one: SwitchedOff) -> None:
        """Keep a rewrite that was switched off."""
        self._store.put(_OFF + _mark(one.rewrite.id), plain(one))

    def take(self, name: str) -> SwitchedOff | None:
        """Return the rewrite called *name* and keep it no longer; ``None`` if it is not here."""
        key = _OFF + _mark(name)
        found = self._store.get(key)
        self._store.delete(key)
        return SwitchedOff.read(cast("Mapping[str, Any]", found)) if found else None

    def all(self) -> list[SwitchedOff]:
        """Return everything that is switched off."""
        return [
            SwitchedOff.read(cast("Mapping[str, Any]", value))
            for _, value in self._store.items(_OFF)
        ]


def write_act(act: Act | None) -> Json:
    """Return *act* as JSON, ``None`` for none."""
    return None if act is None else {"key": act.key, "values": plain(act.values)}


def read_act(found: Mapping[str, Any] | None) -> Act | None:
    """Read what :func:`write_act` wrote."""
    return Act(str(found["key"]), dict(found["values"])) if found else None


def read_rewrite(found: Mapping[str, Any]) -> Rewrite:
    """Read a rewrite from JSON as :func:`gnothi.core.plain.plain` writes it."""
    return Rewrite(
        source=str(found["source"]),
        target=str(found["target"]),
        person=found["person"],
        risk=Risk(found["risk"]),
        evidence=dict(found["evidence"]),
        part=bool(found.get("part", False)),
    )


def _mark(name: str) -> str:
    """Return a short key for a *name* that may be as long as anything that is said."""
    return sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:24]


def _written(event: Event) -> Json:
    return {
        "at": event.at.isoformat(),
        "fate": event.fate.value,
        "rewrite": plain(event.rewrite),
        "reason": write_act(event.reason),
        "by": event.by,
    }


def _event(found: Mapping[str, Any]) -> Event:
    return Event(
        at=datetime.fromisoformat(found["at"]),
        fate=Fate(found["fate"]),
        rewrite=read_rewrite(found["rewrite"]),
        reason=read_act(found["reason"]),
        by=found["by"],
    )
