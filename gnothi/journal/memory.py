"""A store that forgets with the process, for trials and tests."""

from collections.abc import Sequence

from gnothi.core.plain import Json


class MemoryStore:
    """Implements :class:`gnothi.core.protocols.Store` in memory."""

    def __init__(self) -> None:
        """Begin empty."""
        self._values: dict[str, Json] = {}

    def get(self, key: str) -> Json:
        """Return the value under *key*, ``None`` when there is none."""
        return self._values.get(key)

    def put(self, key: str, value: Json) -> None:
        """Keep *value* under *key*."""
        self._values[key] = value

    def delete(self, key: str) -> None:
        """Forget *key*; nothing happens when it is unknown."""
        self._values.pop(key, None)

    def items(self, prefix: str = "") -> Sequence[tuple[str, Json]]:
        """Return the pairs whose key begins with *prefix*, in order of the key."""
        chosen = [pair for pair in self._values.items() if pair[0].startswith(prefix)]
        return sorted(chosen, key=lambda pair: pair[0])
