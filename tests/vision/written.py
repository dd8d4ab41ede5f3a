"""Lines for tests, as a reader would find them."""

import numpy as np

from gnothi.core.seeing import Pixels, WrittenLine
from gnothi.vision.rotated import turning


def line(text: str, left: float, top: float, height: float = 12, width: float = 0) -> WrittenLine:
    """Return *text* at a place; as wide as its letters, if nothing else is said."""
    right, bottom = left + (width or 0.6 * height * len(text)), top + height
    corners = np.array([[left, top], [right, top], [right, bottom], [left, bottom]], dtype=float)
    return WrittenLine(text, corners, 0.95)


def leaning(one: WrittenLine, degrees: float) -> WrittenLine:
    """Return the line *one* in a picture that is turned clockwise around its corner."""
    return WrittenLine(one.text, one.corners @ turning(degrees).T, one.confidence)


RECEIPT = (
    line("GREEN MARKET", 60, 10, 24),
    line("Tel. 040 555 0199", 60, 44),
    line("26.02.2026 17:31", 10, 64),
    line("Bread", 10, 90),
    line("3.90", 200, 91),
    line("SUBTOTAL", 10, 110),
    line("23.90", 200, 110),
    line("TOTAL EUR", 10, 130, 16),
    line("23.90", 190, 131, 16),
    line("CASH", 10, 155),
    line("30.00", 200, 155),
    line("CHANGE", 10, 172),
    line("6.10", 200, 172),
)


class Reader:
    """Reads the same lines in whatever it is shown, and counts how often."""

    name = "told"

    def __init__(self, *lines: WrittenLine) -> None:
        self.lines = lines
        self.count = 0

    def read(self, pixels: Pixels) -> tuple[WrittenLine, ...]:
        self.count += 1
        return self.lines
