"""Shopping and to-do lists."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from gnothi.core.errors import InputError
from gnothi.home.model import Item, TodoList


class Lists:
    """The lists of a home, in their order."""

    def __init__(self, lists: Iterable[TodoList]) -> None:
        """Begin with *lists*."""
        self._lists = {todo.id: todo for todo in lists}

    def all(self) -> Sequence[TodoList]:
        """Return every list."""
        return tuple(self._lists.values())

    def get(self, list_id: str) -> TodoList:
        """Return a list.

        Raises:
            InputError: there is no such list.
        """
        try:
            return self._lists[list_id]
        except KeyError:
            raise InputError(f"There is no list {list_id!r} in this home.") from None

    def add(self, list_id: str, text: str) -> None:
        """Put *text* at the end."""
        self.replace(list_id, (*self.get(list_id).items, Item(text.strip())))

    def complete(self, list_id: str, text: str, *, done: bool) -> None:
        """Mark the first item called *text* that is not yet so."""
        items = list(self.get(list_id).items)
        index = self._index(list_id, text, done=not done)
        items[index] = replace(items[index], done=done)
        self.replace(list_id, items)

    def remove(self, list_id: str, text: str) -> None:
        """Take the first item called *text* away."""
        items = list(self.get(list_id).items)
        del items[self._index(list_id, text)]
        self.replace(list_id, items)

    def replace(self, list_id: str, items: Sequence[Item]) -> None:
        """Put *items* in place of what stands there."""
        self._lists[list_id] = replace(self.get(list_id), items=tuple(items))

    def create(self, name: str) -> TodoList:
        """Return the list called *name*, made now when there was none."""
        list_id = "todo." + (re.sub(r"[^\w]+", "_", name.casefold()).strip("_") or "list")
        return self._lists.setdefault(list_id, TodoList(list_id, name))

    def delete(self, list_id: str) -> None:
        """Forget a list."""
        self.get(list_id)
        del self._lists[list_id]

    def _index(self, list_id: str, text: str, *, done: bool | None = None) -> int:
        wanted = text.strip().casefold()
        same = [
            (index, item)
            for index, item in enumerate(self.get(list_id).items)
            if item.text.casefold() == wanted
        ]
        preferred = [index for index, item in same if done is None or item.done is done]
        if not same:
            raise InputError(f"{text!r} is not on the list {self.get(list_id).name!r}.")
        return (preferred or [same[0][0]])[0]
