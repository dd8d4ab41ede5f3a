"""Listening histories of ``lastfm_star``, split at random within each listener.

The published split is not used: within each listener it puts the lowest artist ids into training
and the highest into test, so that test artists are rare and mostly unseen (see the data's README).
"""

import csv
import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gnothi.recommend.affinity import Affinity, Matrix, Plays, sparse
from gnothi_lab.catalogue.tagging import rows as rows_of_tags

FOLDER = Path("recommend", "lastfm_star")
TAGS_OF_AT_LEAST = 5
"""Artists that a tag must have been given to: what fewer share joins hardly anything."""
CUTOFF = 10


@dataclass(frozen=True, eq=False)
class Histories:
    """Who played whom how often, and what the artists were called."""

    people: NDArray[np.int64]
    items: NDArray[np.int64]
    counts: NDArray[np.float32]
    shape: tuple[int, int]
    taggings: NDArray[np.int64]
    """Rows of person, artist and tag."""

    @classmethod
    def read(cls, data: Path) -> "Histories":
        """Read everything that is not withheld, published train and valid alike."""
        rows = list(_rows(data, "interactions"))
        people, items = (_column(rows, name) for name in ("user_idx", "item_idx"))
        plays = _column(rows, "plays").astype(np.float32)
        shape = (_count(data, "users"), _count(data, "items"))
        return cls(people, items, plays, shape, _taggings(data))

    def part(self, chosen: NDArray[Any]) -> Plays:
        """Return the *chosen* pairs as plays."""
        return Plays.of(
            self.people[chosen], self.items[chosen], self.counts[chosen], shape=self.shape
        )

    def facts(self, hidden: NDArray[Any]) -> Matrix:
        """Return artists by tags, without what listeners called artists that are *hidden* here.

        A fact is worth log(1 + people who gave the tag).
        """
        size = self.shape[1]
        secret = self.people[hidden] * size + self.items[hidden]
        told = self.taggings[~np.isin(self.taggings[:, 0] * size + self.taggings[:, 1], secret)]
        pairs, people = np.unique(told[:, 1:], axis=0, return_counts=True)
        shape = (size, int(pairs[:, 1].max(initial=0)) + 1)
        worth = np.log1p(people.astype(np.float32))
        whole = sparse().csc_array((worth, tuple(pairs.T)), shape)
        return sparse().csr_array(whole[:, np.diff(whole.indptr) >= TAGS_OF_AT_LEAST])

    def held_out(self, among: NDArray[np.int64], share: float, seed: int) -> NDArray[np.bool_]:
        """Draw a *share* of each listener's pairs *among* those given; at least one of three."""
        order = np.random.default_rng(seed).permutation(len(among))
        drawn = among[order]
        rank = np.zeros(len(drawn), np.int64)
        by_person = np.argsort(self.people[drawn], kind="stable")
        sizes = np.bincount(self.people[drawn], minlength=self.shape[0])
        starts = np.cumsum(sizes) - sizes
        rank[by_person] = np.arange(len(drawn)) - np.repeat(starts, sizes)
        wanted = np.where(sizes >= 3, np.maximum(1, np.round(sizes * share)), 0)
        out = np.zeros(len(among), np.bool_)
        out[order] = rank < wanted[self.people[drawn]]
        return out


@dataclass(frozen=True, slots=True)
class Ranking:
    """How well a model ranked what each listener played and it did not see."""

    ndcg: NDArray[np.float64]
    """One value a listener who has something held out."""
    recall: NDArray[np.float64]


def rank(model: Affinity, seen: Plays, hidden: Plays) -> Ranking:
    """Rank all items that a listener was not seen to play; judge the first ten.

    NDCG is over min(10, hidden) ideal places, recall over everything hidden.
    """
    discount = 1 / np.log2(np.arange(CUTOFF) + 2)
    ideal = np.cumsum(discount)
    ndcg, recall = [], []
    for person in range(len(seen)):
        wanted, _ = hidden.history(person)
        if not len(wanted):
            continue
        items, counts = seen.history(person)
        scores = model.scores(items, counts)
        scores[items] = -np.inf
        first = np.argpartition(-scores, CUTOFF)[:CUTOFF]
        first = first[np.argsort(-scores[first], kind="stable")]
        hits = np.isin(first, wanted)
        ndcg.append((hits * discount).sum() / ideal[min(len(wanted), CUTOFF) - 1])
        recall.append(hits.sum() / len(wanted))
    return Ranking(np.array(ndcg), np.array(recall))


def _taggings(data: Path) -> NDArray[np.int64]:
    people = {row["hetrec_user_id"]: int(row["user_idx"]) for row in _rows(data, "users")}
    items = {row["hetrec_artist_id"]: int(row["item_idx"]) for row in _rows(data, "items")}
    told = [
        (people[row["user_id"]], items[row["artist_id"]], int(row["tag_id"]))
        for row in rows_of_tags(data, "user_taggedartists")
        if row["user_id"] in people and row["artist_id"] in items
    ]
    return np.array(told, np.int64).reshape(-1, 3)


def _rows(data: Path, name: str) -> Iterator[dict[str, str]]:
    with gzip.open(data / FOLDER / f"{name}.csv.gz", "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _column(rows: list[dict[str, str]], name: str) -> NDArray[np.int64]:
    return np.array([int(row[name]) for row in rows])


def _count(data: Path, name: str) -> int:
    return sum(1 for _ in _rows(data, name))
