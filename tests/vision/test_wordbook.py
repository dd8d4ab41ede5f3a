"""Words that were put right, and what becomes of later readings."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gnothi.core.errors import ArtifactError
from gnothi.core.seeing import WrittenLine
from gnothi.vision.pictures import read_picture
from gnothi.vision.reading.told import cut_line, export, packed, unpacked
from gnothi.vision.reading.wordbook import ToldLine, ToldPage, Wordbook, learned, told_page
from gnothi.vision.rotated import turning
from tests.vision.written import line


def _page(name: str, *pairs: tuple[str, str], sure: float = 0.95) -> ToldPage:
    lines = (
        ToldLine(read, written, (sure,) * len(read.split()), None if read == written else "ana")
        for read, written in pairs
    )
    return ToldPage(name, "told", tuple(lines))


def _text(book: Wordbook, read: str, sure: float = 0.95) -> str:
    return book.text(read, (sure,) * len(read.split()))


def test_a_line_that_was_put_right_is_known_again_with_other_numbers() -> None:
    """A shop prints the same words every day."""
    book = learned([_page("1", ("BFEZEL 0.90", "BREZEL 0.90"))])
    assert _text(book, "BFEZEL 1.20") == "BREZEL 1.20"
    assert _text(book, "BFEZEL SALZ 1.20") == "BFEZEL SALZ 1.20", "another line"


def test_numbers_are_never_learned() -> None:
    """The total of one receipt says nothing about the next."""
    assert not learned([_page("1", ("TOTAL EUR 28.90", "TOTAL EUR 23.90"))])


def test_a_word_is_another_everywhere_once_two_pictures_say_so() -> None:
    """One is not enough: the reader may have been right elsewhere."""
    first = _page("1", ("our best brezcl", "our best brezel"))
    second = _page("2", ("a fresh brezcl today", "a fresh brezel today"))
    assert _text(learned([first]), "one brezcl 1.20") == "one brezcl 1.20"
    assert _text(learned([first, second]), "one brezcl 1.20") == "one brezel 1.20"


def test_what_is_read_unsurely_becomes_a_word_of_the_household() -> None:
    """Where just one is like it; what is read surely stays."""
    book = learned([_page("1", ("Buy GRFENMARKT", "Buy Grünmarkt"))])
    assert _text(book, "at Gruenmarkl", 0.6) == "at Gruenmarkl", "three letters off"
    assert _text(book, "at Grünmarkl,", 0.6) == "at Grünmarkt,"
    assert _text(book, "AT GRÜNMARKL", 0.6) == "AT GRÜNMARKT"
    assert _text(book, "at Grünmarkl", 0.9) == "at Grünmarkl"


def test_lines_that_stay_are_the_same_and_words_keep_their_places() -> None:
    """What is drawn over the picture does not move."""
    book = learned([_page("1", ("GRFEN MARKET", "GREEN MARKET"))])
    kept, before = line("Bread", 0, 0), line("GRFEN MARKET", 0, 20)
    same, after = book.mended([kept, before])
    assert same is kept and after.text == "GREEN MARKET" and after.corners is before.corners
    assert Wordbook().mended([kept]) == (kept,)


def test_what_was_put_right_is_kept_and_exported(tmp_path: Path) -> None:
    """Every line that somebody told of, with its picture where it was kept."""
    page = told_page(
        "one",
        "pp-ocr",
        [("Bread", (0.9,)), ("T0TAL  2", (0.8, 0.7))],
        1,
        "TOTAL 2",
        teacher="",
        cut=cut_line(np.zeros((50, 90, 3), np.uint8), line("x", 10, 10, 12, 40).corners),
    )
    assert unpacked(packed([page], [])) == ((page,), ())
    assert export([page], tmp_path / "out") == 1
    [told] = map(json.loads, (tmp_path / "out" / "lines.jsonl").read_text().splitlines())
    assert told == {"text": "TOTAL 2", "read": "T0TAL 2", "reader": "pp-ocr", "picture": "0001.jpg"}
    with Image.open(tmp_path / "out" / "0001.jpg") as picture:
        assert picture.height <= 48 and picture.width > 2 * picture.height
    for damaged in (b"none", b"PK\x03\x04 and no more"):
        with pytest.raises(ArtifactError, match="can't be read"):
            unpacked({"readings.json": b"{}", "cuts.npz": damaged})


@pytest.mark.parametrize("angle", [0, 30, 90, 180])
@pytest.mark.parametrize("scale", [1, 4])
def test_a_line_is_cut_upright(angle: int, scale: int) -> None:
    """Whichever way it runs, its beginning is on the left, its upper side on top."""
    shape = np.array([[-60, -12], [60, -12], [60, 12], [-60, 12]], dtype=float) * scale
    side = 200 * scale
    rows, columns = np.mgrid[:side, :side]
    places = (np.stack([columns, rows], axis=-1) + 0.5 - side / 2) @ turning(angle)
    pixels = np.full((side, side, 3), 255, np.uint8)
    inside = (abs(places) < [60 * scale, 12 * scale]).all(axis=-1)
    pixels[inside & (places[..., 0] < 0)] = (255, 0, 0)
    pixels[inside & (places[..., 0] >= 0)] = (0, 0, 255)
    cut = read_picture(cut_line(pixels, shape @ turning(angle).T + side / 2)).astype(int)
    height, width = cut.shape[:2]
    assert height <= 48 and 3 < width / height < 6
    left, right = cut[height // 2, width // 4], cut[height // 2, 3 * width // 4]
    assert left[0] > left[2] + 100 and right[2] > right[0] + 100


def test_a_reader_with_words_of_its_own_is_believed_word_by_word() -> None:
    """As many confidences as words; else that of the line."""
    whole = WrittenLine("at Grünmarkl", np.zeros((4, 2)), 0.6)
    book = learned([_page("1", ("Buy GRFENMARKT", "Buy Grünmarkt"))])
    assert book.mended([whole])[0].text == "at Grünmarkt"


def test_a_number_sign_is_a_word_like_others() -> None:
    """It does not stand for a number."""
    lines = [("Rcom Nurnber # 12", (0.9,) * 4)]
    book = learned([told_page("1", "told", lines, 0, "Room Number # 12", teacher="")])
    assert book.text("Rcom Nurnber # 14", (0.9,) * 4) == "Room Number # 14"


def test_what_nobody_sees_is_not_written() -> None:
    """Control characters and marks of direction go; what is between words is a space."""
    page = told_page("1", "told", [("a", (1.0,))], 0, "Green\x1b[31m\u202e\tMarket\n", teacher="")
    assert page.lines[0].written == "Green[31m Market"
