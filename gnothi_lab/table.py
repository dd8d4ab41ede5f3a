"""Show a kept result in the terminal: ours, baselines, peers, published, side by side."""

from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import Console
from rich.table import Table


def show(kept: Mapping[str, Any], console: Console | None = None) -> None:
    """Print the table and the notes of a *kept* document."""
    console = console or Console()
    systems = list(rows(kept))
    table = Table("", *(label for label, _ in systems), title=kept["name"], title_justify="left")
    for index, name in enumerate(kept["figures"]):
        table.add_row(name, *(cells[index] for _, cells in systems))
    console.print(table)
    for note in kept["notes"]:
        console.print(f"· {note}", markup=False)


def rows(kept: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """Return a label and one cell a figure for ours, then for each system compared with."""
    names = list(kept["figures"])
    yield "ours", [cell(kept["figures"], kept["intervals"], name) for name in names]
    for kind, mark in (("baselines", "baseline"), ("peers", "peer"), ("published", "published")):
        for label, figures in kept[kind].items():
            yield f"{label} ({mark})", [cell(figures, {}, name) for name in names]


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
