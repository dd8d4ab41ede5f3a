"""Until when something is good, as labels in seven languages say it."""

from datetime import date

import pytest

from gnothi.vision.reading.answers import gist
from gnothi.vision.reading.labels import is_abroad, plain
from gnothi.vision.reading.order import arranged
from tests.vision.written import line

_LABELS = [
    ("BEST BEFORE 12.03.2027", date(2027, 3, 12)),
    ("BEST BEFORE END: 03 2027", date(2027, 3, 31)),
    ("BBE MAR 2027 L1234", date(2027, 3, 31)),
    ("BBE 12MAR27", date(2027, 3, 12)),
    ("EXP 03/27", date(2027, 3, 31)),
    ("EXP 2027-03", date(2027, 3, 31)),
    ("EXP. 03 27", date(2027, 3, 31)),
    ("EXP 12 03 27", date(2027, 3, 12)),
    ("EXP 20270312", date(2027, 3, 12)),
    ("USE BY 12 MAR", None),
    ("USE BY: 12/03/27 14:32", date(2027, 3, 12)),
    ("MINDESTENS HALTBAR BIS: 12.03.27", date(2027, 3, 12)),
    ("mindestens haltbar bis Ende 03.2027", date(2027, 3, 31)),
    ("MHD 12.03.2027 / L 4711", date(2027, 3, 12)),
    ("zu verbrauchen bis 12.03.27", date(2027, 3, 12)),
    ("Verwendbar bis 03/2027", date(2027, 3, 31)),
    ("Mindestens haltbar bis 12. März 2027", date(2027, 3, 12)),
    ("Mindestens haltbar bis Dez. 2027", date(2027, 12, 31)),
    ("A consommer de préférence avant le 12/03/2027", date(2027, 3, 12)),
    ("À CONSOMMER AVANT LE : 12.03.27", date(2027, 3, 12)),
    ("A consommer de preference avant fin 03/2027", date(2027, 3, 31)),
    ("à consommer jusqu'au 12 août 2027", date(2027, 8, 12)),
    ("DLC 12/03/27", date(2027, 3, 12)),
    ("Consumir preferentemente antes del 12/03/2027", date(2027, 3, 12)),
    ("Consumir preferentemente antes del fin de: 03/2027", date(2027, 3, 31)),
    ("CAD 03/2027", date(2027, 3, 31)),
    ("Fecha de caducidad: 12 DIC 2027", date(2027, 12, 12)),
    ("Da consumarsi preferibilmente entro il 12.03.2027", date(2027, 3, 12)),
    ("SCAD. 12/03/27", date(2027, 3, 12)),
    ("Scadenza 03/2027", date(2027, 3, 31)),
    ("da consumarsi entro fine: 03 2027", date(2027, 3, 31)),
    ("Ten minste houdbaar tot 12-03-2027", date(2027, 3, 12)),
    ("THT: 12-03-27", date(2027, 3, 12)),
    ("Te gebruiken tot 12 mei 2027", date(2027, 5, 12)),
    ("Consumir de preferência antes de 12/03/2027", date(2027, 3, 12)),
    ("VAL: 03/2027", date(2027, 3, 31)),
    ("Validade 12/03/27", date(2027, 3, 12)),
    ("LOT 12345 EXP 2027/03/12", date(2027, 3, 12)),
    ("MFG 12.03.2025 EXP 12.03.2027", date(2027, 3, 12)),
    ("Hergestellt am 12.03.2025", None),
    ("EXP 12 apr\N{LATIN SMALL LETTER DOTLESS I}l 2027", date(2027, 4, 12)),
    ("MHD 12 \N{LATIN SMALL LETTER LONG S}ept 27", date(2027, 9, 12)),
    ("12 apr\N{LATIN SMALL LETTER DOTLESS I}l 2027", None),
    ("LOT \N{LATIN SMALL LETTER LONG S}ept 2027", None),
]


@pytest.mark.parametrize(("text", "day"), _LABELS)
def test_a_label_says_until_when(text: str, day: date | None) -> None:
    """Whatever the language, and however short the date."""
    found = gist(arranged([line(text, 10, 10)]), day_first=True).expiry
    assert (found and found.value) == day


def test_who_writes_in_another_language_writes_the_day_first() -> None:
    """Also in a home where the month comes first; English labels go by the home."""
    rows = "mindestens haltbar bis 04.03.2027", "consumir antes del", "best before 04/03/2027"
    for text, day in ((rows[0], date(2027, 3, 4)), (rows[2], date(2027, 4, 3))):
        found = gist(arranged([line(text, 10, 10)]), day_first=False).expiry
        assert found and found.value == day
    two = arranged([line(rows[1], 10, 10), line("04/03/2027", 10, 30)])
    found = gist(two, day_first=False).expiry
    assert found and found.value == date(2027, 3, 4)
    assert is_abroad(rows[0]) and not is_abroad(rows[2]) and not is_abroad("Total 3.90")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("EXP 210327", "210327"),
        ("EXP 03/04", "03/04"),
        ("USE BY 24 DEC", "24 DEC"),
        ("EXP 032027", "032027"),
    ],
)
def test_what_may_be_several_days_is_told_as_written(text: str, written: str) -> None:
    """Only what is one day alone has a value."""
    found = gist(arranged([line(text, 10, 10)]), day_first=True).expiry
    assert found and found.text == written
    assert found.value == (date(2027, 3, 31) if written == "032027" else None)


@pytest.mark.parametrize(
    "text", ["1 MARS 12.50", "2 SET 20.00", "10.12 - 25.00", "CAD 12.50", "VAL 1.20", "12 03 27"]
)
def test_prices_are_no_dates(text: str) -> None:
    """Chocolate bars and sets are no months, Canadian dollars no expiry."""
    assert gist(arranged([line(text, 10, 10)]), day_first=True).expiry is None


def test_accents_are_left_out_where_they_stand() -> None:
    """Places stay as they are."""
    assert (
        plain("À consommer jusqu\N{RIGHT SINGLE QUOTATION MARK}au août")
        == "A consommer jusqu'au aout"
    )
