"""What a household puts right of what was read: learned, judged, taken back, forgotten."""

from pathlib import Path

import pytest

from gnothi.core.clock import SystemClock
from gnothi.core.errors import InputError
from gnothi.learning.readings import MOST, TaughtReadings, compared
from gnothi.registry.registry import Registry
from gnothi.vision.reading.wordbook import ToldPage, told_page


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    """An empty registry."""
    return Registry.open(tmp_path, shipped=tmp_path / "none")


@pytest.fixture
def readings(registry: Registry) -> TaughtReadings:
    """A household that has put nothing right."""
    return TaughtReadings(registry, SystemClock())


def _page(name: str, written: str, *read: str, teacher: str = "ana", sure: float = 0.9) -> ToldPage:
    """Return a page of which the first line says something else."""
    lines = [(one, (sure,) * len(one.split())) for one in read]
    return told_page(name, "told", lines, 0, written, teacher=teacher)


def test_what_was_put_right_is_learned_and_outlives_the_process(
    registry: Registry, readings: TaughtReadings
) -> None:
    """Another process reads the same."""
    done = readings.correct(_page("1", "GREEN MARKET", "GRFEN MARKET", "Bread 3.90"))
    assert done.is_used and done.told.key == "sight-put-right-learned"
    again = TaughtReadings(registry, SystemClock(), learns=False)
    assert again.wordbook.text("GRFEN MARKET", (0.9, 0.9)) == "GREEN MARKET"
    with pytest.raises(InputError, match="gnothi see correct"):
        again.correct(_page("2", "x", "y"))


def test_a_number_is_noted_and_teaches_nothing(readings: TaughtReadings) -> None:
    """It is training data all the same."""
    done = readings.correct(_page("1", "TOTAL 23.90", "TOTAL 28.90"))
    assert not done.is_used and not readings.wordbook and len(readings.pages) == 1


def test_what_would_read_worse_waits(readings: TaughtReadings) -> None:
    """A line that is right in one picture is not made wrong by another."""
    readings.correct(_page("1", "TOTAL 3.90", "TOTAL 8.90", "Sweet tea 2.00"))
    done = readings.correct(_page("2", "Sweet ten 2.00", "Sweet tea 2.00"))
    assert not done.is_used and done.told.key == "sight-put-right-waits"
    assert done.evidence.negative.hits == 1 and done.evidence.gain < 0
    assert readings.wordbook.text("Sweet tea 4.00", (0.9,) * 3) == "Sweet tea 4.00"
    assert [one.picture for one in readings.pages] == ["1", "2"], "it is remembered"


def test_a_reading_that_was_made_wrong_is_put_right(readings: TaughtReadings) -> None:
    """The reader was right, what was learned was not."""
    readings.correct(_page("1", "Sweet ten 2.00", "Sweet tea 2.00"))
    readings.correct(_page("2", "Sweet tea 1.00", "Sweet tea 1.00"))
    assert readings.wordbook.text("Sweet tea 4.00", (0.9,) * 3) == "Sweet tea 4.00"


def test_two_lines_of_one_picture_are_both_remembered(readings: TaughtReadings) -> None:
    """Shown again, it is the same picture."""
    first = told_page("1", "told", [("a lino", (0.9,) * 2), ("b", (1.0,))], 0, "a line", teacher="")
    second = told_page("1", "told", [("a lino", (0.9,) * 2), ("b", (1.0,))], 1, "c", teacher="ana")
    readings.correct(first)
    readings.correct(second)
    [page] = readings.pages
    assert [(one.read, one.written) for one in page.lines] == [("a lino", "a line"), ("b", "c")]


def test_the_last_one_is_taken_back(readings: TaughtReadings) -> None:
    """Once; a kept picture goes with it."""
    readings.correct(_page("1", "GREEN MARKET", "GRFEN MARKET"))
    readings.keep_cut("1", 0, b"jpeg")
    assert readings.pages[0].lines[0].cut == b"jpeg"
    readings.take_back()
    assert not readings.pages and not readings.wordbook
    with pytest.raises(InputError, match="any more"):
        readings.take_back()
    with pytest.raises(InputError, match="Nothing was put right"):
        readings.keep_cut("1", 0, b"jpeg")


def test_forgetting_leaves_no_version(registry: Registry, readings: TaughtReadings) -> None:
    """By what was written, or by the person who said so."""
    readings.correct(_page("1", "GREEN MARKET", "GRFEN MARKET"))
    readings.correct(_page("2", "Blue Shop", "Blne Shop", teacher="ben"))
    readings.unlearn("ben")
    assert [one.picture for one in readings.pages] == ["1"]
    assert len(registry.versions("sight/readings")) == 1
    with pytest.raises(InputError, match="Nobody told me"):
        readings.forget("Blue Shop")
    readings.forget("green market")
    assert not readings.pages


def _knowing(registry: Registry, text: str) -> list[str]:
    """Return the versions in whose files *text* stands."""
    name = "sight/readings"
    files = {
        card.version: registry.get(name, card.version).file("readings.json")
        for card in registry.versions(name)
    }
    return [version for version, file in files.items() if text in file.read_text("utf-8")]


