"""Speech is told from noise and silence, and pieces of it are found between pauses."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from gnothi.core.errors import ArtifactError, InputError
from gnothi.core.hearing import RATE, Samples
from gnothi.speech.audio import read_file
from gnothi.speech.voice import (
    BLOCK,
    BLOCK_S,
    SHIPPED,
    STATEMENT,
    Began,
    Ended,
    Event,
    Heard,
    Pauses,
    Segmenter,
    VoiceDetector,
    VoiceStream,
)

SPEECH = "speech/command-coffee-picovoice/audio/0075d273-51bb-47cb-b323-4437bd0de029.ogg"


class Told(VoiceStream):
    """Says what it is told: the value of a block's first sample is how probable speech is."""

    def __init__(self) -> None:
        self._left = np.zeros(0, np.float32)

    def accept(self, samples: Samples) -> list[float]:
        self._left = np.concatenate([self._left, samples])
        whole = len(self._left) // BLOCK * BLOCK
        found, self._left = self._left[:whole:BLOCK], self._left[whole:]
        return [float(one) for one in found]


def sound(*stretches: tuple[float, float]) -> Samples:
    """Return sound of (seconds, probability of speech) in a row."""
    parts = [np.full(round(s / BLOCK_S) * BLOCK, p, np.float32) for s, p in stretches]
    return np.concatenate(parts)


def cut(samples: Samples, size: int = 1000) -> list[Samples]:
    """Return *samples* in blocks."""
    return [samples[at : at + size] for at in range(0, len(samples), size)]


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of speech between pauses."""

    begin_s: float
    end_s: float
    samples: Samples


def segments(blocks: Iterable[Samples], segmenter: Segmenter) -> Iterator[Segment]:
    """Yield the pieces of speech in a recording, each as soon as it is over."""
    begin, pieces = 0.0, list[Samples]()
    for event in events(blocks, segmenter):
        if isinstance(event, Began):
            begin, pieces = event.at_s, []
        elif isinstance(event, Heard):
            pieces.append(event.samples)
        else:
            yield Segment(begin, event.at_s, np.concatenate(pieces))


def events(blocks: Iterable[Samples], segmenter: Segmenter) -> Iterator[Event]:
    """Yield what happens in a recording from its beginning to its end."""
    for block in blocks:
        yield from segmenter.accept(block)
    yield from segmenter.finish()


def test_one_command_is_one_piece() -> None:
    """A short break does not part what somebody says; a longer pause does."""
    told = sound((1, 0.0), (1, 0.9), (0.3, 0.1), (1, 0.9), (2, 0.0), (0.5, 0.9), (1, 0.0))
    found = list(segments(cut(told), Segmenter(Told())))
    assert [(round(one.begin_s, 1), round(one.end_s, 1)) for one in found] == [
        (0.7, 3.3),
        (5.0, 5.8),
    ]


def test_a_click_is_no_speech() -> None:
    """What lasts less than a tenth of a second begins nothing."""
    told = sound((1, 0.0), (0.064, 1.0), (1, 0.0))
    assert not list(segments(cut(told), Segmenter(Told())))


def test_speech_at_the_end_of_a_recording_is_not_lost() -> None:
    """The end of the sound ends what is said."""
    (found,) = segments(cut(sound((1, 0.0), (1, 0.9))), Segmenter(Told()))
    assert found.end_s == pytest.approx(2, abs=0.05)
    assert len(found.samples) == pytest.approx(1.3 * RATE, abs=2 * BLOCK)


def test_endless_speech_is_parted_and_nothing_is_lost() -> None:
    """A radio talks for minutes: pieces stay short and follow each other without a gap."""
    told = sound((10, 0.9))
    found = list(segments(cut(told), Segmenter(Told(), Pauses(longest_s=3))))
    assert len(found) == 4
    assert sum(len(one.samples) for one in found) == len(told)


def test_events_come_in_order_and_tell_the_silence() -> None:
    """Beginning, sound, end; the silence grows while nobody speaks."""
    seen = list(events(cut(sound((0.5, 0), (1, 0.9), (1, 0))), Segmenter(Told())))
    assert isinstance(seen[0], Began)
    assert isinstance(seen[-1], Ended)
    silences = [one.silence_s for one in seen if isinstance(one, Heard)]
    assert max(silences) == pytest.approx(STATEMENT.pause_s, abs=BLOCK_S)


def test_speech_is_told_from_silence_and_noise(data: Path) -> None:
    """A person is heard once; a quiet room and a tone are not."""
    detector = VoiceDetector()
    (found,) = segments(read_file(data / SPEECH), Segmenter(detector.open()))
    assert 1 < found.end_s - found.begin_s < 6
    rng = np.random.default_rng(0)
    room = rng.normal(0, 0.001, 4 * RATE).astype(np.float32)
    tone = (0.3 * np.sin(2 * np.pi * 440 * np.arange(4 * RATE) / RATE)).astype(np.float32)
    for quiet in (room, tone, np.zeros(4 * RATE, np.float32)):
        assert not list(segments(cut(quiet), Segmenter(detector.open())))


def test_blocks_of_any_size_are_heard_alike(data: Path) -> None:
    """How sound is cut changes nothing, and streams do not disturb each other."""
    samples = np.concatenate(list(read_file(data / SPEECH)))
    one, other = VoiceDetector().open(), VoiceDetector().open()
    expected = one.accept(samples)
    assert len(expected) == len(samples) // BLOCK
    found = [chance for block in cut(samples, 777) for chance in other.accept(block)]
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_damaged_and_wrong_input_is_told(tmp_path: Path) -> None:
    """A network that was changed is not loaded, and sound of another type is refused."""
    for file in SHIPPED.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "model.onnx").write_bytes(b"damaged")
    with pytest.raises(ArtifactError, match="damaged"):
        VoiceDetector(tmp_path).open()
    with pytest.raises(InputError):
        VoiceDetector().open().accept(np.zeros(BLOCK))  # pyright: ignore[reportArgumentType]
