"""Conversations as they are replayed: what was said, and which artists' tracks were liked.

CPCD (Chaganty et al. 2023, arXiv:2303.06791, CC BY 4.0): somebody collects a playlist with the help
of a person who searches. Only what the first one says is used, and which tracks they marked.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from gnothi.recommend.catalogue import Catalogue
from gnothi.recommend.catalogue_file import Header, from_rows
from gnothi.recommend.library.sources import key
from gnothi_lab.worlds.listeners.records import dialogues

DEVELOPMENT, REPORTED = 1, 0
"""Every second conversation, by its place in the file; all ids that can be seen are even."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What somebody said, and the artists (by number) whose tracks they marked then."""

    text: str
    liked: frozenset[int]
    disliked: frozenset[int]


@dataclass(frozen=True, slots=True)
class Dialogue:
    """One conversation."""

    id: str
    turns: tuple[Turn, ...]

    def wanted(self, turn: int) -> frozenset[int]:
        """Return whose tracks were liked in a turn or later."""
        return frozenset[int]().union(*(one.liked for one in self.turns[turn:]))


@dataclass(frozen=True, eq=False)
class Corpus:
    """Conversations, and the artists who occur in any of them."""

    dialogues: tuple[Dialogue, ...]
    catalogue: Catalogue
    """The artists of all tracks that anybody was shown, with the facts that Gnothi ships."""
    known: frozenset[int]
    """Those whom the shipped catalogue has."""
    titles: tuple[tuple[str, ...], ...]
    """The titles of each artist's tracks."""

    def half(self, part: int) -> tuple[Dialogue, ...]:
        """Return one half of the conversations."""
        return self.dialogues[part::2]


def read(data: Path, facts: Catalogue) -> Corpus:
    """Read the conversations in *data* (``GNOTHI_DATA``), with *facts* about artists."""
    return corpus(dialogues(data / "recommend"), facts)


def corpus(told: Sequence[Mapping[str, Any]], facts: Catalogue) -> Corpus:
    """Return conversations as the data set has them, with *facts* about artists."""
    tracks = [track for one in told for track in one["tracks"].values()]
    names, titles = _artists(tracks)
    places = {name: number for number, name in enumerate(names)}
    ours = {key(title): number for number, title in enumerate(facts.titles)}
    return Corpus(
        dialogues=tuple(_dialogue(one, places) for one in told),
        catalogue=_catalogue(names, facts, ours),
        known=frozenset(places[name] for name in names if name in ours),
        titles=tuple(tuple(dict.fromkeys(titles[name])) for name in names),
    )


def _artists(tracks: Iterable[Mapping[str, Any]]) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Return the names of artists, and the titles of their tracks, both by their keys."""
    names: dict[str, str] = {}
    titles: dict[str, list[str]] = {}
    for track in tracks:
        for artist in track["track_artists"]:
            names.setdefault(key(artist), artist)
            titles.setdefault(key(artist), []).append(track["track_titles"])
    return names, titles


def _catalogue(names: Mapping[str, str], facts: Catalogue, ours: Mapping[str, int]) -> Catalogue:
    """Return the artists with what is known of them; the unknown are as unlikely as the least."""
    header = Header(
        "artist",
        ("id", "title", "popularity", "also", *facts.facets),
        {
            facet: {
                one.value: [one.label, *one.also] for one in facts.attributes if one.facet == facet
            }
            for facet in facts.facets
        },
    )
    least = float(np.min(facts.weights))

    def rows() -> Iterator[tuple[str, list[object]]]:
        for name, title in names.items():
            place = ours.get(name)
            if place is None:
                yield title, [name, title, least, []]
                continue
            cells: dict[str, list[str]] = {facet: [] for facet in facts.facets}
            for fact in facts.item(place).facts:
                cells[fact.facet].append(fact.value)
            also = [*facts.also[place], facts.titles[place]] if facts.also else []
            yield title, [name, title, float(facts.weights[place]), also, *cells.values()]

    return from_rows(header, rows())


def _dialogue(told: Mapping[str, Any], places: Mapping[str, int]) -> Dialogue:
    tracks = told["tracks"]

    def artists(ids: Iterable[str]) -> frozenset[int]:
        return frozenset(
            places[key(artist)]
            for one in ids
            if one in tracks
            for artist in tracks[one]["track_artists"]
        )

    turns = (
        Turn(one["user_query"], artists(one["liked_results"]), artists(one["disliked_results"]))
        for one in told["turns"]
    )
    return Dialogue(str(told["id"]), tuple(turns))
