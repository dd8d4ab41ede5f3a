"""Results in a terminal: all of it can be read, however narrow the terminal is."""

import io

import pytest
from rich.console import Console

from gnothi_lab.table import show

NAMES = [f"a_long_name_of_a_figure_{number}" for number in range(3)]
KEPT = {
    "name": "example",
    "figures": dict.fromkeys(NAMES, 0.5),
    "intervals": {NAMES[0]: [0.25, 0.75]},
    "baselines": {f"baseline number {one}": dict.fromkeys(NAMES[:2], 0.125) for one in range(9)},
    "peers": {},
    "published": {},
    "notes": ["A note."],
}


@pytest.mark.parametrize("width", [60, 100, 300])
def test_every_figure_can_be_read(width: int) -> None:
    """Names are whole, and every system has its column."""
    told = io.StringIO()
    show(KEPT, Console(width=width, file=told))
    text = told.getvalue()
    assert all(name in text for name in NAMES)
    assert text.count("0.125") == 18
    assert "…" not in text
    assert max(map(len, text.splitlines())) <= width
