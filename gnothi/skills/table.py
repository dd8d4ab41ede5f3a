"""Read the TOML of a skill and say which place is wrong when one is."""

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar, cast

from gnothi.core.errors import SkillError

T = TypeVar("T")
_KINDS: Mapping[type, str] = {dict: "a table", list: "a list", str: "a text", bool: "true or false"}


class Table:
    """One table of a ``skill.toml``; every key must be asked for before :meth:`close`."""

    def __init__(self, value: object, where: str) -> None:
        """Take the table *value*; *where* is its file and key, for messages."""
        if not isinstance(value, Mapping):
            raise SkillError(f"{where}: expected a table, found {value!r}.")
        self._left = dict(cast("Mapping[str, object]", value))
        self._known: list[str] = []
        self.where = where

    def required(self, key: str) -> str:
        """Return the text under *key*, which must be there and not be empty."""
        text = self.text(key).strip()
        if not text:
            raise self.wrong(key, f'is missing; add {key} = "…".')
        return text

    def text(self, key: str, default: str = "") -> str:
        """Return the text under *key*."""
        return self._take(key, str, default)

    def flag(self, key: str) -> bool:
        """Return the truth under *key*, false when it is missing."""
        return self._take(key, bool, default=False)

    def texts(self, key: str) -> tuple[str, ...]:
        """Return the list of texts under *key*; one text counts as a list of one."""
        if isinstance(self._left.get(key), str):
            return (self.text(key),)
        values = self._take(key, list, cast("list[object]", []))
        for value in values:
            if not isinstance(value, str):
                raise self.wrong(key, f"has {value!r}; write every entry in quotes.")
        return tuple(cast("list[str]", values))

    def tables(self, key: str) -> Iterator["Table"]:
        """Return the tables of the list under *key* (``[[key]]``)."""
        for number, value in enumerate(self._take(key, list, cast("list[object]", [])), start=1):
            yield Table(value, f"{self.where}, {key} {number}")

    def named(self, key: str) -> Iterator[tuple[str, "Table"]]:
        """Return the tables under *key* (``[key.NAME]``) with their names."""
        for name, value in self.mapping(key).items():
            yield name, Table(value, f"{self.where}, {key}.{name}")

    def mapping(self, key: str) -> Mapping[str, object]:
        """Return the table under *key* as it is."""
        return self._take(key, dict, cast("dict[str, Any]", {}))

    def has(self, key: str) -> bool:
        """Whether *key* is there and has not been asked for."""
        return key in self._left

    def wrong(self, key: str, message: str) -> SkillError:
        """Return an error about *key*."""
        return SkillError(f"{self.where}: '{key}' {message}")

    def close(self) -> None:
        """Check that nothing is left, so that a typing error does not go unnoticed."""
        if self._left:
            known = ", ".join(sorted(self._known))
            raise self.wrong(next(iter(self._left)), f"is not known here; known are {known}.")

    def _take(self, key: str, kind: type[T], default: T) -> T:
        self._known.append(key)
        value = self._left.pop(key, default)
        if not isinstance(value, kind):
            raise self.wrong(key, f"must be {_KINDS[kind]}, not {value!r}.")
        return value
