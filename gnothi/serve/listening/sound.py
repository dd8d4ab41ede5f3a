"""What a microphone sends, as samples that are heard."""

from typing import Protocol

import numpy as np

from gnothi.core.errors import InputError
from gnothi.core.hearing import Samples
from gnothi.serve.listening.messages import Begin
from gnothi.serve.sentences import sentence
from gnothi.speech.opus import OggDecoder, PacketDecoder
from gnothi.speech.resample import Resampler, from_pcm16

_NOTHING = np.zeros(0, np.float32)
_CONTAINERS = (b"OggS", b"RIFF", b"fLaC", b"ID3", b"\x1aE\xdf\xa3")
"""How files begin that are no bare samples."""
LONGEST_S = 60.0
"""Seconds of sound in a message: Opus packs half an hour of silence into what a socket takes."""


class SoundIn(Protocol):
    """Turns binary messages into samples."""

    def take(self, message: bytes) -> Samples:
        """Return the sound that *message* completes.

        Raises:
            InputError: it is no sound of the kind that was announced.
        """
        ...

    def flush(self) -> Samples:
        """Return what waits for more, though it is not there yet."""
        ...


def sound_in(begin: Begin) -> SoundIn:
    """Return what reads the sound that *begin* announces."""
    if begin.codec == "pcm":
        return _Pcm(begin.rate)
    return _Opus(PacketDecoder() if begin.codec == "opus" else OggDecoder(LONGEST_S))


class _Pcm:
    """16-bit samples of some rate."""

    def __init__(self, rate: int) -> None:
        self._resampler = Resampler(rate)
        self._is_first = True

    def take(self, message: bytes) -> Samples:
        if self._is_first and message.startswith(_CONTAINERS):
            raise InputError(sentence("sound-is-file"))
        self._is_first = False
        return self._resampler.take(from_pcm16(message))

    def flush(self) -> Samples:
        return _NOTHING


class _Opus:
    """Packets, or pieces of a stream of them."""

    def __init__(self, decoder: PacketDecoder | OggDecoder) -> None:
        self._decoder = decoder

    def take(self, message: bytes) -> Samples:
        return self._decoder.take(message)

    def flush(self) -> Samples:
        return self._decoder.flush()
