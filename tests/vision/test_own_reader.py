"""Our own reader: cut-outs, letters, places and lines, and the networks that come with Gnothi."""

import math

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from gnothi.core.seeing import WrittenWord
from gnothi.vision.reading import readers
from gnothi.vision.reading.cutting import COLUMNS, HEIGHT, ROWS, boxes_of, corners_of, cut, grid_of
from gnothi.vision.reading.letters import (
    ALPHABET,
    CLASSES,
    greedy,
    indices,
    likelihood,
    nearest,
)
from gnothi.vision.reading.lines import lines_of
from gnothi.vision.reading.own import SHIPPED
from gnothi.vision.reading.places import STRIDE, words_of
from gnothi.vision.rotated import RotatedBox

ANGLES = (0, 30, 90, 135, 180, -60)


def scores_of(text: str, columns: int = COLUMNS, doubt: float = 0.1) -> NDArray[np.float32]:
    """Return scores that spell *text*, a letter every second column."""
    share = np.full((columns, CLASSES), doubt / (CLASSES - 1))
    best = np.zeros(columns, dtype=int)
    best[1 : 2 * len(text) : 2] = [ALPHABET.index(letter) + 1 for letter in text]
    share[np.arange(columns), best] = 1 - doubt
    return np.log(share).astype(np.float32)


def word(text: str, box: tuple[float, float, float, float, float]) -> WrittenWord:
    """Return a word in a box."""
    return WrittenWord(text, corners_of(np.array([box]))[0], 0.9)


@pytest.mark.parametrize("degrees", ANGLES)
def test_boxes_are_those_of_their_corners(degrees: float) -> None:
    """There and back, as ``RotatedBox`` has it."""
    box = RotatedBox(60, 50, 40, 12, degrees)
    (found,) = boxes_of(box.corners()[None])
    assert found[:4] == pytest.approx([60, 50, 40, 12])
    assert math.cos(found[4] - math.radians(degrees)) == pytest.approx(1)
    assert corners_of(found[None])[0] == pytest.approx(box.corners())


