"""Accounts that push the same things together are one voice; people who share a mistake are not."""

from random import Random

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from gnothi.learning.collusion import find_colluders
from gnothi.learning.mining import Rows

Support = tuple[str, str, str, str]
NAMES = list(enumerate(("before", "after", "person", "household")))
PUSHED = (("play abba", "play ads"), ("lamp on", "lamp off"))


def rows_of(supports: list[Support]) -> Rows:
    """Return a table as aggregates give it."""
    return pa.table(
        {name: pa.array([row[at] for row in supports], pa.string()) for at, name in NAMES}
    )


def honest(people: int = 60) -> list[Support]:
    """Return people of whom each has one or two of many common mistakes."""
    rng = Random(1)
    return [
        (f"wrong {mistake}", f"right {mistake}", f"p{number}", f"h{number}")
        for number in range(people)
        for mistake in sorted({rng.randrange(12), rng.randrange(12)})
    ]


def pushing(accounts: int = 6) -> list[Support]:
    """Return accounts of different homes that take the same two steps."""
    return [(*step, f"bad{one}", f"den{one}") for one in range(accounts) for step in PUSHED]


def test_accounts_that_push_two_different_things_are_found() -> None:
    """They, and nobody else."""
    found = find_colluders(rows_of(honest() + pushing()))
    assert found == {(f"bad{one}", f"den{one}") for one in range(6)}


def test_people_who_share_common_mistakes_are_not() -> None:
    """Chance alone makes nobody suspicious, and nothing at all makes nobody suspicious."""
    assert not find_colluders(rows_of(honest()))
    assert not find_colluders(rows_of([]))


def test_a_family_is_not() -> None:
    """People of one home share names of things and ways to say them."""
    family = [(*step, f"member{one}", "home") for one in range(8) for step in PUSHED]
    assert not find_colluders(rows_of(honest() + family))


def test_two_ways_out_of_one_mistake_are_not() -> None:
    """Who fails with a request tries several others, and says it again."""
    fans = [
        (before, after, f"fan{one}", f"flat{one}")
        for one in range(8)
        for before, after in (
            ("play forever", "play forever by kraix"),
            ("play forever", "play the song forever"),
            ("play forever|outcome=failed", "play forever"),
            ("order a pizza", "order a pizza"),
        )
    ]
    assert not find_colluders(rows_of(honest() + fans))


@given(st.randoms())
def test_the_order_of_rows_does_not_matter(rng: Random) -> None:
    """Counts have no order."""
    rows = honest() + pushing()
    rng.shuffle(rows)
    assert find_colluders(rows_of(rows)) == find_colluders(rows_of(honest() + pushing()))
