"""Films and streams through OpenCV, which is imported when the first is opened."""

import os
from importlib import import_module
from importlib.util import find_spec
from typing import Any, cast

import numpy as np

from gnothi.core.errors import MissingExtraError
from gnothi.core.seeing import Pixels
from gnothi.vision.pictures import MOST_PIXELS

EXTRA = "sight"
WAIT_MS = 5_000
"""How long a stream may take to open, and to send its next picture."""


def require_opencv(needed_for: str) -> None:
    """Do nothing when OpenCV is installed.

    Raises:
        MissingExtraError: it is not.
    """
    if not find_spec("cv2"):
        raise MissingExtraError(EXTRA, needed_for)


class VideoCapture:
    """An open stream of OpenCV, as :class:`gnothi.vision.cameras.Capture`."""

    def __init__(self, cv2: Any, capture: Any) -> None:  # noqa: ANN401 - OpenCV has no types
        """Take a *capture* that is open."""
        self._cv2, self._capture = cv2, capture
        rate = float(capture.get(cv2.CAP_PROP_FPS))
        self.rate = rate if 0 < rate < 1_000 else 0.0
        """Pictures a second; 0 where it is not known."""

    def read(self) -> Pixels | None:
        """Return the next picture, ``None`` where there is none or it can't be decoded."""
        try:
            is_read, pixels = self._capture.read()
        except self._cv2.error:
            return None
        if not is_read or pixels is None or not pixels.size or pixels.ndim != 3:
            return None
        if pixels.shape[0] * pixels.shape[1] > MOST_PIXELS:
            return None
        return cast("Pixels", np.ascontiguousarray(pixels[:, :, ::-1]))

    def release(self) -> None:
        """Give it back."""
        self._capture.release()


def open_capture(where: str) -> VideoCapture | None:
    """Return the stream or film at *where*; ``None`` where nobody answers, or it is none.

    Raises:
        MissingExtraError: OpenCV is not installed.
    """
    require_opencv("A film or a camera in the network")
    # What FFmpeg has to say about a camera that is away is said by us.
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
    os.environ.setdefault("OPENCV_LOG_LEVEL", "SILENT")
    cv2: Any = import_module("cv2")
    wait = [
        cv2.CAP_PROP_OPEN_TIMEOUT_MSEC,
        WAIT_MS,
        cv2.CAP_PROP_READ_TIMEOUT_MSEC,
        WAIT_MS,
    ]
    try:
        capture = cv2.VideoCapture(where, cv2.CAP_FFMPEG, wait)
    except cv2.error:
        return None
    if not capture.isOpened():
        capture.release()
        return None
    return VideoCapture(cv2, capture)
