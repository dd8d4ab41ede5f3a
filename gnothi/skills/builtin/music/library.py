"""The music files of a household: found, read once, and searched as people name them."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, cast

from gnothi.core.plain import plain
from gnothi.core.protocols import Name, Store, Track
from gnothi.text.fuzzy import Match, NameIndex

PREFIX = "file/"
SUFFIXES = frozenset(
    {".mp3", ".m4a", ".ogg", ".oga", ".opus", ".flac", ".wav", ".aif", ".aiff", ".wma"}
)
MOST = 50_000
"""Files that are looked at; a folder with more is hardly a music folder."""
ALIKE = 0.7
"""Score from which a name is the one that was said."""
KINDS = ("artist", "title", "album", "genre")
"""What a name may be, the likeliest meaning of an equal score first."""


@dataclass(frozen=True, slots=True)
class Found:
    """What was found for a name."""

    kind: str
    """``artist``, ``album``, ``title`` or ``genre``."""
    name: str
    tracks: tuple[Track, ...]


class Library:
    """Tracks, ready to be searched."""

    def __init__(self, tracks: Iterable[Track]) -> None:
        """Take *tracks*, in the order in which they shall be played."""
        self.tracks = tuple(tracks)

    def search(self, query: str, artist: str = "", *, kind: str = "") -> Found | None:
        """Return what *query* names, by *artist* when one is given; rather a *kind* than others."""
        if artist and not query:
            return self._of("artist", artist)
        if artist and (by := self._of("artist", artist)):
            return Library(by.tracks).search(query, kind=kind)
        if artist:
            return None
        return (self._of(kind, query) if kind else None) or self._any(query)

    def _any(self, query: str) -> Found | None:
        matches = [match for match in self._index.best(query, limit=10) if match.score >= ALIKE]
        if not matches:
            return None
        best = max(matches, key=lambda match: (match.score, -KINDS.index(match.name.kind)))
        return self._found(best)

    def _of(self, kind: str, query: str) -> Found | None:
        matches = self._index.best(query, limit=10)
        fitting = [one for one in matches if one.name.kind == kind and one.score >= ALIKE]
        return self._found(fitting[0]) if fitting else None

    def _found(self, match: Match) -> Found:
        kind, wanted = match.name.kind, match.name.target
        tracks = tuple(track for track in self.tracks if getattr(track, kind).casefold() == wanted)
        return Found(kind, match.name.text, tracks)

    @cached_property
    def _index(self) -> NameIndex:
        names = {
            (kind, text.casefold()): Name(text, text.casefold(), kind)
            for track in self.tracks
            for kind in KINDS
            if (text := str(getattr(track, kind)))
        }
        return NameIndex(names.values())


def scan(
    folder: Path,
    store: Store,
    *,
    watched: Callable[[Sequence[Path]], Iterable[Path]] = iter,
) -> Library:
    """Return the library in *folder*; only files that changed are read again.

    Slow for a new folder: call it in a thread, or show progress by what *watched* passes on.
    """
    known = {key: cast("Mapping[str, Any]", value) for key, value in store.items(PREFIX)}
    tracks: list[Track] = []
    seen: set[str] = set()
    for path in watched(tuple(_files(folder))):
        key = PREFIX + path.relative_to(folder).as_posix()
        seen.add(key)
        changed = path.stat().st_mtime
        entry = known.get(key)
        if entry is None or entry["changed"] != changed:
            track = _read(path, folder)
            store.put(key, {"changed": changed, "track": plain(track)})
        else:
            track = Track(**entry["track"])
        tracks.append(track)
    for gone in known.keys() - seen:
        store.delete(gone)
    return Library(sorted(tracks, key=lambda track: (track.artist, track.album, track.uri)))


def _files(folder: Path) -> Iterator[Path]:
    found = (path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES)
    for count, path in enumerate(found):
        if count >= MOST:
            return
        if path.is_file():
            yield path


def _read(path: Path, folder: Path) -> Track:
    """Read the tags of a file; what has none is called by its file and folder names."""
    from tinytag import TinyTag, TinyTagException

    uri = path.relative_to(folder).as_posix()
    track = Track(hashlib.sha256(uri.encode()).hexdigest()[:16], _title(path), uri=uri)
    try:
        tag = TinyTag.get(path)
    except (TinyTagException, OSError):
        return track
    return replace(
        track,
        title=tag.title or track.title,
        artist=tag.artist or "",
        album=tag.album or "",
        genre=tag.genre or "",
        seconds=round(tag.duration or 0.0, 1),
        year=_year(tag.year or ""),
    )


def _year(text: str) -> int:
    """Return the year in a tag: "1973", or "1973-03-01"; 0 for anything else."""
    return int(text[:4]) if text[:4].isdigit() else 0


def _title(path: Path) -> str:
    """Return the file name without its number: "07 - Back in Black" is "Back in Black"."""
    return path.stem.lstrip("0123456789").lstrip(" .-_").replace("_", " ") or path.stem


def without(tracks: Sequence[Track], ids: Iterable[str]) -> list[Track]:
    """Return *tracks* without those with *ids*."""
    left_out = set(ids)
    return [track for track in tracks if track.id not in left_out]
