"""How often and how much: a token bucket for each visitor, and a limit for each body."""

from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

_MOST_VISITORS = 4096


@dataclass(frozen=True, slots=True)
class Rate:
    """A steady rate with room for a burst."""

    per_second: float
    burst: float


@dataclass(frozen=True, slots=True)
class Limits:
    """What one server bears. The defaults let a family live and a runaway script notice."""

    local: Rate = Rate(per_second=2_000, burst=4_000)
    """This machine itself; wide enough not to be met by a benchmark."""
    remote: Rate = Rate(per_second=20, burst=120)
    turn_bytes: int = 64 * 1024
    import_bytes: int = 5 * 1024 * 1024
    picture_bytes: int = 20 * 1024 * 1024
    body_seconds: float = 15.0
    """How long a body may take to arrive."""


class Buckets:
    """A token bucket for each visitor; the least recently seen is forgotten first."""

    def __init__(
        self, seconds: Callable[[], float] = monotonic, most: int = _MOST_VISITORS
    ) -> None:
        """Measure time with *seconds*, which must never run backwards."""
        self._seconds = seconds
        self._most = most
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def __len__(self) -> int:
        """Return how many visitors are remembered."""
        return len(self._levels)

    def wait_for(self, key: str, rate: Rate) -> float:
        """Take one token; return 0, or the seconds until there is one."""
        now = self._seconds()
        level, since = self._levels.pop(key, (rate.burst, now))
        level = min(rate.burst, level + (now - since) * rate.per_second)
        wait = 0.0 if level >= 1 else (1 - level) / rate.per_second
        self._levels[key] = (level - 1 if wait == 0 else level, now)
        if len(self._levels) > self._most:
            self._levels.popitem(last=False)
        return wait


class Places:
    """Counts who is inside, so that nobody can hold every place."""

    def __init__(self, most: int = 64, most_of_one: int = 16) -> None:
        """Allow *most* at once, *most_of_one* for each visitor."""
        self._most = most
        self._most_of_one = most_of_one
        self._open: Counter[str] = Counter()

    def enter(self, key: str) -> bool:
        """Count one more; false when there is no room."""
        if self._open.total() >= self._most or self._open[key] >= self._most_of_one:
            return False
        self._open[key] += 1
        return True

    def leave(self, key: str) -> None:
        """Count one less."""
        self._open[key] -= 1
        self._open += Counter()
