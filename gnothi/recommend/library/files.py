"""Which audio files hold music: not those that are empty, cut off or something else.

Readers of tags believe what a header says, and find frames of MP3 in any noise. The size of a file
gives it away: sound takes so many bytes a second, no more and no less.
"""

from collections.abc import Iterable
from pathlib import Path

from gnothi.core.protocols import Track

_FEWEST, _MOST_OF_MP3 = 50, 50_000
"""Bytes a second: of silence that is coded well, and of MP3 (320 kbit/s are 40,000)."""
_SHORTEST = 1.0
"""Seconds that a file without tags has to last."""


def apart(tracks: Iterable[Track], folder: Path) -> tuple[list[Track], list[Track]]:
    """Return the *tracks* in *folder* that can be played, and those that can't."""
    good: list[Track] = []
    bad: list[Track] = []
    for track in tracks:
        (good if is_song(track, _size(folder / track.uri)) else bad).append(track)
    return good, bad


def is_song(track: Track, size: int) -> bool:
    """Whether a file of *size* bytes can be what is read of it."""
    if not size or size < _FEWEST * track.seconds:
        return False
    if track.artist or track.album or track.genre or track.year:
        return True
    is_noise = track.uri.lower().endswith(".mp3") and size > _MOST_OF_MP3 * track.seconds
    return track.seconds >= _SHORTEST and not is_noise


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0
