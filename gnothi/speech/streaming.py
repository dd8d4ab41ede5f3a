"""Our own recogniser: a network that hears as it is spoken to, in 8 bits, with carried state.

Sound becomes stacked frames, frames become chunks. A chunk of encoder frames of 60 ms is worked out
together with up to ``CAP`` frames to its right, its look-ahead, which may be another for each call:
those frames wait, and are worked out again with their own chunk. How long they wait is for
``gnothi.speech.lookahead`` to say. Streams are worked out together (``gnothi.speech.batching``);
weights alone are in 8 bits, so that what one stream hears does not depend on who else is in the
batch.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
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
from gnothi.speech.batching import Batches, Rules
from gnothi.speech.ctc import Reading, Search
from gnothi.speech.features import FRAME_S, WIDTH, FrontEnd
from gnothi.speech.kept import Kept
from gnothi.speech.lookahead import CAP, LookAhead, Pace
from gnothi.speech.reranking import BEST, ReRanker
from gnothi.speech.spelling import Expectation, Weights
from gnothi.speech.transducer import FILE as TRANSDUCER
from gnothi.speech.transducer import Transducer
from gnothi.speech.wording import Wording

NAME = "hearing/streaming"
MODEL, PIECES = "model.onnx", "pieces.json"
SHIPPED = Path(__file__).parent.parent / "models" / "hearing"

ENCODER_S = 2 * FRAME_S
"""Seconds from one encoder frame to the next."""
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

    def look(self, count: int) -> Floats:
        """Return the stacked frames of the next *count* encoder frames, and one before."""
        return self._waiting[: 2 * count + 1]

    def take(self, chunk: int, carried: list[Floats]) -> None:
        """Drop *chunk* encoder frames, which are worked out for good; *carried* comes of them."""
        self._waiting = self._waiting[2 * chunk :]
        self.carried = carried
        self.heard += chunk


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


@dataclass(frozen=True, slots=True)
class Attempt:
    """What the network makes of the frames that wait, each with what is to its right so far."""

    stream: EncoderStream
    heard: Heard
    carried: list[Floats]
    """What to carry on when all of the chunk is kept."""
    chunk: int
    """So many frames may be kept; fewer only where what is carried reaches back as far."""

    def keep(self, count: int) -> Heard:
        """Make the first *count* frames final; the others wait, and are worked out again.

        What is carried are the last frames before the next one, in the order of time. Those of the
        past and those of the chunk lie side by side: any point between them is a slice.

        Raises:
            InputError: there are not as many, or what to carry on from there is not known.
        """
        reach = min(part.shape[1] for part in self.carried)
        if not 0 < count <= self.chunk or count < self.chunk > reach:
            raise InputError(f"{count} of {self.chunk} frames can't be kept.")
        carried = self.carried
        if count < self.chunk:
            carried = [
                np.concatenate([old, new[:, -self.chunk :]], 1)[:, count : count + old.shape[1]]
                for old, new in zip(self.stream.carried, self.carried, strict=True)
            ]
        self.stream.take(count, carried)
        return Heard(self.heard.scores[:count], self.heard.states[:count])


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
            self.transducer: Transducer | None = None
            if TRANSDUCER in self.card.files:
                self.transducer = Transducer.read(folder / TRANSDUCER, pieces=len(self.pieces))
        except (OSError, ValueError, RuntimeError) as error:
            raise ArtifactError(f"{folder} can't be read: {error}") from error
        if set(shapes) != set(INPUTS):
            raise ArtifactError(f"{self.card.label} is of another version than this program.")
        self._carried = [(shapes[n][0], *shapes[n][2:]) for n in INPUTS[4:]]

    def open(self) -> EncoderStream:
        """Begin a stream."""
        return EncoderStream(self._carried)

    def advance(self, wanted: Sequence[Advance]) -> list[Heard]:
        """Work out the next chunks of several streams for good, each stream at most once.

        Raises:
            InputError: a stream has not as many frames waiting, or the look-ahead is too long.
        """
        found = self.attempt(wanted)
        return [one.keep(work.chunk) for one, work in zip(found, wanted, strict=True)]

    def attempt(self, wanted: Sequence[Advance]) -> list["Attempt"]:
        """Work out the next frames of several streams, without deciding how many are final.

        Raises:
            InputError: a stream has not as many frames waiting, or the look-ahead is too long.
        """
        for one in wanted:
            if one.chunk < 1 or not 0 <= one.right <= CAP:
                raise InputError(f"A chunk has frames, and 0 to {CAP} more to its right.")
            if one.stream.waiting < one.chunk + one.right:
                raise InputError("There is not enough sound yet for this chunk.")
        scores, states, new = self._run(wanted)
        return [
            Attempt(
                one.stream,
                Heard(scores[row, : one.chunk + one.right], states[row, : one.chunk + one.right]),
                [part[:, row] for part in new],
                one.chunk,
            )
            for row, one in enumerate(wanted)
        ]

    def _run(self, wanted: Sequence[Advance]) -> tuple[Floats, Floats, list[Floats]]:
        """Return scores, states and what to carry on; nothing of the streams is changed."""
        most = max(one.chunk + one.right for one in wanted)
        frames = np.zeros((len(wanted), 2 * most + 1, WIDTH), np.float32)
        for row, one in zip(frames, wanted, strict=True):
            seen = one.stream.look(one.chunk + one.right)
            row[: len(seen)] = seen
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
        return scores, states, new


def _opened(path: Path, threads: int) -> tuple[_Network, dict[str, list[Any]]]:
    """Return the network at *path*, and the shapes of what it takes in."""
    # Weights are widened once, when the network is read, and not at each call.
    session = open_session(path, threads=threads, config={"session.disable_quant_qdq": "1"})
    return session, {entry.name: entry.shape for entry in session.get_inputs()}


PACE = Pace()
WEIGHTS = Weights(language=0.6, word=0.5, beam=100, blank=1.0)
"""By 150 commands of the development part, all voices (docs/decisions/0021)."""
TRANSDUCED = replace(WEIGHTS, word=0.0, transducer=0.5, internal=0.3)
"""The same where there is a transducer (docs/decisions/0031)."""


def open_search(
    model: StreamingModel, expectation: Expectation | None, weights: Weights | None = None
) -> Search:
    """Return a search over what *model* hears, with *weights* or else with what suits it."""
    return Search(
        model.pieces,
        expectation,
        weights or (TRANSDUCED if model.transducer else WEIGHTS),
        frame_s=ENCODER_S,
        transducer=model.transducer,
    )


class StreamingRecogniser:
    """Recognises English commands with the shipped model; any number of streams at once."""

    name = "gnothi"
    reads_usage = True

    def __init__(
        self,
        model: StreamingModel,
        wording: Callable[[], Wording],
        *,
        pace: LookAhead = PACE,
        weights: Weights | None = None,
        rules: Rules | None = None,
        reranker: ReRanker | None = None,
    ) -> None:
        """Hear with *model* what *wording* expects; *rules* say how streams share its work.

        The search weighs what it hears by *weights*, else by what suits the *model*. Commands and
        answers are judged once more by *reranker*, if there is one.
        """
        self._reranker = reranker
        self._model = model
        self._batches = Batches[Advance, Attempt](model.attempt, rules)
        self._wording = wording
        self._pace = pace
        self._weights = weights
        self._expectations = Kept[Hints, Expectation](_KEPT)

    @property
    def encoder(self) -> str:
        """The sha256 of the encoder, whose states partial results show."""
        return self._model.card.files[MODEL]

    def open(self, hints: Hints = NO_HINTS) -> "StreamingStream":
        """Begin to listen; the first time with new hints takes a moment."""
        if hints.language.split("-")[0] != "en":
            raise InputError(
                f"The recogniser of Gnothi knows only English, not '{hints.language}'."
            )
        expectation = None
        if hints.expected is not Expected.DICTATION:
            expectation = self._expected(hints)
        search = open_search(self._model, expectation, self._weights)
        judge: Judge | None = None
        if self._reranker and expectation:
            # Now rather than when somebody waits for the answer.
            self._reranker.encoder.open()
            judge = partial(self._reranker.order, hints=hints)
        return StreamingStream(self._model.open(), self._batches, search, self._pace, judge)

    def _expected(self, hints: Hints) -> Expectation:
        return self._expectations.get(hints, lambda told: Expectation(self._wording().model(told)))


_BEST = 10
"""Hypotheses that are told."""
Judge = Callable[[Sequence[Reading]], list[Hypothesis]]
_REST = 8
"""Frames at once where nothing more is waited for."""
_KEPT = 4
"""Language models that stay ready; a home needs two or three."""


class StreamingStream:
    """One piece of listening."""

    def __init__(
        self,
        encoder: EncoderStream,
        batches: Batches[Advance, Attempt],
        search: Search,
        pace: LookAhead,
        judge: Judge | None = None,
    ) -> None:
        """Begin to listen; *judge* has the last word on what was said."""
        self._judge = judge
        self._encoder = encoder
        self._batches = batches
        self._search = search
        self.expectation = search.expectation
        """What may be said; nothing where anything may."""
        self._front = FrontEnd()
        self.pace = pace
        """May be changed at any time."""
        self._before = np.zeros((0, 0), np.float32)
        """Scores of the frames that were looked at and not final."""
        self._done = False
        batches.enter(self)

    def accept(self, samples: Samples) -> Partial:
        """Take in *samples*; frames are worked out as soon as their look-ahead is there."""
        self._open()
        self._encoder.accept(self._front.accept(require_sound(samples)))
        states: list[States] = []
        while True:
            look = self.pace.next(len(self._before))
            if self._encoder.waiting < look.chunk + look.right:
                return self._told(states)
            found = self._batches.work_out(Advance(self._encoder, look.chunk, look.right))
            if count := self.pace.final(found.heard.scores, self._before):
                states.append(self._heard(found, count))
            self._before = found.heard.scores[count:]

    def flush(self) -> Partial:
        """Work out what waits with what look-ahead there is: a pause is not worth waiting for."""
        self._open()
        return self._told(self._rest())

    def finish(self) -> Sequence[Hypothesis]:
        """Return what was said."""
        if self._judge is None:
            return [one.hypothesis for one in self.readings()]
        return self._judge(self.readings(BEST))[:_BEST]

    def readings(self, best: int = _BEST) -> list[Reading]:
        """Return what was said in the order of the search, with what speaks for each."""
        self._open()
        self._encoder.finish()
        try:
            self._rest()
        finally:
            self.close()
        return self._search.readings(best)

    def close(self) -> None:
        """Give up the stream."""
        self._done = True
        self._batches.leave(self)

    def _rest(self) -> list[States]:
        """Work out all that waits, at once."""
        states: list[States] = []
        while waiting := self._encoder.waiting:
            chunk = min(_REST, waiting)
            work = Advance(self._encoder, chunk, min(CAP, waiting - chunk))
            states.append(self._heard(self._batches.work_out(work, is_urgent=True), chunk))
        self._before = self._before[:0]
        return states

    def _heard(self, found: Attempt, count: int) -> States:
        heard = found.keep(count)
        self._search.accept(heard.scores, heard.states)
        return heard.states

    def _told(self, states: Sequence[States]) -> Partial:
        shown = np.concatenate(states) if states else None
        return Partial(self._search.text, self._search.stable, shown)

    def _open(self) -> None:
        if self._done:
            raise InputError("This stream is finished: open another one.")
