"""The artifact that holds what a household put right of what was read, and its export.

``sight/readings`` holds pages: the lines of each as they were read and as they are written, and
small pictures of lines only where somebody agreed. Lines of such a page that nobody put right are
kept as right: they tell whether what is learned does harm.
"""

import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from gnothi.core.errors import ArtifactError
from gnothi.core.seeing import Corners, Pixels
from gnothi.vision.pictures import write_jpeg
from gnothi.vision.reading.cutting import boxes_of, corners_of
from gnothi.vision.reading.wordbook import ToldLine, ToldPage

NAME = "sight/readings"
TOLD, CUTS = "readings.json", "cuts.npz"
LINES = "lines.jsonl"
"""File of an export: an object a line."""
_HEIGHT, _WIDEST = 48, 1600
"""Pixels of a line that is kept; smaller ones stay as they are."""
_MARGIN = 0.15


def cut_line(pixels: Pixels, corners: Corners) -> bytes:
    """Return the line with four *corners* (4, 2) in *pixels*, level and small, as a JPEG."""
    [box] = boxes_of(corners[None])
    [around] = corners_of(box[None], _MARGIN)
    tall = box[3] * (1 + 2 * _MARGIN)
    wide = box[2] + 2 * _MARGIN * box[3]
    scale = min(1.0, _HEIGHT / tall, _WIDEST / wide)
    size = tuple(max(1, round(side * scale)) for side in (wide, tall))
    quad = around[[0, 3, 2, 1]]  # Pillow goes the other way round
    picture = Image.fromarray(pixels)
    halves = max(1, int(1 / scale))
    if halves > 1:
        picture, quad = picture.reduce(halves), quad / halves
    level = picture.transform(
        (size[0], size[1]), Image.Transform.QUAD, tuple(quad.ravel()), Image.Resampling.BICUBIC
    )
    return write_jpeg(np.asarray(level), 92)


def packed(pages: Sequence[ToldPage], waiting: Sequence[ToldPage]) -> dict[str, bytes]:
    """Return the files of the artifact that holds *pages*, and those that wait for more."""
    cuts: dict[str, NDArray[Any]] = {}
    told: dict[str, list[dict[str, Any]]] = {}
    for group, some in (("pages", pages), ("waiting", waiting)):
        told[group] = [_page(page, f"{group}/{at}", cuts) for at, page in enumerate(some)]
    file = io.BytesIO()
    np.savez_compressed(file, **cuts)  # pyright: ignore[reportArgumentType] - arrays by name
    return {TOLD: json.dumps(told, ensure_ascii=False).encode(), CUTS: file.getvalue()}


def unpacked(files: Mapping[str, bytes]) -> tuple[tuple[ToldPage, ...], tuple[ToldPage, ...]]:
    """Return the pages, and those that wait, in the *files* of an artifact.

    Raises:
        ArtifactError: they are not what :func:`packed` writes.
    """
    try:
        told = json.loads(files[TOLD])
        with np.load(io.BytesIO(files[CUTS]), allow_pickle=False) as cuts:
            pages, waiting = (
                tuple(_read(one, f"{group}/{at}", cuts) for at, one in enumerate(told[group]))
                for group in ("pages", "waiting")
            )
    except (KeyError, ValueError, TypeError, OSError, BadZipFile) as error:
        raise ArtifactError(f"What was put right can't be read: {error}") from error
    return pages, waiting


def export(pages: Iterable[ToldPage], folder: Path) -> int:
    """Write every line that somebody told of to *folder*; return how many there are.

    ``lines.jsonl`` has an object for each: ``text`` (what is written), ``read`` (what was read),
    ``reader``, and ``picture``, the name of a JPEG of the level line, or ``null``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    with (folder / LINES).open("w", encoding="utf-8") as file:
        for page in pages:
            for line in page.lines:
                if not line.is_told:
                    continue
                count += 1
                name = f"{count:04}.jpg" if line.cut else None
                if name:
                    (folder / name).write_bytes(line.cut)
                told = {"text": line.written, "read": line.read, "reader": page.reader}
                file.write(json.dumps({**told, "picture": name}, ensure_ascii=False) + "\n")
    return count


def _page(page: ToldPage, key: str, cuts: dict[str, NDArray[Any]]) -> dict[str, Any]:
    for at, line in enumerate(page.lines):
        if line.cut:
            cuts[f"{key}/{at}"] = np.frombuffer(line.cut, np.uint8)
    return {
        "picture": page.picture,
        "reader": page.reader,
        "lines": [
            {
                "read": one.read,
                "written": one.written,
                "sure": [round(value, 3) for value in one.sure],
                "teacher": one.teacher,
            }
            for one in page.lines
        ],
    }


def _read(told: Mapping[str, Any], key: str, cuts: Mapping[str, NDArray[Any]]) -> ToldPage:
    return ToldPage(str(told["picture"]), str(told["reader"]), tuple(_lines(told, key, cuts)))


def _lines(
    told: Mapping[str, Any], key: str, cuts: Mapping[str, NDArray[Any]]
) -> Iterator[ToldLine]:
    for at, one in enumerate(told["lines"]):
        teacher = one["teacher"]
        yield ToldLine(
            str(one["read"]),
            str(one["written"]),
            tuple(map(float, one["sure"])),
            None if teacher is None else str(teacher),
            cuts[f"{key}/{at}"].tobytes() if f"{key}/{at}" in cuts else b"",
        )
