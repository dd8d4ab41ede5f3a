"""PP-OCR, the reader of PaddleOCR (Apache-2.0), through the package ``rapidocr``.

The package brings its networks along; nothing is downloaded. Lines are found in the picture
reduced to ``LONGEST``, and read in cut-outs of the whole one, so that small print keeps its pixels.
"""

from collections.abc import Iterator, Sequence
from importlib import import_module
from importlib.util import find_spec
from itertools import chain
from threading import Lock
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from gnothi.core.errors import MissingExtraError
from gnothi.core.seeing import Corners, Pixels, WrittenLine, WrittenWord, require_picture
from gnothi.vision.capture import EXTRA
from gnothi.vision.pictures import reduced

LONGEST = 2_000
"""Pixels of the longer side, to find lines in."""
SHORTEST, SLIMMEST = 96, 4.0
"""Pixels of the shorter side, and how many times as long the longer one may be."""
LEAST = 0.5
"""Lines that are read less surely are noise."""
_LYING = 1.5
"""What is taller than wide by this is read from its side, as ``rapidocr`` does."""
_TURNED = 0.9
"""So surely a line must be upside down to be turned, as ``rapidocr`` does."""
_SMALLEST = 3.0
"""Pixels below which a line has no letters."""


class RapidReader:
    """Reads with the networks that ``rapidocr`` brings along."""

    name = "pp-ocr"

    def __init__(self, *, threads: int = 1, least: float = LEAST) -> None:
        """Open the networks; *least* is how surely a line must be read to be told.

        Raises:
            MissingExtraError: the package is not installed.
        """
        if not find_spec("rapidocr") or not find_spec("cv2"):
            raise MissingExtraError(EXTRA, "Reading pictures")
        self._module: Any = import_module("rapidocr.main")
        self._engine: Any = self._module.RapidOCR(
            params={
                "Global.log_level": "critical",
                "EngineConfig.onnxruntime.intra_op_num_threads": threads,
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            }
        )
        self._engine.return_word_box = True
        self._least = least
        self._lock = Lock()

    def read(self, pixels: Pixels) -> tuple[WrittenLine, ...]:
        """Return the lines in *pixels*.

        Raises:
            InputError: this is no picture of the right kind.
        """
        picture = np.ascontiguousarray(require_picture(pixels)[:, :, ::-1])  # as OpenCV has it
        with self._lock:
            try:
                return tuple(self._lines(picture))
            except self._module.RapidOCRError:  # that is how it says that there is nothing
                return ()

    def _lines(self, picture: Pixels) -> Iterator[WrittenLine]:
        places = self._places(picture)
        if not places:
            return
        pieces = self._engine.crop_text_regions(picture, np.asarray(places, dtype=np.float32))
        upright, turned = self._turned(pieces)
        read = self._engine.recognize_txt(upright)
        found = zip(places, pieces, turned, read.txts, read.scores, read.word_results, strict=True)
        for place, piece, is_turned, text, score, info in found:
            if text.strip() and score >= self._least:
                corners = _as_read(place, piece.shape, is_turned=is_turned)
                words = tuple(_words(text, corners, info))
                yield WrittenLine(" ".join(text.split()), corners, float(score), words)

    def _places(self, picture: Pixels) -> Sequence[Corners]:
        """Return where lines are, in pixels of the *picture*."""
        small = _bordered(reduced(picture, LONGEST))
        record: dict[str, Any] = {}
        _, found = self._engine.detect_and_crop(small, record)
        scale = max(picture.shape[:2]) / min(LONGEST, max(picture.shape[:2]))
        above = np.array([0, record["padding_1"]["top"]])
        places = [(np.asarray(box, dtype=np.float64) - above) * scale for box in found.boxes]
        return [place for place in places if min(_sides(place)) >= _SMALLEST]

    def _turned(self, pieces: Sequence[Any]) -> tuple[Sequence[Any], Sequence[bool]]:
        """Return the *pieces* the right way up, and which of them were turned for it."""
        upright, found = self._engine.cls_and_rotate(list(pieces))
        return upright, ["180" in label and score > _TURNED for label, score in found.cls_res]


def _bordered(picture: Pixels) -> Pixels:
    """Return *picture* with white on its right and below, where it is a strip or tiny.

    The detector enlarges its shorter side to 736 pixels: a strip would fill the memory.
    """
    height, width = picture.shape[:2]
    least = max(SHORTEST, int(max(height, width) / SLIMMEST))
    below, right = max(0, least - height), max(0, least - width)
    if not below and not right:
        return picture
    return np.pad(picture, ((0, below), (0, right), (0, 0)), constant_values=255)


def _sides(place: Corners) -> tuple[float, float]:
    return float(np.hypot(*(place[1] - place[0]))), float(np.hypot(*(place[3] - place[0])))


def _as_read(place: Corners, shape: Sequence[int], *, is_turned: bool) -> Corners:
    """Return the corners of *place* from where its reading begins; *shape* is its piece's.

    The piece of a place that is taller than wide was laid on its left side.
    """
    along, across = _sides(place)
    is_laid = across / max(along, 1.0) >= _LYING and shape[1] > shape[0]
    return np.roll(place, -(int(is_laid) + 2 * int(is_turned)), axis=0)


def _words(text: str, corners: Corners, info: Any) -> Iterator[WrittenWord]:  # noqa: ANN401 - untyped
    """Yield the words of a line, by the columns of the network that its letters came from."""
    columns: Sequence[float] = list(chain.from_iterable(info.word_cols))
    surely = [float(one) for one, letter in zip(info.confs, text, strict=False) if letter.strip()]
    length, at = max(float(info.line_txt_len), 1.0), 0
    for word in text.split():
        own = columns[at : at + len(word)]
        if not own:
            return
        half = (own[-1] - own[0]) / max(len(own) - 1, 1) / 2 or 1.0
        begin, end = (own[0] + 0.5 - half) / length, (own[-1] + 0.5 + half) / length
        sure = float(np.mean(surely[at : at + len(word)] or [0.0]))
        yield WrittenWord(word, part_of(corners, begin, end), sure)
        at += len(word)


def part_of(corners: Corners, begin: float, end: float) -> Corners:
    """Return the part of a line's four *corners* from share *begin* to share *end*, 0 to 1."""
    shares: NDArray[np.float64] = np.clip([begin, end], 0.0, 1.0)
    top = corners[0] + shares[:, None] * (corners[1] - corners[0])
    bottom = corners[3] + shares[:, None] * (corners[2] - corners[3])
    return cast("Corners", np.array([top[0], top[1], bottom[1], bottom[0]]))
