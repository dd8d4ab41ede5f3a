"""Written sessions, and the household week."""

from datetime import timedelta

import pytest

from gnothi.core.errors import InputError
from gnothi_lab.benchmarks.dialogues import read_halves
from gnothi_lab.sessions.play import play
from gnothi_lab.sessions.script import MONDAY, read_script
from gnothi_lab.sessions.verdict import judge
from gnothi_lab.week.week import live, read_week, recorded, share_right

TIMER = {
    "name": "a-timer",
    "kind": "mixed",
    "steps": [
        {"say": "set a timer for ten minutes", "expect": {"timers": [{"at": "+10m"}]}},
        {"say": "cancel the timer", "at": "+1m", "expect": {"timers": []}},
    ],
}


def test_steps_follow_each_other_in_time() -> None:
    """A step is ten seconds after the one before, unless it says otherwise."""
    script = read_script({"name": "x", "kind": "mixed", "steps": [{"say": "a"}, {"say": "b"}]})
    assert [step.at - MONDAY for step in script.steps] == [timedelta(0), timedelta(seconds=10)]


def test_a_misspelt_key_is_told() -> None:
    """A writer's slip does not silently weaken a session."""
    written = {"name": "slip", "kind": "mixed", "steps": [{"say": "a", "expect": {"change": {}}}]}
    with pytest.raises(InputError, match="slip"):
        read_script(written)


async def test_a_session_is_played_and_judged() -> None:
    """A timer is set and cancelled; the session is right."""
    assert judge(await play(read_script(TIMER), seed=0)).right_throughout


async def test_a_wrong_expectation_is_found() -> None:
    """A session that expects another duration is not right."""
    wrong = {
        **TIMER,
        "steps": [{"say": "set a timer for ten minutes", "expect": {"timers": [{"at": "+9m"}]}}],
    }
    assert not judge(await play(read_script(wrong), seed=0)).right


def test_every_written_session_keeps_the_format() -> None:
    """All sessions can be read, and no two have one name."""
    seen, unseen = read_halves()
    names = [script.name for script in [*seen, *unseen]]
    assert len(names) == len(set(names))


def test_the_week_is_long_enough() -> None:
    """It has at least two hundred turns and a power cut."""
    steps = [step for _, step in read_week()]
    assert len(steps) >= 200
    assert any(step.restart for step in steps)


def test_the_week_goes_no_worse_than_before() -> None:
    """A family lives through its week at least as well as recorded in the ratchet."""
    moments = live()
    failed = [
        f"{moment.session}: {moment.played.step.say}" for moment in moments if not moment.right
    ]
    assert share_right(moments) >= recorded(), failed


async def test_a_lamp_turned_on_dimmed_and_off_again_is_off() -> None:
    """The brightness on the way does not count in the end."""
    lamp = "light.reading_lamp"
    steps = [
        {"say": "switch on the reading lamp", "expect": {"changes": {lamp: {"state": "on"}}}},
        {
            "say": "set the reading lamp to 20 percent",
            "expect": {"changes": {lamp: {"brightness": 51}}},
        },
        {"say": "switch off the reading lamp", "expect": {"changes": {lamp: {"state": "off"}}}},
    ]
    script = read_script({"name": "lamp", "kind": "anaphora", "steps": steps})
    assert judge(await play(script, seed=0)).right
