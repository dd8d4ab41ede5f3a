"""Our own recogniser: a network that hears as it is spoken to, in 8 bits, with carried state.

Sound becomes stacked frames, frames become chunks. A chunk of encoder frames of 60 ms is worked out
together with up to ``CAP`` frames to its right, its look-ahead, which may be another for each call:
those frames wait, and are worked out again with their own chunk. Streams can be advanced together,
as one batch; weights alone are in 8 bits, so that what one stream hears does not depend on who else
is in the batch.
"""

import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from gnothi.core.artifact import read_card, verify
from gnothi.core.errors import ArtifactError, InputError
from gnothi.core.hearing import (
    NO_HINTS,
    Expected,
    Hints,
    Hypothesis,
    Partial,
    Samples,
    States,
    require_sound,
)
from gnothi.core.onnx import open_session
from gnothi.speech.ctc import Search
from gnothi.speech.features import FRAME_S, WIDTH, FrontEnd
from gnothi.speech.spelling import Expectation, Weights
from gnothi.speech.wording import Wording

NAME = "hearing/streaming"
MODEL, PIECES = "model.onnx", "pieces.json"
SHIPPED = Path(__file__).parent.parent / "models" / "hearing"

ENCODER_S = 2 * FRAME_S
"""Seconds from one encoder frame to the next."""
CAP = 16
"""Most encoder frames of look-ahead."""
INPUTS = ("frames", "lengths", "keep", "heard", "keys", "values", "sound")
OUTPUTS = ("scores", "states", "new_keys", "new_values", "new_sound")

Floats = NDArray[np.float32]


class _Network(Protocol):
    """What is used of ``onnxruntime.InferenceSession``, which carries no types."""

    def run(self, names: Sequence[str], inputs: dict[str, NDArray[Any]], /) -> list[NDArray[Any]]:
        """Return the outputs called *names* for *inputs*."""
        ...


class EncoderStream:
    """Frames of one stream that wait for their chunk, and what it carries from chunk to chunk."""

    def __init__(self, shapes: Sequence[tuple[int, int, int]]) -> None:
        """Begin with no sound; *shapes* are those of carried arrays (layers, frames, width)."""
        self._waiting = np.zeros((1, WIDTH), np.float32)
        self.carried = [np.zeros(shape, np.float32) for shape in shapes]
        self.heard = 0
        """Encoder frames that are worked out for good."""

    def accept(self, frames: Floats) -> None:
        """Take in stacked *frames* of 30 ms, shape (frames, 192)."""
        self._waiting = np.concatenate([self._waiting, frames])

    def finish(self) -> None:
        """Fill up the last encoder frame with nothing."""
        if not len(self._waiting) % 2:
            self.accept(np.zeros((1, WIDTH), np.float32))

    @property
    def waiting(self) -> int:
        """Encoder frames that wait."""
        return (len(self._waiting) - 1) // 2

    def take(self, chunk: int, right: int) -> Floats:
        """Return the stacked frames of *chunk* encoder frames and *right* more, and one before."""
        taken = self._waiting[: 2 * (chunk + right) + 1]
        self._waiting = self._waiting[2 * chunk :]
        return taken


@dataclass(frozen=True, slots=True)
class Advance:
    """Work out the next *chunk* encoder frames of *stream* with *right* more to look ahead."""

    stream: EncoderStream
    chunk: int
    right: int


@dataclass(frozen=True, slots=True)
class Heard:
    """What the network made of a chunk."""

    scores: Floats
    """Logarithms of the probabilities of pieces; (chunk, pieces)."""
    states: States
    """Encoder states; (chunk, width)."""


class StreamingModel:
    """The network and its pieces of words; one serves any number of streams."""

    def __init__(self, folder: Path = SHIPPED, *, threads: int = 1) -> None:
        """Read the artifact in *folder*.

        Raises:
            ArtifactError: it is missing, damaged or does not fit this version.
        """
        self.card = read_card(folder)
        verify(folder, self.card)
        try:
            self.pieces: tuple[str, ...] = tuple(json.loads((folder / PIECES).read_bytes()))
            self._network, shapes = _opened(folder / MODEL, threads)
        except (OSError, ValueError, RuntimeError) as error:
            raise ArtifactError(f"{folder} can't be read: {error}") from error
        if set(shapes) != set(INPUTS):
            raise ArtifactError(f"{self.card.label} is of another version than this program.")
        self._carried = [(shapes[n][0], *shapes[n][2:]) for n in INPUTS[4:]]

    def open(self) -> EncoderStream:
        """Begin a stream."""
        return EncoderStream(self._carried)

    def advance(self, wanted: Sequence[Advance]) -> list[Heard]:
        """Work out the next chunks of several streams at once, each stream at most once.

        Raises:
            InputError: a stream has not as many frames waiting, or the look-ahead is too long.
        """
        for one in wanted:
            if one.chunk < 1 or not 0 <= one.right <= CAP:
                raise InputError(f"A chunk has frames, and 0 to {CAP} more to its right.")
            if one.stream.waiting < one.chunk + one.right:
                raise InputError("There is not enough sound yet for this chunk.")
        most = max(one.chunk + one.right for one in wanted)
        frames = np.zeros((len(wanted), 2 * most + 1, WIDTH), np.float32)
        for row, one in zip(frames, wanted, strict=True):
            taken = one.stream.take(one.chunk, one.right)
            row[: len(taken)] = taken
        carried = [
            np.stack(parts, 1) for parts in zip(*(w.stream.carried for w in wanted), strict=True)
        ]
        counts = [
            np.array([one.chunk + one.right for one in wanted]),
            np.array([one.chunk for one in wanted]),
            np.array([one.stream.heard for one in wanted]),
        ]
        given: dict[str, NDArray[Any]] = dict(zip(INPUTS, (frames, *counts, *carried), strict=True))
        scores, states, *new = self._network.run(OUTPUTS, given)
        for row, one in enumerate(wanted):
            one.stream.carried = [part[:, row] for part in new]
            one.stream.heard += one.chunk
        return [
            Heard(scores[row, : one.chunk], states[row, : one.chunk])
            for row, one in enumerate(wanted)
        ]


