"""Read JSON that people write by hand, and say which place is wrong when one is."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar, cast

from gnothi.core.errors import InputError

T = TypeVar("T")

_KINDS: Mapping[type, str] = {
    dict: "an object",
    list: "a list",
    str: "a text",
    bool: "true or false",
}


class Fields:
    """The fields of one JSON object; those that nobody asks for are kept as ``rest``.

    ``where`` is the path of the object (``devices[3]``) for messages.
    """

    def __init__(self, value: object, where: str) -> None:
        """Take the object *value*, found at *where*."""
        if not isinstance(value, Mapping):
            raise InputError(f"{where or 'The home'}: expected an object, found {_shown(value)}.")
        self._left = dict(cast("Mapping[str, object]", value))
        self._where = where

    @property
    def rest(self) -> Mapping[str, object]:
        """Everything that was not asked for."""
        return self._left

    def required(self, key: str) -> str:
        """Return the text under *key*, which must be there and not be empty."""
        text = self.text(key, "")
        if not text.strip():
            raise InputError(f"{self._place(key)}: needed, but missing or empty.")
        return text

    def text(self, key: str, default: str) -> str:
        """Return the text under *key*."""
        value = self._left.pop(key, None)
        if value is None:
            return default
        return self._checked(key, value, str)

    def optional(self, key: str) -> str | None:
        """Return the text under *key*, ``None`` when it is missing; numbers become text."""
        value = self._left.pop(key, None)
        if isinstance(value, bool):
            return "on" if value else "off"
        if isinstance(value, int | float):
            return str(value)
        return None if value is None else self._checked(key, value, str)

    def flag(self, key: str) -> bool:
        """Return the truth under *key*, false when it is missing."""
        value = self._left.pop(key, None)
        return False if value is None else self._checked(key, value, bool)

    def texts(self, key: str) -> tuple[str, ...]:
        """Return the list of texts under *key*; empty ones are dropped."""
        return tuple(
            name for place, value in self._listed(key) if (name := _text(value, place).strip())
        )

    def mapping(self, key: str) -> Mapping[str, object]:
        """Return the object under *key*, empty when it is missing."""
        value = self._left.pop(key, None)
        if value is None:
            return {}
        found = cast("dict[object, object]", self._checked(key, value, dict))
        return {str(name): item for name, item in found.items()}

    def each(self, key: str, read: Callable[["Fields"], T]) -> tuple[T, ...]:
        """Return what *read* makes of every object in the list under *key*."""
        return tuple(read(Fields(value, place)) for place, value in self._listed(key))

    def wrong(self, key: str, message: str) -> InputError:
        """Return an error about the value under *key*."""
        return InputError(f"{self._place(key)}: {message}")

    def _listed(self, key: str) -> Sequence[tuple[str, object]]:
        value = self._left.pop(key, None)
        items = [] if value is None else cast("list[object]", self._checked(key, value, list))
        return [(f"{self._place(key)}[{index}]", item) for index, item in enumerate(items)]

    def _checked(self, key: str, value: object, kind: type[T]) -> T:
        if not isinstance(value, kind):
            found = _shown(value)
            raise InputError(f"{self._place(key)}: expected {_KINDS[kind]}, found {found}.")
        return value

    def _place(self, key: str) -> str:
        return f"{self._where}.{key}" if self._where else key


def _text(value: object, where: str) -> str:
    if not isinstance(value, str):
        raise InputError(f"{where}: expected a text, found {_shown(value)}.")
    return value


def _shown(value: object) -> str:
    return repr(value)[:60]