@pytest.mark.parametrize("by", ["person", "words"])
def test_what_was_taken_back_is_forgotten_as_well(
    registry: Registry, readings: TaughtReadings, by: str
) -> None:
    """It stood in an earlier version."""
    readings.correct(_page("1", "GREEN MARKET", "GRFEN MARKET"))
    readings.take_back()
    assert _knowing(registry, "GREEN MARKET")
    if by == "person":
        readings.unlearn("ana")
    else:
        readings.forget("green market")
    assert not _knowing(registry, "GREEN MARKET")


def test_what_another_put_right_since_is_forgotten_as_well(
    registry: Registry, readings: TaughtReadings
) -> None:
    """In every version, and where the last correction would be taken back."""
    readings.correct(_page("1", "ANAS SECRET", "GRFEN MARKET"))
    readings.correct(_page("1", "GREEN MARKET", "GRFEN MARKET", teacher="ben"))
    readings.unlearn("ana")
    assert not _knowing(registry, "SECRET") and _knowing(registry, "GREEN MARKET")
    with pytest.raises(InputError, match="any more"):
        readings.take_back()


def test_what_others_put_right_in_the_same_picture_stays(readings: TaughtReadings) -> None:
    """Of the line of who is erased nobody knows what it says: it is no evidence."""
    lines = [("GRFEN MARKET", (0.9,) * 2), ("CAFFE LATTF", (0.9,) * 2)]
    readings.correct(told_page("1", "told", lines, 0, "GREEN MARKET", teacher="ana"))
    readings.correct(told_page("1", "told", lines, 1, "CAFFE LATTE", teacher="ben"))
    readings.unlearn("ana")
    [page] = readings.pages
    assert [(one.written, one.teacher) for one in page.lines] == [
        ("", None),
        ("CAFFE LATTE", "ben"),
    ]
    assert compared((), readings.pages).turns == 1


def test_one_that_waits_keeps_nobody_from_learning(readings: TaughtReadings) -> None:
    """What is put right later is tried without it, too."""
    readings.correct(_page("1", "GREEN MARKET", "GRFEN MARKET", "SPECIAL OFFER"))
    assert not readings.correct(_page("2", "SPECIAL OFFERS", "SPECIAL OFFER")).is_used
    assert readings.correct(_page("3", "BAKERY HOUSE", "BAKFRY HOUSE")).is_used
    assert readings.wordbook.text("BAKFRY HOUSE", (0.9, 0.9)) == "BAKERY HOUSE"
    assert readings.wordbook.text("SPECIAL OFFER", (0.9, 0.9)) == "SPECIAL OFFER"
    assert [one.picture for one in readings.pages] == ["1", "3", "2"]


def test_a_picture_says_what_was_told_of_it(readings: TaughtReadings) -> None:
    """Numbers as well, and what waits; by its place, where two lines are alike."""
    readings.correct(_page("1", "6.00", "5.00", "5.00", "Tea"))
    assert readings.told("1", ["5.00", "5.00", "Tea"]) == {0: "6.00"}
    assert not readings.told("1", ["4.00", "5.00", "Tea"]), "another reader has other lines"
    assert not readings.told("2", ["5.00"])
    lines = [(one, (0.9,)) for one in ("5.00", "5.00", "Tea")]
    readings.correct(told_page("1", "told", lines, 2, "Teas", teacher="ana"))
    assert readings.told("1", ["5.00", "5.00", "Tea"]) == {0: "6.00", 2: "Teas"}


@pytest.mark.parametrize(("read", "written"), [("T0TAL", "TOTAL"), ("GRFEN", "GREEN")])
def test_nothing_is_promised_that_is_not_learned(
    readings: TaughtReadings, read: str, written: str
) -> None:
    """A single word has to be put right twice."""
    done = readings.correct(_page("1", written, read, sure=0.95))
    assert done.told.key == "sight-put-right"
    assert readings.wordbook.text(read, (0.95,)) == read


def test_lines_that_were_mended_are_right_as_they_were_shown(readings: TaughtReadings) -> None:
    """Nobody objected to what was shown, not to what was read."""
    readings.correct(_page("1", "GREEN MARKET", "GRFEN MARKET"))
    lines = [("GRFEN MARKET", (0.9,) * 2), ("Breod 3.90", (0.9,) * 2)]
    shown = ["GREEN MARKET", "Breod 3.90"]
    page = told_page("2", "told", lines, 1, "Bread 3.90", shown=shown, teacher="ana")
    assert [one.written for one in page.lines] == ["GREEN MARKET", "Bread 3.90"]
    assert readings.correct(page).evidence.gain == 0


@pytest.mark.parametrize("written", ["", " \x00 ", "\u200b", "x" * 501])
def test_no_line_is_empty_or_endless(readings: TaughtReadings, written: str) -> None:
    """It is refused in a sentence."""
    with pytest.raises(InputError, match="1 to 500"):
        readings.correct(_page("1", written, "GRFEN MARKET"))


def test_the_oldest_go_first(readings: TaughtReadings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody's memory is endless."""
    monkeypatch.setattr("gnothi.learning.readings.MOST", 3)
    assert MOST == 200
    for at in range(5):
        readings.correct(_page(f"{at}", f"Line {'abcde'[at]}", "Line"))
    assert [one.picture for one in readings.pages] == ["2", "3", "4"]
