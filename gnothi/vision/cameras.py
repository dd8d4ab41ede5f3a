"""Places to look through: a file, a folder, a stream in the network.

Every one of them is a :class:`gnothi.core.seeing.Camera`, and may go away and come back. Streams
and films need OpenCV, pictures don't.
"""

import re
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Protocol

from gnothi.core.errors import InputError, ProviderError
from gnothi.core.seeing import Camera, Frame, Pixels
from gnothi.vision.pictures import KEPT, VIDEO, looks_like, read_picture

STALE_S = 1.0
"""What waits in the pipe of a stream is as old as its last reading: then it is opened anew."""
PAUSE_S = 5.0
"""So long nobody knocks at a stream that did not open."""
PICTURES = frozenset(
    {".jpg", ".jpeg", ".jfif", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".ppm"}
)
_SCHEMES = frozenset({"rtsp", "rtsps", "rtmp", "http", "https"})
_ADDRESS = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]+):/(?P<rest>.*)", re.IGNORECASE | re.DOTALL)
_HEAD = 64
"""Bytes that tell what a file is."""


class Capture(Protocol):
    """A stream of pictures while it is open; OpenCV's ``VideoCapture`` behind three words."""

    def read(self) -> Pixels | None:
        """Return the next picture, ``None`` where there is none (any more)."""
        ...

    def release(self) -> None:
        """Give it back."""
        ...


Opener = Callable[[str], Capture | None]
"""Opens the stream at an address or in a file; ``None`` where nobody answers."""


def open_camera(where: str) -> Camera:
    """Return the camera at *where*: a picture, a film, a folder, or an address of a stream.

    Addresses begin with ``rtsp://``, ``rtsps://``, ``rtmp://``, ``http://`` or ``https://``; they
    may hold a user and a password, which no message repeats.

    Raises:
        InputError: there is nothing at *where*.
        MissingExtraError: it is a film or a stream, and OpenCV is not installed.
    """
    if found := _ADDRESS.match(where):
        if found["scheme"].lower() not in _SCHEMES or not found["rest"].startswith("/"):
            raise InputError(
                "This is no address of a camera: it begins with rtsp://, rtsps://, rtmp://, "
                "http:// or https://."
            )
        from gnothi.vision.capture import open_capture, require_opencv

        require_opencv("A camera in the network")
        return Stream(where, open_capture)
    path = Path(where).expanduser()
    if path.is_dir():
        return Folder(path)
    if not path.is_file():
        name = "that address" if "@" in where else path.name or where
        raise InputError(
            f"There is nothing at {name}: name a picture, a film, a folder, "
            "or a camera as rtsp://HOST/PATH."
        )
    return _of_file(path)


