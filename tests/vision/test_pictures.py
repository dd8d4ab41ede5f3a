"""Pictures of every kind come in; what is none, or too much, is refused in a sentence."""

import io
import struct
import subprocess
import sys
import warnings
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps

from gnothi.core.errors import InputError
from gnothi.vision.pictures import MOST_BYTES, read_picture, reduced, write_jpeg

RED, GREEN = (255, 0, 0), (0, 255, 0)


def file_of(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    """Return *image* as a file of one *kind*."""
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def two_halves(mode: str = "RGB") -> Image.Image:
    """Return a picture 20 pixels wide and 10 high: its left half red, its right one green."""
    image = Image.new("RGB", (20, 10), GREEN)
    image.paste(RED, (0, 0, 10, 10))
    return image.convert(mode)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "BMP", "TIFF", "PPM", "GIF"])
def test_the_usual_files_are_read(kind: str) -> None:
    """Every kind that is taken has its pixels in their places."""
    pixels = read_picture(file_of(two_halves(), kind))
    assert pixels.shape == (10, 20, 3) and pixels.dtype == np.uint8
    assert np.allclose(pixels[5, 3], RED, atol=40) and np.allclose(pixels[5, 16], GREEN, atol=40)


@pytest.mark.parametrize("mode", ["P", "L", "1", "CMYK", "YCbCr", "LAB"])
def test_every_kind_of_colour_becomes_red_green_and_blue(mode: str) -> None:
    """Palettes, greys and CMYK are pictures like others."""
    kind = "TIFF" if mode in ("CMYK", "YCbCr", "LAB") else "PNG"
    source = two_halves() if mode != "LAB" else Image.new("LAB", (20, 10), (120, 128, 128))
    image = source if mode == "LAB" else source.convert(mode)
    assert read_picture(file_of(image, kind)).shape == (10, 20, 3)


def test_cmyk_of_a_jpeg_keeps_its_colours() -> None:
    """A print file's red is red."""
    pixels = read_picture(file_of(two_halves("CMYK"), "JPEG", quality=95))
    assert np.allclose(pixels[5, 3], RED, atol=40)


def test_sixteen_bits_are_scaled() -> None:
    """The middle of 16 bits is the middle of 8."""
    deep = Image.fromarray(np.full((4, 6), 32_768, dtype=np.uint16))
    assert set(np.unique(read_picture(file_of(deep)))) == {128}
    float_ = Image.fromarray(np.full((4, 6), 0.5, dtype=np.float32))
    assert set(np.unique(read_picture(file_of(float_, "TIFF")))) == {128}


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_what_is_transparent_is_white(mode: str) -> None:
    """Black letters on nothing can be read."""
    clear = Image.new(mode, (4, 4), (0,) * len(mode))
    assert (read_picture(file_of(clear)) == 255).all()


def test_of_an_animation_the_first_picture_is_taken() -> None:
    """What moves is looked at as it begins."""
    frames = [Image.new("RGB", (8, 8), colour) for colour in (RED, GREEN)]
    for kind in ("GIF", "WEBP", "PNG"):
        data = file_of(frames[0], kind, save_all=True, append_images=frames[1:])
        assert np.allclose(read_picture(data)[4, 4], RED, atol=10), kind


def test_a_telephone_held_upright_gives_an_upright_picture() -> None:
    """EXIF says how the camera was held."""
    exif = Image.Exif()
    exif[0x0112] = 6  # a quarter turn clockwise makes it upright
    pixels = read_picture(file_of(two_halves(), "JPEG", exif=exif, quality=95))
    assert pixels.shape == (20, 10, 3) and np.allclose(pixels[3, 5], RED, atol=40)


@pytest.mark.parametrize("turn", range(1, 9))
def test_every_way_of_holding_it_is_undone(turn: int) -> None:
    """As Pillow's own transposing does."""
    exif = Image.Exif()
    exif[0x0112] = turn
    data = file_of(two_halves(), "PNG", exif=exif)
    with Image.open(io.BytesIO(data)) as image:
        assert np.array_equal(read_picture(data), np.asarray(ImageOps.exif_transpose(image)))


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P", "L", "1", "I;16", "F"])
def test_large_ones_are_reduced_before_anything_else(mode: str) -> None:
    """In strips without seams, whatever their colours; upright in the end."""
    ramp = np.tile(np.linspace(0, 255, 900, dtype=np.float32)[:, None], (1, 300))
    grey = Image.fromarray(ramp.astype(np.uint8))
    image = {
        "I;16": lambda: Image.fromarray((ramp * 257).astype(np.uint16)),
        "F": lambda: Image.fromarray(ramp / 255),
    }.get(mode, lambda: grey.convert(mode))()
    pixels = read_picture(file_of(image, "TIFF" if mode == "F" else "PNG"), longest=600)
    assert pixels.shape == (600, 200, 3)
    if mode != "1":
        assert np.abs(np.diff(pixels[:, 100, 0].astype(int))).max() <= 1
        assert pixels[-1, 0, 0] == pytest.approx(255, abs=1)
    exif = Image.Exif()
    exif[0x0112] = 6
    photo = file_of(grey.convert("RGB"), "JPEG", exif=exif)
    assert read_picture(photo, longest=400).shape == (133, 400, 3)


