"""The order in which people read, what stands out, and pictures at any angle."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from gnothi.core.seeing import Pixels, WrittenLine, require_picture
from gnothi.testing.seeing import reader_complaints
from gnothi.vision.reading.answers import gist
from gnothi.vision.reading.findings import Sort, findings
from gnothi.vision.reading.order import Page, arranged
from gnothi.vision.reading.upright import Upright, tilt, turned_back
from tests.vision.written import RECEIPT, Reader, leaning, line

FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"


def page_of(*rows: str) -> Page:
    """Return a page with *rows*, one below the other."""
    return arranged([line(text, 10, 20 * at) for at, text in enumerate(rows)])


@pytest.mark.parametrize("degrees", [0, 7, 33, 90, 180, -90])
def test_prices_stay_in_their_rows(degrees: float) -> None:
    """Lines side by side are one row, however the paper lies and in whichever order they came."""
    lines = [leaning(one, degrees) for one in reversed(RECEIPT)]
    texts = [row.text for row in arranged(lines).rows]
    assert texts[0] == "GREEN MARKET"
    assert {"Bread 3.90", "SUBTOTAL 23.90", "TOTAL EUR 23.90", "CHANGE 6.10"} <= set(texts)


def test_columns_of_prose_are_read_one_after_the_other() -> None:
    """A letter in two columns is not read across them; its heading comes first."""
    left = [line(f"left column line {at}", 10, 60 + 16 * at) for at in range(4)]
    right = [line(f"right column line {at}", 220, 60 + 16 * at) for at in range(4)]
    heading = line("A heading over both", 10, 5, 20)
    page = arranged([heading, *(one for pair in zip(left, right, strict=True) for one in pair)])
    assert [row.text for row in page.rows] == [one.text for one in (heading, *left, *right)]
    assert arranged([]).rows == ()


@pytest.mark.parametrize(
    ("text", "sort", "found", "value"),
    [
        ("Date: 26/02/2018 17:31", Sort.DATE, "26/02/2018", date(2018, 2, 26)),
        ("on 03.04.2027", Sort.DATE, "03.04.2027", None),
        ("2027-04-03", Sort.DATE, "2027-04-03", date(2027, 4, 3)),
        ("12 MAR 2018", Sort.DATE, "12 MAR 2018", date(2018, 3, 12)),
        ("March 12, 2018", Sort.DATE, "March 12, 2018", date(2018, 3, 12)),
        ("BEST BEFORE MAR 2027", Sort.DATE, "MAR 2027", date(2027, 3, 31)),
        ("BEST BEFORE: NOV 2026", Sort.DATE, "NOV 2026", date(2026, 11, 30)),
        ("Sept 3, 2027", Sort.DATE, "Sept 3, 2027", date(2027, 9, 3)),
        ("12/03/202614:20", Sort.DATE, "12/03/2026", None),
        ("28/03/2026,14:20", Sort.DATE, "28/03/2026", date(2026, 3, 28)),
        ("28/03/2614:20", Sort.DATE, "28/03/26", date(2026, 3, 28)),
        ("2026-03-1214:20", Sort.DATE, "2026-03-12", date(2026, 3, 12)),
        ("12 MAR 202614:20", Sort.DATE, "12 MAR 2026", date(2026, 3, 12)),
        ("EXP 03/27", Sort.DATE, "03/27", date(2027, 3, 31)),
        ("BB 2026-12", Sort.DATE, "2026-12", date(2026, 12, 31)),
        ("BBE 2026/12/24", Sort.DATE, "2026/12/24", date(2026, 12, 24)),
        ("USE BY 24/12", Sort.DATE, "24/12", None),
        ("EXP 12/03", Sort.DATE, "12/03", None),
        ("EXP: 12/2026", Sort.DATE, "12/2026", date(2026, 12, 31)),
        ("USE BY 24 DEC", Sort.DATE, "24 DEC", None),
        ("Cola 2 150.00", Sort.AMOUNT, "150.00", Decimal("150.00")),
        ("TOTAL € 2 150.00", Sort.AMOUNT, "2 150.00", Decimal("2150.00")),
        ("2 150.00", Sort.AMOUNT, "2 150.00", Decimal("2150.00")),
        ("Rs. 1 234 567.00", Sort.AMOUNT, "1 234 567.00", Decimal("1234567.00")),
        ("HRS 1 234.00", Sort.AMOUNT, "234.00", Decimal("234.00")),
        ("TOTAL 1.234,56", Sort.AMOUNT, "1.234,56", Decimal("1234.56")),
        ("1 @ 2.50", Sort.AMOUNT, "2.50", Decimal("2.50")),
        ("2 x @ 3.50", Sort.AMOUNT, "3.50", Decimal("3.50")),
        ("bob@example.com. Visit us", Sort.EMAIL, "bob@example.com", None),
        ("bob @ example. com", Sort.EMAIL, "bob @ example. com", None),
        ("1 MARS 12.50", Sort.AMOUNT, "12.50", Decimal("12.50")),
        ("2 Decaf 12.50", Sort.AMOUNT, "12.50", Decimal("12.50")),
        ("1 MAYO 10.90", Sort.AMOUNT, "10.90", Decimal("10.90")),
        ("1 MAY 10.90", Sort.AMOUNT, "10.90", Decimal("10.90")),
        ("26 -O2- 2O18", Sort.DATE, "26 -O2- 2O18", date(2018, 2, 26)),
        ("TOTAL RM 1,234.50", Sort.AMOUNT, "1,234.50", Decimal("1234.50")),
        ("Summe 23, 90 EUR", Sort.AMOUNT, "23, 90", Decimal("23.90")),
        ("write to ana@green-market.example today", Sort.EMAIL, "ana@green-market.example", None),
        ("TEL: 07-355 2616 FAX: 07-355 2617", Sort.PHONE, "07-355 2616", None),
        ("+49 40 5550199", Sort.PHONE, "+49 40 5550199", None),
    ],
)
def test_what_stands_out_is_found(text: str, sort: Sort, found: str, value: object) -> None:
    """Once, as it is written; a date that can be read in two ways stays open."""
    (one,) = findings(page_of(text))
    assert (one.sort, one.text, one.value) == (sort, found, value)


def test_two_prices_are_no_date() -> None:
    """Nor is the second one less than nothing."""
    found = findings(page_of("10.12 - 25.00"))
    assert [one.value for one in found] == [Decimal("10.12"), Decimal("25.00")]


@pytest.mark.parametrize(
    ("rows", "value"),
    [
        (("EXP:", "03/27"), date(2027, 3, 31)),
        (("EXP", "2027-03"), date(2027, 3, 31)),
        (("EXP 1 kg", "03/27"), None),
        (("EXP", "Net 1 kg", "03/27"), None),
    ],
)
def test_a_short_date_may_stand_below_its_word(rows: tuple[str, ...], value: date | None) -> None:
    """Where nothing else is between them."""
    dates = [one.value for one in findings(page_of(*rows)) if one.sort is Sort.DATE]
    assert dates == ([value] if value else [])


@pytest.mark.parametrize(
    "text",
    [
        "GST 6.00%",
        "31/02/2018",
        "03/27",
        "24 DEC",
        "EXP 13/27",
        "No. 000313901056",
        "17:31",
        "version 1.2.3.4",
        "a@b",
        "",
    ],
)
def test_what_only_looks_like_it_is_left(text: str) -> None:
    """Rates, numbers of registers and times are neither amounts nor telephone numbers."""
    assert findings(page_of(text)) == ()


def test_the_order_of_day_and_month_is_a_habit_of_the_home() -> None:
    """With it, 03.04.2027 is one date."""
    assert findings(page_of("03.04.2027"), day_first=True)[0].value == date(2027, 4, 3)
    assert findings(page_of("03/04/2027"), day_first=False)[0].value == date(2027, 3, 4)


@pytest.mark.parametrize(
    ("rows", "total"),
    [
        (["SUBTOTAL 20.00", "TOTAL 23.90", "CASH 50.00"], "23.90"),
        (["TOTAL QTY 3.00", "Amount due: 7.50", "VISA 7.50"], "7.50"),
        (["TOTAL INCL GST 64.13", "TOTAL 64.15", "CASH 100.00", "CHANGE 35.85"], "64.15"),
        (["TOTAL", "12.00", "THANK YOU"], "12.00"),
        (["TOTAL 150", "CASH 200.00", "CHANGE 50.00"], "150"),
        (["TOTAL 15%"], None),
        (["TOTAL 3", "12.00"], "12.00"),
        (["TOTAL 3", "GRAND TOTAL 12.00"], "12.00"),
        (["TOTAL RM150", "VAT 19.00"], "150"),
        (["TOTAL 1.234,56", "VAT 19,00"], "1234.56"),
        (["CASH 20.00", "CHANGE 7.50", "Coffee 12.50"], "12.50"),
        (["TOTAL GST 1.42", "just numbers 3.00"], None),
        (["no amounts at all"], None),
    ],
)
def test_the_total_is_what_was_to_be_paid(rows: list[str], total: str | None) -> None:
    """Not what was given, nor a tax, nor the number of things."""
    found = gist(page_of(*rows)).total
    assert (found and found.value) == (Decimal(total) if total else None)


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        (["MILK", "packed 12.03.2026", "use by 20.03.2026"], "20.03.2026"),
        (["Best before end:", "L2041", "MAR 2027"], "MAR 2027"),
        (["MFG 12/03/2026", "13/09/2027"], "13/09/2027"),
        (["BEST BEFORE", "PACKED ON 01/02/2026", "01/08/2026"], "01/08/2026"),
        (["BEST BEFORE see lid", "PACKED ON 01/02/2026"], None),
        (["MFG 12/03/2026 EXP 13/09/2027"], "13/09/2027"),
        (["Printed 12/03/2026", "13/09/2027"], None),
    ],
)
def test_the_expiry_stands_by_its_word(rows: list[str], text: str | None) -> None:
    """Beside it or a little below; of a date of making and another, the later."""
    found = gist(page_of(*rows)).expiry
    assert (found and found.text) == text


def test_a_receipt_at_a_glance() -> None:
    """Its largest words, its total, its date, its number."""
    told = gist(arranged(RECEIPT))
    assert told.title == "GREEN MARKET" and told.total.value == Decimal("23.90")
    assert told.date.value == date(2026, 2, 26) and told.expiry is None
    assert [one.text for one in told.of(Sort.PHONE)] == ["040 555 0199"]


class Level:
    """A reader that sees its line in the dark part of a picture, well only if it is level."""

    name = "level"

    def read(self, pixels: Pixels) -> tuple[WrittenLine, ...]:
        dark = np.argwhere(pixels[:, :, 0] < 100)[:, ::-1].astype(float)
        if not len(dark):
            return ()
        centre = dark.mean(axis=0)
        along = np.linalg.svd(dark - centre, full_matrices=False)[2][0]
        along *= np.sign(along[0]) or 1
        across = np.array([-along[1], along[0]])
        ends = [np.ptp((dark - centre) @ axis) / 2 for axis in (along, across)]
        signs = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]])
        corners = centre + (signs * ends) @ np.array([along, across])
        is_level = abs(along[1]) < 0.1
        return (WrittenLine("a long line", corners, 0.95 if is_level else 0.6),)


@pytest.mark.parametrize("degrees", [0, 5, 30, 60, -75])
def test_a_picture_that_is_turned_is_read_level(degrees: float) -> None:
    """It is turned back, read better, and its line is told where it is in the picture."""
    level = np.full((120, 200, 3), 255, dtype=np.uint8)
    level[55:65, 40:160] = 0
    picture, _ = turned_back(level, -degrees)
    (plain,) = Level().read(picture)
    assert tilt([plain]) == pytest.approx(degrees, abs=1)
    (found,) = Upright(Level()).read(picture)
    assert found.confidence == (0.6 if 5 < abs(degrees) <= 10 else 0.95)
    assert found.corners == pytest.approx(plain.corners, abs=3)


def test_text_all_around_is_left_as_it_is() -> None:
    """Where lines don't agree about what is level, nothing is turned."""
    around = [leaning(line("some words here", 0, 0), angle) for angle in (0, 120, -120)]
    assert tilt(around) == 0 and tilt([]) == 0


