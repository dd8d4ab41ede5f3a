"""In which order people read what a reader found: rows, and columns of text beside each other."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from gnothi.core.seeing import WrittenLine
from gnothi.vision.boxes import around
from gnothi.vision.reading.upright import tilt
from gnothi.vision.rotated import RotatedBox, turning

SIDE_BY_SIDE = 0.5
"""Share of the lower one's height by which lines of one row overlap."""
GUTTER = 0.7
"""Heights of letters between columns of text, at least."""
PROSE = 12
"""Mean letters of a line of prose; a column of prices has fewer, and belongs to its row."""
FEWEST = 3
"""Lines of a column of prose."""
PARTED = 2.5
"""Heights of letters between parts of a page that are read one after the other."""


@dataclass(frozen=True, slots=True)
class Row:
    """Lines side by side, as they are read."""

    lines: tuple[WrittenLine, ...]
    height: float
    """Of its letters, in pixels."""

    @property
    def text(self) -> str:
        """The row as one text."""
        return " ".join(line.text for line in self.lines)


@dataclass(frozen=True, slots=True)
class Page:
    """Everything that is written in a picture, in the order of reading."""

    rows: tuple[Row, ...] = ()

    @property
    def text(self) -> str:
        """One row a line."""
        return "\n".join(row.text for row in self.rows)

    @property
    def lines(self) -> tuple[WrittenLine, ...]:
        """The lines in the order of reading."""
        return tuple(line for row in self.rows for line in row.lines)

    def with_line(self, line: WrittenLine, other: WrittenLine) -> "Page":
        """Return this page with an *other* line in the place of *line*."""
        rows = (
            replace(row, lines=tuple(other if one is line else one for one in row.lines))
            for row in self.rows
        )
        return Page(tuple(rows))


@dataclass(frozen=True, slots=True)
class _Item:
    """A line, and the level box around it."""

    line: WrittenLine
    left: float
    top: float
    right: float
    bottom: float

    @property
    def height(self) -> float:
        return self.bottom - self.top


def arranged(lines: Sequence[WrittenLine]) -> Page:
    """Return *lines* in the order in which people read them, at whichever angle they lie.

    Recursive cuts, as in Nagy and Seth, Hierarchical representation of optically scanned documents
    (1984), with one difference: white space between columns parts them only where prose stands on
    both sides. Prices to the right of their things stay in the row.
    """
    level = turning(-tilt(lines))
    items = [_item(line, level) for line in lines]
    return Page(tuple(_rows(items)))


def _item(line: WrittenLine, level: np.ndarray) -> _Item:
    box = RotatedBox.read(line.corners @ level.T)
    left, _, right, _ = (float(one) for one in around(line.corners @ level.T))
    half = min(box.height, box.width) / 2  # a leaning line is no higher for it
    return _Item(line, left, box.y - half, right, box.y + half)


def _rows(items: Sequence[_Item]) -> Iterator[Row]:
    if not items:
        return
    letter = float(np.median([item.height for item in items]))
    if columns := _columns(items, letter):
        for column in columns:
            yield from _rows(column)
    elif (parts := _parts(items, letter)) is not None:
        for part in parts:
            yield from _rows(part)
    else:
        yield from _level_rows(items)


def _columns(items: Sequence[_Item], letter: float) -> Sequence[Sequence[_Item]]:
    """Return the two sides of the widest gutter between prose; nothing where there is none."""
    across = sorted(items, key=lambda item: item.left)
    best, at, reach = GUTTER * letter, 0, across[0].right
    for index, item in enumerate(across):
        gap = item.left - reach
        if gap > best and _is_prose(across[:index]) and _is_prose(across[index:]):
            best, at = gap, index
        reach = max(reach, item.right)
    return (across[:at], across[at:]) if at else ()


def _is_prose(items: Sequence[_Item]) -> bool:
    return len(items) >= FEWEST and sum(len(one.line.text) for one in items) >= PROSE * len(items)


def _parts(items: Sequence[_Item], letter: float) -> Sequence[Sequence[_Item]] | None:
    """Return what stands above and below the widest gap; ``None`` where there is none."""
    down = sorted(items, key=lambda item: item.top)
    best, at, reach = PARTED * letter, 0, down[0].bottom
    for index, item in enumerate(down):
        if item.top - reach > best:
            best, at = item.top - reach, index
        reach = max(reach, item.bottom)
    return (down[:at], down[at:]) if at else None


def _level_rows(items: Sequence[_Item]) -> Iterator[Row]:
    """Yield rows from top to bottom, the lines of each from left to right."""
    rows: list[list[_Item]] = []
    for item in sorted(items, key=lambda item: item.top + item.bottom):
        if row := next((row for row in reversed(rows[-3:]) if _belongs(item, row)), None):
            row.append(item)
        else:
            rows.append([item])
    for row in rows:
        ordered = sorted(row, key=lambda item: item.left)
        yield Row(tuple(item.line for item in ordered), max(item.height for item in row))


def _belongs(item: _Item, row: Sequence[_Item]) -> bool:
    """Whether *item* stands beside every line of *row*."""
    return all(_beside(item, other) for other in row)


def _beside(one: _Item, other: _Item) -> bool:
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    across = min(one.right, other.right) - max(one.left, other.left)
    narrower = min(one.right - one.left, other.right - other.left)
    return shared >= SIDE_BY_SIDE * min(one.height, other.height) and across < narrower / 2
