"""Who listened to what: kept per person, so that forgetting a person forgets it.

Entries live in the person's own part of the journal's memory (``journal.store("listening",
person=…)``): exporting a person takes them along, and erasing a person erases them. A guest has no
history. One entry holds one artist.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

import numpy as np

from gnothi.core.plain import Json
from gnothi.core.protocols import Store
from gnothi.recommend.affinity import Floats
from gnothi.recommend.catalogue import Catalogue, Numbers
from gnothi.recommend.library.sources import key

NAMESPACE = "listening"
_ARTIST, _IMPORT = "artist/", "import/"
_KEPT = 0.9
"""Which share of the plays that an account told before it tells again, at least."""


@dataclass(frozen=True, slots=True)
class Listen:
    """Something that was played."""

    artist: str
    plays: int = 1
    at: datetime | None = None
    """When it was played last; unknown for mere counts."""


@dataclass(frozen=True, slots=True)
class Heard:
    """How often a person played an artist."""

    artist: str
    plays: int
    last: datetime | None


class History:
    """The listening history of one person."""

    def __init__(self, store: Store) -> None:
        """Keep the history in *store*, which is the person's own."""
        self._store = store

    def add(self, listens: Iterable[Listen]) -> int:
        """Add *listens* to what is known; return how many plays those are."""
        added = _gathered(listens)
        for name, one in added.items():
            before = _heard(self._store.get(_ARTIST + name))
            self._put(name, _joined(before, one) if before else one)
        return sum(one.plays for one in added.values())

    def take_back(self, artist: str) -> None:
        """Take one play of *artist* back: it turned out that nobody wanted it."""
        name = key(artist)
        if kept := _heard(self._store.get(_ARTIST + name)):
            self._put(name, Heard(kept.artist, kept.plays - 1, kept.last))

    def replace(self, source: str, listens: Iterable[Listen], *, formerly: str = "") -> int:
        """Take *listens* as all that is known from *source*, in place of what it told before.

        For sources that tell counts from the beginning of time: asking twice must not count twice.
        What is kept under the name *formerly* is from this source or from another one. If it looks
        like this one's, it is replaced too; else it stays, until its own source tells.
        """
        told = _gathered(listens)
        if formerly and self._store.get(_IMPORT + source) is None:
            self._rename(formerly, source, told)
        before = self._told(source)
        for name in {*before, *told}:
            kept = _heard(self._store.get(_ARTIST + name))
            one = told.get(name) or Heard(kept.artist if kept else name, 0, None)
            others = max(0, (kept.plays if kept else 0) - before.get(name, 0))
            self._put(name, _joined(Heard(one.artist, others, kept and kept.last), one))
        counts: Json = {name: one.plays for name, one in told.items()}
        self._store.put(_IMPORT + source, counts)
        return sum(one.plays for one in told.values())

    def heard(self) -> tuple[Heard, ...]:
        """Return every artist that the person played, the most played first."""
        found = [_heard(value) for _, value in self._store.items(_ARTIST)]
        return tuple(sorted(filter(None, found), key=lambda one: (-one.plays, one.artist)))

    def until(self, source: str) -> datetime | None:
        """Return up to when listens of *source* are known, ``None`` before the first import."""
        told = self._store.get(_IMPORT + source)
        return datetime.fromisoformat(told) if isinstance(told, str) else None

    def mark(self, source: str, until: datetime) -> None:
        """Remember that listens of *source* are known up to *until*."""
        self._store.put(_IMPORT + source, until.astimezone(UTC).isoformat())

    def forget(self) -> int:
        """Forget the whole history; return how many artists that were."""
        known = self._store.items()
        for name, _ in known:
            self._store.delete(name)
        return sum(name.startswith(_ARTIST) for name, _ in known)

    def on(self, catalogue: Catalogue) -> tuple[Numbers, Floats]:
        """Return the items of *catalogue* that the person played, and how often."""
        places = {key(title): number for number, title in enumerate(catalogue.titles)}
        counts: dict[int, int] = {}
        for one in self.heard():
            place = places.get(key(one.artist))
            if place is not None:
                counts[place] = counts.get(place, 0) + one.plays
        items = np.fromiter(sorted(counts), np.int32, len(counts))
        return items, np.array([counts[item] for item in sorted(counts)], np.float32)

    def _rename(self, formerly: str, source: str, told: Mapping[str, Heard]) -> None:
        before = self._told(formerly)
        if before and _may_have_become(before, told):
            self._store.put(_IMPORT + source, dict(before))
            self._store.delete(_IMPORT + formerly)

    def _told(self, source: str) -> Mapping[str, int]:
        """Return how often each artist was played as *source* told last."""
        return cast("Mapping[str, int]", self._store.get(_IMPORT + source) or {})

    def _put(self, name: str, one: Heard) -> None:
        if one.plays <= 0:
            self._store.delete(_ARTIST + name)
            return
        last = one.last.astimezone(UTC).isoformat() if one.last else None
        self._store.put(_ARTIST + name, {"artist": one.artist, "plays": one.plays, "last": last})


def _may_have_become(before: Mapping[str, int], told: Mapping[str, Heard]) -> bool:
    """Whether one account may have told *before* what it tells now: counts only grow.

    Albums may be gone from a server, and with them their plays.
    """
    kept = sum(min(count, told[name].plays) for name, count in before.items() if name in told)
    return kept >= _KEPT * sum(before.values())


def _gathered(listens: Iterable[Listen]) -> dict[str, Heard]:
    found: dict[str, Heard] = {}
    for one in listens:
        if one.plays > 0 and one.artist.strip():
            heard = Heard(one.artist.strip(), one.plays, one.at)
            name = key(one.artist)
            found[name] = _joined(found[name], heard) if name in found else heard
    return found


def _joined(one: Heard, other: Heard) -> Heard:
    lasts = [at for at in (one.last, other.last) if at]
    return Heard(one.artist, one.plays + other.plays, max(lasts) if lasts else None)


def _heard(value: Json) -> Heard | None:
    if not isinstance(value, dict):
        return None
    last = value.get("last")
    at = datetime.fromisoformat(last) if isinstance(last, str) else None
    return Heard(str(value["artist"]), int(cast("int", value["plays"])), at)
