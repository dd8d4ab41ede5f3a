"""A camera that speaks RTSP, by a server that others wrote."""

import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from gnothi.core.errors import ProviderError
from gnothi.vision import cameras
from gnothi.vision.cameras import open_camera
from tests.conftest import missing_for_rtsp

_SERVER = Path(__file__).with_name("rtsp_server.py")
_PYTHON = "/usr/bin/python3"

pytestmark = pytest.mark.skipif(
    bool(missing_for_rtsp()), reason="needs GStreamer's RTSP server, a Debian package"
)


@contextmanager
def _serving(port: int, *secrets: str) -> Iterator[None]:
    command = [_PYTHON, str(_SERVER), str(port), *secrets]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout and server.stdout.readline() == "ready\n"
        try:
            yield
        finally:
            server.kill()


@pytest.fixture
def port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def test_it_is_seen_goes_away_and_comes_back(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each time it is there it is opened anew; away, a sentence says so."""
    monkeypatch.setattr(cameras, "PAUSE_S", 0.0)
    camera = open_camera(f"rtsp://127.0.0.1:{port}/live")
    for _ in range(2):
        with _serving(port):
            frame = camera.look()
            assert frame is not None and frame.pixels.shape == (240, 320, 3)
            assert frame.pixels[:50, :20].mean() > 150, "the first bar is light grey"
        camera.close()
        with pytest.raises(ProviderError, match="does not answer"):
            camera.look()


def test_a_password_opens_it(port: int) -> None:
    """And is never told."""
    with _serving(port, "ana", "se@cret"):
        camera = open_camera(f"rtsp://ana:se%40cret@127.0.0.1:{port}/live")
        assert camera.look() is not None
        assert camera.name == f"rtsp://127.0.0.1:{port}/live"
        with pytest.raises(ProviderError) as refused:
            open_camera(f"rtsp://ana:wrong@127.0.0.1:{port}/live").look()
        assert "wrong" not in str(refused.value)
