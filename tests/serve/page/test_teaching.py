"""A thing is taught on the page: shown, drawn, proposed, corrected, learned, tried, forgotten."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gnothi.learning.things import LabelledEyes
from gnothi.vision.pictures import write_jpeg
from tests.serve.page.teaching import Teaching
from tests.vision.teaching.patches import BLUE, DARK_RED, GREEN, RED, PatchEyes, painted

if TYPE_CHECKING:
    from tests.serve.page.visitor import Page

BOWL = [60, 60, 140, 140]


@pytest.fixture(autouse=True)
def eyes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody sees, whatever is installed."""
    monkeypatch.setattr("gnothi.serve.things._eyes", lambda _: LabelledEyes(PatchEyes(), "eyes@1"))


def _file(folder: Path, name: str, *patches: tuple[Sequence[int], tuple[int, int, int]]) -> Path:
    path = folder / f"{name}.jpg"
    path.write_bytes(write_jpeg(painted(*patches), 95))
    return path


def test_a_thing_is_taught_and_tried(page: "Page", tmp_path: Path) -> None:
    """One box proposes the others; then it is found, put right, and forgotten."""
    around = ([10, 150, 50, 200], GREEN)
    first = _file(tmp_path, "first", (BOWL, RED), ([200, 30, 260, 90], BLUE), around)
    around = ([20, 20, 80, 80], GREEN)
    second = _file(
        tmp_path, "second", ([180, 120, 260, 200], RED), ([100, 20, 160, 80], BLUE), around
    )
    teaching = Teaching(page)
    teaching.show("the cat's bowl", [first, second])
    teaching.draw(1, BOWL)
    page.find("#boards .board:nth-child(2)[data-state=proposed]")
    assert len(teaching.drawn(2)) == 1
    teaching.draw(1, [200, 30, 260, 90])
    page.until(lambda: len(teaching.drawn(1)) == 2, "two boxes")
    teaching.touch(1, [230, 60])
    page.until(lambda: len(teaching.drawn(1)) == 1, "one box")
    assert "Of 2 in pictures that I had not learned from, I found 2." in teaching.learn()
    third = _file(tmp_path, "third", ([200, 30, 280, 110], DARK_RED))
    assert len(teaching.try_on(third)) == 1
    page.find("#trial .board[data-found='1']")
    page.click("#thats-wrong-1")
    page.find("#trial .board[data-state=empty]")
    page.click("#close-trial")
    page.find('li[data-thing="the cat\'s bowl"]', "3 pictures")
    page.click('li[data-thing="the cat\'s bowl"] button', "Forget")
    page.click("#sheet-yes")
    page.gone("li[data-thing]")


def test_without_a_box_it_proposes_what_stands_out(page: "Page", tmp_path: Path) -> None:
    """A touch proposes, another learns."""
    page.open("learned")
    page.click("#teach-thing")
    page.find("#thing-name").send_keys("ball")
    only = _file(tmp_path, "only", ([120, 80, 200, 160], RED))
    page.browser.find_element("id", "thing-files").send_keys(str(only))
    page.find("#boards .board")
    page.click("#stands-out")
    page.find("#boards .board[data-state=proposed]")
    page.click("#learn-thing")
    page.find("#thing-told", "Show me a few more")


def test_a_thing_without_a_name_or_a_box_is_refused(page: "Page", tmp_path: Path) -> None:
    """In a sentence."""
    page.open("learned")
    page.click("#teach-thing")
    only = _file(tmp_path, "only", ([120, 80, 200, 160], RED))
    page.browser.find_element("id", "thing-files").send_keys(str(only))
    page.find("#boards .board")
    page.find("#thing-name").send_keys("ball")
    page.click("#learn-thing")
    page.find(".notice.trouble", "draw a box")
