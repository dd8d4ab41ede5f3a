"""What a household shows its assistant: pictures that are kept for a while, and what they say.

Pictures stay in memory and are never written down; what EXIF data tell beside them (where it was
taken) is dropped when they come in.
"""

import secrets
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from threading import Lock
from time import monotonic
from typing import TypeAlias

from gnothi.core.errors import InputError
from gnothi.core.seeing import Camera, Pixels, TextReader, WrittenLine
from gnothi.vision.finding.finder import Finder, Glance
from gnothi.vision.pictures import KEPT, read_picture, reduced, write_jpeg
from gnothi.vision.reading.order import Page, arranged
from gnothi.vision.reading.wordbook import rewritten
from gnothi.vision.teaching.examples import identity

MOST = 16
"""Pictures that are kept; the oldest goes first."""
KEPT_S = 15 * 60.0
"""As long as a conversation is remembered."""


Mend: TypeAlias = Callable[[Sequence[WrittenLine]], Sequence[WrittenLine]]
Recall: TypeAlias = Callable[[str, Sequence[str]], Mapping[int, str]]
"""What was put right in a picture, by its identity and its lines as they were read."""


def _nothing_told(picture: str, read: Sequence[str]) -> Mapping[int, str]:
    return {}


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that was shown."""

    id: str
    """Nobody guesses it: who knows it may look."""
    jpeg: bytes
    width: int
    height: int
    source: str
    """``shown``, or the name of the camera that saw it."""
    at: float
    """Seconds on the clock of the eyes."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A picture and what is written in it."""

    picture: Picture
    page: Page
    reader: str
    raw: tuple[WrittenLine, ...] = ()
    """The lines of the page in its order, as the reader had them before anybody mended them."""


