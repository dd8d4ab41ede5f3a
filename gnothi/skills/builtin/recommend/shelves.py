"""What there is to choose from: one shelf for each kind of thing."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from gnothi.core.errors import InputError
from gnothi.core.protocols import Track
from gnothi.recommend.catalogue import Catalogue
from gnothi.recommend.catalogue_file import shipped
from gnothi.recommend.conversation import Recommender
from gnothi.recommend.library.joining import joined
from gnothi.recommend.library.sources import Sources, artists, key, songs
from gnothi.recommend.policies import Exploring
from gnothi.recommend.policies.rules import Rules
from gnothi.recommend.replies import Replies, responses
from gnothi.skills.builtin.music.library import scan
from gnothi.skills.turn import Services
from gnothi.text.encoder import SharedEncoder

People = tuple[tuple[str, str], ...]
"""Names, and the ids of who is called so."""
MUSIC, FILMS, DINNER, RADIO = "music", "films", "dinner", "radio"
SHELVES = (MUSIC, FILMS, DINNER, RADIO)
LIBRARY = "library"
"""The folder with what was imported, in the installation's own."""
POLICY = "rules"
"""Who chooses, for the journal."""
EXPLORED = 0.05
"""How much of the chance is spread over everything that could be asked, so that logs can tell
what another policy would be worth."""


@dataclass(frozen=True, eq=False)
class Shelf:
    """Things of one kind to choose from, and what it takes to talk about them."""

    name: str
    recommender: Recommender
    replies: Replies
    owned: frozenset[int] = frozenset()
    """Items that the household has."""
    tracks: Mapping[int, tuple[Track, ...]] = field(default_factory=dict[int, tuple[Track, ...]])
    """Those that can be played here, by item."""

    @property
    def catalogue(self) -> Catalogue:
        """The items."""
        return self.recommender.catalogue

    @property
    def kind(self) -> str:
        """What the items are, as catalogues call it: ``artist`` or ``film``."""
        return self.catalogue.kind


_OPEN: OrderedDict[tuple[object, ...], Shelf] = OrderedDict()
"""Shelves with music that talks go on over, by household; the last ones only."""
_MOST = 4


def open_shelf(name: str, services: Services, *, again: bool = False) -> Shelf:
    """Return what this household can choose from; slow the first time, for a large library.

    *again* in the middle of a talk takes what was there at its beginning, and looks at no files.

    Raises:
        InputError: there is no such shelf, or what was imported is damaged.
    """
    if name not in SHELVES:
        raise InputError(f"There is nothing to choose from called {name!r}.")
    people, encoder = _people(services), services.encoder()
    if name != MUSIC:
        return _shelf(name, people, encoder)
    place = (services.settings.folder, services.settings.music, people, encoder)
    if not again or place not in _OPEN:
        _OPEN[place] = _look(services, people, encoder)
        _OPEN.move_to_end(place)
        while len(_OPEN) > _MOST:
            _OPEN.popitem(last=False)
    return _OPEN[place]


def _look(services: Services, people: People, encoder: SharedEncoder | None) -> Shelf:
    """Look at the files of the household."""
    folder = services.settings.music
    tracks: tuple[Track, ...] = ()
    if folder is not None and folder.is_dir():
        tracks = scan(folder, services.store).tracks
    imported = services.settings.folder / LIBRARY
    stamps = tuple((str(one), one.stat().st_mtime_ns) for one in sorted(imported.glob("*.jsonl")))
    return _music(tracks, imported, stamps, people, encoder)


def _people(services: Services) -> People:
    people = services.house.home.people
    return tuple((name, one.id) for one in people for name in (one.name, *one.aliases))


@lru_cache(maxsize=8)
def _shelf(name: str, people: People, encoder: SharedEncoder | None) -> Shelf:
    return _over(name, shipped(name), people, encoder)


@lru_cache(maxsize=4)
def _music(
    tracks: tuple[Track, ...],
    imported: Path,
    stamps: tuple[tuple[str, int], ...],
    people: People,
    encoder: SharedEncoder | None,
) -> Shelf:
    known = shipped(MUSIC)
    sources = [*Sources(imported).all()] if stamps else []
    if tracks:
        sources.append(songs(tracks))
    try:
        own = artists(sources, known)
    except InputError:  # nothing there says which artist it is by
        return _shelf(MUSIC, people, encoder)
    catalogue = joined(own, known)
    places = {key(title): at for at, title in enumerate(catalogue.titles)}
    return _over(MUSIC, catalogue, people, encoder, len(own), _by_artist(tracks, places))


def _over(
    name: str,
    catalogue: Catalogue,
    people: People,
    encoder: SharedEncoder | None,
    owned: int = 0,
    tracks: Mapping[int, tuple[Track, ...]] | None = None,
) -> Shelf:
    recommender = Recommender.over(catalogue, Exploring(Rules(), share=EXPLORED))
    encode = responses.shipped().encode_by(encoder) if encoder else None
    replies = Replies(catalogue, encode=encode, people=dict(people))
    return Shelf(name, recommender, replies, frozenset(range(owned)), tracks or {})


def _by_artist(
    tracks: Sequence[Track], places: Mapping[str, int]
) -> Mapping[int, tuple[Track, ...]]:
    found: dict[int, list[Track]] = {}
    for track in tracks:
        if (place := places.get(key(track.artist))) is not None:
            found.setdefault(place, []).append(track)
    return {place: tuple(own) for place, own in found.items()}
