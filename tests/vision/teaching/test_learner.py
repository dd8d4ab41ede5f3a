"""Learning to tell a thing from everything else."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from gnothi.core.errors import ArtifactError, InputError
from gnothi.vision.teaching.bank import BANK, packed_bank, read_bank
from gnothi.vision.teaching.examples import Shown, see
from gnothi.vision.teaching.learner import (
    NOWHERE,
    UNTRIED,
    Elsewhere,
    Found,
    Judge,
    counted,
    is_right,
    learn,
    leave_out,
)
from gnothi.vision.teaching.looking import Look, look
from tests.vision.teaching.patches import (
    BLUE,
    DARK_RED,
    GREEN,
    RED,
    PatchEyes,
    boxes,
    painted,
)

EYES = PatchEyes()
BOWL = [40, 50, 100, 110]


def _shown(at: int, wrong: list[list[float]] | None = None) -> Shown:
    bowl = [BOWL[0] + at, BOWL[1], BOWL[2] + at, BOWL[3]]
    pixels = painted((bowl, RED), ([180, 30, 230, 90], GREEN), ([10, 150, 60, 220], BLUE))
    return see(EYES, f"{at}", pixels, boxes(bowl), boxes(*(wrong or [])))


def test_one_picture_is_enough_to_find_a_thing_that_looks_the_same() -> None:
    """A red bowl is found where it stands, and nothing else."""
    learned = learn([_shown(0)])
    pixels = painted(([200, 120, 260, 180], RED), ([20, 20, 70, 80], GREEN))
    found = learned.judge.find(look(EYES, pixels), learned.threshold)
    np.testing.assert_allclose(found.boxes, [[200, 120, 260, 180]], atol=2)


def test_what_is_not_there_is_not_found() -> None:
    """Where there is no red bowl nothing is found."""
    learned = learn([_shown(0), _shown(20), _shown(40)])
    pixels = painted(([200, 120, 260, 180], BLUE), ([20, 20, 70, 80], GREEN))
    assert not len(learned.judge.find(look(EYES, pixels), learned.threshold).boxes)


def test_it_knows_how_well_it_does() -> None:
    """Each of three pictures is found from the other two, and that is told."""
    told = learn([_shown(0), _shown(20), _shown(40)]).expectation
    assert (told.pictures, told.hits, told.there, told.alarms) == (3, 3, 3, 0)


def test_of_one_picture_nothing_is_expected() -> None:
    """With nothing to try it on, it says so."""
    assert learn([_shown(0)]).expectation.pictures == 0


def test_what_was_put_right_is_not_found_again() -> None:
    """A dark red book that was taken for the bowl is not taken for it any more."""
    book = [150.0, 130.0, 200.0, 200.0]
    pixels = painted(([40, 50, 100, 110], RED), ([150, 130, 200, 200], DARK_RED))
    before = learn([_shown(0)])
    assert before.judge.scores(look(EYES, pixels))[1] > 0.1
    corrected = see(EYES, "corrected", pixels, boxes([40, 50, 100, 110]), boxes(book))
    after = learn([_shown(0), corrected])
    found = after.judge.find(look(EYES, pixels), after.threshold)
    np.testing.assert_allclose(found.boxes, [[40, 50, 100, 110]], atol=2)


def test_the_same_examples_give_the_same_result() -> None:
    """Learning draws nothing at random."""
    shown = [_shown(0), _shown(20)]
    np.testing.assert_array_equal(learn(shown).judge.weights, learn(shown).judge.weights)


def test_pictures_left_out_are_not_learned_from() -> None:
    """Two things that look unlike each other: neither is found from the other."""
    green = see(EYES, "green", painted((BOWL, GREEN)), boxes(BOWL))
    red = see(EYES, "red", painted((BOWL, RED), ([150, 20, 200, 80], GREEN)), boxes(BOWL))
    assert not any(is_right(one.shown, one.found, 0.5) for one in leave_out([green, red]))


def test_without_the_thing_nothing_is_learned() -> None:
    """Pictures that show other things only are refused in a sentence."""
    with pytest.raises(InputError, match="draw a box"):
        learn([see(EYES, "empty", painted((BOWL, GREEN)), boxes())])


def test_other_things_are_learned_from_as_well() -> None:
    """What stands in pictures of other things is not taken for the thing."""
    shown = [_shown(0), _shown(20)]
    elsewhere = Elsewhere([look(EYES, painted(([20, 20, 90, 90], DARK_RED)))] * 4)
    seen = look(EYES, painted(([150, 130, 200, 200], DARK_RED)))
    before, after = (learn(shown, some).judge.scores(seen)[0] for some in (NOWHERE, elsewhere))
    assert after < before


def test_what_came_with_the_eyes_makes_it_stricter(tmp_path: Path) -> None:
    """What looks a little like the thing there raises the threshold, and is not learned from."""
    shown = [_shown(0), _shown(20), _shown(40)]
    places = [20, 20, 90, 90], [120, 20, 190, 90], [20, 120, 90, 190]
    near = look(EYES, painted(*((place, (190, 50, 50)) for place in places)))
    (tmp_path / BANK).write_bytes(packed_bank([near, near]))
    bank = read_bank(tmp_path)
    np.testing.assert_allclose(bank[1].marks, near.marks, atol=0.01)
    before, after = (learn(shown, some) for some in (NOWHERE, Elsewhere(bank=bank)))
    np.testing.assert_array_equal(after.judge.weights, before.judge.weights)
    assert after.threshold > before.threshold


def test_eyes_may_come_without_a_bank(tmp_path: Path) -> None:
    """Nothing is known of other things then; one that is damaged is refused."""
    assert read_bank(tmp_path) == ()
    (tmp_path / BANK).write_bytes(b"no bank")
    with pytest.raises(ArtifactError, match="can't be read"):
        read_bank(tmp_path)


def test_a_part_of_a_thing_is_not_another_one() -> None:
    """Of a box and one inside it, only the surer is told."""
    seen = Look(boxes([10, 10, 110, 110], [15, 15, 60, 60], [150, 10, 200, 60]),
                np.full(3, 0.9, np.float32), np.eye(3, dtype=np.float32))  # fmt: skip
    found = Judge(np.array([3.0, 2.0, 1.0, 0.0]), 0.0).find(seen, 0.0)
    np.testing.assert_array_equal(found.boxes, boxes([10, 10, 110, 110], [150, 10, 200, 60]))


def test_where_nothing_can_be_made_out_it_says_so() -> None:
    """A box on plain grey is refused in a sentence; beside another picture it is passed over."""
    seen = look(EYES, painted((BOWL, RED)))
    grey = Shown("grey", (seen,), (boxes([300, 2, 318, 8]),), (boxes(),))
    with pytest.raises(InputError, match="can't make out"):
        learn([grey])
    assert learn([grey, _shown(0)]).expectation.pictures == 1


def test_no_picture_is_judged_by_what_was_tuned_on_it() -> None:
    """Of many pictures some are left out at once, each at a threshold of the others."""
    shown = [_shown(5 * at) for at in range(7)]
    thresholds = {one.shown.name: one.threshold for one in leave_out(shown)}
    assert thresholds.keys() == {one.name for one in shown}
    assert thresholds["0"] == thresholds["25"] != UNTRIED  # left out together


def test_what_is_in_no_box_counts_only_where_somebody_told_of_it() -> None:
    """In a picture of which a part was told, another thing may well be the thing."""
    found = Found(boxes(BOWL, [180, 30, 230, 90]), np.ones(2))
    told = _shown(0, [[180, 30, 230, 90]])
    assert counted(told, found, 0.5) == (1, 1)
    assert counted(replace(_shown(0), whole=False), found, 0.5) == (1, 0)
    assert counted(replace(told, whole=False), found, 0.5) == (1, 1)


def test_what_was_called_wrong_is_below_the_threshold() -> None:
    """Even of a thing that was taken for it most surely, as long as the two can be told apart."""
    book = boxes([180, 130, 230, 200])
    wrong = see(EYES, "wrong", painted((book[0].astype(int), DARK_RED)), boxes(), book, whole=False)
    learned = learn([_shown(0), _shown(20), wrong])
    assert not len(learned.judge.find(wrong.looks[0], learned.threshold).boxes)
    assert len(learned.judge.find(_shown(40).looks[0], learned.threshold).boxes) == 1
