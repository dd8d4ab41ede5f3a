"""Pictures come in here, from files and from strangers, and leave as red, green and blue.

Only what Pillow decodes by itself is taken, by what a file *is* and not by what it is called. Its
size is looked at before a single pixel is decoded.
"""

import io
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from gnothi.core.errors import InputError
from gnothi.core.seeing import Pixels

if TYPE_CHECKING:
    from numpy.typing import NDArray

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "PPM")
MOST_BYTES = 20 * 1024 * 1024
MOST_PIXELS = 52_000_000
"""What a telephone of 50 megapixels takes: 208 MB while it is decoded, at Pillow's four bytes."""
LONGEST = 30_000
"""Pixels of one side."""
KEPT = 4_096
"""Pixels of the longer side that are kept of what is shown or seen."""
_STRIP = 256
"""Rows that are converted and reduced at once."""
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_ORIENTATION = 0x0112
VIDEO = "a video"
"""What :func:`looks_like` says of films."""
_LOOKS_LIKE = (
    (b"%PDF", 0, "a PDF document"),
    (b"PK\x03\x04", 0, "a ZIP file or an office document"),
    *(
        (b"ftyp" + brand, 4, "a HEIC picture; send it as JPEG")
        for brand in (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1")
    ),
    (b"ftypavif", 4, "an AVIF picture; send it as JPEG"),
    *((kind, 4, VIDEO) for kind in (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip")),
    (b"AVI ", 8, VIDEO),
    *((magic, 0, VIDEO) for magic in (b"\x1aE\xdf\xa3", b"FLV\x01", b"OggS", b"0&\xb2u")),
    *((magic, 0, VIDEO) for magic in (b"\0\0\x01\xba", b"\0\0\x01\xb3", b"\0\0\0\x01g", b"G@")),
    (b"<svg", 0, "a drawing in SVG; send it as PNG"),
    (b"<", 0, "a text"),
)
_SIXTEEN = 65_535 / 255


def read_picture(source: bytes | Path, name: str = "", longest: int = LONGEST) -> Pixels:
    """Return the picture in *source*, upright as its EXIF data say; (height, width, 3) of uint8.

    The first picture of an animation; what is transparent is white; CMYK, palettes, greys and
    16 bits a channel become 8 bits of red, green and blue. *name* is how errors call it. No side is
    above *longest*: what is larger is reduced before anything else, which spares memory.

    Raises:
        InputError: it can't be read, is no picture, is damaged or cut short, or is too large.
    """
    name = name or (source.name if isinstance(source, Path) else "This")
    data = _bytes(source, name)
    try:
        with _opened(data) as image:
            _require_size(image.size, name)
            _drafted(image, longest)
            image.load()
            return _upright(image, longest)
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


def _opened(data: bytes) -> Image.Image:
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        return Image.open(io.BytesIO(data), formats=FORMATS)


def _drafted(image: Image.Image, longest: int) -> None:
    """Let a JPEG be decoded at a half, a quarter or an eighth, where that is not much too small."""
    scale = max(image.size) / (0.75 * longest)
    if scale > 1:
        image.draft(None, (max(1, int(image.width / scale)), max(1, int(image.height / scale))))


def _upright(image: Image.Image, longest: int) -> Pixels:
    """Return the pixels of a loaded *image*, with no side above *longest*."""
    turn = _TURNS.get(image.getexif().get(_ORIENTATION, 1))
    scale = max(image.size) / longest
    size = (max(1, round(image.width / scale)), max(1, round(image.height / scale)))
    if scale <= 1:
        image = _coloured(image)
    elif image.mode in ("I", "F"):  # what they are scaled by is in all of them
        image = _coloured(image.resize(size, Image.Resampling.BOX))
    else:
        image = _assembled(image, size)
    return np.asarray(image if turn is None else image.transpose(turn))


def _assembled(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Return *image* in colours and reduced to *size*, strip by strip."""
    small = Image.new("RGB", size)
    for top, bottom in _strips(size[1]):
        first, last = (row * image.height / size[1] for row in (top, bottom))
        begin, end = int(first), min(image.height, int(np.ceil(last)))
        strip = _coloured(image.crop((0, begin, image.width, end)))
        box = (0, first - begin, image.width, min(last - begin, strip.height))
        piece = strip.resize((size[0], bottom - top), Image.Resampling.BOX, box=box)
        small.paste(piece, (0, top))
    return small


def _strips(height: int) -> Iterator[tuple[int, int]]:
    yield from ((top, min(top + _STRIP, height)) for top in range(0, height, _STRIP))


def _coloured(image: Image.Image) -> Image.Image:
    """Return *image* in red, green and blue."""
    if image.mode.startswith("I;16"):
        return _grey(np.asarray(image).astype(np.float32) / _SIXTEEN)
    if image.mode in ("I", "F"):
        return _grey(_stretched(np.asarray(image).astype(np.float32)))
    if image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info:
        over = image.convert("RGBA")
        white = Image.new("RGBA", over.size, "white")
        image = Image.alpha_composite(white, over)
    return image.convert("RGB")


def _stretched(values: "NDArray[np.float32]") -> "NDArray[np.float32]":
    """Return *values* of no known scale from 0 to 255; those that fit into 16 bits keep theirs."""
    known = np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0)
    low, high = float(known.min()), float(known.max())
    if low >= 0 and high <= 1:
        return known * 255
    if low >= 0 and high <= 65_535:
        return known / (_SIXTEEN if high > 255 else 1.0)
    return (known - low) * (255 / max(high - low, 1e-9))


def _grey(values: "NDArray[np.float32]") -> Image.Image:
    return Image.fromarray(np.clip(np.rint(values), 0, 255).astype(np.uint8)).convert("RGB")


def looks_like(data: bytes) -> str:
    """Return what the file that begins with *data* seems to be, if it is no picture; else ""."""
    head = data[:64].lstrip(b" \t\r\n")
    return next((what for magic, at, what in _LOOKS_LIKE if head[at:].startswith(magic)), "")


def _guess(data: bytes) -> str:
    what = looks_like(data)
    return f", it looks like {what}" if what else ""


def _most() -> str:
    return f"{MOST_PIXELS // 1_000_000} million pixels at most, {LONGEST} a side"


def _kinds() -> str:
    return "JPEG, PNG, WebP, GIF, BMP, TIFF and PPM are taken."