def test_a_picture_of_fifty_megapixels_takes_no_more_memory_than_its_pixels() -> None:
    """Four bytes a pixel while it is decoded, whatever else is done with it."""
    status = "open('/proc/self/status').read().split('VmHWM:')[1].split()[0]"
    before = f"peak = lambda: int({status}) // 1024;"
    made = (
        "import io; from PIL import Image; from gnothi.vision.pictures import read_picture;"
        "f = io.BytesIO(); Image.new('P', (8000, 6400), 3).save(f, 'PNG', transparency=3,"
        "compress_level=1); b = peak(); read_picture(f.getvalue(), longest=4096); print(peak() - b)"
    )
    ran = subprocess.run([sys.executable, "-c", before + made], capture_output=True, check=True)
    assert int(ran.stdout) < 300


def test_the_name_of_a_file_does_not_matter(tmp_path: Path) -> None:
    """A JPEG that calls itself PNG is read for what it is; a text is refused as one."""
    wrong = tmp_path / "photo.png"
    wrong.write_bytes(file_of(two_halves(), "JPEG"))
    assert read_picture(wrong).shape == (10, 20, 3)
    wrong.write_text("<html>no picture</html>")
    with pytest.raises(InputError, match=r"photo\.png is no picture, it looks like a text"):
        read_picture(wrong)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "is empty"),
        (b"%PDF-1.7 and so on", "a PDF document"),
        (b"PK\x03\x04 and so on", "a ZIP file"),
        (b"\x00\x00\x00\x18ftypheic and so on", "send it as JPEG"),
        (b"\x00\x00\x00\x18ftypisom and so on", "a video"),
        (bytes(MOST_BYTES + 1), "too large a file"),
    ],
)
def test_what_is_no_picture_is_refused_for_what_it_is(data: bytes, told: str) -> None:
    """The sentence helps: it says what the file seems to be."""
    with pytest.raises(InputError, match=told):
        read_picture(data)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """So is a folder."""
    for path in (tmp_path / "nothing.png", tmp_path):
        with pytest.raises(InputError, match=path.name):
            read_picture(path)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "BMP", "TIFF", "GIF"])
def test_a_file_that_was_cut_short_is_refused(kind: str) -> None:
    """Half a picture is not silently grey below."""
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    data = file_of(Image.fromarray(noise), kind)
    with pytest.raises(InputError):
        read_picture(data[: len(data) // 2])


def test_a_huge_picture_is_refused_before_it_is_decoded() -> None:
    """A few bytes that would unpack to gigabytes are not unpacked."""
    for width, height in ((100_000, 100_000), (40_000, 1), (9_000, 9_000)):
        with pytest.raises(InputError, match="too large a picture"):
            read_picture(png_of_size(width, height))


def test_what_pillow_warns_of_is_refused_in_our_words() -> None:
    """Nothing is printed beside it."""
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        with pytest.raises(InputError, match="too large a picture"):
            read_picture(png_of_size(10_000, 10_000))
    assert not told


def png_of_size(width: int, height: int) -> bytes:
    """Return a PNG file that says it is so large; nothing follows."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


STARTS = [file_of(two_halves(), kind) for kind in ("PNG", "JPEG", "WEBP", "GIF", "TIFF", "BMP")]


@given(st.binary(max_size=300), st.sampled_from([b"", *STARTS]), st.integers(0, 400))
@settings(max_examples=300, deadline=None)
def test_no_bytes_do_harm(noise: bytes, start: bytes, at: int) -> None:
    """Random bytes, alone or within a picture, lead to a picture or to a sentence."""
    try:
        pixels = read_picture(start[:at] + noise + start[at + len(noise) :])
    except InputError as error:
        assert str(error).endswith(".")
    else:
        assert pixels.dtype == np.uint8 and pixels.ndim == 3


def test_reducing_keeps_the_proportions() -> None:
    """What is small enough stays as it is; what is written can be read again."""
    pixels = read_picture(file_of(two_halves()))
    assert reduced(pixels, 20) is pixels
    assert reduced(pixels, 10).shape == (5, 10, 3)
    assert read_picture(write_jpeg(pixels)).shape == pixels.shape
