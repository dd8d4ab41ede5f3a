"""Networks that look at pictures: how a picture becomes their input, and what comes back."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from gnothi.core.errors import ArtifactError
from gnothi.core.onnx import open_session
from gnothi.core.seeing import Corners, Pixels

_GREY = 114
"""Of the margins: neither dark nor bright."""


@dataclass(frozen=True, slots=True, eq=False)
class Input:
    """A picture as a network takes it, and the way back to its own pixels."""

    tensor: NDArray[np.float32]
    """Red, green, blue from 0 to 1, shape (1, 3, height, width)."""
    scale: float
    left: float
    top: float

    def back(self, corners: Corners) -> Corners:
        """Return points of the tensor, shape (…, 2), as points of the picture."""
        return (corners - [self.left, self.top]) / self.scale


def fitted(pixels: Pixels, width: int, height: int) -> Input:
    """Return *pixels* fitted into *width* and *height*, in proportion, with grey margins."""
    across, down = pixels.shape[1], pixels.shape[0]
    scale = min(width / across, height / down)
    size = (max(1, round(across * scale)), max(1, round(down * scale)))
    picture = Image.fromarray(pixels).resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0)
    left, top = (width - size[0]) // 2, (height - size[1]) // 2
    whole = Image.new("RGB", (width, height), (_GREY,) * 3)
    whole.paste(picture, (left, top))
    tensor = np.asarray(whole, dtype=np.float32).transpose(2, 0, 1)[None] / np.float32(255)
    return Input(tensor, scale, left, top)


class Network:
    """A network in ONNX Runtime, on the processor."""

    def __init__(self, path: Path | bytes, *, threads: int = 1) -> None:
        """Open the network in the file *path*, or in the bytes of one.

        Raises:
            ArtifactError: there is none, or it is damaged.
        """
        try:
            self._session: Any = open_session(path, threads=threads)
        except Exception as error:  # onnxruntime has many errors and no types
            told = path if isinstance(path, Path) else "What was kept"
            raise ArtifactError(f"{told} can't be opened as a network: {error}") from error
        self.inputs = tuple(str(one.name) for one in self._session.get_inputs())
        self.outputs = tuple(str(one.name) for one in self._session.get_outputs())

    def run(self, **inputs: NDArray[Any]) -> dict[str, NDArray[Any]]:
        """Return every output by name, for *inputs* by name."""
        found = cast("list[NDArray[Any]]", self._session.run(None, inputs))
        return dict(zip(self.outputs, found, strict=True))
