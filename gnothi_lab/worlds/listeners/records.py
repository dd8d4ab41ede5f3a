"""What the world is made of: who played what, and what it is called and tagged.

Read from ``lastfm_star`` and ``hetrec2011_lastfm_2k``, or invented over the catalogue that Gnothi
ships, so that tests need no data.
"""

import csv
import gzip
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gnothi.core.errors import InputError
from gnothi.recommend.catalogue import Attribute
from gnothi.recommend.catalogue_file import shipped
from gnothi_lab.worlds.listeners.chance import mix, unit

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
TINY = "tiny"


@dataclass(frozen=True, eq=False)
class Records:
    """Facts about artists, tags and listeners; numbers are the world's own and stay inside."""

    titles: tuple[str, ...]
    attributes: tuple[Attribute, ...]
    taggers: Floats
    """Items by attributes: how many people gave the tag; halves stand for broader terms."""
    listeners: int
    people: Ints
    """With ``items`` and ``plays``: who played whom how often, one row a pair."""
    items: Ints
    plays: Floats
    own_tags: NDArray[np.bool_]
    """Listeners by attributes."""
    friends: tuple[tuple[int, ...], ...]
    reality: Mapping[str, float]
    """Turns and like-rate of real conversations."""


def read(data: str, parameters: Mapping[str, Any]) -> Records:
    """Read the records in the folder *data*, or invent small ones if it is ``tiny``.

    Raises:
        InputError: there is no such data.
    """
    if data == TINY:
        return invented(parameters)
    folder = Path(data)
    if not (folder / "recommend" / "lastfm_star").is_dir():
        raise InputError(f"{data} holds no recommend/lastfm_star: give GNOTHI_DATA, or 'tiny'.")
    return _LastFm(folder / "recommend", parameters).records()


class _LastFm:
    """Joins the tables of the two data sets."""

    def __init__(self, folder: Path, parameters: Mapping[str, Any]) -> None:
        self._star, self._hetrec = folder / "lastfm_star", folder / "hetrec2011_lastfm_2k"
        self._folder, self._parameters = folder, parameters
        self._rules = parameters["catalogue"]
        self._item: dict[int, int] = {}
        self._titles: list[str] = []
        self._artist: dict[int, int] = {}
        self._read_items()

    def records(self) -> Records:
        taggers, terms = self._taggers()
        users = {int(row["hetrec_user_id"]): int(row["user_idx"]) for row in self._rows("users")}
        people, items, plays = self._plays()
        attributes, columns = self._attributes(terms, Counter(term for _, term in taggers))
        counts = self._matrix(taggers, columns, len(attributes))
        own = np.zeros((len(users), len(attributes)), np.bool_)
        for row in self._rows("user_attributes_clean"):
            column = columns.get(self._term.get(int(row["attr_idx"]), ""))
            if column is not None:
                own[int(row["user_idx"]), column] = True
        return Records(
            titles=tuple(self._titles),
            attributes=attributes,
            taggers=counts,
            listeners=len(users),
            people=people,
            items=items,
            plays=plays,
            own_tags=own,
            friends=self._friends(len(users)),
            reality=real_moments(self._folder, part=0),
        )

    def _rows(self, name: str, folder: Path | None = None) -> Iterator[dict[str, str]]:
        with gzip.open((folder or self._star) / f"{name}.csv.gz", "rt", encoding="utf-8") as file:
            yield from csv.DictReader(file)

    def _read_items(self) -> None:
        """Number the artists that have a name; those that differ in case only are one."""
        names: dict[str, int] = {}
        for row in self._rows("items"):
            title = row["artist_name"].strip()
            if not title:
                continue
            number = names.setdefault(title.casefold(), len(names))
            if number == len(self._titles):
                self._titles.append(title)
            self._item[int(row["item_idx"])] = number
            self._artist[int(row["hetrec_artist_id"])] = number

    def _taggers(self) -> tuple[Counter[tuple[int, str]], dict[str, set[str]]]:
        """Count who gave which term to which artist, and by whom terms are used."""
        merged = {_plain(o): _plain(m) for m, others in self._rules["also"].items() for o in others}
        tags, self._spoken = {}, defaultdict[str, Counter[str]](Counter)
        self._term: dict[int, str] = {}
        self._coarse: dict[str, list[str]] = defaultdict(list)
        coarse = {row["coarse_idx"]: _plain(row["name"]) for row in self._rows("coarse_attributes")}
        for row in self._rows("attributes"):
            plain = _plain(row["tag"])
            term = merged.get(plain, plain)
            tags[row["hetrec_tag_id"]] = (term, row["tag"].strip().lower())
            self._term[int(row["attr_idx"])] = term
            self._coarse[term] += [coarse[at] for at in row["coarse_idx_list"].split("|") if at]
        self._broad = set(coarse.values())
        given: set[tuple[int, str, str]] = set()
        users: dict[str, set[str]] = defaultdict(set)
        for row in self._rows("user_taggedartists", self._hetrec):
            item, told = self._artist.get(int(row["artist_id"])), tags.get(row["tag_id"])
            if item is None or told is None or not told[0]:
                continue
            given.add((item, told[0], row["user_id"]))
            users[told[0]].add(row["user_id"])
            self._spoken[told[0]][told[1]] += 1
        counts = Counter((item, term) for item, term, _ in given)
        for row in self._rows("item_attributes"):  # some were given on withheld pairs
            item, term = self._item.get(int(row["item_idx"])), self._term[int(row["attr_idx"])]
            if item is not None:
                counts[item, term] = max(1, counts[item, term])
        return counts, users

    def _attributes(
        self, users: Mapping[str, set[str]], spread: Mapping[str, int]
    ) -> tuple[tuple[Attribute, ...], dict[str, int]]:
        rules = self._rules
        dropped = {_plain(name) for name in rules["dropped"]}
        facets = {_plain(n): f for f, names in rules["facets"].items() for n in names}
        artists = {_plain(title) for title in self._titles}
        artists -= set(facets) | self._broad | {_plain(n) for n in rules["artist_names_too"]}
        kept = [
            term
            for term in sorted(users)
            if len(users[term]) >= rules["taggers"] and spread[term] >= rules["items"]
            if term not in dropped | artists
        ]
        made: list[Attribute] = []
        for term in kept:
            ways = [text for text, _ in self._spoken[term].most_common(6)]
            facet = facets.get(term, "genre" if term in self._broad else "style")
            made.append(Attribute(facet, ways[0], ways[0], tuple(ways[1:])))
        return tuple(made), {term: at for at, term in enumerate(kept)}

    def _matrix(
        self, counts: Mapping[tuple[int, str], int], columns: Mapping[str, int], width: int
    ) -> Floats:
        """Return taggers by item and attribute; a narrower term counts for its broader ones."""
        found = np.zeros((len(self._titles), width))
        broad = np.zeros_like(found)
        share = self._parameters["strength"]["coarse"]
        for (item, term), count in counts.items():
            if term in columns:
                found[item, columns[term]] = count
            for parent in self._coarse.get(term, ()):
                if parent in columns:
                    at = columns[parent]
                    broad[item, at] = max(broad[item, at], share * count)
        return np.maximum(found, broad)

    def _plays(self) -> tuple[Ints, Ints, Floats]:
        added: Counter[tuple[int, int]] = Counter()
        for row in self._rows("interactions"):
            item = self._item.get(int(row["item_idx"]))
            if item is not None:
                added[int(row["user_idx"]), item] += int(row["plays"])
        pairs = np.array(sorted(added), np.int64)
        plays = np.array([added[int(u), int(i)] for u, i in pairs], np.float64)
        return pairs[:, 0], pairs[:, 1], plays

    def _friends(self, listeners: int) -> tuple[tuple[int, ...], ...]:
        known: list[list[int]] = [[] for _ in range(listeners)]
        for row in self._rows("user_friends"):
            known[int(row["user_idx"])].append(int(row["friend_idx"]))
        return tuple(tuple(sorted(row)) for row in known)


