"""Work of several streams is done in one call; nobody waits for long, or pays for others."""

import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from time import monotonic, sleep

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gnothi.speech.batching import Batches, Rules

PATIENT = Rules(enough=4, wait_s=60.0)


class Squares:
    """Squares numbers, and remembers which it was given together."""

    def __init__(self) -> None:
        """Begin with no calls."""
        self.calls: list[list[int]] = []
        self.may_go = threading.Event()
        self.may_go.set()

    def __call__(self, numbers: Sequence[int]) -> list[int]:
        """Square *numbers*; a negative one fails the call."""
        assert self.may_go.wait(10)
        self.calls.append(list(numbers))
        if min(numbers) < 0:
            raise ValueError("There is a negative number.")
        return [number * number for number in numbers]


class Stream:
    """Somebody who has work."""


def batches(squares: Squares, rules: Rules, streams: int) -> tuple[Batches[int, int], list[Stream]]:
    """Return batches that *streams* share."""
    made = Batches[int, int](squares, rules)
    entered = [Stream() for _ in range(streams)]
    for stream in entered:
        made.enter(stream)
    return made, entered


def waiting(futures: Sequence[Future[int]]) -> int:
    """Return how many of *futures* are not done, a moment later."""
    sleep(0.05)
    return sum(not one.done() for one in futures)


def test_a_stream_alone_does_not_wait() -> None:
    """With nobody to wait for, work is done at once."""
    made, _ = batches(squares := Squares(), PATIENT, 1)
    assert [made.work_out(n) for n in (2, 3)] == [4, 9]
    assert squares.calls == [[2], [3]]


def test_streams_are_worked_out_together() -> None:
    """When every open stream has handed in its work, one call does all of it."""
    made, _ = batches(squares := Squares(), PATIENT, 3)
    with ThreadPoolExecutor(3) as pool:
        found = [pool.submit(made.work_out, n) for n in (1, 2)]
        assert waiting(found) == 2
        assert made.work_out(3) == 9
        assert [one.result() for one in found] == [1, 4]
    assert [sorted(call) for call in squares.calls] == [[1, 2, 3]]


def test_a_pause_flushes() -> None:
    """Work that is urgent goes at once, and takes along what waits."""
    made, _ = batches(squares := Squares(), PATIENT, 4)
    with ThreadPoolExecutor(2) as pool:
        found = [pool.submit(made.work_out, n) for n in (1, 2)]
        assert waiting(found) == 2
        assert made.work_out(3, is_urgent=True) == 9
        assert [one.result() for one in found] == [1, 4]
    assert len(squares.calls) == 1


def test_the_deadline_flushes() -> None:
    """Who waits for others that say nothing waits only so long."""
    made, _ = batches(Squares(), Rules(wait_s=0.05), 2)
    begun = monotonic()
    assert made.work_out(5) == 25
    assert monotonic() - begun >= 0.05


@pytest.mark.parametrize("is_forgotten", [True, False])
def test_a_stream_that_goes_away_is_not_waited_for(is_forgotten: bool) -> None:
    """It was closed, or simply dropped, while another one waits."""
    made, streams = batches(Squares(), PATIENT, 2)
    with ThreadPoolExecutor(1) as pool:
        if is_forgotten:
            del streams[1]
        found = [pool.submit(made.work_out, 3)]
        if not is_forgotten:
            assert waiting(found) == 1
            made.leave(streams[1])
        assert found[0].result(5) == 9


def test_an_error_hurts_nobody_else() -> None:
    """One bad piece fails the call; then each is done alone, and only the bad one fails."""
    made, _ = batches(Squares(), PATIENT, 3)
    with ThreadPoolExecutor(3) as pool:
        bad, *good = [pool.submit(made.work_out, n) for n in (-1, 2, 3)]
        assert [one.result() for one in good] == [4, 9]
        with pytest.raises(ValueError, match="negative"):
            bad.result()


def test_who_came_first_is_served_first() -> None:
    """While the core is busy work piles up; a call takes no more than enough, the oldest first."""
    squares = Squares()
    made, _ = batches(squares, Rules(enough=2, wait_s=0.0), 5)
    squares.may_go.clear()
    with ThreadPoolExecutor(5) as pool:
        found: list[Future[int]] = []
        for number in range(5):
            found.append(pool.submit(made.work_out, number))
            assert waiting(found) == number + 1
        squares.may_go.set()
        assert [one.result() for one in found] == [0, 1, 4, 9, 16]
    assert squares.calls == [[0], [1, 2], [3, 4]]


def test_many_threads_get_their_own() -> None:
    """Whatever is worked out with what, each gets what it handed in."""
    made, _ = batches(squares := Squares(), Rules(enough=3, wait_s=0.001), 8)

    def squared(number: int) -> int:
        return made.work_out(number, is_urgent=number % 7 == 0)

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(squared, range(400))) == [n * n for n in range(400)]
    assert sorted(n for call in squares.calls for n in call) == list(range(400))
    assert max(map(len, squares.calls)) <= 3


@given(st.integers(1, 50), st.floats(0, 1), st.integers(0, 50), st.booleans())
def test_nothing_waits_longer_than_the_rule(
    waiting: int, oldest_s: float, streams: int, is_urgent: bool
) -> None:
    """The rest is never more than what is left until the deadline."""
    rules = Rules()
    rest = rules.rest_s(waiting, oldest_s, streams=streams, is_urgent=is_urgent)
    assert 0 <= rest <= max(0.0, rules.wait_s - oldest_s)
    assert rest == 0 or waiting < min(rules.enough, streams)
