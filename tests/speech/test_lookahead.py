"""A frame waits as long as it must for what is said after it, and no longer."""

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from gnothi.core.artifact import CARD, read_card
from gnothi.core.errors import ArtifactError
from gnothi.core.hearing import RATE, Expected, Hints, Samples
from gnothi.speech.audio import read_file
from gnothi.speech.lookahead import CAP, FILE, LEAST, SHIPPED, Gate, Pace, divergence, features
from gnothi.speech.streaming import StreamingModel, StreamingRecogniser
from gnothi.speech.wording import shipped
from gnothi.testing.hearing import recogniser_complaints

CLIP = "speech/librispeech-3spk/audio/26-496-0026.opus"
PIECES = 20
NONE = np.zeros((0, PIECES), np.float32)


@pytest.fixture(scope="module")
def gate() -> Gate:
    """What comes with Gnothi."""
    return Gate.read()


def spread(*chances: float) -> NDArray[np.float32]:
    """Return frames in which the first piece has these chances, and the others share the rest."""
    rows = np.stack([np.full(PIECES, (1 - one) / (PIECES - 1)) for one in chances])
    rows[:, 0] = chances
    return np.log(rows).astype(np.float32)


def test_sure_frames_do_not_wait(gate: Gate) -> None:
    """Silence that stays silence is final; where anything may be said, more is waited for."""
    assert gate.final(spread(0.999, 0.999, 0.999), spread(0.999, 0.999)) == 2
    assert gate.final(spread(0.06, 0.06, 0.06), spread(0.3, 0.3)) == 0


def test_nobody_overtakes(gate: Gate) -> None:
    """A sure frame waits for an unsure one before it."""
    assert gate.final(spread(0.06, 0.999, 0.999, 0.999), spread(0.3, 0.9, 0.9)) == 0


def test_at_the_cap_nothing_waits_any_more(gate: Gate) -> None:
    """With the most look-ahead there is, a frame is final however unsure it is."""
    unsure = spread(*[0.06] * (CAP + 1))
    assert gate.with_(LEAST, 0.0).final(unsure, NONE) == 1
    assert gate.next(CAP).chunk + gate.next(CAP).right == CAP + 1


@given(st.lists(st.floats(0.01, 0.999), min_size=1, max_size=CAP + 1), st.integers(0, 3))
def test_more_patience_means_more_waiting(chances: list[float], least: int) -> None:
    """Whoever wants a longer look-ahead, or more certainty, lets no more frames go."""
    gate = Gate.read()
    hasty, patient = gate.with_(least, 0.1), gate.with_(least + 1, 0.01)
    scores = spread(*chances)
    assert 0 <= patient.final(scores, NONE) <= hasty.final(scores, NONE) <= len(chances)


def test_a_steady_pace_is_steady() -> None:
    """A fixed look-ahead asks for the same whatever the scores are."""
    look = Pace(4, 2).next(3)
    assert (look.chunk, look.right) == (4, 2)
    assert Pace(4, 2).final(spread(*[0.1] * 6), NONE) == 4


def test_features_know_what_changed() -> None:
    """A frame that was looked at before tells by how much it changed; the last has none after."""
    scores, before = spread(0.5, 0.9), spread(0.9)
    found = features(scores, before)
    assert found[0, 8] == pytest.approx(np.log(divergence(scores[:1], before)[0] + 1e-4))
    assert divergence(scores, scores) == pytest.approx([0, 0])
    assert not found[1, 4:8].any()
    assert found[:, 9].tolist() == [1, 0]


def test_it_is_a_recogniser(gate: Gate, data: Path) -> None:
    """With a gate, too, what is heard does not depend on blocks; and partials come earlier."""
    recogniser = StreamingRecogniser(StreamingModel(), shipped, pace=gate)
    clip = np.concatenate(list(read_file(data / CLIP)))
    anything = Hints(expected=Expected.DICTATION)
    assert list(recogniser_complaints(recogniser, clip, hints=anything)) == []
    assert len(_states(recogniser, clip[:RATE])) > len(
        _states(StreamingRecogniser(StreamingModel(), shipped, pace=Pace(8, 4)), clip[:RATE])
    )


def _states(recogniser: StreamingRecogniser, sound: Samples) -> NDArray[np.float32]:
    stream = recogniser.open(Hints(expected=Expected.DICTATION))
    shown = stream.accept(sound).states
    assert shown is not None
    return shown


def test_a_damaged_gate_is_told(tmp_path: Path) -> None:
    """A gate that is not what its card says, or of another shape, is refused."""
    card = read_card(SHIPPED)
    (tmp_path / FILE).write_bytes((SHIPPED / FILE).read_bytes())
    (tmp_path / CARD).write_text(json.dumps(asdict(card)), encoding="utf-8")
    assert Gate.read(tmp_path).bias == Gate.read().bias
    (tmp_path / FILE).write_text("{}", encoding="utf-8")
    with pytest.raises(ArtifactError, match="damaged"):
        Gate.read(tmp_path)
