"""Our recogniser hears as it is spoken to, however the sound is cut, and keeps the interface."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest

from gnothi.core.artifact import CARD, read_card
from gnothi.core.errors import ArtifactError, InputError
from gnothi.core.hearing import RATE, Expected, Hints, Samples
from gnothi.core.protocols import Name
from gnothi.speech.audio import read_file
from gnothi.speech.ear import Ear, Utterance
from gnothi.speech.lookahead import Pace
from gnothi.speech.reciting import recite, voices
from gnothi.speech.resample import Resampler
from gnothi.speech.streaming import (
    SHIPPED,
    Advance,
    StreamingModel,
    StreamingRecogniser,
    StreamingStream,
)
from gnothi.speech.voice import VoiceDetector
from gnothi.speech.wording import shipped
from gnothi.testing.hearing import recogniser_complaints

CLIP = "speech/librispeech-3spk/audio/26-496-0026.opus"
ANYTHING = Hints(expected=Expected.DICTATION)


@pytest.fixture(scope="module")
def model() -> StreamingModel:
    """What comes with Gnothi."""
    return StreamingModel()


@pytest.fixture
def recogniser(model: StreamingModel) -> StreamingRecogniser:
    """A recogniser with the shipped wording."""
    return StreamingRecogniser(model, shipped)


@pytest.fixture
def clip(data: Path) -> Samples:
    """Two seconds and a bit of read speech."""
    return np.concatenate(list(read_file(data / CLIP)))


def feed(stream: StreamingStream, sound: Samples, size: int) -> list[np.ndarray]:
    """Feed *sound* in blocks, and return the encoder's states as they come."""
    partials = [stream.accept(sound[at : at + size]) for at in range(0, len(sound), size)]
    return [partial.states for partial in partials if partial.states is not None]


def test_it_is_a_recogniser(recogniser: StreamingRecogniser, clip: Samples) -> None:
    """It passes the checks that every recogniser passes."""
    assert list(recogniser_complaints(recogniser, clip)) == []


def test_it_hears_letters_where_anything_may_be_said(
    recogniser: StreamingRecogniser, clip: Samples
) -> None:
    """Without a language model it writes what it hears, with words in time."""
    stream = recogniser.open(ANYTHING)
    feed(stream, clip, 1600)
    best, *others = stream.finish()
    assert best.text
    assert others
    assert best.words[-1].end_s <= len(clip) / RATE + 0.1


@pytest.mark.parametrize("pace", [Pace(8, 4), Pace(5, 0), Pace(16, 16)])
def test_blocks_do_not_matter(recogniser: StreamingRecogniser, clip: Samples, pace: Pace) -> None:
    """Encoder states and hypotheses are those of the whole, at any pace."""
    found = []
    for size in (len(clip), 1237):
        stream = recogniser.open(ANYTHING)
        stream.pace = pace
        states = np.concatenate(feed(stream, clip, size))
        found.append((states, stream.finish()))
    (whole, first), (cut, second) = found
    np.testing.assert_allclose(whole, cut, atol=1e-3)
    assert [one.text for one in first] == [one.text for one in second]


def test_the_look_ahead_is_taken_at_run_time(
    recogniser: StreamingRecogniser, clip: Samples
) -> None:
    """A longer look-ahead answers later, and hears the same beginning with other certainty."""
    counts = []
    for right in (0, 8):
        stream = recogniser.open(ANYTHING)
        stream.pace = Pace(4, right)
        counts.append(sum(map(len, feed(stream, clip[:RATE], 1600))))
    assert counts == [16, 8]