def test_readers_are_judged_by_what_they_promise() -> None:
    """One that makes things up, or misplaces them, is found out."""

    class Honest(Level):
        def read(self, pixels: Pixels) -> tuple[WrittenLine, ...]:
            require_picture(pixels)
            return super().read(pixels) if min(pixels.shape[:2]) > 1 else ()

    page = np.full((120, 200, 3), 255, dtype=np.uint8)
    page[55:65, 40:160] = 0
    words = frozenset(("a", "long", "line"))
    assert list(reader_complaints(Honest(), page, words)) == []
    found = " ".join(reader_complaints(Reader(line("nonsense", 500, 0)), page, words))
    assert "not ['nonsense']" in found and "within the picture" in found and "empty page" in found


@pytest.mark.parametrize("step", ["detect_and_crop", "cls_and_rotate", "recognize_txt"])
def test_where_pp_ocr_finds_nothing_there_is_nothing(
    step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says so by an error, at whichever step."""
    main = pytest.importorskip("rapidocr.main")
    from gnothi.vision.reading.rapid import RapidReader

    class Engine:
        def detect_and_crop(self, picture: Pixels, record: dict[str, Any]) -> tuple[None, Any]:
            record["padding_1"] = {"top": 0}
            return None, SimpleNamespace(boxes=[line("word", 5, 5).corners])

        def crop_text_regions(self, picture: Pixels, _: object) -> list[Pixels]:
            return [picture]

        def cls_and_rotate(self, pieces: list[Pixels]) -> tuple[list[Pixels], Any]:
            return pieces, SimpleNamespace(cls_res=[("0", 1.0)])

    def nothing(*_: object) -> None:
        raise main.RapidOCRError("empty")

    monkeypatch.setattr(Engine, step, nothing, raising=False)
    monkeypatch.setattr(main, "RapidOCR", lambda **_: Engine())
    assert RapidReader().read(np.full((90, 120, 3), 255, dtype=np.uint8)) == ()


@pytest.mark.skipif(not Path(FONT).exists(), reason="needs the DejaVu fonts")
def test_print_is_read_at_any_angle(degrees: float = 60) -> None:
    """PP-OCR, where it is installed, reads a label; its words have their places."""
    pytest.importorskip("rapidocr")
    from gnothi.vision.reading.readers import open_reader

    label = Image.new("RGB", (420, 150), "white")
    pen = ImageDraw.Draw(label)
    pen.text((20, 20), "GREEN MARKET", fill="black", font=ImageFont.truetype(FONT, 36))
    pen.text((20, 90), "best before 26.02.2027", fill="black", font=ImageFont.truetype(FONT, 24))
    reader = open_reader()
    words = {"green", "market", "best", "before", "26.02.2027"}
    picture, _ = turned_back(np.asarray(label), -degrees)
    lines = reader.read(picture)
    assert arranged(lines).text.lower() == "green market\nbest before 26.02.2027"
    assert {word.text.lower() for one in lines for word in one.words} == words
    assert tilt(lines) == pytest.approx(degrees, abs=2)
