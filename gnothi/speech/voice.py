"""Where somebody speaks: Silero's network, block by block, and the pieces of speech between pauses.

The network is Silero VAD 6.2.3 (MIT, https://github.com/snakers4/silero-vad), carried as ONNX: its
package would bring PyTorch along. It reads blocks of 512 samples (32 ms) with the 64 samples
before, and carries a state from block to block.
"""

import threading
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from gnothi.core.artifact import read_card, verify
from gnothi.core.errors import ArtifactError
from gnothi.core.hearing import RATE, Samples, require_sound
from gnothi.core.onnx import open_session

SHIPPED = Path(__file__).parent.parent / "models" / "voice"
MODEL = "model.onnx"
BLOCK = 512
BLOCK_S = BLOCK / RATE
_CONTEXT = 64


class _Network(Protocol):
    """What is used of ``onnxruntime.InferenceSession``, which carries no types."""

    def run(self, names: None, inputs: dict[str, NDArray[Any]], /) -> list[NDArray[Any]]:
        """Return all outputs for *inputs*."""
        ...


class VoiceDetector:
    """Tells speech from everything else; one network serves any number of streams."""

    def __init__(self, folder: Path = SHIPPED) -> None:
        """Serve the artifact in *folder*; nothing is loaded yet."""
        self._folder = folder
        self._lock = threading.Lock()
        self._network: _Network | None = None

    def open(self) -> "VoiceStream":
        """Begin with a stream of sound.

        Raises:
            ArtifactError: the network is missing, damaged, or can't be loaded.
        """
        with self._lock:
            if self._network is None:
                verify(self._folder, read_card(self._folder))
                self._network = _opened(self._folder / MODEL)
        return VoiceStream(self._network)


class VoiceStream:
    """One stream of sound, and the network's memory of it."""

    def __init__(self, network: _Network) -> None:
        """Begin with nothing heard."""
        self._network = network
        self._state = np.zeros((2, 1, 128), np.float32)
        self._heard = np.zeros(_CONTEXT, np.float32)
        self._rate = np.array(RATE, np.int64)

    def accept(self, samples: Samples) -> list[float]:
        """Return how probable speech is in each block of 32 ms that is complete with *samples*."""
        self._heard = np.concatenate([self._heard, require_sound(samples)])
        found: list[float] = []
        at = 0
        while at + _CONTEXT + BLOCK <= len(self._heard):
            block = self._heard[None, at : at + _CONTEXT + BLOCK]
            inputs: dict[str, NDArray[Any]] = {
                "input": block,
                "state": self._state,
                "sr": self._rate,
            }
            speech, self._state = self._network.run(None, inputs)
            found.append(float(speech[0, 0]))
            at += BLOCK
        self._heard = self._heard[at:]
        return found


@dataclass(frozen=True, slots=True)
class Began:
    """Somebody begins to speak."""

    at_s: float
    """Seconds from the beginning of the stream to the first sample that follows."""


@dataclass(frozen=True, slots=True)
class Heard:
    """Sound of somebody who speaks, pauses included."""

    samples: Samples
    speech: float
    """How probable speech is in the last of it, from 0 to 1."""
    silence_s: float
    """For how long nothing has been said."""


class Ending(StrEnum):
    """Why what somebody says is taken for ended."""

    DECIDED = "decided"
    """The person has finished, as far as can be told."""
    LONGEST = "longest"
    """It got too long, and was parted."""
    STOPPED = "stopped"
    """The sound ended, or somebody said that it is over: a button was released."""


@dataclass(frozen=True, slots=True)
class Ended:
    """Speech has ended."""

    at_s: float
    """Seconds from the beginning of the stream to the end of what was said."""
    decided_s: float
    """Seconds from the beginning of the stream to the last sample that was needed to know."""
    ending: Ending


Event = Began | Heard | Ended


@dataclass(frozen=True, slots=True)
class Patience:
    """For how long somebody who is silent is waited for."""

    wait_s: float
    """For speech to begin where it is awaited, and for it to go on while it seems unfinished."""
    pause_s: float = 0.6
    """For it to go on where nothing but the pause tells whether it is finished.

    Where it is longer than ``wait_s``, nothing else is asked.
    """
    sure: float = 0.5
    """How probable it must be that the person has finished, where more than the pause tells."""


