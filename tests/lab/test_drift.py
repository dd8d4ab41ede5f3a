"""Planted errors and drift in the lab: what is counted, and a small world that is lived."""

import math

from gnothi.language.phrases import Phrase
from gnothi.language.rewrites import Rewrite
from gnothi_lab.benchmarks.drift import result, run
from gnothi_lab.learning_loop.drift import is_stale
from gnothi_lab.learning_loop.planting import Error, Planted, Withdrawn
from gnothi_lab.learning_loop.tally import Row


def row(text: str, understood: str | None, person: str = "ana") -> Row:
    """Make a request that would have been right, and was not."""
    return Row(person, "home", text, understood, "", right=False, right_alone=True, cause="")


def test_an_error_takes_part_where_its_words_were_put_in() -> None:
    """A person's rewrite is theirs alone; a phrase takes part in any request with its words."""
    own = Error("personal", Rewrite("play wow", "stop", "ana"))
    assert own.took_part(row("Play wow!", "stop"))
    assert not own.took_part(row("play wow", "stop", "ben"))
    assert not own.took_part(row("play wow", "play abba"))
    assert not own.took_part(row("play wow", None))
    phrase = Error("phrase", Phrase("pump", "turn off", None, 20, 20))
    assert phrase.took_part(row("pump the radio", "turn off the radio"))
    assert not phrase.took_part(row("pump the radio", "raise the radio"))


def test_a_rewrite_is_stale_once_it_is_no_longer_meant() -> None:
    """It was right at first, and wrong in its last two uses."""
    assert is_stale([True, True, False, False])
    assert not is_stale([False, False, False])
    assert not is_stale([True, False, True])


def test_errors_that_last_count_as_longer_than_anybody_looked() -> None:
    """Shares are of the errors that anybody met; what was withdrawn is told apart by the truth."""
    errors = [
        Error("request", Rewrite("a", "b"), weeks=weeks, used=4, wrong=4, losses=3)
        for weeks in (1, 2, None)
    ]
    never_met = Error("request", Rewrite("c", "d"))
    taken = [Withdrawn(right=3, wrong=1, right_alone=0), Withdrawn(3, 1, 4), Withdrawn(1, 3, 0)]
    told = result([Planted([*errors, never_met], taken)], [], seed=0, weeks=4)
    assert told.figures["request_errors"] == 3
    assert told.figures["request_weeks"] == 2
    assert math.isclose(told.figures["request_cured_1"], 1 / 3)
    assert math.isclose(told.figures["request_cured_4"], 2 / 3)
    assert told.figures["request_losses"] == 3
    assert told.figures["withdrawn"] == 3
    assert told.figures["withdrawn_though_good"] == 1


def test_a_small_world_is_lived_with_errors_and_without_learning() -> None:
    """Planted errors are met and do harm; learning that stops keeps its rewrites."""
    told = run(quick=True, seed=0, data=None)
    assert told.figures["request_errors"] > 0
    assert told.figures["request_losses"] > 0
    assert told.figures["personal_rewrites"] > 0
    assert set(told.baselines) == {"week 1"}
