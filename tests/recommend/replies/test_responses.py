"""The model of responses reads what it was fitted to read, and is what its card says."""

import hashlib
import json
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest

from gnothi.core.artifact import read_card
from gnothi.core.errors import ArtifactError
from gnothi.recommend.replies.phrasing import clauses, features
from gnothi.recommend.replies.responses import (
    FILE,
    SHIPPED,
    Direction,
    Floats,
    ResponseModel,
    shipped,
)
from gnothi.text.encoder import SharedEncoder


@pytest.mark.parametrize(
    ("text", "direction"),
    [
        ("meh", Direction.BETWEEN),
        ("not bad", Direction.BETWEEN),
        ("nah", Direction.AGAINST),
        ("I don't like it", Direction.AGAINST),
        ("can't complain", Direction.FOR),
        ("yesss", Direction.FOR),
        ("no idea", Direction.UNSURE),
        ("{i} please", Direction.NONE),
        ("Great! Could you add some {i}?", Direction.FOR),
    ],
)
def test_replies_without_words_of_feeling(text: str, direction: Direction) -> None:
    """Idioms, litotes and slang are read; a request is none of it."""
    assert shipped().read(text).direction is direction


def test_chances_sum_to_one() -> None:
    """Whatever is said, reactions and wishes are distributions."""
    for text in ("yes", "Great! No. Maybe?", "skip, next please"):
        response = shipped().read(text)
        assert sum(response.reactions) == pytest.approx(1)
        assert sum(response.wishes) == pytest.approx(1)


def test_unknown_words_say_nothing() -> None:
    """Another language is not taken for a reaction."""
    assert not shipped().read("Ελληνικά").is_known


def test_the_encoder_has_half_the_say() -> None:
    """With embeddings, the second model counts as much as the words."""

    def encode(texts: object) -> Floats:
        return np.zeros((1, shipped().head.shape[0] - 1), np.float32)

    words, both = shipped().read("yes"), shipped().read("yes", encode)
    assert both.is_known
    assert both.reactions != words.reactions


def test_the_shipped_models_belong_together() -> None:
    """The head was fitted on the network that ships; training that anew asks for a new head."""
    encoder = SharedEncoder(SHIPPED.parent / "language")
    assert shipped().encode_by(encoder) is not None


def test_a_head_of_another_network_has_no_say() -> None:
    """Embeddings of another network would be noise."""
    encoder = SharedEncoder(SHIPPED.parent / "language")
    assert replace(shipped(), encoder="language/understand@old").encode_by(encoder) is None


def test_apostrophes_make_no_difference() -> None:
    """Recognisers and thumbs leave them out."""
    assert features("don't like it", {}) == features("dont like it", {})


def test_sentences_react_apart() -> None:
    """A reaction and the request after it are two things."""
    assert clauses("Great! Can I get more?") == ["Great!", "Can I get more?"]
    assert clauses("love it, can you add {i}") == ["love it", "can you add {i}"]


def test_the_artifact_survives_a_round_trip(tmp_path: Path) -> None:
    """What is written is what is read."""
    content = shipped().dump()
    card = replace(read_card(SHIPPED), files={FILE: hashlib.sha256(content).hexdigest()})
    (tmp_path / FILE).write_bytes(content)
    (tmp_path / "card.json").write_text(json.dumps(asdict(card)))
    read = ResponseModel.load(tmp_path)
    for text in ("yes", "not really my thing", "skip"):
        assert read.read(text).reactions == pytest.approx(shipped().read(text).reactions)


def test_the_shipped_artifact_is_small() -> None:
    """It is a fraction of a megabyte, and says what it was fitted on."""
    assert (SHIPPED / FILE).stat().st_size < 300_000
    assert {one["licence"] for one in read_card(SHIPPED).data} == {"Apache-2.0", "MIT"}


def test_a_damaged_artifact_is_refused(tmp_path: Path) -> None:
    """A changed file is not served."""
    for file in ("card.json", FILE):
        (tmp_path / file).write_bytes((SHIPPED / file).read_bytes())
    (tmp_path / FILE).write_bytes(b"no model")
    with pytest.raises(ArtifactError):
        ResponseModel.load(tmp_path)
