"""whisper.cpp recognises whole utterances; tried with a network of random weights."""

import struct
from pathlib import Path

import pytest

from gnothi.core.errors import ArtifactError, InputError
from gnothi.core.hearing import RATE, Hints
from gnothi.core.protocols import Name
from gnothi.speech.backends import open_recogniser
from gnothi.speech.ggml import read_sizes
from gnothi.speech.whisper_cpp import WhisperCpp
from gnothi.testing.hearing import recogniser_complaints
from tests.speech.networks import SOUND, write_whisper_cpp

pytest.importorskip("pywhispercpp")
_HEADER = 4 * 12


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file with the network."""
    file = tmp_path_factory.mktemp("whisper") / "ggml-tiny.en.bin"
    write_whisper_cpp(file)
    return file


def test_it_is_a_recogniser_but_for_its_random_weights(model: Path) -> None:
    """It keeps the contract of recognisers; only that it is never silent is the network's fault."""
    recogniser = open_recogniser(f"whisper.cpp:{model.parent}")
    complaints = list(recogniser_complaints(recogniser, SOUND))
    assert all("in a quiet room" in one for one in complaints)


def test_a_model_in_five_bits_is_a_recogniser_too(tmp_path: Path, model: Path) -> None:
    """What can be fetched is of this kind; a tensor that claims to be of another is refused."""
    small = tmp_path / "ggml-tiny.en-q5_1.bin"
    write_whisper_cpp(small, is_small=True)
    assert small.stat().st_size < model.stat().st_size
    stream = WhisperCpp(small).open()
    stream.accept(SOUND[:RATE])
    stream.finish()
    content = bytearray(small.read_bytes())
    content[4 * 11 : 4 * 12] = struct.pack("<i", 1)
    small.write_bytes(content)
    with pytest.raises(ArtifactError, match="numbers of another type"):
        WhisperCpp(small)


def test_words_have_times_and_confidences(model: Path) -> None:
    """They are inside the sound, whatever the network believes."""
    stream = WhisperCpp(model).open()
    stream.accept(SOUND)
    (found,) = stream.finish()
    assert [word.text for word in found.words] == found.text.split()
    assert len(found.words) > 3
    assert all(0 < word.confidence <= 1 for word in found.words)
    assert all(0 <= word.begin_s <= word.end_s <= 2 for word in found.words)


def test_names_are_told_to_it_and_forgotten_again(model: Path) -> None:
    """What stands before what is written decides about it; one stream leaves the next alone."""
    recogniser = WhisperCpp(model)
    named = Hints(names=(Name("lamp off light", "light.one", "device"),), phrases=("on lamp",))

    def score(hints: Hints) -> float:
        stream = recogniser.open(hints)
        stream.accept(SOUND[:RATE])
        return sum(one.score for one in stream.finish())

    first = score(Hints())
    assert score(named) != first
    assert score(Hints()) == first


def test_an_english_model_knows_no_other_language(tmp_path: Path, model: Path) -> None:
    """The sentence says so; a model of many languages knows German, and no made-up one."""
    with pytest.raises(InputError, match="does not know 'de-DE'"):
        WhisperCpp(model).open(Hints(language="de-DE"))
    many = tmp_path / "ggml-tiny.bin"
    write_whisper_cpp(many, tokens=51_865)
    WhisperCpp(many).open(Hints(language="de-DE"))
    with pytest.raises(InputError, match="does not know 'xx'"):
        WhisperCpp(many).open(Hints(language="xx"))


def test_places_without_one_model_are_told(tmp_path: Path, model: Path) -> None:
    """None, or several: the sentence says what to name."""
    with pytest.raises(InputError, match="no model"):
        WhisperCpp(tmp_path)
    for name in ("a.bin", "b.bin"):
        (tmp_path / name).write_bytes(b"")
    with pytest.raises(InputError, match="several models"):
        WhisperCpp(tmp_path)


@pytest.mark.parametrize(
    ("at", "number", "told"),
    [
        (0, 0x46554747, "does not begin as one"),
        (4, 10, "can't be those of Whisper"),
        (4 * 3, 0, "can't be those of Whisper"),
        (4 * 6, 449, "has the shape"),
        (4 * 4, 3, "parted among its heads"),
        (4 * 5, 2, "tensors are missing"),
        (4 * 11, 0, "kind 0"),
        (_HEADER, 3, "filters"),
        (_HEADER + 8 + 4 * 80 * 201, 1 << 30, "vocabulary"),
    ],
)
def test_what_would_end_the_process_is_a_sentence(
    tmp_path: Path, model: Path, at: int, number: int, told: str
) -> None:
    """A header with a wrong number is refused before whisper.cpp sees it."""
    content = bytearray(model.read_bytes())
    content[at : at + 4] = struct.pack("<i", number)
    damaged = tmp_path / "ggml-damaged.bin"
    damaged.write_bytes(content)
    with pytest.raises(ArtifactError, match=told):
        WhisperCpp(damaged)


def test_a_file_that_is_cut_off_is_told(tmp_path: Path, model: Path) -> None:
    """In the middle of weights, or of a header."""
    content = model.read_bytes()
    damaged = tmp_path / "ggml-damaged.bin"
    for size in (len(content) - 1, len(content) // 2, 30, 0):
        damaged.write_bytes(content[:size])
        with pytest.raises(ArtifactError, match="no whole model"):
            read_sizes(damaged)


def test_a_tensor_with_too_many_dimensions_is_refused(tmp_path: Path, model: Path) -> None:
    """It is what once wrote beyond a buffer of whisper.cpp."""
    content = model.read_bytes()
    at = content.index(b"encoder.positional_embedding") - 4 * 5
    damaged = tmp_path / "ggml-damaged.bin"
    damaged.write_bytes(content[:at] + struct.pack("<i", 64) + content[at + 4 :])
    with pytest.raises(ArtifactError, match="impossible dimensions"):
        read_sizes(damaged)
