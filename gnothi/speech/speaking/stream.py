"""Speech made sound in a thread of its own, ahead of who listens, and stopped at once.

A speaker brings a :class:`Synthesiser`; everything else is common: sentences in order, silence cut
from their ends, pauses between them, one level for all voices, blocks of bounded size.
"""

import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from queue import Empty, Full, Queue
from typing import Protocol

import numpy as np

from gnothi.core.errors import GnothiError, ProviderError
from gnothi.core.speaking import BLOCK_S, Block, Piece, Speech
from gnothi.speech.speaking.loudness import Shaped

_AHEAD_S = 20.0
"""Seconds of sound that are made before somebody takes them."""
_WAIT_S = 0.2


class Halt:
    """Says to whoever computes that nobody listens any more."""

    def __init__(self) -> None:
        """Begin with somebody who listens."""
        self._lock = threading.Lock()
        self._called = threading.Event()
        self._ends: list[Callable[[], None]] = []

    @property
    def is_called(self) -> bool:
        """Whether to stop."""
        return self._called.is_set()

    def call(self) -> None:
        """Stop everything that is under way."""
        with self._lock:
            self._called.set()
            ends, self._ends = self._ends, []
        for end in ends:
            end()

    @contextmanager
    def ending(self, end: Callable[[], None]) -> Generator[None]:
        """Have *end* called, from another thread, if the halt is called meanwhile."""
        with self._lock:
            is_late = self.is_called
            if not is_late:
                self._ends.append(end)
        if is_late:
            end()
        try:
            yield
        finally:
            with self._lock:
                if end in self._ends:
                    self._ends.remove(end)


@dataclass(frozen=True, slots=True)
class Span:
    """Pieces of one sentence that are made at once: they differ in nothing that is done later."""

    pieces: tuple[Piece, ...]
    language: str

    @property
    def text(self) -> str:
        """Its words."""
        return " ".join(piece.text for piece in self.pieces)


class Synthesiser(Protocol):
    """Makes sound of words, in one voice."""

    @property
    def rate(self) -> int:
        """Samples a second."""
        ...

    @property
    def gain(self) -> float:
        """What its sound is multiplied by, to be as loud as other voices."""
        ...

    def joins(self, before: Piece, after: Piece) -> bool:
        """Whether two neighbours are made at once; those in one manner always are."""
        ...

    def sound(self, span: Span, halt: Halt) -> Iterator[Block]:
        """Yield the sound of *span*, of any block size; ends early when *halt* is called.

        Raises:
            ProviderError: it can't.
        """
        ...


_End = GnothiError | None
"""What the last entry of a queue says: why it ended, ``None`` where all was said."""


class Stream:
    """One piece of speaking, computed in a thread while blocks are taken."""

    def __init__(self, speech: Speech, synthesiser: Synthesiser) -> None:
        """Say *speech*; the thread begins with the first block that is asked for."""
        self._halt = Halt()
        size = int(BLOCK_S * synthesiser.rate)
        self._queue: Queue[Block | _End] = Queue(maxsize=int(_AHEAD_S / BLOCK_S))
        # The thread knows nothing of this object, so that forgetting it ends the thread.
        self._thread = threading.Thread(
            target=_make, args=(speech, synthesiser, size, self._queue, self._halt), daemon=True
        )
        self._is_started = self._is_over = False
        self._lock = threading.Lock()

    def __iter__(self) -> "Stream":
        """Return itself."""
        return self

    def __next__(self) -> Block:
        """Return the next block."""
        self._start()
        while not (self._is_over or self._halt.is_called):
            try:
                found = self._queue.get(timeout=_WAIT_S)
            except Empty:
                continue
            if self._halt.is_called:
                break
            if isinstance(found, np.ndarray):
                return found
            self._is_over = True
            if found is not None:
                raise found
        raise StopIteration

    def close(self) -> None:
        """Stop at once."""
        self._halt.call()
        _wake(self._queue)

    def __del__(self) -> None:
        """Stop what nobody listens to any more."""
        self._halt.call()

    def _start(self) -> None:
        with self._lock:
            if not self._is_started and not self._halt.is_called:
                self._is_started = True
                self._thread.start()


def _wake(queue: "Queue[Block | _End]") -> None:
    """Let go who waits for a block, and who waits to hand one over."""
    while True:
        try:
            queue.get_nowait()
        except Empty:
            break
    try:
        queue.put_nowait(None)
    except Full:
        return


def _make(
    speech: Speech,
    synthesiser: Synthesiser,
    size: int,
    queue: "Queue[Block | _End]",
    halt: Halt,
) -> None:
    """Compute *speech* and put its blocks of *size* samples at most into the *queue*."""
    end: _End = None
    try:
        for block in _blocks(_said(speech, synthesiser, halt), size):
            if not _put(block, queue, halt):
                return
    except GnothiError as error:
        end = error
    except Exception as error:  # noqa: BLE001 - who waits for a block must learn of it
        end = ProviderError(f"The voice failed: {error}")
    _put(end, queue, halt)


def _put(what: Block | _End, queue: "Queue[Block | _End]", halt: Halt) -> bool:
    while not halt.is_called:
        try:
            queue.put(what, timeout=_WAIT_S)
        except Full:
            continue
        return True
    return False


def _said(speech: Speech, synthesiser: Synthesiser, halt: Halt) -> Iterator[Block]:
    """Yield the sound of *speech*, sentence after sentence, with its pauses."""
    for sentence in speech.sentences:
        for pieces in _spans(sentence.pieces, synthesiser):
            if halt.is_called:
                return
            if any(piece.text or piece.phonemes for piece in pieces):
                raw = synthesiser.sound(Span(pieces, speech.language), halt)
                volume = pieces[0].manner.volume
                yield from Shaped(synthesiser.rate, synthesiser.gain, volume).blocks(raw)
            if pause := round(pieces[-1].pause_s * synthesiser.rate):
                yield np.zeros(pause, np.float32)


def _spans(pieces: Sequence[Piece], synthesiser: Synthesiser) -> Iterator[tuple[Piece, ...]]:
    """Part *pieces* where one can't be made together with the one before."""
    number, numbered = 0, list[tuple[int, Piece]]()
    for at, piece in enumerate(pieces):
        if at and (pieces[at - 1].pause_s or not synthesiser.joins(pieces[at - 1], piece)):
            number += 1
        numbered.append((number, piece))
    for _, group in groupby(numbered, key=lambda one: one[0]):
        yield tuple(piece for _, piece in group)


def _blocks(sound: Iterator[Block], size: int) -> Iterator[Block]:
    """Cut *sound* into blocks of *size* samples; the first comes as soon as it is there."""
    for piece in sound:
        for start in range(0, len(piece), size):
            yield np.ascontiguousarray(piece[start : start + size], dtype=np.float32)
