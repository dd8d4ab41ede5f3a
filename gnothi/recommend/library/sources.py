"""What the household has, by where it came from: one catalogue file for each source.

A source holds songs (files' tags) or albums (a music server). :func:`artists` joins all of them
into the catalogue that is talked about, and adds what our own catalogue knows of the same names.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from gnothi.core.errors import InputError, StorageError
from gnothi.core.protocols import Track
from gnothi.recommend.catalogue import Catalogue
from gnothi.recommend.catalogue_file import Header, from_rows, read_catalogue, write_catalogue
from gnothi.text.phonetics import plain

FILES, SUBSONIC = "files", "subsonic"
_COLUMNS = ("id", "title", "creator", "popularity", "genre", "decade")
_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")
_SEPARATORS = re.compile(r"\s*[;/,|\0]\s*")
_UNTOLD = frozenset({"", "unknown", "other", "unclassifiable", "various", "none", "misc"})
_VARIOUS = frozenset({"", "various artists", "unknown artist", "various", "unknown", "[unknown]"})
_FIRST_YEAR, _FIRST_WITH_CENTURY, _NO_YEAR = 1900, 2000, 2100


class Sources:
    """The sources of one household, files in a folder."""

    def __init__(self, folder: Path) -> None:
        """Keep sources in *folder*, which is made when something is kept."""
        self._folder = folder

    def names(self) -> tuple[str, ...]:
        """Return the names of the sources."""
        return tuple(sorted(file.stem for file in self._folder.glob("*.jsonl")))

    def read(self, name: str) -> Catalogue:
        """Return what came from a source.

        Raises:
            InputError: there is no such source, or its file is damaged.
        """
        if name not in self.names():
            raise InputError(f"The library has no source {name!r}; see: gnothi library show")
        return read_catalogue(self._folder / f"{name}.jsonl")

    def keep(self, name: str, catalogue: Catalogue) -> None:
        """Keep what came from a source, in place of what came from it before.

        Raises:
            InputError: the name holds more than small letters, digits and hyphens.
            StorageError: it can't be written.
        """
        if not _NAME.fullmatch(name):
            raise InputError(f"{name!r} is no name for a source: use letters, digits and hyphens.")
        fresh = self._folder / f"{name}.new"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            write_catalogue(catalogue, fresh)
            fresh.replace(self._folder / f"{name}.jsonl")
        except OSError as error:
            raise StorageError(f"The library can't be written: {error}.") from error

    def forget(self, name: str) -> None:
        """Forget what came from a source.

        Raises:
            InputError: there is no such source.
        """
        if name not in self.names():
            raise InputError(f"The library has no source {name!r}; see: gnothi library show")
        (self._folder / f"{name}.jsonl").unlink()

    def all(self) -> Iterator[Catalogue]:
        """Return what came from every source."""
        return (self.read(name) for name in self.names())


@dataclass(slots=True)
class _Artist:
    """What the sources say of one artist."""

    name: str
    pieces: int = 0
    facts: dict[str, Counter[str]] = field(default_factory=dict[str, Counter[str]])


def songs(tracks: Iterable[Track]) -> Catalogue:
    """Return the catalogue of *tracks*: genres and decades as their tags say.

    Raises:
        InputError: there are no tracks.
    """
    rows = (
        (
            track.uri or track.id,
            [track.id, track.title, track.artist, 1, genres(track.genre), decades(track.year)],
        )
        for track in tracks
    )
    return from_rows(Header("song", _COLUMNS), rows)


def albums(rows: Iterable[tuple[str, str, str, str, int, int]]) -> Catalogue:
    """Return the catalogue of albums: id, title, artist, genre, year and number of songs of each.

    Raises:
        InputError: there are none.
    """
    told = (
        (title, [id_, title, artist, max(1, size), genres(genre), decades(year)])
        for id_, title, artist, genre, year, size in rows
    )
    return from_rows(Header("album", _COLUMNS), told)


def artists(sources: Iterable[Catalogue], known: Catalogue) -> Catalogue:
    """Return the artists of *sources*, each with what its pieces say and what *known* says.

    An artist with more pieces is likelier; moods and countries come from *known*, which has them.

    Raises:
        InputError: no source names an artist.
    """
    found: dict[str, _Artist] = {}
    for source in sources:
        for number, creator in enumerate(source.creators):
            if _is_somebody(creator):
                one = found.setdefault(key(creator), _Artist(creator))
                one.pieces += round(float(source.weights[number]))
                for fact in source.item(number).facts:
                    one.facts.setdefault(fact.facet, Counter())[fact.value] += 1
    places = {key(title): number for number, title in enumerate(known.titles)}
    facets = tuple(dict.fromkeys(("genre", "decade", *known.facets)))
    header = Header("artist", ("id", "title", "popularity", *facets), _labels(known))
    rows = (
        (one.name, [name, one.name, one.pieces**0.5, *_cells(one, facets, known, places.get(name))])
        for name, one in found.items()
    )
    if not found:
        raise InputError("Nothing in the library says which artist it is by.")
    return from_rows(header, rows)


def performers(source: Catalogue) -> frozenset[str]:
    """Return the :func:`key` of everybody by whom something in a *source* is."""
    return frozenset(key(creator) for creator in source.creators if _is_somebody(creator))


def genres(text: str) -> list[str]:
    """Return the genres that a tag names: "Rock; Indie Rock" are two."""
    told = (plain(part).strip() for part in _SEPARATORS.split(text))
    return [_SPELLINGS.get(one, one) for one in told if one not in _UNTOLD]


def decades(year: int) -> list[str]:
    """Return the decade of a *year* as our catalogues call it; nothing for no year."""
    if not _FIRST_YEAR <= year < _NO_YEAR:
        return []
    start = year // 10 * 10
    return [f"{start}s" if start >= _FIRST_WITH_CENTURY or start < 1930 else f"{start % 100}s"]


def key(name: str) -> str:
    """Return what makes two spellings of a name one: no case, accents, punctuation, article."""
    words = re.findall(r"\w+", plain(name).replace("&", " and ").replace("'", ""))
    return " ".join(words[1:] if len(words) > 1 and words[0] == "the" else words) or name


_SPELLINGS: Mapping[str, str] = {
    "hip-hop": "hip hop",
    "rap": "hip hop",
    "rnb": "r&b",
    "alternative": "alternative rock",
    "electronica": "electronic",
    "synthpop": "synth-pop",
    "drum & bass": "drum and bass",
    "trip-hop": "trip hop",
    "indie": "indie rock",
    "heavy metal": "metal",
}
"""Spellings of genres in tags, and ours."""


def _is_somebody(creator: str) -> bool:
    return creator.casefold() not in _VARIOUS


def _labels(known: Catalogue) -> dict[str, dict[str, list[str]]]:
    labels: dict[str, dict[str, list[str]]] = {}
    for one in known.attributes:
        labels.setdefault(one.facet, {})[one.value] = [one.label, *one.also]
    return labels


def _cells(
    one: _Artist, facets: Iterable[str], known: Catalogue, place: int | None
) -> Iterator[list[str]]:
    """Yield the values of each facet: those of our catalogue, then those of the tags."""
    facts = known.item(place).facts if place is not None else ()
    for facet in facets:
        ours = [fact.value for fact in facts if fact.facet == facet]
        yield list(dict.fromkeys([*ours, *one.facts.get(facet, {})]))
