"""Ten things are taught on the page: what was proposed, what was corrected, what is found then.

    python -m tests.serve.page.ten_things --things DIR --out DIR

*things* are folders as ``gnothi_lab.sight.teaching.household`` writes them; pictures of the page go
to *out*. Needs Debian's chromium and chromium-driver.
"""

import json
from collections import Counter
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import numpy as np

from gnothi.vision.boxes import overlaps
from tests.serve.page.conftest import browser, family, visit
from tests.serve.page.running import Running, settings_in
from tests.serve.page.teaching import Box, Teaching
from tests.serve.page.visitor import Page

SAME = 0.5
"""Overlap from which on two boxes are around the same thing."""
Boxes = Sequence[Box]


def taught(teaching: Teaching, folder: Path, out: Path) -> Counter[str]:
    """Teach the thing in *folder* by one box and corrections; return what came of it."""
    told: Counter[str] = Counter()
    name = folder.name.replace("-", " ")
    pictures, true = _lesson(folder / "teach")
    teaching.show(name, pictures)
    teaching.draw(1, true[0][0])
    teaching.proposed()
    _photograph(teaching.page, out / f"{folder.name}-proposed.png")
    for number, boxes in enumerate(true[1:], 2):
        told["proposals"] += 1
        if _is_right(teaching.drawn(number), boxes):
            told["proposed"] += 1
        else:
            teaching.draw(number, boxes[0])
    _photograph(teaching.page, out / f"{folder.name}-corrected.png")
    click.echo(f"{name}: {teaching.learn()}")
    for picture, boxes in zip(*_lesson(folder / "try"), strict=True):
        found = teaching.try_on(picture)
        near = overlaps(_rows(boxes), _rows(found)) >= SAME
        told += Counter(tried=1, found=int(near.any()), alarms=int((~near.any(axis=0)).sum()))
    _photograph(teaching.page, out / f"{folder.name}-tried.png")
    teaching.page.click("#close-trial")
    return told


def _lesson(folder: Path) -> tuple[list[Path], list[Boxes]]:
    told: dict[str, Boxes] = json.loads((folder / "boxes.json").read_text("utf-8"))
    return [folder.absolute() / name for name in told], list(told.values())


def _is_right(drawn: Boxes, true: Boxes) -> bool:
    return bool((overlaps(_rows(drawn), _rows(true)) >= SAME).any())


def _rows(boxes: Boxes) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    return np.asarray(boxes, np.float64).reshape(-1, 4)


def _photograph(page: Page, path: Path) -> None:
    path.write_bytes(page.find("#sheet").screenshot_as_png)


@contextmanager
def _visited() -> Generator[Page]:
    with TemporaryDirectory() as folder, browser() as chromium:
        yield from visit(chromium, Running(settings_in(Path(folder)), family()))


@click.command()
@click.option("--things", type=click.Path(path_type=Path, exists=True), required=True)
@click.option("--out", type=click.Path(path_type=Path), required=True)
def main(*, things: Path, out: Path) -> None:
    """Teach every thing on the page, and tell what came of it."""
    out.mkdir(parents=True, exist_ok=True)
    total: Counter[str] = Counter()
    with _visited() as page, page.width(900, 900):
        for folder in sorted(one.parent for one in things.glob("*/teach")):
            told = taught(Teaching(page), folder, out)
            click.echo(f"  {dict(told)}")
            total += told
    click.echo(json.dumps(total))


if __name__ == "__main__":
    main()
