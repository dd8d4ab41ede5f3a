"""Pictures on the page: shown, read, and asked about, in a real browser."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from gnothi.core.seeing import Pixels, WrittenLine

if TYPE_CHECKING:
    from tests.serve.page.visitor import Page

A_CAMERA = """
    navigator.mediaDevices.getUserMedia = async () => {
      const canvas = document.createElement("canvas");
      canvas.getContext("2d").fillRect(0, 0, 10, 10);
      return canvas.captureStream(10);
    };
"""


class Receipt:
    """A reader that sees the same receipt in whatever it is shown."""

    name = "receipt"

    def read(self, pixels: Pixels) -> tuple[WrittenLine, ...]:
        """Return its three lines."""
        texts = ("CORNER SHOP", "Bread 3.90", "TOTAL 23.90")
        return tuple(
            WrittenLine(text, np.array([[9, y], [99, y], [99, y + 12], [9, y + 12.0]]), 0.95)
            for y, text in zip((10, 40, 70), texts, strict=True)
        )


@pytest.fixture(autouse=True)
def reader(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody reads, whatever is installed."""
    monkeypatch.setattr("gnothi.serve.sight.open_reader", lambda **_: Receipt())


def test_a_picture_is_shown_read_and_asked_about(page: "Page", tmp_path: Path) -> None:
    """A file is read, its lines are drawn over it, and the next question is about it."""
    file = tmp_path / "receipt.png"
    Image.new("RGB", (120, 100), "#ddd").save(file)
    page.open()
    page.click("#show-picture")
    page.browser.find_element("id", "picture-file").send_keys(str(file))
    page.find(".bubble.said", "What does this say?")
    page.find(".bubble.answer", "Total: 23.90.")
    page.click("#suggestions .suggestion", "What's the total?")
    marked = ".bubble:last-child polygon.marked"
    page.until(lambda: len(page.all(marked)) == 1, "the line of the total")
    loaded = "return [...document.images].every((one) => one.complete && one.naturalWidth === 120)"
    page.until(lambda: page.script(loaded), "the picture itself")
    page.click(".bubble:last-child .seen summary")
    page.find(".seen-rows .marked", "TOTAL 23.90")
    page.say("when does it expire")
    page.find(".bubble.answer", "I find no expiry date")


def test_what_was_read_is_put_right_on_the_page(page: "Page", tmp_path: Path) -> None:
    """Beside its line, in its own words; the next answer has them."""
    file = tmp_path / "receipt.png"
    Image.new("RGB", (120, 100), "#ddd").save(file)
    page.open()
    page.click("#show-picture")
    page.browser.find_element("id", "picture-file").send_keys(str(file))
    page.find(".bubble.answer", "Total: 23.90.")
    page.click(".bubble:last-child .seen summary")
    page.click(".seen-rows li:nth-child(3) .button")
    field = page.browser.find_element("css selector", ".put-right .field")
    field.clear()
    field.send_keys("TOTAL 28.90")
    page.click(".put-right .button.primary")
    page.find(".seen-rows li:nth-child(3)", "TOTAL 28.90")
    page.find(".notice", "remember it")
    page.say("what's the total")
    page.find(".bubble.answer", "Total: 28.90.")


def test_the_camera_of_the_page_takes_a_picture(page: "Page") -> None:
    """The camera is shown, takes a picture at a touch, and is given back."""
    page.open()
    page.script(A_CAMERA)
    page.click("#show-picture")
    page.click("#use-camera")
    page.click("#take-picture")
    page.find(".bubble.answer", "Total: 23.90.")


def test_what_is_no_picture_is_refused(page: "Page", tmp_path: Path) -> None:
    """A text that calls itself a picture leads to a sentence."""
    file = tmp_path / "notes.png"
    file.write_text("not a picture at all")
    page.open()
    page.click("#show-picture")
    page.browser.find_element("id", "picture-file").send_keys(str(file))
    page.find(".notice.trouble", "is no picture")
