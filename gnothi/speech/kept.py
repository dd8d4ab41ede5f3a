"""What takes a moment to make, made once for each key and kept as long as few others come."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Generic, TypeVar

_K = TypeVar("_K", bound=Hashable)
_V = TypeVar("_V")


class Kept(Generic[_K, _V]):
    """The last few values by their keys. Any thread may ask; making one blocks no other key."""

    def __init__(self, most: int) -> None:
        """Keep *most* values, those that were asked for last."""
        self._most = most
        self._lock = threading.Lock()
        self._made: OrderedDict[_K, Future[_V]] = OrderedDict()

    def get(self, key: _K, make: Callable[[_K], _V]) -> _V:
        """Return the value of *key*; *make* makes it where there is none, and may raise."""
        with self._lock:
            found = self._made.get(key)
            is_new = found is None
            value = Future[_V]() if found is None else found
            self._made[key] = value
            self._made.move_to_end(key)
            while len(self._made) > self._most:
                self._made.popitem(last=False)
        if is_new:
            try:
                value.set_result(make(key))
            except BaseException as error:  # noqa: BLE001 - whoever waits is told
                value.set_exception(error)
                with self._lock:
                    if self._made.get(key) is value:
                        del self._made[key]
        return value.result()
