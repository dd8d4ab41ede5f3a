"""The shared encoder on the network that is shipped."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from gnothi.core.artifact import CARD, read_card, verify
from gnothi.core.errors import ArtifactError
from gnothi.language.understand import SHIPPED
from gnothi.text.encoder import MODEL, POSITIONS, SharedEncoder
from gnothi.text.tokenise import tokenise


@pytest.fixture(scope="module")
def encoder() -> SharedEncoder:
    """The network that comes with the package."""
    return SharedEncoder(SHIPPED)


def test_the_card_matches_the_files() -> None:
    """What is shipped is what its card says, and says where it comes from."""
    card = read_card(SHIPPED)
    verify(SHIPPED, card)
    assert card.name == "language/understand"
    assert {entry["licence"] for entry in card.data} <= {
        "CC BY 4.0", "CC BY 3.0", "Apache-2.0", "MIT", "CC0 1.0",
    }  # fmt: skip


def test_the_network_is_small() -> None:
    """The whole artifact stays within its 16 MB."""
    assert sum(path.stat().st_size for path in SHIPPED.iterdir()) <= 16_000_000


def test_similar_requests_have_similar_embeddings(encoder: SharedEncoder) -> None:
    """A paraphrase lies nearer than something else altogether."""
    one, other, else_ = encoder.encode(
        ["switch on the lamp", "turn the light on", "who wrote hamlet"]
    )
    assert one @ other > one @ else_ + 0.2


def test_embeddings_have_unit_length(encoder: SharedEncoder) -> None:
    """Dot products are cosines; a text without words is similar to nothing."""
    embeddings = encoder.encode(["play jazz", "", "?!"])
    assert embeddings.shape == (3, 384)
    assert embeddings.dtype == np.float32
    assert np.allclose(np.linalg.norm(embeddings, axis=1), [1, 0, 0], atol=1e-4)


def test_nothing_to_encode_is_no_error(encoder: SharedEncoder) -> None:
    """An empty list gives an empty matrix."""
    assert encoder.encode([]).shape == (0, 384)


def test_long_sentences_are_cut(encoder: SharedEncoder) -> None:
    """More words than the network has positions are not read, and do no harm."""
    (reading,) = encoder.read([tokenise("light " * 300)])
    assert 0 < len(reading.words) <= POSITIONS - 2


def test_a_changed_file_is_refused(tmp_path: Path) -> None:
    """Nobody gets a network served that is not the one on the card."""
    folder = tmp_path / "language"
    shutil.copytree(SHIPPED, folder)
    with (folder / MODEL).open("ab") as file:
        file.write(b"!")
    with pytest.raises(ArtifactError, match=MODEL):
        SharedEncoder(folder).encode(["play jazz"])


@pytest.mark.parametrize("card", ["", "[]", "{}", json.dumps({"name": 1})])
def test_a_broken_card_is_told(tmp_path: Path, card: str) -> None:
    """A damaged card is named, whatever is wrong with it."""
    (tmp_path / CARD).write_text(card)
    with pytest.raises(ArtifactError, match="readable"):
        read_card(tmp_path)


def test_a_missing_artifact_is_told(tmp_path: Path) -> None:
    """An empty folder is no artifact."""
    with pytest.raises(ArtifactError):
        SharedEncoder(tmp_path).open()