def _opened(path: Path, threads: int) -> tuple[_Network, dict[str, list[Any]]]:
    """Return the network at *path*, and the shapes of what it takes in."""
    # Weights are widened once, when the network is read, and not at each call.
    session = open_session(path, threads=threads, config={"session.disable_quant_qdq": "1"})
    return session, {entry.name: entry.shape for entry in session.get_inputs()}


@dataclass(frozen=True, slots=True)
class Pace:
    """How much is worked out at once, in encoder frames of 60 ms."""

    chunk: int = 8
    right: int = 4


PACE = Pace()
WEIGHTS = Weights()


class StreamingRecogniser:
    """Recognises English commands with the shipped model; any number of streams at once."""

    name = "gnothi"

    def __init__(
        self,
        model: StreamingModel,
        wording: Callable[[], Wording],
        *,
        pace: Pace = PACE,
        weights: Weights = WEIGHTS,
    ) -> None:
        """Hear with *model* what *wording* expects."""
        self._model = model
        self._wording = wording
        self._pace = pace
        self._weights = weights
        self._lock = threading.Lock()
        self._expectations: OrderedDict[Hints, Expectation] = OrderedDict()

    def open(self, hints: Hints = NO_HINTS) -> "StreamingStream":
        """Begin to listen; the first time with new hints takes a moment."""
        if hints.language.split("-")[0] != "en":
            raise InputError(
                f"The recogniser of Gnothi knows only English, not '{hints.language}'."
            )
        expectation = None
        if hints.expected is not Expected.DICTATION:
            expectation = self._expected(hints)
        search = Search(self._model.pieces, expectation, self._weights, frame_s=ENCODER_S)
        return StreamingStream(self._model, search, self._pace)

    def _expected(self, hints: Hints) -> Expectation:
        with self._lock:
            if hints not in self._expectations:
                self._expectations[hints] = Expectation(self._wording().model(hints))
            self._expectations.move_to_end(hints)
            while len(self._expectations) > _KEPT:
                self._expectations.popitem(last=False)
            return self._expectations[hints]


_KEPT = 4
"""Language models that stay ready; a home needs two or three."""


class StreamingStream:
    """One piece of listening."""

    def __init__(self, model: StreamingModel, search: Search, pace: Pace) -> None:
        """Begin to listen."""
        self._model = model
        self._search = search
        self.expectation = search.expectation
        """What may be said; nothing where anything may."""
        self._front = FrontEnd()
        self._encoder = model.open()
        self.pace = pace
        """May be changed at any time."""
        self._done = False

    def accept(self, samples: Samples) -> Partial:
        """Take in *samples*; whole chunks are worked out as soon as their look-ahead is there."""
        self._open()
        self._encoder.accept(self._front.accept(require_sound(samples)))
        states: list[States] = []
        while self._encoder.waiting >= self.pace.chunk + self.pace.right:
            states.append(self._advance(self.pace.chunk, self.pace.right))
        return self._told(states)

    def flush(self) -> Partial:
        """Work out what waits with what look-ahead there is: a pause is not worth waiting for."""
        self._open()
        states: list[States] = []
        while waiting := self._encoder.waiting:
            chunk = min(self.pace.chunk, waiting)
            states.append(self._advance(chunk, min(self.pace.right, waiting - chunk)))
        return self._told(states)

    def finish(self) -> Sequence[Hypothesis]:
        """Return what was said."""
        self._open()
        self._done = True
        self._encoder.finish()
        while waiting := self._encoder.waiting:
            chunk = min(self.pace.chunk, waiting)
            self._advance(chunk, min(self.pace.right, waiting - chunk))
        return self._search.finish()

    def close(self) -> None:
        """Give up the stream."""
        self._done = True

    def _told(self, states: Sequence[States]) -> Partial:
        shown = np.concatenate(states) if states else None
        return Partial(self._search.text, self._search.stable, shown)

    def _advance(self, chunk: int, right: int) -> States:
        [heard] = self._model.advance([Advance(self._encoder, chunk, right)])
        self._search.accept(heard.scores)
        return heard.states

    def _open(self) -> None:
        if self._done:
            raise InputError("This stream is finished: open another one.")
