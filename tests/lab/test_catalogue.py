"""How the lab judges our catalogue and the affinity."""

import csv
import gzip
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from gnothi.recommend.affinity import Plays, Popularity
from gnothi.recommend.catalogue import Attribute
from gnothi.recommend.catalogue_file import shipped
from gnothi_lab.catalogue.histories import Histories, rank
from gnothi_lab.catalogue.support import claims, measure
from gnothi_lab.catalogue.tagging import Tagged, means, normal, read_tagged

ROCK = Attribute("genre", "alternative rock", "alternative rock")
EIGHTIES = Attribute("decade", "80s", "the eighties", ("1980s",))
INDIA = Attribute("country", "in", "india")


@pytest.mark.parametrize(
    ("tag", "fact", "meant"),
    [
        ("british alternative rock", ROCK, True),
        ("alternative", ROCK, True),
        ("rock", ROCK, False),
        ("80s pop", EIGHTIES, True),
        ("1980s", EIGHTIES, True),
        ("180s", EIGHTIES, False),
        ("in love", INDIA, False),
        ("india", INDIA, True),
    ],
)
def test_tags_mean_facts_word_by_word(tag: str, fact: Attribute, meant: bool) -> None:
    """A tag backs a fact when its words, or a near word's, stand in it whole."""
    assert means(tag, fact) == meant


def test_names_are_joined_in_any_spelling() -> None:
    """Articles, accents, ampersands and punctuation make no difference."""
    assert normal("The Mamas & The Papas") == normal("mamas and the papas")
    assert normal("Sigur Rós") == "sigur ros"
    assert normal("AC/DC") == normal("ac dc")


def test_only_top_tags_back_strictly() -> None:
    """What one of many said is no top tag."""
    tagged = Tagged({**{f"tag {n}": 5 for n in range(10)}, "80s": 1})
    assert tagged.backs(EIGHTIES)
    assert not tagged.backs(EIGHTIES, top=True)


def test_true_facts_are_backed_and_dealt_ones_are_not() -> None:
    """Where listeners call artists what we call them, all is backed, and chance backs less."""
    music = shipped("music")
    tagged = {
        normal(music.titles[number]): Tagged(
            {normal(fact.value): 30 for fact in music.item(number).facts if fact.facet == "genre"}
        )
        for number in range(0, len(music), 5)
    }
    support = measure(list(claims(music, tagged, "genre")), np.random.default_rng(0))
    assert support.shares[0] == 1
    assert support.shares[2] < 0.7
    low, high = support.interval(support.dealt, np.random.default_rng(0))
    assert low <= support.shares[2] <= high


def test_silence_is_not_counted() -> None:
    """Artists of whom listeners said nothing about a facet are no evidence for or against."""
    music = shipped("music")
    tagged = {normal(title): Tagged({"rock": 50}) for title in music.titles}
    assert list(claims(music, tagged, "mood")) == []
    assert list(claims(music, tagged, "decade")) == []


def written(folder: Path, name: str, rows: Sequence[Mapping[str, object]]) -> None:
    """Write one of a data set's files."""
    folder.mkdir(parents=True, exist_ok=True)
    with gzip.open(folder / f"{name}.csv.gz", "wt", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A data set in the form of the real one: 6 listeners of 10 artists each, of 12."""
    star = tmp_path / "recommend" / "lastfm_star"
    tags = tmp_path / "recommend" / "hetrec2011_lastfm_2k"
    pairs = [(user, (user + n) % 12) for user in range(6) for n in range(10)]
    written(
        star,
        "interactions",
        [{"user_idx": u, "item_idx": i, "plays": u + i + 1} for u, i in pairs],
    )
    written(star, "users", [{"user_idx": u, "hetrec_user_id": 100 + u} for u in range(6)])
    written(star, "items", [{"item_idx": i, "hetrec_artist_id": 200 + i} for i in range(12)])
    written(tags, "artists", [{"artist_id": 200 + i, "name": f"The Artist {i}"} for i in range(12)])
    written(tags, "tags", [{"tag_id": 7, "tag": "80s"}])
    given = [{"user_id": 100 + u, "artist_id": 200 + i, "tag_id": 7} for u, i in pairs]
    written(tags, "user_taggedartists", given)
    return tmp_path


def test_every_listener_has_something_hidden(small: Path) -> None:
    """A share of each listener's artists; another seed hides others; nothing is both."""
    histories = Histories.read(small)
    everything = np.arange(len(histories.people))
    hidden, others = (histories.held_out(everything, 0.2, seed) for seed in (1, 2))
    assert np.bincount(histories.people[hidden]).tolist() == [2] * 6
    assert (hidden != others).any()
    seen, test = histories.part(everything[~hidden]), histories.part(everything[hidden])
    for person in range(6):
        assert not set(seen.history(person)[0]) & set(test.history(person)[0])


def test_tags_on_hidden_artists_are_hidden(small: Path) -> None:
    """What a listener called an artist that is hidden tells nothing."""
    histories = Histories.read(small)
    everything = np.arange(len(histories.people))
    whole, nothing = histories.facts(everything[:0]), histories.facts(everything)
    assert whole.shape == (12, 1)
    assert whole.nnz == 12
    assert nothing.nnz == 0
    assert histories.facts(everything[:40]).sum() < whole.sum()


def test_tags_are_gathered_by_name(small: Path) -> None:
    """However many gave one."""
    tagged = read_tagged(small)["artist 3"]
    assert tagged.backs(EIGHTIES, top=True)
    assert tagged.taggings == 4


def test_rankings_are_judged_as_published() -> None:
    """One hit in first place is perfect; in second place it is worth 1 / log2(3)."""
    zero, one = np.zeros(1, np.int64), np.ones(1, np.float32)
    seen = Plays.of(zero, zero, one, shape=(1, 30))
    model = Popularity(np.arange(30, 0, -1).astype(np.float32))
    for item, worth in ((1, 1.0), (2, 1 / np.log2(3)), (20, 0.0)):
        hidden = Plays.of(zero, np.array([item]), one, shape=(1, 30))
        ranking = rank(model, seen, hidden)
        assert ranking.ndcg.tolist() == pytest.approx([worth])
        assert ranking.recall.tolist() == [float(worth > 0)]
