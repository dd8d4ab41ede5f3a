"""A real Mosquitto for tests, which can be stopped and started again."""

import shutil
import socket
import subprocess
import time
from pathlib import Path

import pytest

STARTS_WITHIN = 10.0


def binary() -> str:
    """Return the path of Mosquitto; skip the test when it is not installed."""
    found = shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")
    if found is None:
        pytest.skip("needs Mosquitto: apt-get install mosquitto")
    return found


class Mosquitto:
    """A broker on a free port of this machine."""

    def __init__(self, folder: Path) -> None:
        """Prepare a broker that keeps its configuration in *folder*."""
        self._binary = binary()
        self._process: subprocess.Popen[bytes] | None = None
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self._configuration = folder / "mosquitto.conf"
        self._configuration.write_text(
            f"listener {self.port} 127.0.0.1\nallow_anonymous true\npersistence false\n"
        )

    @property
    def url(self) -> str:
        """The address of the broker."""
        return f"mqtt://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start the broker and wait until it listens."""
        command = [self._binary, "-c", str(self._configuration)]
        self._process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        end = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < end:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.02)
        raise AssertionError("Mosquitto did not start")

    def stop(self) -> None:
        """Stop the broker at once."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
