"""Which audio files hold music."""

import random
import wave
from pathlib import Path

import pytest

from gnothi.core.protocols import Track
from gnothi.journal.memory import MemoryStore
from gnothi.recommend.library.files import apart, is_song
from gnothi.skills.builtin.music.library import scan


def test_noise_and_empty_files_are_no_songs(tmp_path: Path) -> None:
    """What has no tags has to last, and to be as large as sound is."""
    noise = random.Random(0)
    (tmp_path / "empty.mp3").touch()
    for number, size in enumerate([*[1_000] * 20, 5_000, 200_000, 1_000_000]):
        (tmp_path / f"noise {number}.mp3").write_bytes(noise.randbytes(size))
    (tmp_path / "noise.flac").write_bytes(noise.randbytes(5_000))
    with wave.open(str(tmp_path / "tape.wav"), "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(bytes(2 * 8000 * 2))
    good, bad = apart(scan(tmp_path, MemoryStore()).tracks, tmp_path)
    assert [one.title for one in good] == ["tape"]
    assert len(bad) == 25


@pytest.mark.parametrize(
    ("size", "seconds", "artist", "is_one"),
    [
        (300, 70.0, "Nina Simone", False),
        (560_000, 70.0, "Nina Simone", True),
        (560_000, 70.0, "", True),
        (500, 0.0, "Nina Simone", True),
        (0, 0.0, "Nina Simone", False),
    ],
)
def test_a_file_is_as_large_as_what_is_in_it(
    size: int, seconds: float, artist: str, is_one: bool
) -> None:
    """A header that promises a minute, and nothing after it, is no song."""
    assert is_song(Track("1", "Feeling Good", artist, uri="1.mp3", seconds=seconds), size) is is_one


def test_a_file_that_is_gone_is_no_song(tmp_path: Path) -> None:
    """It was there when its tags were read."""
    gone = Track("1", "Hyperballad", "Björk", uri="1.mp3", seconds=60.0)
    assert apart([gone], tmp_path) == ([], [gone])