@pytest.mark.parametrize("degrees", ANGLES)
def test_a_word_is_cut_upright(degrees: float) -> None:
    """Its left upper part is left and up in the cut-out, however it lies; the picture stays."""
    box = RotatedBox(100, 100, 96, 24, degrees)
    begin = RotatedBox.read(box.corners()).corners()[0]
    places = np.stack(np.meshgrid(np.arange(200), np.arange(200)), axis=-1) + 0.5
    near = np.hypot(*np.moveaxis(places - begin, -1, 0)) < 14
    pixels = np.where(near[..., None], 255, 0).astype(np.uint8) * np.ones(3, np.uint8)
    (piece,) = cut(pixels, boxes_of(box.corners()[None]))
    quarters = piece[: HEIGHT // 2, :80].mean(), piece[HEIGHT // 2 :, 80:].mean()
    assert quarters[0] > 30 > 1 > quarters[1]
    assert cut(pixels, np.zeros((0, 5))).shape == (0, HEIGHT, 160, 3)


def test_features_are_sampled_where_the_word_is() -> None:
    """Rows down, columns along the reading; -1 and 1 are the edges of the picture."""
    box = boxes_of(RotatedBox(100, 50, 80, 20, 180).corners()[None])
    (grid,) = grid_of(box, 200, 100)
    assert grid.shape == (ROWS, COLUMNS, 2)
    assert grid.mean(axis=(0, 1)) == pytest.approx([0, 0], abs=1e-6)
    assert grid[0, 0, 0] > 0.4 and grid[0, 0, 1] > 0.1, "it begins at the right, below"


@pytest.mark.parametrize("text", ["Exit", "26.02.2027", "100.00", "a@b.de", ""])
def test_columns_spell(text: str) -> None:
    """Repetitions are one letter, unless there is none between."""
    assert greedy(scores_of(text)) == (text, pytest.approx(0.9 if text else 0.0, abs=1e-3))


def test_what_two_letters_look_like_where_they_meet_is_no_letter() -> None:
    """A single column beside a surer letter goes, unless it is sure itself or stands alone."""
    columns = [("m", 0.9), ("m", 0.9), ("n", 0.5), (None, 0.9), ("i", 0.5), (None, 0.9), ("t", 0.9)]
    scores = np.full((len(columns), CLASSES), 1e-4, np.float32)
    for at, (letter, sure) in enumerate(columns):
        scores[at, indices(letter)[0] if letter else 0] = sure
    assert greedy(np.log(scores))[0] == "mit"
    scores[2, indices("n")] = 0.85
    assert greedy(np.log(scores))[0] == "mnit"


def test_the_likelihood_sums_over_all_ways_to_write() -> None:
    """Probabilities of all texts of two columns are one."""
    rng = np.random.default_rng(0)
    scores = np.log(rng.dirichlet(np.ones(CLASSES), 2)).astype(np.float32)
    texts = [
        "",
        *ALPHABET,
        *(one + other for one in ALPHABET for other in ALPHABET if one != other),
    ]
    total = np.logaddexp.reduce([likelihood(scores, text) for text in texts])
    assert total == pytest.approx(0, abs=1e-4)


def test_a_lexicon_decides_between_like_words() -> None:
    """The likelier of its words; what is near none stays."""
    scores = scores_of("t0tal")
    scores[3, ALPHABET.index("o") + 1] = scores[3].max() - 0.5
    assert nearest(scores, ["taxes", "total", "tidal"]) == "total"
    assert nearest(scores, ["receipt"]) == "t0tal" and nearest(scores_of(""), ["a"]) == ""


@pytest.mark.parametrize("degrees", ANGLES)
def test_places_tell_of_words(degrees: float) -> None:
    """Those of one word are one word; the direction of reading decides between two ways."""
    angle = math.radians(degrees)
    told = np.zeros((9, 40, 60), np.float32)
    told[0] = -9
    for x, y in ((60, 80), (160, 80)):
        for row, column in ((y // 4, x // 4), (y // 4, x // 4 + 1), (y // 4 - 1, x // 4)):
            told[:, row, column] = [
                3,
                (x - (column + 0.5) * STRIDE) / 12,
                (y - (row + 0.5) * STRIDE) / 12,
                math.log(40),
                math.log(12),
                math.cos(2 * angle),
                math.sin(2 * angle),
                math.cos(angle + 0.5),
                math.sin(angle + 0.5),
            ]
    found = words_of(told)
    boxes = found.boxes
    assert sorted(boxes[:, 0].tolist()) == pytest.approx([60, 160], abs=1e-3)
    assert boxes[:, 1:4] == pytest.approx(np.array([[80, 40, 12]] * 2), abs=1e-3)
    assert np.cos(boxes[:, 4] - angle) == pytest.approx([1, 1], abs=1e-6)
    assert found.upright == pytest.approx([(1 + math.cos(0.5)) / 2] * 2, abs=1e-6)
    assert found.sure == pytest.approx([1 / (1 + math.exp(-3))] * 2)
    assert not len(words_of(told, least=0.99).boxes)


@pytest.mark.parametrize("degrees", ANGLES)
def test_words_side_by_side_are_a_line(degrees: float) -> None:
    """In the order of reading, at any angle; those below and far away are others."""
    level = [("best", 40, 20), ("before", 95, 21), ("2027", 300, 20), ("sugar", 45, 50)]
    turn = math.radians(degrees)
    rows = np.array([[math.cos(turn), math.sin(turn)], [-math.sin(turn), math.cos(turn)]])
    words = [
        word(text, (*(np.array([x, y]) @ rows), 9.0 * len(text), 14.0, turn))
        for text, x, y in level
    ]
    lines = lines_of(words[::-1])
    assert sorted(line.text for line in lines) == ["2027", "best before", "sugar"]
    (first,) = (line for line in lines if line.text == "best before")
    box = RotatedBox.read(first.corners)
    assert (box.width, box.height) == pytest.approx((100, 15), abs=3)
    assert math.cos(math.radians(box.angle - degrees)) == pytest.approx(1, abs=1e-3)
    assert lines_of([]) == ()


def test_strips_and_pixels_are_pictures() -> None:
    """Cut-outs beyond the picture are grey there."""
    pixels = np.full((1, 1, 3), 200, np.uint8)
    (piece,) = cut(pixels, np.array([[0.5, 0.5, 300.0, 90.0, 1.0]]))
    assert piece.shape == (HEIGHT, 160, 3) and Image.fromarray(piece).getpixel((0, 0))


def test_it_is_taken_by_name_once_its_networks_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is given it unasked."""
    monkeypatch.setattr(readers, "find_spec", lambda _: None)
    assert readers.chosen() == ""
    lacks = {one.name: one.lacks() for one in readers.backends()}
    assert lacks["gnothi"] == ("" if SHIPPED.is_dir() else "its networks")
