"""What counts as right in a home."""

from hypothesis import given
from hypothesis import strategies as st

from gnothi_lab.judging import fits, problems

BEFORE = {
    "light.kitchen": {"state": "off", "brightness": 0},
    "light.hall": {"state": "off"},
    "cover.blinds": {"state": "closed", "current_position": 0},
}


def test_the_right_device_in_the_right_state_is_right() -> None:
    """A lamp that goes on may bring its brightness with it."""
    changes = {"light.kitchen": {"state": "on", "brightness": 255}}
    assert not problems({"light.kitchen": {"state": "on"}}, changes, BEFORE)


def test_another_device_makes_it_wrong() -> None:
    """Nothing else may move."""
    changes = {"light.kitchen": {"state": "on"}, "light.hall": {"state": "on"}}
    assert problems({"light.kitchen": {"state": "on"}}, changes, BEFORE)


def test_doing_nothing_is_wrong_where_something_was_asked_for() -> None:
    """What is expected and does not happen is named."""
    told = problems({"light.kitchen": {"state": "on"}}, {}, BEFORE)
    assert told == ["light.kitchen: state is 'off', not 'on'"]


def test_a_value_that_was_right_already_needs_no_change() -> None:
    """The final state counts, not the way to it."""
    assert not problems({"light.hall": {"state": "off"}}, {}, BEFORE)


def test_half_brightness_is_127_or_128() -> None:
    """Levels may be off by a percent of their range."""
    assert fits("brightness", 127.5, 127)
    assert fits("brightness", 127.5, 128)
    assert not fits("brightness", 127.5, 140)


def test_an_interval_tells_brighter_from_darker() -> None:
    """Getting "brighter" is fair wherever it ends above the start."""
    assert fits("brightness", [130, 255], 180)
    assert not fits("brightness", [130, 255], 100)


def test_any_of_several_states_may_be_fair() -> None:
    """A vacuum that is sent home may be on its way or there."""
    assert fits("state", ["returning", "docked"], "docked")
    assert not fits("state", ["returning", "docked"], "cleaning")


@given(st.floats(0, 255), st.floats(0, 255))
def test_an_unexpected_change_is_always_wrong(low: float, high: float) -> None:
    """No change of brightness is right where nothing was asked for."""
    changes = {"light.kitchen": {"brightness": max(low, high)}}
    assert problems({}, changes, BEFORE)
