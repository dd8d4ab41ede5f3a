"""Cameras of every kind, that go away and come back."""

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gnothi.core.errors import InputError, ProviderError
from gnothi.core.seeing import Pixels
from gnothi.testing.seeing import camera_complaints
from gnothi.vision.cameras import (
    PAUSE_S,
    STALE_S,
    Film,
    Stream,
    open_camera,
    spoken_address,
)


class Time:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Somewhere:
    """A camera in the network: each picture is a shade brighter, as long as it is there."""

    def __init__(self) -> None:
        self.is_there, self.shade = True, 0
        self.opened = self.released = 0

    def open(self, where: str) -> "Somewhere | None":
        self.opened += 1
        return self if self.is_there else None

    def read(self) -> Pixels | None:
        self.shade += 1
        return np.full((2, 2, 3), self.shade, dtype=np.uint8) if self.is_there else None

    def release(self) -> None:
        self.released += 1


def test_a_camera_that_disappears_comes_back() -> None:
    """While it is away a sentence says so, and nobody knocks without pause; then it is seen."""
    there, time = Somewhere(), Time()
    camera = Stream("rtsp://ana:secret@door.example/live?key=1", there.open, time)
    assert camera.look().pixels[0, 0, 0] == 1
    there.is_there = False
    for _ in range(3):
        with pytest.raises(ProviderError, match=r"at rtsp://door\.example/live does not answer"):
            camera.look()
    assert there.opened == 2, "it was knocked at once more, and then left alone"
    there.is_there = True
    time.now += PAUSE_S
    frame = camera.look()
    assert frame is not None and frame.seconds == PAUSE_S
    camera.close()
    assert camera.look() is not None, "looking opens it again"
    assert there.released >= 2


@pytest.mark.parametrize("where", ["picture.png", ".", "rtsp"])
def test_every_camera_keeps_the_contract(where: str, tmp_path: Path) -> None:
    """A file, a folder, a stream."""
    Image.new("RGB", (4, 4)).save(tmp_path / "picture.png")
    stream = Stream("rtsp://ana:secret@door.example/live", Somewhere().open)
    camera = stream if where == "rtsp" else open_camera(str(tmp_path / where))
    assert list(camera_complaints(camera)) == []


def test_what_is_seen_is_now() -> None:
    """A stream that nobody read for a while is opened anew: what waits in it is old."""
    there, time = Somewhere(), Time()
    camera = Stream("http://door.example", there.open, time)
    camera.look()
    time.now += STALE_S / 2
    camera.look()
    assert there.opened == 1
    time.now += 2 * STALE_S
    camera.look()
    assert there.opened == 2


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("RTSP://u:p@host:554/a/b?token=x", "rtsp://host:554/a/b"),
        ("rtsp://user:secret@ss@host/live", "rtsp://host/live"),
        ("rtsp://user:se/secret@host/live", "rtsp://host/live"),
        ("http://user:se?secret@host", "http://host"),
        ("user:secret@host", "the camera"),
    ],
)
def test_no_message_tells_a_password(address: str, shown: str) -> None:
    """An address is shown without what is secret in it."""
    assert spoken_address(address) == shown


@pytest.mark.parametrize(
    "where",
    ["rtmps://user:secret@host/x", "rtsp:/user:secret@host", "user:secret@host", "/secret/no.png"],
)
def test_nor_does_a_refusal(where: str) -> None:
    """Other schemes, slips, and the folders of a file that is not there are not repeated."""
    with pytest.raises(InputError) as told:
        open_camera(where)
    assert "secret" not in str(told.value)


def test_of_a_folder_the_newest_picture_is_seen(tmp_path: Path) -> None:
    """One that is still being written is not."""
    with pytest.raises(ProviderError, match="no picture"):
        open_camera(str(tmp_path)).look()
    for age, name in enumerate(("new.png", "old.png")):
        Image.new("RGB", (4, 4), (255 * age,) * 3).save(tmp_path / name)
        os.utime(tmp_path / name, (1000 - age, 1000 - age))
    camera = open_camera(str(tmp_path))
    assert camera.look().pixels.max() == 0
    (tmp_path / "gone.png").symlink_to(tmp_path / "nowhere")
    (tmp_path / "half.png").write_bytes((tmp_path / "new.png").read_bytes()[:40])
    assert camera.look().pixels.max() == 0


def test_a_picture_is_a_camera_that_may_go_away(tmp_path: Path) -> None:
    """A camera that writes one file is read anew each time."""
    file = tmp_path / "door.jpg"
    Image.new("RGB", (4, 4)).save(file)
    camera = open_camera(str(file))
    assert camera.look().pixels.shape == (4, 4, 3)
    file.unlink()
    with pytest.raises(ProviderError, match=r"door\.jpg is not there"):
        camera.look()


@pytest.mark.parametrize("name", ["photo.jfif", "photo", "photo.mp4"])
def test_a_file_is_what_it_holds(name: str, tmp_path: Path) -> None:
    """And not what it is called; of a HEIC picture a sentence says how to send it."""
    Image.new("RGB", (4, 4)).save(tmp_path / name, "PNG")
    assert open_camera(str(tmp_path / name)).look().pixels.shape == (4, 4, 3)
    (tmp_path / name).write_bytes(b"\0\0\0\x18ftypheix and so on")
    with pytest.raises(InputError, match="send it as JPEG"):
        open_camera(str(tmp_path / name)).look()


def test_a_film_ends() -> None:
    """Each look is its next picture; its times are those of the film."""

    class Three(Somewhere):
        rate = 2.0

        def read(self) -> Pixels | None:
            return super().read() if self.shade < 3 else None

    film = Film(Path("film.mp4"), Three().open)
    assert [frame.seconds for frame in iter(film.look, None)] == [0.0, 0.5, 1.0]
    film.close()
    assert film.look() is None
    gone = Somewhere()
    gone.is_there = False
    with pytest.raises(InputError, match=r"film\.mp4"):
        Film(Path("film.mp4"), gone.open)


def test_a_real_film_is_read(data: Path) -> None:
    """OpenCV reads what people record."""
    pytest.importorskip("cv2")
    camera = open_camera(str(data / "vision/video_clips/part_0_340x256.mp4"))
    seen = list(iter(camera.look, None))
    assert len(seen) == 32 and seen[0].pixels.shape == (256, 340, 3)


def test_a_text_is_no_film(tmp_path: Path) -> None:
    """Nor is what is not there a camera."""
    (tmp_path / "notes.txt").write_text("no film")
    with pytest.raises(InputError, match="is no picture"):
        open_camera(str(tmp_path / "notes.txt")).look()
    with pytest.raises(InputError, match="There is nothing at"):
        open_camera(str(tmp_path / "nothing.mp4"))
