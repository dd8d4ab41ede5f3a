"""Checks that every recogniser passes, ours or a stranger's."""

from collections.abc import Iterator, Sequence

import numpy as np

from gnothi.core.errors import InputError
from gnothi.core.hearing import RATE, Hints, Hypothesis, Partial, Recogniser, Samples

_BLOCK = RATE // 10
_ODD = 1237
"""A block that no frame length divides."""


def recogniser_complaints(
    recogniser: Recogniser, clip: Samples, *, hints: Hints | None = None
) -> Iterator[str]:
    """Yield what is wrong with a *recogniser*, in sentences; nothing where all is well.

    *clip* is speech that it ought to recognise with *hints*. What is recognised must not depend on
    how the sound was cut into blocks or on the stream before; hypotheses come best first, their
    words in order and inside the clip; what was called stable stays; silence says nothing; and a
    finished stream takes no more.
    """
    hints = hints or Hints()
    given = clip.copy()
    partials, found = _heard(recogniser, hints, clip, _BLOCK)
    if not found or not found[0].text:
        yield "It hears nothing in the clip."
        return
    if not np.array_equal(given, clip):
        yield "The samples it is given stay as they were."
    yield from _stability(partials)
    yield from _order(found, len(clip) / RATE)
    _, again = _heard(recogniser, hints, clip, _ODD)
    if not again or again[0].text != found[0].text:
        yield "What it hears does not depend on the size of blocks, or on the stream before."
    yield from _quiet(recogniser, hints)
    yield from _refusals(recogniser, hints)


def _heard(
    recogniser: Recogniser, hints: Hints, clip: Samples, size: int
) -> tuple[list[Partial], Sequence[Hypothesis]]:
    stream = recogniser.open(hints)
    try:
        blocks = (clip[start : start + size] for start in range(0, len(clip), size))
        return [stream.accept(block) for block in blocks], stream.finish()
    finally:
        stream.close()


def _stability(partials: Sequence[Partial]) -> Iterator[str]:
    stable = ""
    for partial in partials:
        if not partial.text.startswith(partial.stable):
            yield f"'{partial.stable}' is called stable, but the text is '{partial.text}'."
        if not partial.stable.startswith(stable):
            yield f"'{stable}' was called stable, and became '{partial.stable}'."
        stable = partial.stable


def _order(found: Sequence[Hypothesis], seconds: float) -> Iterator[str]:
    scores = [one.score for one in found]
    if scores != sorted(scores, reverse=True) or not np.isfinite(scores).all():
        yield f"Hypotheses come best first: {scores}."
    if len({one.text for one in found}) < len(found):
        yield "Each hypothesis is another text."
    for one in found:
        if one.words and [word.text for word in one.words] != one.text.split():
            yield f"The words of '{one.text}' are not those of its text."
        begins = [word.begin_s for word in one.words]
        if begins != sorted(begins):
            yield f"The words of '{one.text}' come in order of time."
        for word in one.words:
            if not 0 <= word.begin_s <= word.end_s <= seconds + 0.1:
                yield f"'{word.text}' is said from {word.begin_s} to {word.end_s} s of {seconds}."
            if not 0 <= word.confidence <= 1:
                yield f"The confidence in '{word.text}' is {word.confidence}."


def _quiet(recogniser: Recogniser, hints: Hints) -> Iterator[str]:
    rng = np.random.default_rng(0)
    room = (0.0005 * rng.standard_normal(RATE)).astype(np.float32)
    for what, sound in (("no sound at all", room[:0]), ("a quiet room", room)):
        _, found = _heard(recogniser, hints, sound, _BLOCK)
        if found and found[0].text:
            yield f"It hears '{found[0].text}' in {what}."


def _refusals(recogniser: Recogniser, hints: Hints) -> Iterator[str]:
    stream = recogniser.open(hints)
    try:
        wrong = (np.zeros(_BLOCK), np.zeros((_BLOCK, 2), np.float32))
        for sound in wrong:
            try:
                stream.accept(sound)  # pyright: ignore[reportArgumentType] - wrong on purpose
            except InputError:
                continue
            yield f"Sound of type {sound.dtype} and shape {sound.shape} is refused."
        stream.finish()
        for late in (lambda: stream.accept(np.zeros(_BLOCK, np.float32)), stream.finish):
            try:
                late()
            except InputError:
                continue
            yield "A finished stream takes no more sound, and is not finished twice."
    finally:
        stream.close()
        stream.close()
