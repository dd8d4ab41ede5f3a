"""Real conversations are replayed fairly: all hear the same words and rank the same artists."""

import os
from pathlib import Path

import numpy as np
import pytest

from gnothi.recommend.catalogue_file import shipped
from gnothi_lab.benchmarks import cpcd_replay
from gnothi_lab.cpcd import made_up
from gnothi_lab.cpcd.dialogues import DEVELOPMENT, REPORTED, Corpus, corpus, read
from gnothi_lab.cpcd.measuring import Found, best, measure
from gnothi_lab.cpcd.rankers import Bm25, Ours, by_likes, by_popularity, documents

DATA = os.environ.get("GNOTHI_DATA") or None
MUSIC = shipped("music")


@pytest.fixture(scope="module")
def talks() -> Corpus:
    """Return the conversations that are made up."""
    return corpus(made_up.dialogues(), MUSIC)


def _number(talks: Corpus, name: str) -> int:
    return list(talks.catalogue.titles).index(name)


def test_artists_keep_what_is_known_of_them(talks: Corpus) -> None:
    """Facts and fame come from the shipped catalogue; whoever it lacks is as unlikely as any."""
    davis, marmots = _number(talks, "Miles Davis"), _number(talks, "The Made-Up Marmots")
    assert "jazz" in [fact.value for fact in talks.catalogue.item(davis).facts]
    assert davis in talks.known
    assert marmots not in talks.known
    assert len(talks.catalogue.facts(marmots)) == 0
    assert talks.catalogue.weights[marmots] == MUSIC.weights.min()


def test_what_is_wanted_is_what_is_liked_from_now_on(talks: Corpus) -> None:
    """Likes of turns before are no goal any more, dislikes never were one."""
    first = talks.dialogues[0]
    names = [[talks.catalogue.titles[one] for one in sorted(first.wanted(at))] for at in (0, 1)]
    assert names == [["Miles Davis", "Nina Simone", "Ella Fitzgerald"], ["Ella Fitzgerald"]]


def test_halves_share_no_conversation(talks: Corpus) -> None:
    """What is looked at in development is not what is reported."""
    parts = [{one.id for one in talks.half(part)} for part in (DEVELOPMENT, REPORTED)]
    assert not parts[0] & parts[1]
    assert len(parts[0] | parts[1]) == len(talks.dialogues)


def test_ours_goes_by_facts_and_by_names(talks: Corpus) -> None:
    """Who asked for jazz gets jazz, and after that whom they name."""
    ours = Ours(talks)
    said = [turn.text for turn in talks.dialogues[0].turns]
    jazz = {_number(talks, name) for name in ("Miles Davis", "Nina Simone")}
    assert jazz & set(best(ours(said[:1]), 3))
    assert best(ours(said), 1) == [_number(talks, "Ella Fitzgerald")]
    forgetful = Ours(talks, is_last_only=True)
    assert np.array_equal(forgetful([*said, "hello"]), forgetful(["hm", "hello"]))


def test_bm25_finds_words_and_breaks_ties_by_popularity(talks: Corpus) -> None:
    """A name finds its artist, words that nobody has leave the order of popularity."""
    bm25 = Bm25(talks, is_last_only=True)
    marmots = _number(talks, "The Made-Up Marmots")
    assert best(bm25(["hello", "marmots"]), 1) == [marmots]
    assert best(bm25(["xyzzy"])) == best(by_popularity(talks)([]))
    assert "The song of" in documents(talks)[0]
    assert "The song of" not in documents(talks, has_titles=False)[0]


def test_likes_of_others_are_a_baseline(talks: Corpus) -> None:
    """Artists who are liked in other conversations come first, dislikes count nothing."""
    scores = by_likes(talks.dialogues[1:], len(talks.catalogue))([])
    assert scores[_number(talks, "Slayer")] == 1
    assert scores[_number(talks, "Miles Davis")] == 0


def test_recall_and_hits_are_counted_by_turn(talks: Corpus) -> None:
    """A ranker that puts everybody first finds all; turns with nobody to find are left out."""
    wanted = cpcd_replay._wanted(talks)["now_"]
    found = measure(talks.dialogues[:2], lambda _: lambda said: np.arange(11.0), wanted)
    assert found.turns.tolist() == [2, 2]
    assert 0 < found.recall <= found.hit <= 1
    same = Found(found.hits, found.recalled, found.turns)
    gains = found.intervals(np.random.default_rng(0), less=same)
    assert gains == ((0, 0), (0, 0))


def test_a_quick_run_reports_all_that_a_full_one_does() -> None:
    """Ours, the rivals, coverage, and both halves, on conversations that are made up."""
    result = cpcd_replay.run(quick=True, seed=0, data=None)
    assert {"hit_10", "recall_10", "known_recall_10", "gain_hit_10", "known_likes"} <= set(
        result.figures
    )
    assert "hit_10" in result.peers[cpcd_replay.RIVAL]


@pytest.mark.skipif(DATA is None, reason="needs GNOTHI_DATA")
def test_all_that_was_liked_is_in_the_catalogue() -> None:
    """Every track that somebody marked leads to an artist who can be ranked."""
    talks = read(Path(str(DATA)), MUSIC)
    assert len(talks.dialogues) == 35
    assert sum(len(one.turns) for one in talks.dialogues) == 202
    assert all(any(turn.liked for turn in one.turns) for one in talks.dialogues)
    assert len(talks.known) > 300
