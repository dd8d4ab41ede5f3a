"""Moonshine recognises whole utterances; tried with networks of random weights."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from gnothi.core.errors import ArtifactError, InputError
from gnothi.core.hearing import RATE
from gnothi.speech.backends import open_recogniser
from gnothi.speech.moonshine import Moonshine
from gnothi.testing.hearing import recogniser_complaints
from tests.speech.networks import SOUND, write_moonshine, write_older_moonshine

pytest.importorskip("sherpa_onnx")


@pytest.mark.parametrize("write", [write_moonshine, write_older_moonshine])
def test_it_is_a_recogniser(tmp_path: Path, write: Callable[[Path], None]) -> None:
    """Both kinds of its models keep the contract of recognisers, silence included."""
    write(tmp_path)
    recogniser = open_recogniser(f"moonshine:{tmp_path}")
    assert list(recogniser_complaints(recogniser, SOUND)) == []


def test_it_hears_more_in_more_sound(tmp_path: Path) -> None:
    """What is written goes on with what is said, and a click is nothing."""
    write_moonshine(tmp_path)
    recogniser = Moonshine(tmp_path)

    def heard(sound: np.ndarray) -> str:
        stream = recogniser.open()
        stream.accept(sound)
        return " ".join(one.text for one in stream.finish())

    assert len(heard(SOUND)) > len(heard(SOUND[: RATE // 2])) > 0
    assert heard(SOUND[: RATE // 50]) == ""
    # sherpa-onnx once said nothing of more than 9.2 s, without an error.
    assert len(heard(np.resize(SOUND, 12 * RATE))) > 0


def test_the_part_in_eight_bits_goes_first(tmp_path: Path) -> None:
    """Where a part is there in both, the small one is opened: the other is no network."""
    write_older_moonshine(tmp_path)
    (tmp_path / "encode.onnx").write_bytes(b"too large")
    assert Moonshine(tmp_path).name == "moonshine"


def test_folders_without_a_whole_model_are_told(tmp_path: Path) -> None:
    """What is missing or damaged is in the sentence, and the process goes on."""
    with pytest.raises(InputError, match="encoder_model and decoder_model_merged"):
        Moonshine(tmp_path)
    write_moonshine(tmp_path)
    for damaged in ("a word of its own", "on 3\noff 3", "on three"):
        (tmp_path / "tokens.txt").write_text(damaged)
        with pytest.raises(ArtifactError, match=r"tokens\.txt is damaged"):
            Moonshine(tmp_path)
    (tmp_path / "tokens.txt").unlink()
    with pytest.raises(InputError, match=r"tokens\.txt"):
        Moonshine(tmp_path)
    write_moonshine(tmp_path)
    (tmp_path / "decoder_model_merged.ort").write_bytes(b"damaged")
    with pytest.raises(ArtifactError, match="can't be loaded"):
        Moonshine(tmp_path)
