"""The words that a skill listens for, kept in its language pack and not in its code.

``en.toml`` beside ``actions.py`` maps a name to phrases: ``all = ["all", "every", "each of"]``.
"""

import re
import tomllib
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import cast

from gnothi.core.errors import SkillError
from gnothi.text.normalise import fold

_NEVER = re.compile(r"(?!)")
_SOME_WORDS = r"\s+(?:\S+\s+){0,4}?"


class Phrases:
    """Some phrases; they are found as whole words, without case, the longest first.

    Three dots in a phrase stand for up to four words: "something ... for dinner".
    """

    def __init__(self, phrases: Iterable[str]) -> None:
        """Take *phrases*; a space in a phrase stands for any white space."""
        self.all = tuple(phrases)

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        ordered = sorted(self.all, key=len, reverse=True)
        words = "|".join(_pattern_of(phrase) for phrase in ordered)
        return re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE) if words else _NEVER

    def find(self, text: str) -> re.Match[str] | None:
        """Return the first phrase in *text*."""
        return self._pattern.search(fold(text))

    def starts(self, text: str) -> bool:
        """Whether *text* begins with one of the phrases."""
        return self._pattern.match(fold(text)) is not None

    def are(self, text: str) -> bool:
        """Whether one of the phrases is all that *text* says."""
        return self._pattern.fullmatch(fold(text).strip(" ,.;:!?\t\n")) is not None

    def every(self, text: str) -> Iterator[re.Match[str]]:
        """Return all phrases in *text* that do not overlap."""
        return self._pattern.finditer(fold(text))

    def last(self, text: str) -> re.Match[str] | None:
        """Return the last phrase in *text*."""
        return next(iter(deque(self.every(text), maxlen=1)), None)

    def cut(self, text: str) -> str:
        """Return *text* without the phrases."""
        kept, end = "", 0
        for match in self.every(text):
            kept += text[end : match.start()]
            end = match.end()
        return " ".join((kept + text[end:]).split())

    def strip(self, text: str) -> str:
        """Return *text* without phrases, punctuation and spaces at its two ends."""
        while True:
            text = text.strip(" ,.;:!?\t\n")
            match, last = self._pattern.match(fold(text)), self.last(text)
            if match and match.end():
                text = text[match.end() :]
            elif last and last.end() == len(text) and last.start() < last.end():
                text = text[: last.start()]
            else:
                return text

    def __contains__(self, text: str) -> bool:
        """Whether one of the phrases is in *text*."""
        return self.find(text) is not None


def _pattern_of(phrase: str) -> str:
    escaped = re.escape(phrase).replace(r"\ \.\.\.\ ", _SOME_WORDS)
    return escaped.replace(r"\ ", r"\s+")


class Vocabulary:
    """The phrases of one skill, by name."""

    def __init__(self, words: Mapping[str, object], where: str = "") -> None:
        """Take lists of phrases, or tables from a meaning to its phrases."""
        self._words = words
        self._where = where
        self._cache: dict[str, Phrases] = {}

    @classmethod
    def beside(cls, file: str, language: str = "en") -> "Vocabulary":
        """Read the words beside *file* (``__file__`` of ``actions.py``)."""
        path = Path(file).with_name(f"{language}.toml")
        try:
            words = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise SkillError(f"{path.parent.name}/{path.name} can't be read: {error}") from error
        return cls(words, f"{path.parent.name}/{path.name}")

    def __getitem__(self, name: str) -> Phrases:
        """Return the phrases called *name*."""
        if name not in self._cache:
            self._cache[name] = Phrases(self._list(name))
        return self._cache[name]

    def table(self, name: str) -> Mapping[str, Phrases]:
        """Return the phrases of each meaning in the table *name*."""
        words = self._words.get(name)
        if not isinstance(words, Mapping):
            raise SkillError(f"{self._where}: '{name}' must be a table of lists of phrases.")
        table = cast("Mapping[str, list[str]]", words)
        return {meaning: self._meaning(name, meaning, table) for meaning in table}

    def texts(self, name: str) -> Mapping[str, str]:
        """Return the table *name* of plain texts."""
        return cast("Mapping[str, str]", self._words.get(name, {}))

    def meaning(self, name: str, text: str) -> str | None:
        """Return the first meaning in the table *name* that has a phrase in *text*."""
        return next((meaning for meaning, words in self.table(name).items() if text in words), None)

    def _meaning(self, name: str, meaning: str, table: Mapping[str, list[str]]) -> Phrases:
        key = f"{name}.{meaning}"
        if key not in self._cache:
            self._cache[key] = Phrases(table[meaning])
        return self._cache[key]

    def _list(self, name: str) -> list[str]:
        words = self._words.get(name)
        if not isinstance(words, list):
            raise SkillError(f"{self._where}: '{name}' must be a list of phrases.")
        return cast("list[str]", words)
