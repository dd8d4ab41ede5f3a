"""Policies that find what was meant, in a small simulated world."""

import pytest

from gnothi.core.risk import Risk
from gnothi.language.retrieval import Knowledge, RequestIndex
from gnothi.learning.retrieval import find_lessons, in_order
from gnothi_lab.unseen import Unseen, learn, read_turns, risks
from gnothi_lab.worlds.households import Parameters, World


@pytest.fixture(scope="module")
def world() -> World:
    """Thirty homes."""
    return World(Parameters.load("tiny"), seed=7)


def test_the_log_is_read_as_the_product_reads_its_journal(world: World) -> None:
    """With households, verdicts of the model of defects, and what came of what failed."""
    turns = read_turns(world.play(0).log)
    lessons = list(find_lessons(in_order(turns)))
    assert {turn.household for turn in turns} <= {world.household(one) for one in world.people}
    assert any(turn.failed for turn in turns)
    assert all(turn.failed for turn in turns if turn.unheard and turn.defect >= 500)
    assert 0 < sum(one.success is not None for one in lessons) < len(lessons)


def test_only_what_came_to_nothing_is_asked_for(world: World) -> None:
    """Words that work are left alone, and so are words about the turn before."""
    home = world.household(world.people[0])
    unseen = Unseen(RequestIndex(Knowledge(())), world, 1, risks(world.parameters))
    assert unseen.question(None, home, "what time is it") is None
    assert unseen.question(None, home, "stop") is None
    asked = unseen.question(None, home, "flibber the wug")
    assert asked is not None
    assert (asked.household, asked.understood) == (home, "")
    assert unseen(None, home, "flibber the wug") is None


def test_a_week_teaches_something(world: World) -> None:
    """Requests, people and habits are known afterwards."""
    known = learn([world.play(0)], risk_of=risks(world.parameters)).knowledge
    assert known.successes
    assert known.people.keys() <= set(world.people)
    assert known.habits[""].blocks


def test_doors_are_guarded(world: World) -> None:
    """The world's risk classes are those of the product."""
    risk_of = risks(world.parameters)
    assert risk_of("iot_unlock|device_type=front door") is Risk.GUARDED
    assert risk_of("?|text=flibber") is Risk.REVERSIBLE
