"""A person before the panel *Teach me a thing*: shows, draws, corrects, learns, tries."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.serve.page.visitor import Page

Box = Sequence[float]
_DRAW = """
    const [svg, box] = arguments;
    const { left, top, width, height } = svg.getBoundingClientRect();
    const [, , across, down] = svg.getAttribute("viewBox").split(" ").map(Number);
    const tell = (type, x, y) => svg.dispatchEvent(new PointerEvent(type, {
      pointerId: 1, clientX: left + (x / across) * width, clientY: top + (y / down) * height }));
    svg.setPointerCapture = () => {};
    tell("pointerdown", box[0], box[1]);
    if (box.length > 2) tell("pointermove", box[2], box[3]);
    tell("pointerup", box.at(-2), box.at(-1));
"""
_BOXES = """
    const side = (one, name) => Number(one.getAttribute(name));
    return [...arguments[0].querySelectorAll("rect")].map((one) => [side(one, "x"), side(one, "y"),
      side(one, "x") + side(one, "width"), side(one, "y") + side(one, "height")]);
"""


@dataclass(frozen=True)
class Teaching:
    """The panel, on a *page* that is open."""

    page: "Page"

    def show(self, name: str, pictures: Sequence[Path]) -> None:
        """Open it, name a thing and choose *pictures* of it."""
        self.page.open("learned")
        self.page.click("#teach-thing")
        self.page.find("#thing-name").send_keys(name)
        files = "\n".join(map(str, pictures))
        self.page.browser.find_element("id", "thing-files").send_keys(files)
        self.page.until(lambda: len(self.page.all("#boards .board")) == len(pictures), "pictures")

    def draw(self, number: int, box: Box) -> None:
        """Draw a *box* in a picture; pictures are numbered from 1."""
        self.page.script(_DRAW, self.page.find(self._board(number, " svg")), list(box))

    def touch(self, number: int, place: Box) -> None:
        """Touch a *place* (x, y) of a picture: the box there is taken away."""
        self.draw(number, place)

    def drawn(self, number: int) -> list[list[float]]:
        """Return the boxes in a picture, proposed ones as well."""
        return self.page.script(_BOXES, self.page.find(self._board(number, " svg")))

    def proposed(self) -> None:
        """Wait until the other pictures were looked at."""
        self.page.patiently(lambda: self.page.all("#thing-told", "I "), "proposals")

    def learn(self) -> str:
        """Let it be learned; return what is told of it."""
        self.page.click("#learn-thing")
        self.page.patiently(lambda: self.page.all("#trial, #try-files-open"), "what was learned")
        return self.page.find("#thing-told").text

    def try_on(self, picture: Path) -> list[list[float]]:
        """Look for what was learned in another *picture*; return where it is found."""
        self.page.script('document.querySelector("#trial").replaceChildren()')
        self.page.browser.find_element("id", "try-files").send_keys(str(picture))
        self.page.patiently(lambda: self.page.all("#trial .board"), "what is found")
        return self.page.script(_BOXES, self.page.find("#trial svg"))

    @staticmethod
    def _board(number: int, rest: str = "") -> str:
        return f"#boards .board:nth-child({number}){rest}"
