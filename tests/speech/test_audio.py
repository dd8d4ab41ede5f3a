"""Sound is read from anything usual, and what can't be read is told in a sentence."""

import io
import os
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
import soundfile  # pyright: ignore[reportMissingTypeStubs] - it has none

from gnothi.core.errors import InputError
from gnothi.core.hearing import RATE, Samples
from gnothi.speech.audio import BLOCK_S, Raw, read_file, read_pipe
from gnothi.speech.resample import Resampler, from_pcm16, to_pcm16


def tone(seconds: float = 2.0, rate: int = RATE, hertz: float = 440.0) -> Samples:
    """Return a sine of *hertz*."""
    return (0.5 * np.sin(2 * np.pi * hertz * np.arange(int(seconds * rate)) / rate)).astype(
        np.float32
    )


def whole(blocks: Iterable[Samples]) -> Samples:
    """Return everything that was read."""
    return np.concatenate(list(blocks))


@pytest.mark.parametrize(
    ("name", "kind", "subtype", "rate"),
    [
        ("a.wav", "WAV", "PCM_16", 44_100),
        ("a.wav", "WAV", "FLOAT", 8_000),
        ("a.flac", "FLAC", "PCM_16", 48_000),
        ("a.ogg", "OGG", "VORBIS", 22_050),
        ("a.opus", "OGG", "OPUS", 48_000),
    ],
)
@pytest.mark.parametrize("channels", [1, 2])
def test_it_reads_usual_files(
    tmp_path: Path, name: str, kind: str, subtype: str, rate: int, channels: int
) -> None:
    """Every usual kind of file sounds as it was recorded, at 16 kHz, from a file or a pipe."""
    path = tmp_path / name
    sound = np.stack([tone(rate=rate)] * channels, axis=1)
    soundfile.write(path, sound, rate, format=kind, subtype=subtype)
    heard = whole(read_file(path))
    with path.open("rb") as pipe:
        piped = whole(read_pipe(pipe))
    assert abs(len(heard) - 2 * RATE) <= 2
    spectrum = np.abs(np.fft.rfft(heard[RATE // 2 : RATE // 2 + RATE]))
    assert int(spectrum.argmax()) == 440
    # Opus is decoded as it comes, at the rate of recognisers: what differs is softer by 30 dB.
    near, edge = (0.03, 400) if subtype == "OPUS" else (2e-4, 0)
    assert len(piped) == len(heard)
    inside = slice(edge, len(heard) - edge)
    np.testing.assert_allclose(piped[inside], heard[inside], atol=near)


def test_blocks_are_small(tmp_path: Path) -> None:
    """A long recording is handed out in small pieces."""
    soundfile.write(tmp_path / "a.wav", tone(30), RATE)
    assert max(map(len, read_file(tmp_path / "a.wav"))) <= BLOCK_S * RATE


def test_resampling_in_blocks_is_resampling_at_once() -> None:
    """Nothing is heard of the seams between blocks."""
    sound, apart, once = tone(rate=44_100), Resampler(44_100), Resampler(44_100)
    blocks = [apart.take(sound[at : at + 777]) for at in range(0, len(sound), 777)]
    blocks.append(apart.take(sound[:0], is_last=True))
    np.testing.assert_allclose(np.concatenate(blocks), once.take(sound, is_last=True), atol=1e-6)


def test_pcm_goes_there_and_back() -> None:
    """16-bit samples are the same after a round trip; half a sample at the end is left out."""
    values = np.array([-32768, -1, 0, 1, 32767], dtype="<i2").tobytes()
    assert to_pcm16(from_pcm16(values + b"\x01")) == values


def test_it_hears_a_microphone_without_an_end() -> None:
    """WAV from a pipe may declare no length, and raw samples need no header."""
    kept = io.BytesIO()
    soundfile.write(kept, tone(), RATE, format="WAV", subtype="PCM_16")
    endless = bytearray(kept.getvalue())
    endless[40:44] = b"\xff\xff\xff\xff"
    expected = tone()
    np.testing.assert_allclose(whole(read_pipe(io.BytesIO(bytes(endless)))), expected, atol=1e-4)
    raw = io.BytesIO(to_pcm16(tone()))
    np.testing.assert_allclose(whole(read_pipe(raw, Raw(RATE))), expected, atol=1e-4)


@pytest.mark.parametrize(
    "length", [0, 0x7FFF0000, 0x7FFFF000, 0x7FFFFF00, 0x80000000, 0xFFFFFFF0, 0xFFFFFFFF]
)
@pytest.mark.parametrize("subtype", ["PCM_16", "FLOAT"])
def test_it_hears_what_a_killed_recorder_left(tmp_path: Path, length: int, subtype: str) -> None:
    """A length that was never filled in is no length, in a file as through a pipe."""
    kept = io.BytesIO()
    soundfile.write(kept, tone(), RATE, format="WAV", subtype=subtype)
    content = bytearray(kept.getvalue())
    at = content.index(b"data") + 4
    content[at : at + 4] = length.to_bytes(4, "little")
    (tmp_path / "a.wav").write_bytes(content)
    heard = whole(read_file(tmp_path / "a.wav"))
    np.testing.assert_allclose(heard, whole(read_pipe(io.BytesIO(content))), atol=1e-4)
    np.testing.assert_allclose(heard[: 2 * RATE], tone(), atol=1e-4)


@pytest.mark.parametrize("zeros", [1, 1000, 65_300, 200_000])
def test_zeros_after_the_last_page_of_ogg_do_no_harm(tmp_path: Path, zeros: int) -> None:
    """Some file systems and recorders leave them; a file cut before them is still cut."""
    path, content = tmp_path / "a.ogg", damaged("OGG")
    path.write_bytes(content + bytes(zeros))
    assert len(whole(read_file(path))) == pytest.approx(8 * RATE, abs=RATE // 10)
    path.write_bytes(content[: len(content) // 2] + bytes(zeros))
    with pytest.raises(InputError, match=r"(ends too early|damaged)"):
        whole(read_file(path))


def damaged(kind: str) -> bytes:
    """Return a whole file, to be damaged."""
    kept = io.BytesIO()
    subtype = {"WAV": "PCM_16", "FLAC": "PCM_16", "OGG": "OPUS"}[kind]
    soundfile.write(kept, tone(8), RATE, format=kind, subtype=subtype)
    return kept.getvalue()


CASES = {
    "empty": (b"", "empty"),
    "garbage": (np.random.default_rng(0).bytes(20_000), "no sound that can be read"),
    "text": (b"Turn on the light.", "no sound that can be read"),
    "header alone": (damaged("FLAC")[:30], "no sound that can be read"),
    "cut WAV": (damaged("WAV")[:90_000], "ends too early"),
    "cut FLAC": (damaged("FLAC")[: len(damaged("FLAC")) // 2], "(damaged|ends too early)"),
    "cut Opus": (damaged("OGG")[: len(damaged("OGG")) // 2], "ends too early"),
    "no samples": (damaged("WAV")[:40] + b"\0\0\0\0", "holds no sound"),
}


@pytest.mark.parametrize("case", CASES)
def test_bad_files_are_told_in_a_sentence(tmp_path: Path, case: str) -> None:
    """Garbage, empty and cut files say what is wrong with them."""
    content, told = CASES[case]
    path = tmp_path / "sound"
    path.write_bytes(content)
    with pytest.raises(InputError, match=told):
        whole(read_file(path))
    with pytest.raises(InputError):
        whole(read_pipe(io.BytesIO(content)))


@pytest.mark.parametrize(("rate", "channels"), [(0, 1), (100, 1), (10**7, 1), (16_000, 0)])
def test_impossible_formats_are_refused(rate: int, channels: int) -> None:
    """No microphone records like that."""
    with pytest.raises(InputError):
        Resampler(rate, channels)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    """The sentence names the file, and a folder is called one."""
    with pytest.raises(InputError, match="is a folder"):
        whole(read_file(tmp_path))
    with pytest.raises(InputError, match=r"nothing\.wav"):
        whole(read_file(tmp_path / "nothing.wav"))


def test_what_is_no_number_is_silent() -> None:
    """Floats that are no numbers, or far too loud, do no harm later."""
    heard = Resampler(RATE).take(np.array([np.nan, np.inf, -1e12, 0.5], np.float32))
    np.testing.assert_array_equal(heard, np.array([0, 1, -1, 0.5], np.float32))


def test_opus_is_heard_while_it_comes_in_short_pieces() -> None:
    """A pipe may hand out less than the head of a page at first."""

    class Slow(io.BytesIO):
        def read1(self, size: int | None = -1, /) -> bytes:
            return self.read(20)

    pipe = Slow(damaged("OGG"))
    assert len(next(read_pipe(pipe)))
    assert pipe.tell() < len(pipe.getvalue()) / 2


def test_a_terminal_is_no_pipe() -> None:
    """Who forgot to pipe something in is told, and does not wait for ever."""
    ours, theirs = os.openpty()
    try:
        with open(theirs, "rb", closefd=False) as pipe, pytest.raises(InputError, match="arecord"):
            whole(read_pipe(pipe))
    finally:
        os.close(ours)
        os.close(theirs)