def test_streams_at_the_same_time_hear_what_each_hears_alone(
    recogniser: StreamingRecogniser, clip: Samples
) -> None:
    """Several people speak, with threads of their own; one hangs up in the middle."""
    clips = [clip[at * 3000 :] for at in range(4)]

    def hear(sound: Samples) -> list[str]:
        stream = recogniser.open(ANYTHING)
        feed(stream, sound, 1600)
        return [one.text for one in stream.finish()]

    alone = [hear(sound) for sound in clips]
    hung_up = recogniser.open(ANYTHING)
    hung_up.accept(clip[: RATE // 2])
    hung_up.close()
    with ThreadPoolExecutor(len(clips)) as pool:
        assert list(pool.map(hear, clips)) == alone


@pytest.mark.parametrize("count", [1, 3, 8])
def test_what_was_worked_out_can_be_kept_in_part(model: StreamingModel, count: int) -> None:
    """Frames that are kept out of more are those of a chunk of that length, and so is the rest."""
    frames = np.random.default_rng(0).normal(0, 0.5, (80, 192)).astype(np.float32)
    whole, part = model.open(), model.open()
    for stream in (whole, part):
        stream.accept(frames)
        model.advance([Advance(stream, 8, 4)])
    [first] = model.advance([Advance(whole, count, 14 - count)])
    [attempt] = model.attempt([Advance(part, 8, 6)])
    np.testing.assert_allclose(attempt.keep(count).scores, first.scores, atol=1e-5)
    [then], [again] = (model.advance([Advance(one, 4, 2)]) for one in (whole, part))
    np.testing.assert_allclose(then.scores, again.scores, atol=1e-5)


def test_no_more_is_kept_than_was_worked_out(model: StreamingModel) -> None:
    """What to carry on from the middle of a long chunk is not known."""
    stream = model.open()
    stream.accept(np.zeros((80, 192), np.float32))
    [long] = model.attempt([Advance(stream, 12, 0)])
    [short] = model.attempt([Advance(stream, 8, 4)])
    for attempt, count in ((long, 11), (short, 0), (short, 9)):
        with pytest.raises(InputError, match="can't be kept"):
            attempt.keep(count)


def test_equal_hints_are_prepared_once(recogniser: StreamingRecogniser) -> None:
    """A home's language model is kept from one turn to the next."""
    hints = Hints(names=(Name("reading lamp", "light.reading", "device"),))
    first, again = recogniser.open(hints), recogniser.open(replace(hints))
    assert first.expectation is again.expectation
    assert recogniser.open().expectation is not first.expectation


def test_other_languages_are_refused(recogniser: StreamingRecogniser) -> None:
    """It says that it knows only English."""
    with pytest.raises(InputError, match="only English"):
        recogniser.open(Hints(language="de"))


def test_a_damaged_model_is_told(tmp_path: Path) -> None:
    """A file that is not what the card says, or of another kind, is refused."""
    card = read_card(SHIPPED)
    for name in card.files:
        (tmp_path / name).write_bytes((SHIPPED / name).read_bytes())
    (tmp_path / CARD).write_text(json.dumps(asdict(card)), encoding="utf-8")
    StreamingModel(tmp_path)
    (tmp_path / "pieces.json").write_text("[]", encoding="utf-8")
    with pytest.raises(ArtifactError, match="damaged"):
        StreamingModel(tmp_path)


def test_it_is_small() -> None:
    """The recogniser ships with at most 5 MB."""
    assert sum(path.stat().st_size for path in SHIPPED.iterdir()) <= 5e6


@pytest.mark.skipif("flite slt" not in voices(), reason="the program flite is not installed")
def test_bad_microphones_are_heard(recogniser: StreamingRecogniser) -> None:
    """Faint, shifted and clipped speech, and that of other rates, through the ear as it serves."""
    text = "turn on the kitchen light"
    [spoken] = recite([text], [voices()["flite slt"]], np.random.default_rng(0))
    sound = np.pad(spoken.samples, (0, RATE))
    hints = Hints(names=(Name("Kitchen Light", "light.kitchen", "device"),))
    detector = VoiceDetector()
    kinds = {
        "as it is": (sound, RATE),
        "faint, and beside zero": (0.05 * sound + 0.2, RATE),
        "clipped": (np.clip(3 * sound, -1, 1), RATE),
        "of a telephone": (sound[::2], RATE // 2),
        "of a camera": (np.repeat(sound, 3), 3 * RATE),
    }
    heard = dict[str, str]()
    for kind, (samples, rate) in kinds.items():
        mono = Resampler(rate).take(samples.astype(np.float32), is_last=True)
        blocks = (mono[at : at + 1_600] for at in range(0, len(mono), 1_600))
        found = Ear(recogniser, detector, hints).hear(blocks)
        [said] = [one for one in found if isinstance(one, Utterance)]
        heard[kind] = said.hypotheses[0].text
    assert heard == dict.fromkeys(kinds, text)