def dialogues(folder: Path) -> list[dict[str, Any]]:
    """Return the real conversations of ``cpcd_val``."""
    file = folder / "cpcd_val" / "dialogs_a.jsonl.gz"
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def real_moments(folder: Path, part: int) -> dict[str, float]:
    """Return turns and like-rate of every second conversation: 0 is fitted to, 1 is held out."""
    chosen = dialogues(folder)[part::2]
    turns = np.array([len(one["turns"]) for one in chosen], np.float64)
    marks = [
        (len(t["liked_results"]), len(t["disliked_results"])) for o in chosen for t in o["turns"]
    ]
    liked, disliked = np.sum(marks, axis=0)
    return {
        "turns_mean": float(turns.mean()),
        "turns_sd": float(turns.std(ddof=1)),
        "like_rate": float(liked / (liked + disliked)),
    }


def invented(parameters: Mapping[str, Any]) -> Records:
    """Invent listeners with tastes over the catalogue of artists that Gnothi ships."""
    rules, music = parameters["invented"], shipped("music")
    key, count, width = rules["key"], rules["listeners"], len(music.attributes)
    facts = np.zeros((len(music), width))
    facts[np.repeat(np.arange(len(music)), np.diff(music.starts)), music.members] = 1
    fame = music.weights / music.weights.max()
    draws = unit(key, 1, np.arange(facts.size).reshape(facts.shape))
    taggers = facts * np.maximum(1, np.round(rules["taggers"] * fame[:, None] * 2 * draws))
    wanted = unit(key, 2, np.arange(count)[:, None], np.arange(width)) ** 6
    affinity = rules["taste_sharpness"] * (wanted @ facts.T)
    gumbel = -np.log(-np.log(unit(key, 3, np.arange(count)[:, None], np.arange(len(music)))))
    chosen = np.argsort(-(affinity + np.log(fame) + gumbel), axis=1)[:, : rules["plays"]]
    people = np.repeat(np.arange(count), rules["plays"])
    items = np.sort(chosen, axis=1).ravel()
    plays = np.ceil(np.exp(8 * unit(key, 4, people, items)))
    own = np.zeros((count, width), np.bool_)
    best = np.argsort(-wanted * (facts.sum(axis=0) > 2), axis=1)[:, : rules["own_tags"]]
    own[np.arange(count)[:, None], best] = True
    others = mix(key, 5, np.arange(count)[:, None], np.arange(rules["friends"])) % np.uint64(count)
    return Records(
        titles=tuple(_unique(music.titles)),
        attributes=music.attributes,
        taggers=taggers,
        listeners=count,
        people=people,
        items=items,
        plays=plays,
        own_tags=own,
        friends=tuple(tuple(map(int, row)) for row in others),
        reality=parameters["reality"],
    )


def _unique(titles: Any) -> Iterator[str]:  # noqa: ANN401 - any sequence of texts
    seen: Counter[str] = Counter()
    for title in titles:
        seen[title] += 1
        yield title if seen[title] == 1 else f"{title} ({seen[title]})"


def _plain(text: str) -> str:
    """Return a tag without what people write in several ways."""
    return re.sub(r"[^a-z0-9]", "", text.lower())
