"""Checks that readers of text, cameras and those who know things pass, ours or a stranger's."""

from collections.abc import Iterator

import numpy as np

from gnothi.core.errors import InputError
from gnothi.core.seeing import (
    Camera,
    Corners,
    KnownThings,
    Pixels,
    TextReader,
    WrittenLine,
    require_picture,
)

_MARGIN = 0.15
"""Share of its side by which a corner may lie outside of a picture."""


def reader_complaints(reader: TextReader, page: Pixels, words: frozenset[str]) -> Iterator[str]:
    """Yield what is wrong with *reader*, in sentences; nothing where all is well.

    On *page* each of *words* is written, upright, in letters of at least 20 pixels.
    """
    given = page.copy()
    lines = reader.read(page)
    if not np.array_equal(given, page):
        yield "The picture it is given stays as it was."
    if not words <= {word.casefold() for line in lines for word in line.text.split()}:
        yield f"It reads {sorted(words)}, not {[line.text for line in lines]}."
    for line in lines:
        yield from _misplaced(line, page)
    if [line.text for line in reader.read(page)] != [line.text for line in lines]:
        yield "It reads the same picture the same way."
    if reader.read(np.full((80, 120, 3), 255, dtype=np.uint8)):
        yield "On an empty page nothing is written."
    reader.read(np.zeros((1, 1, 3), dtype=np.uint8))  # one pixel is a picture, too
    try:
        reader.read(np.zeros((20, 20), dtype=np.uint8))
        yield "What is no picture is refused with an InputError."
    except InputError:
        pass


def _misplaced(line: WrittenLine, page: Pixels) -> Iterator[str]:
    for part in (line, *line.words):
        if not _within(part.corners, page):
            yield f"'{part.text}' has four corners within the picture, not {part.corners.tolist()}."
        elif np.dot(part.corners[1] - part.corners[0], [1, 0]) <= 0:
            yield f"The corners of '{part.text}' begin where its reading begins."
        if not 0 <= part.confidence <= 1:
            yield f"Confidences are from 0 to 1, not {part.confidence}."
    if line.words and " ".join(word.text for word in line.words) != line.text:
        yield f"The words of '{line.text}' are its own, in order."


def _within(corners: Corners, page: Pixels) -> bool:
    if corners.shape != (4, 2):
        return False
    size = np.array(page.shape[1::-1])
    return bool((corners >= -_MARGIN * size).all() and (corners <= (1 + _MARGIN) * size).all())


def camera_complaints(camera: Camera) -> Iterator[str]:
    """Yield what is wrong with *camera*, which is there, in sentences; nothing if all is well."""
    first, second = camera.look(), camera.look()
    for frame in (first, second):
        if frame is not None:
            require_picture(frame.pixels)
    if first is None:
        yield "A camera that is there sees something."
    elif second is not None and second.seconds < first.seconds:
        yield "Its time never runs backwards."
    if not camera.name or "@" in camera.name:
        yield "It has a name that can be shown to anybody."
    camera.close()
    camera.close()


def things_complaints(things: KnownThings, name: str, picture: Pixels) -> Iterator[str]:
    """Yield what is wrong with *things*, in sentences; nothing where all is well.

    What is called *name* is in the *picture*.
    """
    if name not in things.names:
        yield f"It knows {name}, and tells so among {things.names}."
    found = things.find(name, picture)
    if not found:
        yield f"It finds {name} where it is."
    if things.find(f"The {name.upper()}", picture) != found:
        yield "The case of a name and its article do not matter."
    scores = [one.confidence for one in found]
    if scores != sorted(scores, reverse=True) or not all(0 <= one <= 1 for one in scores):
        yield f"Confidences are from 0 to 1, the surest first, unlike {scores}."
    height, width = picture.shape[:2]
    for one in found:
        left, top, right, bottom = one.box
        if not (0 <= left < right <= width and 0 <= top < bottom <= height):
            yield f"A box lies within the picture, unlike {one.box}."
    for wrong in (("nothing is called so", picture), (name, np.zeros((20, 20), dtype=np.uint8))):
        try:
            things.find(*wrong)
            yield "Unknown names, and what is no picture, are refused with an InputError."
        except InputError:
            pass
