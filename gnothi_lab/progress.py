"""Progress on the terminal, for benchmarks that take a while."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from rich.progress import track

T = TypeVar("T")


def watched(items: Sequence[T], what: str) -> Iterable[T]:
    """Return *items*, showing how far one is through them."""
    return track(items, description=what)


def sampled(items: Sequence[T], *, quick: bool, size: int = 60) -> Sequence[T]:
    """Return all *items*, or an even sample of them for a quick run."""
    return items[:: max(1, len(items) // size)] if quick else items
