"""The readers that can be chosen, what each lacks here, and how one is opened by name."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec

from gnothi.core.errors import InputError, MissingExtraError
from gnothi.core.seeing import TextReader
from gnothi.vision.capture import EXTRA

ORDER = ("pp-ocr",)
"""What is taken where nobody has chosen: the first of these that lacks nothing.

Our own is opened only by who asks :func:`open_reader` for it: it reads too little yet to answer
for a total (``spot-text``).
"""


@dataclass(frozen=True, slots=True)
class Backend:
    """A kind of reader."""

    name: str
    about: str
    """What it is good for, in a sentence."""
    lacks: Callable[[], str]
    """Names what is missing here; empty when it can be used."""
    make: Callable[[int], TextReader]
    """Opens it, to compute on so many threads."""


def backends() -> tuple[Backend, ...]:
    """Return every kind of reader."""
    return (
        Backend(
            "pp-ocr",
            "PP-OCRv6 through rapidocr: print and signs in fifty languages, at any angle.",
            partial(_lacks, "rapidocr", "cv2"),
            _rapid,
        ),
        Backend(
            "gnothi",
            "Our own, on Pillow and ONNX Runtime alone: Latin print at any angle.",
            _lacks_networks,
            _own,
        ),
    )


def open_reader(choice: str = "", *, threads: int = 1) -> TextReader:
    """Return the reader called *choice*, else the first of ``ORDER`` that lacks nothing.

    It reads pictures at any angle.

    Raises:
        InputError: there is no such reader.
        MissingExtraError: it, or every one, lacks something.
    """
    from gnothi.vision.reading.upright import Upright

    found = {one.name: one for one in backends()}
    if choice and choice not in found:
        raise InputError(f"There is no reader '{choice}'. There are: {', '.join(found)}")
    able = [found[name] for name in ((choice,) if choice else ORDER) if not found[name].lacks()]
    if not able:
        raise MissingExtraError(EXTRA, "Reading pictures")
    return Upright(able[0].make(threads))


def chosen() -> str:
    """Return the name of the reader that is taken where nobody has chosen; empty without any."""
    able = {one.name for one in backends() if not one.lacks()}
    return next((name for name in ORDER if name in able), "")


def _lacks(*packages: str) -> str:
    return ", ".join(package for package in packages if not find_spec(package))


def _lacks_networks() -> str:
    from gnothi.vision.reading.own import SHIPPED

    return "" if SHIPPED.is_dir() else "its networks"


def _own(threads: int) -> TextReader:
    from gnothi.vision.reading.own import OwnReader

    return OwnReader(threads=threads)


def _rapid(threads: int) -> TextReader:
    from gnothi.vision.reading.rapid import RapidReader

    return RapidReader(threads=threads)
