"""Pictures that are shown are kept for a while, and read once."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gnothi.core.errors import InputError
from gnothi.core.seeing import Frame, Pixels, WrittenLine
from gnothi.vision.eyes import KEPT_S, MOST, Eyes
from gnothi.vision.pictures import KEPT
from tests.vision.written import RECEIPT, Reader


class Time:
    """A clock that a test turns."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def picture(width: int = 40, height: int = 30, **options: object) -> bytes:
    """Return a black picture as a file."""
    file = io.BytesIO()
    Image.new("RGB", (width, height)).save(file, "JPEG", **options)
    return file.getvalue()


def test_what_is_shown_is_read_once_and_forgotten_in_time() -> None:
    """After a quarter of an hour, or sixteen pictures, it is gone, and a sentence says so."""
    reader, time = Reader(*RECEIPT), Time()
    eyes = Eyes(lambda: reader, clock=time)
    shown = eyes.show(picture())
    assert (shown.width, shown.height) == (40, 30)
    assert eyes.read(shown.id).page.rows[0].text == "GREEN MARKET"
    eyes.read(shown.id)
    assert reader.count == 1
    time.now += KEPT_S + 1
    assert eyes.find(shown.id) is None
    with pytest.raises(InputError, match="show it once more"):
        eyes.read(shown.id)
    first = eyes.show(picture())
    for _ in range(MOST):
        last = eyes.show(picture())
    assert eyes.find(first.id) is None and eyes.find(last.id) is not None


def test_what_is_forgotten_while_it_is_read_stays_forgotten() -> None:
    """Whoever asked is answered; nothing of it is kept."""
    time = Time()

    class Slow(Reader):
        def read(self, pixels: Pixels) -> tuple[WrittenLine, ...]:
            time.now += KEPT_S + 1
            eyes.forget_old()
            return super().read(pixels)

    eyes = Eyes(lambda: Slow(*RECEIPT), clock=time)
    assert eyes.read(eyes.show(picture()).id).page.rows
    assert not eyes._pages and not eyes._pictures


def test_where_a_picture_was_taken_is_not_kept() -> None:
    """Nothing of EXIF is; a picture that is larger than needed is reduced."""
    exif = Image.Exif()
    exif[0x010E] = "at home"
    shown = Eyes(Reader).show(picture(KEPT + 100, 10, exif=exif))
    assert b"at home" not in shown.jpeg and shown.width == KEPT


def test_without_anything_to_look_at_a_sentence_says_so(tmp_path: Path) -> None:
    """No camera, no picture, a recording that is over."""
    with pytest.raises(InputError, match="GNOTHI_CAMERA"):
        Eyes(Reader).look()
    with pytest.raises(InputError, match="no picture"):
        Eyes(Reader).show(b"not a picture")

    class Short:
        name = "film"
        left = 1

        def look(self) -> Frame | None:
            self.left -= 1
            return Frame(np.zeros((2, 2, 3), dtype=np.uint8), 0.0) if self.left >= 0 else None

        def close(self) -> None:
            self.left = 1

    eyes = Eyes(Reader, Short)
    assert eyes.look().source == "film"
    with pytest.raises(InputError, match="film is over"):
        eyes.look()
    eyes.close()
    assert eyes.look().source == "film"