def _of_file(path: Path) -> Camera:
    """Return the camera of a file, by what it is and not by what it is called."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError as error:
        raise InputError(f"{path.name} can't be read: {error.strerror}.") from error
    if looks_like(head) != VIDEO:
        return Still(path)
    from gnothi.vision.capture import open_capture, require_opencv

    require_opencv("A film")
    return Film(path, open_capture)


class Still:
    """A picture in a file: it is read anew each time, for cameras that write one file."""

    def __init__(self, path: Path, clock: Callable[[], float] = monotonic) -> None:
        """Look at the picture at *path*."""
        self.name = path.name
        self._path, self._clock, self._began = path, clock, clock()

    def look(self) -> Frame | None:
        """Return the picture as it is now."""
        if not self._path.is_file():
            raise ProviderError(f"{self.name} is not there any more.")
        return Frame(read_picture(self._path, longest=KEPT), self._clock() - self._began)

    def close(self) -> None:
        """Nothing is held."""


class Folder:
    """The newest picture of a folder: many cameras send theirs into one."""

    def __init__(self, path: Path, clock: Callable[[], float] = monotonic) -> None:
        """Look into the folder at *path*."""
        self.name = path.name
        self._path, self._clock, self._began = path, clock, clock()

    def look(self) -> Frame | None:
        """Return the newest picture; one that is still being written is left out."""
        damaged: InputError | None = None
        for file in self._newest():
            try:
                return Frame(read_picture(file, longest=KEPT), self._clock() - self._began)
            except InputError as error:
                damaged = damaged or error
        if damaged:
            raise damaged
        raise ProviderError(f"There is no picture in the folder {self.name}.")

    def close(self) -> None:
        """Nothing is held."""

    def _newest(self, most: int = 2) -> list[Path]:
        try:
            files = [file for file in self._path.iterdir() if file.suffix.lower() in PICTURES]
        except OSError as error:
            raise ProviderError(f"The folder {self.name} is not there any more.") from error
        found = sorted(((_written(file), file.name, file) for file in files), reverse=True)
        return [file for when, _, file in found[:most] if when]


def _written(file: Path) -> int:
    """Return when *file* was written, in nanoseconds; 0 where nobody can tell, as of a bad link."""
    try:
        return file.stat().st_mtime_ns
    except OSError:
        return 0


class Film:
    """A recording: each look is its next picture."""

    def __init__(self, path: Path, opener: Opener, rate: float = 25.0) -> None:
        """Open the film at *path*; *rate* pictures a second where it does not say.

        Raises:
            InputError: it can't be opened.
        """
        self.name = path.name
        self._capture = opener(str(path))
        if self._capture is None:
            raise InputError(f"{self.name} is neither a picture nor a film that can be read.")
        self._rate = float(getattr(self._capture, "rate", 0.0)) or rate
        self._count = 0

    def look(self) -> Frame | None:
        """Return the next picture; ``None`` after the last, or when the film is closed."""
        pixels = self._capture.read() if self._capture else None
        if pixels is None:
            return None
        self._count += 1
        return Frame(pixels, (self._count - 1) / self._rate)

    def close(self) -> None:
        """Close the film."""
        if self._capture:
            self._capture.release()
        self._capture = None


class Stream:
    """A camera in the network. It is opened when somebody looks, and again when it was away."""

    def __init__(
        self, address: str, opener: Opener, clock: Callable[[], float] = monotonic
    ) -> None:
        """Look at *address*; nothing is opened yet."""
        self.name = spoken_address(address)
        self._address, self._opener, self._clock = address, opener, clock
        self._began = clock()
        self._capture: Capture | None = None
        self._read_at = self._away_at = float("-inf")
        self._lock = Lock()

    def look(self) -> Frame | None:
        """Return what it sees now; what waits in the pipe from earlier is left out."""
        with self._lock:
            if self._clock() - self._read_at > STALE_S:
                self._release()
            pixels = self._capture.read() if self._capture else None
            if pixels is None:
                pixels = self._anew()
            self._read_at = self._clock()
            return Frame(pixels, self._read_at - self._began)

    def close(self) -> None:
        """Close the stream; looking opens it again."""
        with self._lock:
            self._release()

    def _anew(self) -> Pixels:
        """Open the stream and return its first picture."""
        self._release()
        if self._clock() - self._away_at < PAUSE_S:
            raise self._absent()
        self._capture = self._opener(self._address)
        pixels = self._capture.read() if self._capture else None
        if pixels is None:
            self._release()
            self._away_at = self._clock()
            raise self._absent()
        return pixels

    def _release(self) -> None:
        if self._capture:
            self._capture.release()
        self._capture = None

    def _absent(self) -> ProviderError:
        return ProviderError(f"The camera at {self.name} does not answer.")


def spoken_address(address: str) -> str:
    """Return *address* as it may be shown: without user, password and what follows a "?".

    A password may hold any character, so all before the last "@" is left out.
    """
    found = _ADDRESS.match(address)
    if not found:
        return "the camera" if "@" in address else Path(address).name
    rest = found["rest"].lstrip("/").rpartition("@")[2]
    return f"{found['scheme'].lower()}://{rest.partition('?')[0]}"
