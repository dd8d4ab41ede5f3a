"""What a household puts right of what was read: learned, judged, taken back, forgotten."""

from pathlib import Path

import pytest

from gnothi.core.clock import SystemClock
from gnothi.core.errors import InputError
from gnothi.learning.readings import MOST, TaughtReadings
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
    readings.keep_cut("1", "GRFEN MARKET", b"jpeg")
    assert readings.pages[0].lines[0].cut == b"jpeg"
    readings.take_back()
    assert not readings.pages and not readings.wordbook
    with pytest.raises(InputError, match="any more"):
        readings.take_back()
    with pytest.raises(InputError, match="Nothing was put right"):
        readings.keep_cut("1", "GRFEN MARKET", b"jpeg")


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


@pytest.mark.parametrize("written", ["", "x" * 501])
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