STATEMENT = Patience(2.0, 0.6, 0.5)
"""After a statement of the assistant, or after nothing: a request may come."""
QUESTION = Patience(4.0, 0.8, 0.65)
"""After a question: people think before they answer, and while they do."""
ON_REQUEST = Patience(8.0, 1.5, 0.85)
"""Where somebody asked for time, or dictates."""


@dataclass(frozen=True, slots=True)
class Pauses:
    """When speech begins and ends."""

    begin: float = 0.5
    """Speech begins above this probability; Silero's own default."""
    end: float = 0.35
    """It pauses below this one."""
    least_speech_s: float = 0.1
    """What is shorter is a click or a knock."""
    before_s: float = 0.3
    """So much sound from before the beginning is handed on: soft consonants are easily missed."""
    longest_s: float = 30.0
    """Longer speech is parted, so that nothing grows without bounds."""


@dataclass(slots=True)
class Segmenter:
    """Follows a stream of sound and says where speech begins and ends."""

    voice: VoiceStream
    pauses: Pauses = field(default_factory=Pauses)
    pause_s: float = STATEMENT.pause_s
    """After so long a pause speech has ended; may be changed at any time."""
    _waiting: Samples = field(default_factory=lambda: np.zeros(0, np.float32))
    _before: deque[Samples] = field(default_factory=deque[Samples])
    _speaking: bool = False
    _blocks: int = 0
    """How many went by."""
    _began: int = 0
    _onset: int = 0
    """Blocks of speech in a row, while nobody is known to speak yet."""
    _silent: int = 0
    """Blocks without speech in a row, while somebody speaks."""

    def accept(self, samples: Samples) -> Iterator[Event]:
        """Take in *samples* of any number; yield what happens in them."""
        chances = self.voice.accept(samples)
        self._waiting = np.concatenate([self._waiting, samples])
        for chance in chances:
            block, self._waiting = self._waiting[:BLOCK], self._waiting[BLOCK:]
            self._blocks += 1
            yield from self._speech(block, chance) if self._speaking else self._rest(block, chance)

    def finish(self) -> Iterator[Event]:
        """Yield what is left when the sound ends."""
        if self._speaking:
            if len(self._waiting):
                yield Heard(self._waiting, 0.0, self._silent * BLOCK_S)
            yield self.end(Ending.STOPPED)

    @property
    def is_speaking(self) -> bool:
        """Whether somebody speaks, pauses included."""
        return self._speaking

    @property
    def heard_s(self) -> float:
        """Seconds of whole blocks that went by."""
        return self._blocks * BLOCK_S

    def skip(self, blocks: int) -> None:
        """Let so many *blocks* of time go by in which nothing is heard."""
        self._blocks += blocks
        self._onset = 0
        self._before.clear()

    def end(self, ending: Ending) -> Ended:
        """Take what somebody says for ended, here and now."""
        self._speaking, self._onset = False, 0
        return Ended((self._blocks - self._silent) * BLOCK_S, self.heard_s, ending)

    def _rest(self, block: Samples, chance: float) -> Iterator[Event]:
        self._before.append(block)
        self._onset = self._onset + 1 if chance >= self.pauses.begin else 0
        while len(self._before) > _count(self.pauses.before_s) + self._onset:
            self._before.popleft()
        if self._onset < _count(self.pauses.least_speech_s):
            return
        self._speaking, self._silent = True, 0
        self._began = self._blocks - len(self._before)
        yield Began(self._began * BLOCK_S)
        yield Heard(np.concatenate(list(self._before)), chance, 0.0)
        self._before.clear()

    def _speech(self, block: Samples, chance: float) -> Iterator[Event]:
        self._silent = self._silent + 1 if chance < self.pauses.end else 0
        yield Heard(block, chance, self._silent * BLOCK_S)
        if not self._speaking:
            return
        if self._silent >= _count(self.pause_s):
            yield self.end(Ending.DECIDED)
        elif self._blocks - self._began >= _count(self.pauses.longest_s):
            yield self.end(Ending.LONGEST)


def _count(seconds: float) -> int:
    return max(1, round(seconds / BLOCK_S))


def _opened(path: Path) -> _Network:
    session = open_session(path)
    if {entry.name for entry in session.get_inputs()} != {"input", "state", "sr"}:
        raise ArtifactError(f"{path} was made for another version of Gnothi.")
    return session
