"""Pairing codes."""

from datetime import UTC, datetime, timedelta

from gnothi.core.clock import FixedClock
from gnothi.serve.doors.pairing import LIFETIME, Pairing


def _pairing() -> tuple[Pairing, FixedClock]:
    clock = FixedClock(datetime(2026, 11, 20, tzinfo=UTC))
    return Pairing(clock), clock


def test_a_code_works_once() -> None:
    """The second device with the same code stays outside."""
    codes, _ = _pairing()
    code = codes.invite("ana")
    found = codes.redeem(code)
    assert found is not None
    assert found.user == "ana"
    assert codes.redeem(code) is None


def test_a_code_dies_after_ten_minutes() -> None:
    """A photograph of the screen is worthless later."""
    codes, clock = _pairing()
    code = codes.invite()
    clock.moment += LIFETIME - timedelta(seconds=1)
    assert codes.look_up(code)
    clock.moment += timedelta(seconds=1)
    assert codes.redeem(code) is None


def test_looking_does_not_use_a_code_up() -> None:
    """A link preview of a phone leaves the code for its owner."""
    codes, _ = _pairing()
    code = codes.invite()
    assert codes.look_up(code)
    assert codes.redeem(code)


def test_only_a_few_codes_are_open() -> None:
    """Asking for many codes closes the oldest."""
    codes, _ = _pairing()
    made = [codes.invite() for _ in range(20)]
    assert codes.redeem(made[0]) is None
    assert codes.redeem(made[-1])