class Eyes:
    """Looks at what it is shown, or through the camera of the household."""

    def __init__(
        self,
        reader: Callable[[], TextReader],
        camera: Callable[[], Camera] | None = None,
        clock: Callable[[], float] = monotonic,
        *,
        finder: Callable[[], Finder] | None = None,
        mend: Mend = tuple,
        recall: Recall = _nothing_told,
    ) -> None:
        """Open *reader* when something is to be read, *camera* when somebody looks.

        *finder* is opened when something is looked for; without one nothing is found. *mend* puts
        right what was read, by what the household told of earlier readings; a line that stays is
        the same object. *recall* tells what was put right in this very picture.
        """
        self._mend, self._recall = mend, recall
        self._open_reader, self._open_camera, self._clock = reader, camera, clock
        self._open_finder = finder
        self._finder: Finder | None = None
        self._glances: dict[str, Glance] = {}
        self._reader: TextReader | None = None
        self._camera: Camera | None = None
        self._pictures: OrderedDict[str, Picture] = OrderedDict()
        self._pages: dict[str, Seen] = {}
        self._keeping, self._reading, self._decoding = Lock(), Lock(), Lock()
        self._finding = Lock()

    @property
    def has_camera(self) -> bool:
        """Whether there is a camera to look through."""
        return self._open_camera is not None

    def show(self, data: bytes) -> Picture:
        """Take the picture in *data*, the bytes of a file, and keep it for a while.

        Raises:
            InputError: it is no picture, damaged or too large.
        """
        with self._decoding:  # a large one takes hundreds of megabytes while it is decoded
            pixels = read_picture(data, "This file", KEPT)
        return self.take(pixels, "shown")

    def look(self) -> Picture:
        """Look through the camera, and keep what it sees for a while.

        Raises:
            InputError: there is no camera, or its recording is over.
            ProviderError: it is away.
            MissingExtraError: it needs OpenCV, which is not installed.
        """
        if self._open_camera is None:
            raise InputError("There is no camera: set GNOTHI_CAMERA, or show me a picture.")
        with self._keeping:
            self._camera = self._camera or self._open_camera()
        frame = self._camera.look()
        if frame is None:
            raise InputError(f"The recording {self._camera.name} is over.")
        return self.take(frame.pixels, self._camera.name)

    def take(self, pixels: Pixels, source: str) -> Picture:
        """Keep what *source* showed for a while."""
        pixels = reduced(pixels, KEPT)
        height, width = pixels.shape[:2]
        name = secrets.token_urlsafe(16)
        picture = Picture(name, write_jpeg(pixels, 92), width, height, source, self._clock())
        with self._keeping:
            self._pictures[name] = picture
            self._forget_old()
        return picture

    def find(self, id: str) -> Picture | None:  # noqa: A002 - the name of the field
        """Return the picture called *id*, while it is kept."""
        with self._keeping:
            self._forget_old()
            return self._pictures.get(id)

    def kept(self, id: str) -> Picture:  # noqa: A002 - the name of the field
        """Return the picture called *id*.

        Raises:
            InputError: it is not kept (any more).
        """
        picture = self.find(id)
        if picture is None:
            raise InputError("I don't have that picture any more: show it once more, please.")
        return picture

    def read(self, id: str) -> Seen:  # noqa: A002 - the name of the field
        """Return what is written in the picture called *id*; it is read once.

        Raises:
            InputError: it is not kept (any more).
            MissingExtraError: no reader is installed.
        """
        picture = self.kept(id)
        if found := self._pages.get(id):  # nobody waits for others who read
            return found
        with self._reading:
            return self._pages.get(id) or self._read(picture)

    def _read(self, picture: Picture) -> Seen:
        self._reader = self._reader or self._open_reader()
        pixels = read_picture(picture.jpeg)
        lines = self._reader.read(pixels)
        mended = self._mend(lines)
        page = arranged(mended)
        before = {id(after): before for before, after in zip(lines, mended, strict=True)}
        raw = tuple(before[id(one)] for one in page.lines)
        own = page.lines
        for at, text in self._recall(identity(pixels), [one.text for one in raw]).items():
            page = page.with_line(own[at], rewritten(own[at], text))
        return self._keep_page(Seen(picture, page, self._reader.name, raw))

    def rewrite(self, id: str, at: int, text: str) -> Seen:  # noqa: A002 - the name of the field
        """Take it that line *at* of the picture called *id* is *text*; return what it says now.

        Raises:
            InputError: the picture is not kept (any more), or has no such line.
        """
        seen = self.read(id)
        lines = seen.page.lines
        if not 0 <= at < len(lines):
            raise InputError("There is no such line in that picture.")
        return self._keep_page(
            replace(seen, page=seen.page.with_line(lines[at], rewritten(lines[at], text)))
        )

    def reread(self, id: str) -> None:  # noqa: A002 - the name of the field
        """Read the picture called *id* anew when it is asked about again."""
        with self._keeping:
            self._pages.pop(id, None)

    def _keep_page(self, seen: Seen) -> Seen:
        with self._keeping:
            if seen.picture.id in self._pictures:  # it may have been forgotten meanwhile
                self._pages[seen.picture.id] = seen
        return seen

    @property
    def finder(self) -> Finder | None:
        """Who finds things; ``None`` where there is nobody.

        Raises:
            ArtifactError: the network is damaged.
        """
        if self._finder is not None:  # nobody waits for others who look
            return self._finder
        with self._finding:
            if self._finder is None and self._open_finder is not None:
                self._finder = self._open_finder()
            return self._finder

    def glance(self, id: str) -> Glance:  # noqa: A002 - the name of the field
        """Return the picture called *id*, looked at; that is done once, phrases are cheap.

        Raises:
            InputError: it is not kept (any more), or there is nobody who finds things.
        """
        picture, finder = self.kept(id), self.finder
        if finder is None:
            raise InputError("There is no network here that finds things.")
        with self._finding:
            if id not in self._glances:
                glance = finder.look(read_picture(picture.jpeg))
                with self._keeping:
                    if id not in self._pictures:  # it was forgotten meanwhile
                        return glance
                    self._glances[id] = glance
            return self._glances[id]

    def forget_old(self) -> None:
        """Forget what was kept for long enough; the household calls this now and then."""
        with self._keeping:
            self._forget_old()

    def close(self) -> None:
        """Forget every picture, and give the camera back."""
        with self._keeping:
            self._pictures.clear()
            self._pages.clear()
            self._glances.clear()
            if self._camera:
                self._camera.close()
            self._camera = None

    def _forget_old(self) -> None:
        limit = self._clock() - KEPT_S
        while self._pictures:
            oldest = next(iter(self._pictures.values()))
            if oldest.at >= limit and len(self._pictures) <= MOST:
                return
            del self._pictures[oldest.id]
            self._pages.pop(oldest.id, None)
            self._glances.pop(oldest.id, None)
