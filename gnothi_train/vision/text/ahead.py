"""Batches that a second thread makes while the first learns."""

from collections.abc import Generator, Iterator
from queue import Full, Queue
from threading import Event, Thread
from typing import TypeVar

Item = TypeVar("Item")
_PATIENCE = 0.2
"""Seconds until a thread that waits for room asks whether anybody still wants what it makes."""


def ahead(source: Iterator[Item], size: int) -> Generator[Item, None, None]:
    """Yield what *source* does, made in a thread, at most *size* ahead.

    The thread ends when *source* does or raises, and soon after this generator is closed. What it
    raises is raised here.
    """
    queue: Queue[tuple[Item] | BaseException | None] = Queue(maxsize=size)
    unwanted = Event()

    def put(told: tuple[Item] | BaseException | None) -> None:
        while not unwanted.is_set():
            try:
                queue.put(told, timeout=_PATIENCE)
            except Full:
                continue
            return

    def fill() -> None:
        try:
            for item in source:
                put((item,))
                if unwanted.is_set():
                    return
            put(None)
        except BaseException as error:  # noqa: BLE001 - it is raised where it is wanted
            put(error)

    Thread(target=fill, daemon=True).start()
    try:
        while (told := queue.get()) is not None:
            if isinstance(told, BaseException):
                raise told
            yield told[0]
    finally:
        unwanted.set()
