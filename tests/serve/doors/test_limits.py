"""How often somebody may ask."""

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as some

from gnothi.serve.doors.limits import Buckets, Places, Rate

RATE = Rate(per_second=2, burst=5)


def _standing(at: list[float]) -> Callable[[], float]:
    return lambda: at[0]


@given(some.lists(some.floats(0, 3), max_size=60))
def test_nobody_gets_more_than_burst_and_rate(pauses: list[float]) -> None:
    """However requests are spread, at most burst + rate x time of them pass."""
    at = [0.0]
    buckets = Buckets(_standing(at))
    passed = 0
    for pause in pauses:
        at[0] += pause
        passed += buckets.wait_for("somebody", RATE) == 0
    assert passed <= RATE.burst + RATE.per_second * at[0] + 1e-6


def test_waiting_as_told_is_enough() -> None:
    """Who waits for the time that was named gets in."""
    at = [0.0]
    buckets = Buckets(_standing(at))
    while (wait := buckets.wait_for("a", RATE)) == 0:
        pass
    at[0] += wait + 1e-9
    assert buckets.wait_for("a", RATE) == 0


def test_one_does_not_use_up_anothers_share() -> None:
    """A flood from one visitor leaves the others alone."""
    buckets = Buckets(_standing([0.0]))
    while buckets.wait_for("loud", RATE) == 0:
        pass
    assert buckets.wait_for("quiet", RATE) == 0


def test_many_visitors_take_little_memory() -> None:
    """An attacker with many addresses does not fill the memory."""
    buckets = Buckets(_standing([0.0]), most=10)
    for number in range(1_000):
        buckets.wait_for(str(number), RATE)
    assert len(buckets) == 10


def test_connections_are_counted() -> None:
    """Nobody holds every connection, and a closed one makes room."""
    sockets = Places(most=3, most_of_one=2)
    assert sockets.enter("a")
    assert sockets.enter("a")
    assert not sockets.enter("a")
    assert sockets.enter("b")
    assert not sockets.enter("c")
    sockets.leave("a")
    assert sockets.enter("c")
