"""What every test may use, and the closing words about packages that would enable more tests."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

DEBIAN = {
    "mosquitto": "mosquitto",
    "chromium": "chromium",
    "chromedriver": "chromium-driver",
    "initdb": "postgresql",
    "java": "default-jre-headless",
    "arecord": "alsa-utils",
    "espeak-ng": "espeak-ng",
    "flite": "flite",
}
"""Program that tests look for, and the Debian package that brings it."""


def find_program(name: str) -> str | None:
    """Return where *name* is, also where Debian hides servers' programs."""
    postgres = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    folders = [os.environ.get("PATH", ""), "/usr/sbin", *map(str, postgres)]
    return shutil.which(name, path=os.pathsep.join(folders))


RTSP = {
    "*/girepository-1.0/GstRtspServer-1.0.typelib": "gir1.2-gst-rtsp-server-1.0",
    "*/gstreamer-1.0/libgstvideotestsrc.so": "gstreamer1.0-plugins-base",
    "*/gstreamer-1.0/libgstvpx.so": "gstreamer1.0-plugins-good",
    "python3/dist-packages/gi/__init__.py": "python3-gi",
}
"""What a camera in the network needs under ``/usr/lib``, and the Debian package that brings it."""


def missing_for_rtsp() -> set[str]:
    """Return the Debian packages that are missing to serve pictures as a camera does."""
    return {package for file, package in RTSP.items() if not any(Path("/usr/lib").glob(file))}


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name the Debian packages without which some tests were skipped."""
    missing = {package for name, package in DEBIAN.items() if not find_program(name)}
    missing |= missing_for_rtsp()
    if missing:
        packages = " ".join(sorted(missing))
        terminalreporter.write_line(f"More tests run with: apt-get install {packages}")


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Keep every test away from the household of whoever runs it."""
    monkeypatch.setenv("GNOTHI_FOLDER", str(tmp_path / "gnothi"))
    for name in ("GNOTHI_JOURNAL", "GNOTHI_MQTT", "GNOTHI_SKILLS", "GNOTHI_MUSIC"):
        monkeypatch.delenv(name, raising=False)
    yield


@pytest.fixture
def data() -> Path:
    """The public data sets; tests that need them skip where they are absent."""
    folder = os.environ.get("GNOTHI_DATA")
    if not folder or not Path(folder).is_dir():
        pytest.skip("GNOTHI_DATA does not point to the public data sets")
    return Path(folder)
