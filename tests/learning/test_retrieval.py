from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gnothi.core.risk import Risk
from gnothi.language.retrieval import FEATURES, Knowledge, Question, RequestIndex, write_index
from gnothi.learning.retrieval import (
    Example,
    Limits,
    Turn,
    choose_threshold,
    find_habits,
    find_lessons,
    fit,
    in_order,
    learn,
)

BEGIN = datetime(2026, 11, 2, 8, tzinfo=UTC)
LIMITS = Limits(people=1)


def risk_of(key: str) -> Risk:
    """Tell the class of the few things that are said here."""
    return Risk.GUARDED if "unlock" in key else Risk.REVERSIBLE


def turn(text: str, meaning: str = "", *, who: str = "ana", day: int = 0, at: int = 0) -> Turn:
    """Return a turn that worked, or, without a *meaning*, came to nothing."""
    moment = BEGIN + timedelta(days=day, seconds=at)
    return Turn(
        session=f"{who}/{day}/{at // 100}",
        at=moment,
        day=moment.date().isoformat(),
        person=who,
        household="home",
        text=text,
        meaning=meaning or f"?|text={text}",
        defect=0 if meaning else 900,
        rephrase=1000,
        unheard=not meaning,
    )


def days(who: str = "ana", *, many: int = 8) -> list[Turn]:
    """Let days pass in which a lamp is called an owl, and then a lamp."""
    rooms = ("kitchen", "bathroom", "hall", "attic")
    return [
        one
        for day in range(many)
        for place, room in enumerate(rooms)
        for one in (
            turn(f"turn off the {room} owl", who=who, day=day, at=1000 * place),
            turn(f"turn off the {room} lamp", f"off|{room}", who=who, day=day, at=1000 * place + 8),
            turn(f"turn on the {room} lamp", f"on|{room}", who=who, day=day, at=1000 * place + 500),
        )
    ]


def test_a_lesson_is_a_failure_and_what_it_led_to() -> None:
    """The next success within the time that a rephrase takes, in other words."""
    said = turn("turn off the owl"), turn("the owl off", at=9)
    talk = [*said, turn("lamp off the owl", "x", at=20)]
    lessons = list(find_lessons(talk))
    assert [lesson.success.text if lesson.success else None for lesson in lessons] == [
        "lamp off the owl",
        "lamp off the owl",
    ]


@pytest.mark.parametrize(
    ("following", "at"), [("turn off the lamp", 60), ("who won the election", 5)]
)
def test_another_wish_teaches_nothing(following: str, at: int) -> None:
    """What comes late, or has nothing in common, does not say what was meant."""
    [lesson, *_] = find_lessons([turn("turn off the owl"), turn(following, "x", at=at)])
    assert lesson.success is None


def test_habits_count_people_for_everybody() -> None:
    """Who repeats themselves teaches everybody no more than once, and no filler stays unknown."""
    talk = [
        one
        for day in range(5)
        for one in (turn("please cut the fan", day=day), turn("stop the fan", "x", day=day, at=4))
    ]
    habits = find_habits(find_lessons(talk))
    assert habits["p:ana"].blocks["please cut"] == {"stop": 5}
    assert habits[""].blocks["please cut"] == {"stop": 1}


def test_what_was_learned_is_found_in_words_that_nobody_said() -> None:
    """An owl is a lamp in the cellar, too, where nobody ever said so."""
    turns = [*days(), turn("turn off the cellar lamp", "off|cellar", day=3, at=9000)]
    index = RequestIndex(learn(turns, LIMITS, risk_of=risk_of))
    best = index.rank(Question("turn off the cellar owl", "ana", "home"))[0]
    assert best.success.meaning == "off|cellar"


@settings(max_examples=5, deadline=None)
@given(st.randoms(use_true_random=False))
def test_order_makes_no_difference(random: Random) -> None:
    """The same turns give the same bytes, in whatever order they come."""
    turns = [*days(many=4), *days("ben", many=4)]
    shuffled = random.sample(turns, len(turns))
    assert artifact(turns) == artifact(shuffled)


def test_who_is_erased_leaves_no_trace() -> None:
    """What is learned without a person is what is learned after they have gone."""
    both = [*days(many=4), *days("ben", many=4)]
    left = [one for one in both if one.person != "ben"]
    assert artifact(left) == artifact(days(many=4))
    assert b"ben" in b"".join(artifact(both).values())
    assert b"ben" not in b"".join(artifact(left).values())


def test_rewritten_turns_teach_nothing_about_themselves() -> None:
    """What a rewrite said does not make its words more popular."""
    turns = days(many=4)
    more = [replace(one, rewritten=True) for one in turns if not one.failed]
    assert artifact([*turns, *more]) == artifact(turns)


def test_weights_lean_on_what_was_known_before() -> None:
    """Without examples nothing changes; with many, the feature that tells wins."""
    prior = {"words": 1.0, "bias": -2.0}
    assert fit([], prior, 4.0) == {name: prior.get(name, 0.0) for name in FEATURES}
    telling = np.zeros((2, len(FEATURES)))
    telling[0, FEATURES.index("sound")] = 1.0
    learned = fit([Example(telling, np.array([True, False]))] * 200, prior, 4.0)
    assert learned["sound"] > 1.0


@pytest.mark.parametrize(("right", "low", "high"), [(1.0, 0.87, 0.9), (0.5, 0.95, 1.0)])
def test_the_threshold_is_where_wins_outnumber_losses(
    right: float, low: float, high: float
) -> None:
    """Where everything is right, little is asked; where half is wrong, nearly nothing passes."""
    random = Random(3)
    judged = [(random.uniform(0.5, 1.0), random.random() < right) for _ in range(400)]
    assert low <= choose_threshold(judged, Limits()) <= high


def test_few_days_keep_the_threshold_that_was_wished() -> None:
    """A handful of requests proves nothing."""
    assert choose_threshold([(0.9, True)] * 5, Limits(win_loss=9.0)) == pytest.approx(0.9)


def test_nothing_is_learned_from_nothing() -> None:
    """An empty journal is no error."""
    known = learn([], risk_of=risk_of)
    assert not known.successes
    assert RequestIndex(known).look_up(Question("turn off the owl", "ana")) is None


def artifact(turns: Sequence[Turn]) -> dict[str, bytes]:
    """Return the files that *turns* lead to."""
    known: Knowledge = learn(in_order(turns), LIMITS, risk_of=risk_of)
    return write_index(known)
