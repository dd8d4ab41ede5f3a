"""Audio files with tags, for libraries in tests: silence in WAV, tags as RIFF has them."""

import struct
from pathlib import Path

RATE = 8000


def record(file: Path, *, seconds: float = 1.0, **tags: str) -> None:
    """Write a silence with *tags*: ``artist``, ``title``, ``genre``, ``year``."""
    names = {"artist": b"IART", "title": b"INAM", "genre": b"IGNR", "year": b"ICRD"}
    info = b"INFO" + b"".join(
        _chunk(names[tag], f"{text}\0".encode()) for tag, text in tags.items()
    )
    form = struct.pack("<HHIIHH", 1, 1, RATE, RATE, 1, 8)
    silence = bytes([128]) * round(RATE * seconds)
    wave = b"WAVE" + _chunk(b"fmt ", form) + _chunk(b"LIST", info) + _chunk(b"data", silence)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"RIFF" + struct.pack("<I", len(wave)) + wave)


def record_library(folder: Path, *, seconds: float = 1.0) -> None:
    """Write two pieces each by some artists whom our own catalogue knows, and by one more."""
    for artist, genre, year in ARTISTS:
        for number in (1, 2):
            name = f"{artist} {number}"
            tags = {"artist": artist, "title": f"{name} song", "genre": genre, "year": year}
            record(folder / artist / f"{name}.wav", seconds=seconds, **tags)


ARTISTS = (
    ("Nina Simone", "jazz", "1965"),
    ("Miles Davis", "jazz", "1959"),
    ("Daft Punk", "electronic", "1997"),
    ("Air", "electronic", "1998"),
    ("The Beatles", "rock", "1967"),
    ("Radiohead", "alternative rock", "1997"),
    ("Metallica", "metal", "1986"),
    ("Bob Marley", "reggae", "1977"),
    ("Björk", "electronic", "1995"),
    ("Johnny Cash", "country", "1963"),
    ("The Neighbours' Band", "folk", "2015"),
)


def _chunk(name: bytes, content: bytes) -> bytes:
    return name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)
