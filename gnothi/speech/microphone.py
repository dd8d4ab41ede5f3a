"""The microphone of this machine: through PortAudio where there is one, else through ALSA.

The package ``sounddevice`` comes with ``gnothi[pocketsphinx]``; on Linux it needs the library
PortAudio besides. ``arecord`` (alsa-utils) does without either.
"""

import select
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from queue import Empty, Queue
from typing import IO, Any, Protocol

import numpy as np

from gnothi.core.errors import InputError, ProviderError
from gnothi.core.hearing import RATE, Samples
from gnothi.speech.level import Meter
from gnothi.speech.resample import Resampler, from_pcm16
from gnothi.speech.voice import VoiceDetector

BLOCK_S = 0.1
_SPEECH = 0.5
"""From this probability on, a block of 32 ms is taken for speech."""
_LEAST_SPEECH_S = 0.25
_DEAF_S = 3.0
"""A microphone that gives nothing for so long does not work."""


class Microphone(Protocol):
    """Gives sound as it comes."""

    @property
    def about(self) -> str:
        """What it is called here."""
        ...

    def record(self, seconds: float) -> Iterator[Samples]:
        """Yield blocks of at most ``BLOCK_S``, until there are *seconds* of sound.

        Raises:
            ProviderError: it gives nothing.
        """
        ...


def open_microphone() -> Microphone:
    """Return the microphone of this machine.

    Raises:
        InputError: there is none; the sentence says what was tried.
    """
    reasons: list[str] = []
    for attempt in (_portaudio, _alsa):
        found = attempt()
        if not isinstance(found, str):
            return found
        reasons.append(found)
    raise InputError(
        f"There is no microphone here: {'; '.join(reasons)}. Recordings can be recognised all the "
        "same (gnothi hear FILE), and the page brings the microphone of the machine it is open on."
    )


@dataclass(frozen=True, slots=True)
class Trial:
    """What came through a microphone."""

    samples: Samples
    speech_s: float
    """Seconds in which somebody spoke."""
    verdict: str
    """In a sentence: it is silent, too loud, or I hear you."""

    @property
    def is_good(self) -> bool:
        """Whether somebody can be recognised."""
        return self.speech_s >= _LEAST_SPEECH_S


def listen(
    microphone: Microphone,
    seconds: float,
    *,
    level: Callable[[float], None] = lambda level: None,
    detector: VoiceDetector | None = None,
) -> Trial:
    """Record *seconds*; *level* is told how loud each block is, in dB of full scale.

    Raises:
        ProviderError: the microphone gives nothing.
    """
    meter, blocks = Meter(), list[Samples]()
    for block in microphone.record(seconds):
        blocks.append(meter.watch(block))
        level(_decibels(block))
    sound = np.concatenate([*blocks, np.zeros(0, np.float32)])
    speech = (detector or VoiceDetector()).open().accept(sound)
    speech_s = sum(one >= _SPEECH for one in speech) * 0.032
    return Trial(sound, speech_s, _verdict(meter, speech_s))


def _verdict(meter: Meter, speech_s: float) -> str:
    complaints = " ".join(meter.complaints())
    if complaints:
        return complaints
    if speech_s < _LEAST_SPEECH_S:
        return "There is sound, but nobody speaks in it: say something, closer to the microphone."
    return "I hear you."


def _decibels(block: Samples) -> float:
    if not len(block):
        return -100.0
    return float(20 * np.log10(max(1e-5, np.sqrt(np.mean(block**2)))))


def _portaudio() -> "Microphone | str":
    try:
        package: Any = import_module("sounddevice")
    except ModuleNotFoundError:
        return "the package sounddevice is not installed (pip install sounddevice)"
    except OSError:
        return "sounddevice finds no PortAudio (apt-get install libportaudio2)"
    try:
        device = package.query_devices(kind="input")
    except (package.PortAudioError, ValueError):
        return "PortAudio knows no microphone"
    return PortAudio(package, str(device["name"]), int(device["default_samplerate"]))


class PortAudio:
    """The default microphone of PortAudio, at its own rate: not every one records at ours."""

    def __init__(self, package: Any, name: str, rate: int) -> None:  # noqa: ANN401 - untyped
        """Use the device called *name*, which records *rate* samples a second."""
        self._package = package
        self._rate = rate
        self.about = name

    def record(self, seconds: float) -> Iterator[Samples]:
        """Yield blocks as they come."""
        queue: Queue[Samples] = Queue()

        def take(block: Any, frames: int, when: Any, status: Any) -> None:  # noqa: ANN401 - its own
            queue.put(block[:, 0].copy())

        resampler, left = Resampler(self._rate), int(seconds * RATE)
        try:
            with self._package.InputStream(
                samplerate=self._rate,
                blocksize=int(BLOCK_S * self._rate),
                channels=1,
                dtype="float32",
                callback=take,
            ):
                while left > 0:
                    block = resampler.take(queue.get(timeout=_DEAF_S))[:left]
                    left -= len(block)
                    yield block
        except Empty as error:
            raise ProviderError(f"The microphone '{self.about}' gives no sound.") from error
        except self._package.PortAudioError as error:
            raise ProviderError(
                f"The microphone '{self.about}' can't be opened: {error}. Does another program "
                "have it?"
            ) from error


def _alsa() -> "Microphone | str":
    program = shutil.which("arecord")
    if program is None:
        return "the program arecord is not installed (apt-get install alsa-utils)"
    command = [*_command(program), "--samples=160"]
    try:
        tried = subprocess.run(command, capture_output=True, timeout=_DEAF_S, check=False)  # noqa: S603 - our own arguments
    except (OSError, subprocess.TimeoutExpired):
        return "arecord gives no sound"
    if tried.returncode or not tried.stdout:
        return "arecord knows no microphone"
    return Arecord(program)


def _command(program: str) -> list[str]:
    return [program, "-q", "-t", "raw", "-f", "S16_LE", "-r", str(RATE), "-c", "1"]


class Arecord:
    """The default microphone of ALSA, by its program ``arecord``."""

    about = "the default of ALSA"

    def __init__(self, program: str) -> None:
        """Use *program*."""
        self._program = program

    def record(self, seconds: float) -> Iterator[Samples]:
        """Yield blocks as they come."""
        left, size = int(seconds * RATE), int(BLOCK_S * RATE)
        with subprocess.Popen(  # noqa: S603 - our own arguments
            _command(self._program), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0
        ) as recording:
            assert recording.stdout is not None
            try:
                while left > 0:
                    block = from_pcm16(_read(recording.stdout, 2 * min(size, left)))
                    if not len(block):
                        raise ProviderError("The microphone gives no sound any more.")
                    left -= len(block)
                    yield block
            finally:
                recording.kill()


def _read(pipe: IO[bytes], size: int) -> bytes:
    """Return *size* bytes of *pipe*, which has no buffer; fewer at its end.

    Raises:
        ProviderError: for a while, nothing comes.
    """
    found = b""
    while len(found) < size:
        if not select.select([pipe], [], [], _DEAF_S)[0]:
            raise ProviderError("The microphone gives no sound.")
        piece = pipe.read(size - len(found))
        if not piece:
            break
        found += piece
    return found
