"""Show a kept result in the terminal: ours, baselines, peers, published, side by side."""

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from rich.console import Console
from rich.table import Column, Table

System: TypeAlias = tuple[str, list[str]]
"""A label, and one cell a figure."""
_EDGES = 3
"""Columns of a terminal that a border and its spaces take."""


def show(kept: Mapping[str, Any], console: Console | None = None) -> None:
    """Print the table and the notes of a *kept* document.

    Where the terminal is too narrow for all systems, they are parted over several tables.
    """
    console = console or Console()
    names, title = list(kept["figures"]), kept["name"]
    for systems in _fitting(list(rows(kept)), console.width - max(map(len, names), default=0)):
        told = [at for at in range(len(names)) if any(cells[at] for _, cells in systems)]
        labels = (label for label, _ in systems)
        table = Table(Column(no_wrap=True), *labels, title=title, title_justify="left")
        for at in told:
            table.add_row(names[at], *(cells[at] for _, cells in systems))
        console.print(table)
        title = None
    for note in kept["notes"]:
        console.print(f"· {note}", markup=False)


def rows(kept: Mapping[str, Any]) -> Iterator[System]:
    """Return a label and one cell a figure for ours, then for each system compared with."""
    names = list(kept["figures"])
    yield "ours", [cell(kept["figures"], kept["intervals"], name) for name in names]
    for kind, mark in (("baselines", "baseline"), ("peers", "peer"), ("published", "published")):
        for label, figures in kept[kind].items():
            yield f"{label} ({mark})", [cell(figures, {}, name) for name in names]


def _fitting(systems: list[System], width: int) -> Iterator[list[System]]:
    """Yield *systems*, as many together as fit into *width*; at least one."""
    chosen: list[System] = []
    used = _EDGES
    for label, cells in systems:
        needed = max(map(len, [*label.split(), *cells])) + _EDGES
        if chosen and used + needed > width:
            yield chosen
            chosen, used = [], _EDGES
        chosen.append((label, cells))
        used += needed
    if chosen:
        yield chosen


def cell(figures: Mapping[str, Any], intervals: Mapping[str, Any], name: str) -> str:
    """Return a figure with its interval as text; empty when there is none of that *name*."""
    if name not in figures:
        return ""
    told = number(figures[name])
    if name not in intervals:
        return told
    low, high = intervals[name]
    return f"{told} [{number(low)}, {number(high)}]"


def number(figure: float | str) -> str:
    """Return a figure with as many digits as are worth reading."""
    if isinstance(figure, str):
        return figure
    if abs(figure) >= 100 or (abs(figure) > 1 and float(figure).is_integer()):
        return f"{figure:,.0f}"
    return f"{figure:.3f}" if abs(figure) < 10 else f"{figure:.1f}"
