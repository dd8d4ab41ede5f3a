"""Pictures come in here, from files and from strangers, and leave as red, green and blue.

Only what Pillow decodes by itself is taken, by what a file *is* and not by what it is called. Its
size is looked at before a single pixel is decoded.
"""

import io
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageOps

from gnothi.core.errors import InputError
from gnothi.core.seeing import Pixels

if TYPE_CHECKING:
    from numpy.typing import NDArray

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "PPM")
MOST_BYTES = 20 * 1024 * 1024
MOST_PIXELS = 52_000_000
"""What a telephone of 50 megapixels takes; 156 MB of memory."""
LONGEST = 30_000
"""Pixels of one side."""
_LOOKS_LIKE = (
    (b"%PDF", 0, "a PDF document"),
    (b"PK\x03\x04", 0, "a ZIP file or an office document"),
    (b"ftypheic", 4, "a HEIC picture; send it as JPEG"),
    (b"ftypmif1", 4, "a HEIC picture; send it as JPEG"),
    (b"ftypavif", 4, "an AVIF picture; send it as JPEG"),
    (b"ftyp", 4, "a video"),
    (b"\x1aE\xdf\xa3", 0, "a video"),
    (b"<svg", 0, "a drawing in SVG; send it as PNG"),
    (b"<", 0, "a text"),
)
_SIXTEEN = 65_535 / 255


def read_picture(source: bytes | Path, name: str = "") -> Pixels:
    """Return the picture in *source*, upright as its EXIF data say; (height, width, 3) of uint8.

    The first picture of an animation; what is transparent is white; CMYK, palettes, greys and
    16 bits a channel become 8 bits of red, green and blue. *name* is how errors call it.

    Raises:
        InputError: it can't be read, is no picture, is damaged or cut short, or is too large.
    """
    name = name or (source.name if isinstance(source, Path) else "This")
    data = _bytes(source, name)
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            _require_size(image.size, name)
            image.load()
            return _upright(image)
    except InputError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise InputError(f"{name} is too large a picture: {_most()}.") from error
    except Image.UnidentifiedImageError as error:
        raise InputError(f"{name} is no picture{_guess(data)}. {_kinds()}") from error
    except MemoryError as error:
        raise InputError(f"{name} is too large a picture for this machine.") from error
    except Exception as error:  # a decoder may raise anything at strangers' bytes
        raise InputError(f"{name} is damaged, or was cut short.") from error


def write_jpeg(pixels: Pixels, quality: int = 85) -> bytes:
    """Return *pixels* as a JPEG file."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "JPEG", quality=quality)
    return file.getvalue()


def reduced(pixels: Pixels, longest: int) -> Pixels:
    """Return *pixels* with no side above *longest*, in the same proportions."""
    height, width = pixels.shape[:2]
    if max(height, width) <= longest:
        return pixels
    scale = longest / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.BOX, reducing_gap=2.0))


def _bytes(source: bytes | Path, name: str) -> bytes:
    if isinstance(source, Path):
        try:
            if source.stat().st_size > MOST_BYTES:
                raise InputError(f"{name} is too large a file: {MOST_BYTES // 2**20} MB at most.")
            source = source.read_bytes()
        except OSError as error:
            raise InputError(f"{name} can't be read: {error.strerror}.") from error
    if not source:
        raise InputError(f"{name} is empty.")
    if len(source) > MOST_BYTES:
        raise InputError(f"{name} is too large a file: {MOST_BYTES // 2**20} MB at most.")
    return source


def _require_size(size: tuple[int, int], name: str) -> None:
    width, height = size
    if width * height > MOST_PIXELS or max(size) > LONGEST:
        raise InputError(f"{name} is too large a picture, {width} by {height} pixels: {_most()}.")
    if not width or not height:
        raise InputError(f"There is not a single pixel in {name}.")


def _upright(image: Image.Image) -> Pixels:
    """Return the pixels of a loaded *image*."""
    upright = ImageOps.exif_transpose(image)
    if upright.mode.startswith("I;16"):
        return _grey(np.asarray(upright).astype(np.float32) / _SIXTEEN)
    if upright.mode in ("I", "F"):
        return _grey(_stretched(np.asarray(upright).astype(np.float32)))
    if upright.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in upright.info:
        over = upright.convert("RGBA")
        white = Image.new("RGBA", over.size, "white")
        upright = Image.alpha_composite(white, over)
    return np.asarray(upright.convert("RGB"))


def _stretched(values: "NDArray[np.float32]") -> "NDArray[np.float32]":
    """Return *values* of no known scale from 0 to 255; those that fit into 16 bits keep theirs."""
    known = np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0)
    low, high = float(known.min()), float(known.max())
    if low >= 0 and high <= 1:
        return known * 255
    if low >= 0 and high <= 65_535:
        return known / (_SIXTEEN if high > 255 else 1.0)
    return (known - low) * (255 / max(high - low, 1e-9))


def _grey(values: "NDArray[np.float32]") -> Pixels:
    level = np.clip(np.rint(values), 0, 255).astype(np.uint8)
    return np.repeat(level[:, :, None], 3, axis=2)


def _guess(data: bytes) -> str:
    head = data[:64].lstrip()
    found = (what for magic, at, what in _LOOKS_LIKE if head[at:].startswith(magic))
    what = next(found, "")
    return f", it looks like {what}" if what else ""


def _most() -> str:
    return f"{MOST_PIXELS // 1_000_000} million pixels at most, {LONGEST} a side"


def _kinds() -> str:
    return "JPEG, PNG, WebP, GIF, BMP, TIFF and PPM are taken."
