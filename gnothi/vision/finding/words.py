"""The words of this package, from ``en.toml``."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import cast


def listed(name: str) -> Sequence[str]:
    """Return the list called *name*."""
    return cast("Sequence[str]", _words()[name])


def table(name: str) -> Mapping[str, Sequence[str]]:
    """Return the table called *name*, from a meaning to its phrases."""
    return cast("Mapping[str, Sequence[str]]", _words()[name])


def texts(name: str) -> Mapping[str, str]:
    """Return the table called *name*, from a word to another."""
    return cast("Mapping[str, str]", _words()[name])


@cache
def patterns(name: str) -> Mapping[str, re.Pattern[str]]:
    """Return the table called *name*, from a meaning to what finds its phrases as whole words."""
    return {
        meaning: re.compile(
            rf"(?<![\w-])(?:{'|'.join(map(re.escape, sorted(words, key=len, reverse=True)))})"
            r"(?![\w-])"
        )
        for meaning, words in table(name).items()
    }


@cache
def _words() -> Mapping[str, object]:
    return tomllib.loads(files("gnothi.vision.finding").joinpath("en.toml").read_text("utf-8"))
