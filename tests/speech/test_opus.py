"""Opus is heard while it comes, and what is none is told."""

import io

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from gnothi.core.errors import InputError
from gnothi.core.hearing import RATE, Samples
from gnothi.speech.ogg import PageReader
from gnothi.speech.opus import OggDecoder, PacketDecoder, duration


def encoded(seconds: float = 3.0, *, subtype: str = "OPUS", channels: int = 1) -> bytes:
    """Return a chirp as a file, as libsndfile writes it."""
    at = np.arange(int(seconds * RATE)) / RATE
    chirp = 0.4 * np.sin(2 * np.pi * (200 + 150 * at) * at) * (np.sin(9 * at) > -0.5)
    file = io.BytesIO()
    soundfile.write(file, np.stack([chirp] * channels, 1), RATE, format="OGG", subtype=subtype)
    return file.getvalue()


FILE = encoded()
WHOLE: Samples = soundfile.read(io.BytesIO(FILE), dtype="float32")[0]


def decoded(data: bytes, size: int) -> Samples:
    """Return what is heard of *data* that comes in pieces."""
    decoder = OggDecoder()
    pieces = [decoder.take(data[at : at + size]) for at in range(0, len(data), size)]
    return np.concatenate([*pieces, decoder.finish()])


def difference(heard: Samples, whole: Samples = WHOLE) -> float:
    """Return how loud the difference is, of the sound, in decibels."""
    assert len(heard) == len(whole)
    return 10 * np.log10(np.mean((heard - whole) ** 2) / np.mean(whole**2))


@pytest.mark.parametrize("size", [97, 5_000, len(FILE)])
def test_a_stream_is_heard_as_it_comes(size: int) -> None:
    """In whatever pieces: the same as the whole file, but for what nobody hears."""
    assert difference(decoded(FILE, size)) < -20


def test_two_channels_become_one() -> None:
    """Whoever records with two microphones is heard as well."""
    assert difference(decoded(encoded(channels=2), 1_000)) < -15


def test_single_packets_are_heard() -> None:
    """Without any container, a packet at a time; two streams in one file follow each other."""
    head, _, *packets = (one for page in PageReader().take(FILE) for one in page.packets)
    skip = int.from_bytes(head[10:12], "little")
    decoder = PacketDecoder(skip)
    heard = np.concatenate([*(decoder.take(one) for one in packets), decoder.flush()])
    assert difference(heard[: len(WHOLE)]) < -20
    assert sum(map(duration, packets)) / 48_000 == pytest.approx(3, abs=0.1)
    twice = decoded(FILE + FILE, 700)
    assert len(twice) == 2 * len(WHOLE)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"RIFF1234WAVE", "no Ogg"),
        (b"\x1aE\xdf\xa3" * 20, "no Ogg"),
        (FILE[:-10], "cut off"),
        (FILE[:30], "cut off"),
        (FILE[:40], "cut off"),
        (b"", "no sound"),
        (FILE[:2_000] + b"\0\0" + FILE[2_002:], "damaged"),
        (FILE + b"and now something else", "no Ogg"),
        (encoded(subtype="VORBIS"), "no Opus"),
        (FILE[:4] + b"\x07" + FILE[5:], "version 7"),
    ],
    ids=range(10),  # An Ogg file has a serial number by chance, and tests are named by it.
)
def test_what_is_no_opus_is_told(data: bytes, why: str) -> None:
    """Garbage, other kinds, damage, and ends in the middle of something."""
    with pytest.raises(InputError, match=why):
        decoded(data, 500)


@given(st.binary(max_size=300))
@settings(max_examples=60, deadline=None)
def test_garbage_breaks_nothing(data: bytes) -> None:
    """Whatever a packet holds, it is sound or refused."""
    decoder = PacketDecoder()
    try:
        heard = np.concatenate([decoder.take(data), decoder.flush()])
    except InputError:
        return
    assert len(heard) <= RATE and np.isfinite(heard).all()
