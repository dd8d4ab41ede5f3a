"""Sentences of the library."""

import re
from pathlib import Path

from gnothi.cli import library
from gnothi.recommend.library.sentences import PACK, sentence


def test_every_sentence_that_is_used_exists() -> None:
    """The pack holds every key that the command names, and no other."""
    source = Path(library.__file__).read_text(encoding="utf-8")
    used = set(re.findall(r"\"(library-[a-z-]+)\"", source))
    kept = set(re.findall(r"^(library-[a-z-]+) =", PACK.read_text(encoding="utf-8"), re.MULTILINE))
    assert used == kept


def test_numbers_are_said_properly() -> None:
    """One is not many, and none is said as such."""
    assert sentence("library-source", name="files", pieces=1, kind="song") == "files: 1 song"
    assert sentence("library-source", name="x", pieces=2, kind="album") == "x: 2 albums"
    assert sentence("library-heard", plays=0, person="ana") == "No new plays for ana."
