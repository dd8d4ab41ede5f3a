"""Invented music, stations and cities, and when each song appears."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from random import Random

from gnothi_lab.worlds.households.chance import Weighted, zipf
from gnothi_lab.worlds.households.parameters import Catalogues, Parameters

_FOREVER = -1


@dataclass(frozen=True, slots=True)
class Song:
    """A song; its number tells it from another of the same title."""

    number: int
    title: str
    artist: str
    popularity: float
    released: int = _FOREVER
    """Week from which people want it."""
    served: int = _FOREVER
    """Week from which the assistant has it."""

    @property
    def value(self) -> str:
        """What tells the song from all others, as a value of a slot."""
        return f"{self.title} by {self.artist}"


@dataclass(frozen=True)
class Catalogue:
    """Everything with an invented name."""

    songs: tuple[Song, ...]
    """Those of the first week, the most popular first, then those to come."""
    artists: tuple[str, ...]
    stations: tuple[str, ...]
    cities: tuple[str, ...]
    numbers: Catalogues

    @cached_property
    def by_title(self) -> Mapping[str, tuple[Song, ...]]:
        """All songs of a title, the most popular first."""
        titles: dict[str, list[Song]] = defaultdict(list)
        for song in sorted(self.songs, key=lambda song: -song.popularity):
            titles[song.title].append(song)
        return {title: tuple(songs) for title, songs in titles.items()}

    @cached_property
    def by_value(self) -> Mapping[str, Song]:
        """Each song under its title and artist."""
        return {song.value: song for song in self.songs}

    @cached_property
    def _old(self) -> Weighted[Song]:
        songs = [song for song in self.songs if song.released == _FOREVER]
        return Weighted(songs, [song.popularity for song in songs])

    @cached_property
    def _new(self) -> Mapping[int, Weighted[Song]]:
        """What is new in each week, the newest the most wanted."""
        later = [song for song in self.songs if song.released != _FOREVER]
        fades = self.numbers.new_fades
        return {
            week: Weighted(
                out := [song for song in later if song.released <= week],
                [2.0 ** ((song.released - week) / fades) * song.popularity for song in out],
            )
            for week in range(1, self.numbers.new_weeks * 2)
        }

    def top(self, title: str, week: int) -> Song | None:
        """Return what the assistant plays for a bare *title* in *week*."""
        return next((song for song in self.by_title.get(title, ()) if song.served <= week), None)

    def draw(self, uniform: float, week: int) -> Song:
        """Return a song that somebody may come to want in *week*."""
        share = self.numbers.new_share
        if week < 1:
            return self._old.pick(uniform)
        if uniform < share:
            return self._new[min(week, max(self._new))].pick(uniform / share)
        return self._old.pick((uniform - share) / (1 - share))


def make_catalogue(parameters: Parameters, seed: int) -> Catalogue:
    """Invent the catalogue of the world with *seed*."""
    rng, size = Random(f"catalogue {seed}"), parameters.size
    names = _Names(parameters, rng)
    artists = tuple(names.several(size.artists, names.artist))
    return Catalogue(
        songs=_songs(parameters, names, artists, rng),
        artists=artists,
        stations=tuple(names.several(size.stations, names.word)),
        cities=tuple(names.several(size.cities, names.word)),
        numbers=parameters.catalogue,
    )


class _Names:
    """Invents names that can be pronounced."""

    def __init__(self, parameters: Parameters, rng: Random) -> None:
        self._numbers, self._words, self._rng = parameters.catalogue, parameters.title_words, rng
        self._taken: set[str] = set()

    def word(self) -> str:
        """Return a word that no language has."""
        while len(word := self._sounds()) < self._numbers.shortest:
            pass
        return word

    def _sounds(self) -> str:
        numbers, rng = self._numbers, self._rng
        syllables = 1 + _rank(numbers.syllables, rng)
        return "".join(
            rng.choice(numbers.onsets)
            + rng.choice(numbers.nuclei)
            + (
                rng.choice(numbers.codas)
                if place + 1 == syllables or rng.random() < numbers.inner_coda
                else ""
            )
            for place in range(syllables)
        )

    def artist(self) -> str:
        """Return the name of a singer or a band."""
        kind = _rank(self._numbers.artist_kinds, self._rng)
        before = ("", f"{self.word()} ", f"{self._rng.choice(self._words)} ")[kind]
        return before + self.word()

    def title(self) -> str:
        """Return a title of one to three words."""
        length = 1 + _rank(self._numbers.title_words, self._rng)
        return " ".join(
            self.word()
            if self._rng.random() < self._numbers.invented_words
            else self._rng.choice(self._words)
            for _ in range(length)
        )

    def several(self, size: int, make) -> list[str]:  # noqa: ANN001 - one of the methods above
        """Return *size* different names that nothing else bears."""
        names: list[str] = []
        while len(names) < size:
            name = make()
            if name not in self._taken:
                self._taken.add(name)
                names.append(name)
        return names


def _songs(
    parameters: Parameters, names: _Names, artists: tuple[str, ...], rng: Random
) -> tuple[Song, ...]:
    """Write the songs: some titles twice or more, never by the same artist."""
    numbers, size = parameters.catalogue, parameters.size
    singers = Weighted(artists, zipf(len(artists), numbers.artist_zipf))
    late = numbers.new_songs * numbers.new_weeks
    weights = zipf(size.songs, numbers.popularity_zipf)
    songs: list[Song] = []
    taken: set[tuple[str, str]] = set()
    while len(songs) < size.songs + late:
        number = len(songs)
        title = _title(songs, names, numbers.ambiguous, rng)
        artist = singers.pick(rng.random())
        if (title, artist) in taken:
            continue
        taken.add((title, artist))
        if number < size.songs:
            songs.append(Song(number, title, artist, weights[number]))
            continue
        week = 1 + (number - size.songs) // numbers.new_songs
        delay = numbers.late_weeks if rng.random() < numbers.late else 0
        fame = weights[int(rng.random() ** numbers.fame_skew * size.songs)]
        songs.append(Song(number, title, artist, fame, week, week + delay))
    return tuple(songs)


def _title(songs: list[Song], names: _Names, ambiguous: float, rng: Random) -> str:
    if songs and rng.random() < ambiguous:
        return rng.choice(songs).title
    return names.several(1, names.title)[0]


def _rank(probabilities: tuple[float, ...], rng: Random) -> int:
    return Weighted(range(len(probabilities)), probabilities).pick(rng.random())
