"""The model of responses learns from replies that are written for it."""

from collections.abc import Sequence
from random import Random

import numpy as np
import pytest

from gnothi.recommend.acts import Wish
from gnothi.recommend.replies.responses import Direction, Floats, Reaction, ResponseModel
from gnothi_train.responses.fit import Read, fitted, joined, line, read_lexicon
from gnothi_train.responses.hands import Reply, read_hands

TERSE = [one for one in read_hands() if one.hand in ("terse", "speech")]


def _encode(texts: Sequence[str]) -> Floats:
    return np.asarray([[len(text), text.count("!")] for text in texts], np.float32)


@pytest.fixture(scope="module")
def model() -> ResponseModel:
    """A model of two hands, with an encoder that knows next to nothing."""
    return fitted(TERSE, {"splendid": 3}, _encode)


def test_what_was_learned_is_read(model: ResponseModel) -> None:
    """Replies of the hands it was fitted to are read as they are labelled."""
    hits = [model.read(one.text).reaction is one.reaction for one in TERSE]
    assert np.mean(hits) > 0.9


def test_the_lexicon_reaches_beyond_the_replies(model: ResponseModel) -> None:
    """A word that no hand used is known by the lexicon."""
    assert model.read("splendid").is_known
    assert not model.read("zyx").is_known


def test_reactions_go_on_as_requests() -> None:
    """Joined replies keep what they react, and say more."""
    for one in joined(TERSE, Random(0), 20):
        assert one.reaction is not Reaction.NONE
        assert "{" in one.text


def test_calibration_follows_what_was_right(model: ResponseModel) -> None:
    """Where half of the readings are wrong, nothing is read surely."""
    yes, no = (Reply("any", "yes", label) for label in (Reaction.YES, Reaction.NO))
    read = [Read(one, model.read("yes"), model.read("yes")) for one in (yes, no) * 20]
    slope, offset = line(read, full=False)
    response = model.read("yes")
    assert response.direction is Direction.FOR and response.wish is Wish.NONE
    odds = np.log(response.chance / (1 - response.chance))
    assert 1 / (1 + np.exp(-slope * odds - offset)) == pytest.approx(0.5, abs=0.02)


def test_the_lexicon_has_signs() -> None:
    """Words of liking are above 0, words of dislike below."""
    lexicon = read_lexicon()
    assert lexicon["wonderful"] > 0 > lexicon["horrible"]
    assert "table" not in lexicon
