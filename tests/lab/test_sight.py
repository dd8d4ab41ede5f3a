"""Measuring what machines see: words end to end, boxes as COCO counts them, scenes at any angle."""

import numpy as np
import pytest

from gnothi.core.seeing import WrittenLine, WrittenWord
from gnothi.vision.rotated import RotatedBox
from gnothi_lab.sight.detection import FoundBoxes, TruthBoxes, precision
from gnothi_lab.sight.scenes import Scene, TruthWord, resized, turned
from gnothi_lab.sight.spotting import Spotted, spotted

HERE = RotatedBox(50, 20, 60, 14, 0).corners()
THERE = RotatedBox(50, 60, 60, 14, 0).corners()


def found(text: str, corners: np.ndarray) -> WrittenLine:
    """Return a line of one word."""
    return WrittenLine(text, corners, 0.9, (WrittenWord(text, corners, 0.9),))


def shifted(corners: np.ndarray, right: float) -> np.ndarray:
    """Return *corners* further to the right."""
    return corners + np.array([right, 0])


@pytest.mark.parametrize(
    ("lines", "counts"),
    [
        ([found("exit", HERE), found("Now.", THERE)], Spotted(2, 2, 2, 2)),
        ([found("EXIT", shifted(HERE, 4)), found("NEW", THERE)], Spotted(1, 2, 2, 2)),
        ([found("EXIT", shifted(HERE, 40))], Spotted(0, 0, 1, 2)),
        ([found("EXIT", HERE), found("EXIT", HERE)], Spotted(1, 1, 2, 2)),
        ([found("EX1T", HERE), found("EXIT", shifted(HERE, 1))], Spotted(1, 1, 2, 2)),
        ([], Spotted(0, 0, 0, 2)),
    ],
)
def test_a_word_is_right_in_its_place_and_with_its_letters(
    lines: list[WrittenLine], counts: Spotted
) -> None:
    """Case and points at its ends don't count; each word is found once."""
    truth = [TruthWord("Exit", HERE), TruthWord("now", THERE)]
    assert spotted(truth, lines) == counts


def test_what_people_can_not_read_does_not_count() -> None:
    """Nor for it, nor against it."""
    counts = spotted([TruthWord("", HERE)], [found("noise", HERE), found("more", THERE)])
    assert counts == Spotted(0, 0, 1, 0) and counts.f == 0


def test_a_lexicon_helps_what_is_nearly_right() -> None:
    """A third of the letters may differ, no more."""
    truth, lexicon = [TruthWord("fusion", HERE)], ["fusion", "station"]
    assert spotted(truth, [found("fuslon", HERE)], lexicon).right == 1
    assert spotted(truth, [found("xxxion", HERE)], lexicon).right == 0


@pytest.mark.parametrize("degrees", [15, 90, -120])
def test_words_turn_and_grow_with_their_picture(degrees: float) -> None:
    """The dark pixels of a word stay within its corners."""
    pixels = np.full((80, 100, 3), 255, dtype=np.uint8)
    pixels[13:27, 20:80] = 0
    scene = resized(turned(Scene("one", pixels, (TruthWord("one", HERE),)), degrees), 2)
    (word,) = scene.words
    dark = np.argwhere(scene.pixels[:, :, 0] < 60)[:, ::-1] + 0.5
    assert dark.mean(axis=0) == pytest.approx(word.corners.mean(axis=0), abs=1.5)
    assert word.height == pytest.approx(28, abs=1)


def test_precision_is_that_of_coco() -> None:
    """One of two found gives a little more than a half: 101 points of recall."""
    pytest.importorskip("pycocotools")
    nothing = FoundBoxes(np.zeros((0, 4)), np.zeros(0, dtype=int), np.zeros(0))
    box = np.array([[5, 5, 15, 15.0]])
    truth = [TruthBoxes(box, np.array([1])), TruthBoxes(box, np.array([1]))]
    right = FoundBoxes(box, np.array([1]), np.array([0.9]))
    assert precision(truth, [right, right]).ap == pytest.approx(1)
    assert precision(truth, [right, nothing]).ap50 == pytest.approx(51 / 101)
    assert precision(truth, [nothing, nothing]).ap50 == 0
    loose = FoundBoxes(box + np.array([0, 0, 4, 4]), np.array([1]), np.array([0.9]))
    assert precision(truth, [loose, loose]).ap50 > 0.9 > precision(truth, [loose, loose]).ap
