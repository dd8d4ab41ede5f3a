"""Hypotheses are judged once more when the sentence is whole, and nothing else changes."""

import hashlib
import json
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest

from gnothi.core.artifact import CARD, read_card
from gnothi.core.errors import ArtifactError
from gnothi.core.hearing import NO_HINTS, Expected, Hints, Hypothesis, Samples, Word
from gnothi.core.protocols import Name
from gnothi.speech.audio import read_file
from gnothi.speech.ctc import Reading
from gnothi.speech.reranking import (
    ENCODER,
    FEATURES,
    FILE,
    SHIPPED,
    WIDTH,
    ReRanker,
    candidates,
)
from gnothi.speech.streaming import StreamingModel, StreamingRecogniser
from gnothi.speech.wording import shipped
from gnothi.testing.hearing import recogniser_complaints
from gnothi.text.encoder import SharedEncoder

CLIP = "speech/librispeech-3spk/audio/26-496-0026.opus"


@pytest.fixture(scope="module")
def encoder() -> SharedEncoder:
    """The one that the weights were fitted to."""
    return SharedEncoder(ENCODER)


def reading(text: str, heard: float = -10.0, expected: float = -5.0) -> Reading:
    """Return a reading of *text* whose words are all equally sure."""
    words = tuple(Word(word, at, at + 0.5, 0.5) for at, word in enumerate(text.split()))
    return Reading(Hypothesis(text, heard + expected, words), heard, expected)


def weighing(encoder: SharedEncoder, **weights: float) -> ReRanker:
    """Return a re-ranker with these weights, and none for other features."""
    row = np.array([weights.get(name, 0.0) for name in FEATURES])
    return ReRanker(row, np.zeros(WIDTH), encoder)


def told(encoder: SharedEncoder, text: str, hints: Hints = NO_HINTS) -> dict[str, float]:
    """Return the features of *text* by name."""
    [found] = candidates([reading(text)], hints, encoder)
    return dict(zip(FEATURES, found.features.tolist(), strict=True))


def test_weights_of_the_search_keep_its_order(encoder: SharedEncoder) -> None:
    """With what was heard and expected alone, the order is that of their sum."""
    given = [reading("turn it on", -9), reading("turn it of", -11), reading("burn it on", -10)]
    found = weighing(encoder, heard=1, expected=1).order(given, NO_HINTS)
    assert [one.text for one in found] == ["turn it on", "burn it on", "turn it of"]
    assert [one.score for one in found] == [-14, -15, -16]


def test_a_sentence_that_asks_for_something_is_likelier(encoder: SharedEncoder) -> None:
    """What the encoder makes of the sentence can change the order, whatever was heard."""
    given = [reading("turned often the light him", -9.0), reading("turn off the lights", -9.1)]
    found = weighing(encoder, heard=1, expected=1, scope=-1).order(given, NO_HINTS)
    assert found[0].text == "turn off the lights"


def test_names_of_the_home_are_counted(encoder: SharedEncoder) -> None:
    """The longest names first; a word that is no name of this home does not count."""
    home = Hints(
        names=(
            Name("kitchen", "", "area"),
            Name("kitchen island lamp", "", "device"),
            Name("hall", "", "area"),
        )
    )
    found = told(encoder, "turn on the kitchen island lamp in the hall please", home)
    assert (found["names"], found["named_words"]) == (2, 4)
    assert told(encoder, "turn on the attic light", home)["names"] == 0


def test_every_feature_is_a_number(encoder: SharedEncoder) -> None:
    """Texts that no encoder has seen have features, too."""
    for text in ("zzyzx", "a", " ".join(["light"] * 40)):
        assert all(np.isfinite(value) for value in told(encoder, text).values())


def test_nothing_and_one_are_left_alone(encoder: SharedEncoder) -> None:
    """Where there is nothing to choose from, nothing is judged."""
    reranker = ReRanker.read(encoder)
    assert reranker.order([], NO_HINTS) == []
    assert reranker.order([reading("yes")], NO_HINTS) == [reading("yes").hypothesis]


def test_it_is_a_recogniser(encoder: SharedEncoder, data: Path) -> None:
    """A recogniser that judges once more keeps the interface; dictation is left as it is."""
    plain = StreamingRecogniser(StreamingModel(), shipped)
    judged = StreamingRecogniser(StreamingModel(), shipped, reranker=ReRanker.read(encoder))
    clip = np.concatenate(list(read_file(data / CLIP)))
    assert list(recogniser_complaints(judged, clip)) == []
    anything = Hints(expected=Expected.DICTATION)
    assert _heard(judged, clip, anything) == _heard(plain, clip, anything)


def _heard(recogniser: StreamingRecogniser, clip: Samples, hints: Hints) -> list[Hypothesis]:
    stream = recogniser.open(hints)
    stream.accept(clip)
    return list(stream.finish())


def test_weights_of_another_encoder_are_refused(tmp_path: Path, encoder: SharedEncoder) -> None:
    """What an embedding means is known to one encoder only; a damaged file is told."""
    card = read_card(SHIPPED)
    kept = json.loads((SHIPPED / FILE).read_bytes())
    for label, complaint in ((encoder.card.label, None), ("other@1", "does not fit")):
        content = json.dumps({**kept, "encoder": label}).encode()
        files = {FILE: hashlib.sha256(content).hexdigest()}
        (tmp_path / FILE).write_bytes(content)
        told = json.dumps(asdict(replace(card, files=files)))
        (tmp_path / CARD).write_text(told, encoding="utf-8")
        if complaint is None:
            ReRanker.read(encoder, tmp_path)
            continue
        with pytest.raises(ArtifactError, match=complaint):
            ReRanker.read(encoder, tmp_path)
    (tmp_path / FILE).write_text("{}", encoding="utf-8")
    with pytest.raises(ArtifactError, match="damaged"):
        ReRanker.read(encoder, tmp_path)
