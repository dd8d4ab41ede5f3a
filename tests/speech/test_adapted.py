"""An adapted recogniser hears its skill's sentences first, and everything else as before."""

import hashlib
import json
import shutil
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest

from gnothi.core.artifact import CARD, read_card
from gnothi.core.errors import ArtifactError, InputError
from gnothi.core.hearing import (
    NO_HINTS,
    RATE,
    Expected,
    Flushing,
    Hints,
    Hypothesis,
    Pattern,
    Recogniser,
    Samples,
)
from gnothi.speech.adapted import NAME, SENTENCES, AdaptedRecogniser, Sentences
from gnothi.speech.audio import read_file
from gnothi.speech.backends import open_recogniser
from gnothi.speech.graph import GraphWeights, WordGraph
from gnothi.speech.streaming import MODEL, PIECES, SHIPPED
from gnothi.speech.whole import WholeStream
from gnothi.testing.hearing import recogniser_complaints

CLIP = "speech/command-coffee-picovoice/audio/0075d273-51bb-47cb-b323-4437bd0de029.ogg"
ORDERS = Pattern((("can I have", "give me"), ("a",), ("small", "large"), ("latte", "coffee")))
KEPT = Sentences("coffee", WordGraph.of([ORDERS]), GraphWeights(blank=4.0, word=4.0), 1e9)


class Usual:
    """Says the same whatever it hears."""

    name = "usual"

    def open(self, hints: Hints = NO_HINTS) -> WholeStream:
        """Begin to listen."""
        said = (Hypothesis("turn on a light", -3.0), Hypothesis("give me a small latte", -4.0))
        return WholeStream(lambda samples: said)


@pytest.fixture
def clip(data: Path) -> Samples:
    """Somebody begins to order a coffee."""
    return np.concatenate(list(read_file(data / CLIP)))[RATE : 4 * RATE]


def artifact(folder: Path, kept: Sentences = KEPT) -> Path:
    """Write the shipped network as if it were adapted."""
    for name in (MODEL, PIECES):
        shutil.copy(SHIPPED / name, folder / name)
    (folder / SENTENCES).write_bytes(kept.packed())
    card = read_card(SHIPPED)
    told = hashlib.sha256((folder / SENTENCES).read_bytes()).hexdigest()
    files = {name: card.files[name] for name in (MODEL, PIECES)}
    card = replace(card, name=NAME, files={**files, SENTENCES: told})
    (folder / CARD).write_text(json.dumps(asdict(card)), encoding="utf-8")
    return folder


def texts(recogniser: Recogniser, clip: Samples, hints: Hints = NO_HINTS) -> list[str]:
    """Return what *recogniser* hears in *clip*."""
    stream = recogniser.open(hints)
    stream.accept(clip)
    return [one.text for one in stream.finish()]


def test_it_is_a_recogniser(tmp_path: Path, clip: Samples) -> None:
    """It passes the checks that every recogniser passes."""
    folder = artifact(tmp_path, replace(KEPT, strain=1.0))
    recogniser = AdaptedRecogniser(folder, open_recogniser("gnothi"))
    assert list(recogniser_complaints(recogniser, clip)) == []
    assert isinstance(recogniser.open(), Flushing)
    assert recogniser.encoder and recogniser.reads_usage


def test_a_sentence_of_the_skill_goes_first(tmp_path: Path, clip: Samples) -> None:
    """The usual hypotheses follow, each text once, and scores fall."""
    found = texts(AdaptedRecogniser(artifact(tmp_path), Usual()), clip)
    assert found[0].startswith(("can i have a ", "give me a "))
    assert found[1] == "turn on a light"
    assert len(set(found)) == len(found)


def test_what_strains_is_heard_as_usual(tmp_path: Path, clip: Samples) -> None:
    """Where no sentence of the skill explains the sound well enough, none is told."""
    strict = AdaptedRecogniser(artifact(tmp_path, replace(KEPT, strain=0.0)), Usual())
    assert texts(strict, clip) == ["turn on a light", "give me a small latte"]
    assert not isinstance(strict.open(), Flushing)
    assert not strict.encoder and not strict.reads_usage


def test_what_is_dictated_is_no_order(tmp_path: Path, clip: Samples) -> None:
    """Dictation does not pass through the skill's sentences."""
    recogniser = AdaptedRecogniser(artifact(tmp_path), Usual())
    found = texts(recogniser, clip, Hints(expected=Expected.DICTATION))
    assert found == ["turn on a light", "give me a small latte"]


def test_it_is_kept_as_it_is(tmp_path: Path) -> None:
    """What is stored is read again."""
    assert Sentences.read(artifact(tmp_path)) == KEPT


def test_its_folder_may_be_at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tilde of a home folder is understood, as for other recognisers."""
    (tmp_path / "coffee").mkdir()
    artifact(tmp_path / "coffee")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert isinstance(open_recogniser("adapted:~/coffee"), AdaptedRecogniser)


def test_a_damaged_artifact_is_told(tmp_path: Path) -> None:
    """What was changed, or lacks its sentences, is no adapted recogniser."""
    folder = artifact(tmp_path)
    (folder / SENTENCES).write_text("{}", encoding="utf-8")
    with pytest.raises(ArtifactError, match="damaged or was changed"):
        AdaptedRecogniser(folder, Usual())
    with pytest.raises(ArtifactError, match=r"sentences\.json can't be read"):
        Sentences.read(folder)
    with pytest.raises(ArtifactError):
        AdaptedRecogniser(SHIPPED, Usual())
    with pytest.raises(InputError, match="adapted:FOLDER"):
        open_recogniser("adapted")
