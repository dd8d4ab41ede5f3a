"""Places to look through: a file, a folder, a stream in the network, the camera of the page.

Every one of them is a :class:`gnothi.core.seeing.Camera`, and may go away and come back. Streams
and films need OpenCV, pictures don't.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Protocol

from gnothi.core.errors import InputError, ProviderError
from gnothi.core.seeing import Camera, Frame, Pixels
from gnothi.vision.pictures import read_picture

STALE_S = 1.0
"""What waits in the pipe of a stream is as old as its last reading: then it is opened anew."""
PAUSE_S = 5.0
"""So long nobody knocks at a stream that did not open."""
FRESH_S = 10.0
"""For so long what the page showed is what it sees."""
PICTURES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".ppm"})
_ADDRESS = re.compile(r"(?P<scheme>rtsps?|rtmp|https?)://(?:[^/@]*@)?(?P<rest>.+)", re.IGNORECASE)


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
    if _ADDRESS.match(where):
        from gnothi.vision.capture import open_capture, require_opencv

        require_opencv("A camera in the network")
        return Stream(where, open_capture)
    path = Path(where).expanduser()
    if path.is_dir():
        return Folder(path)
    if not path.is_file():
        raise InputError(
            f"There is nothing at {path}: name a picture, a film, a folder, "
            "or a camera as rtsp://HOST/PATH."
        )
    if path.suffix.lower() in PICTURES:
        return Still(path)
    from gnothi.vision.capture import open_capture, require_opencv

    require_opencv("A film")
    return Film(path, open_capture)


def frames(camera: Camera) -> Iterator[Frame]:
    """Yield what *camera* sees, one picture after the other, until a recording is over.

    Raises:
        ProviderError: it is away; whoever goes on looking finds it when it is back.
    """
    while (frame := camera.look()) is not None:
        yield frame


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
        return Frame(read_picture(self._path), self._clock() - self._began)

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
                return Frame(read_picture(file), self._clock() - self._began)
            except InputError as error:
                damaged = damaged or error
        if damaged:
            raise damaged
        raise ProviderError(f"There is no picture in the folder {self.name}.")

    def close(self) -> None:
        """Nothing is held."""

    def _newest(self, most: int = 2) -> list[Path]:
        try:
            found = [
                (file.stat().st_mtime_ns, file.name, file)
                for file in self._path.iterdir()
                if file.suffix.lower() in PICTURES
            ]
        except OSError as error:
            raise ProviderError(f"The folder {self.name} is not there any more.") from error
        return [file for _, _, file in sorted(found, reverse=True)[:most]]


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


class PageCamera:
    """The camera of a page: it sees what the page sent last."""

    name = "page"

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        """See nothing yet."""
        self._clock, self._began = clock, clock()
        self._last: Frame | None = None

    def show(self, pixels: Pixels) -> None:
        """Take what the page sees now."""
        self._last = Frame(pixels, self._clock() - self._began)

    def look(self) -> Frame | None:
        """Return what the page sent, while it is fresh."""
        last = self._last
        if last is None or self._clock() - self._began - last.seconds > FRESH_S:
            raise ProviderError("The page shows nothing at the moment.")
        return last

    def close(self) -> None:
        """Forget what was shown."""
        self._last = None


def spoken_address(address: str) -> str:
    """Return *address* as it may be shown: without user, password and what follows a "?"."""
    found = _ADDRESS.match(address)
    if not found:
        return Path(address).name
    return f"{found['scheme'].lower()}://{found['rest'].partition('?')[0]}"
