"""What ``gnothi see`` looks at: a file, a folder, a camera, standard input."""

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gnothi.vision.eyes import Eyes, Picture


def shown(eyes: "Eyes", file: str) -> "Picture":
    """Show the picture at *file* to the *eyes*.

    Raises:
        InputError: there is none.
    """
    from gnothi.core.errors import InputError
    from gnothi.vision.cameras import open_camera
    from gnothi.vision.pictures import MOST_BYTES

    if file == "-":
        return eyes.show(sys.stdin.buffer.read(MOST_BYTES + 1))
    camera = open_camera(file)
    frame = camera.look()
    camera.close()
    if frame is None:
        raise InputError(f"There is no picture in {camera.name}.")
    return eyes.take(frame.pixels, camera.name)
