"""Sound in Wyoming's events: of any rate, width and channels, checked before it is believed."""

from dataclasses import dataclass

import numpy as np
from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.event import Event

from gnothi.core.errors import InputError
from gnothi.core.hearing import RATE, Samples
from gnothi.core.speaking import Block
from gnothi.serve.sentences import sentence
from gnothi.speech.resample import Resampler, to_pcm16

_SCALES = {1: 128.0, 2: 32_768.0, 4: 2_147_483_648.0}
_TYPES = {1: "u1", 2: "<i2", 4: "<i4"}
_MOST_CHANNELS = 8
_NOTHING = np.zeros(0, np.float32)


@dataclass(frozen=True, slots=True)
class Form:
    """What the samples of a stream are."""

    rate: int = RATE
    width: int = 2
    channels: int = 1

    @classmethod
    def of(cls, event: Event) -> "Form":
        """Read the form of *event*; what it does not say is what most send.

        Raises:
            InputError: no microphone sends that.
        """
        usual = cls()
        told = [
            event.data.get(name, getattr(usual, name)) for name in ("rate", "width", "channels")
        ]
        if not all(isinstance(one, int) and not isinstance(one, bool) for one in told):
            raise InputError(sentence("wyoming-bad-sound"))
        form = cls(*told)
        if form.width not in _TYPES or not 1 <= form.channels <= _MOST_CHANNELS:
            raise InputError(sentence("wyoming-bad-sound"))
        return form


class SoundIn:
    """Turns chunks into samples as recognisers take them; the form may change between them."""

    def __init__(self) -> None:
        """Begin with no chunk."""
        self._form: Form | None = None
        self._resampler: Resampler | None = None
        self._rest = b""

    def take(self, chunk: Event) -> Samples:
        """Return the sound in *chunk*.

        Raises:
            InputError: it is none.
        """
        form = Form.of(chunk)
        if self._resampler is None or form != self._form:
            self._form, self._resampler, self._rest = form, Resampler(form.rate, form.channels), b""
        sound = self._rest + (chunk.payload or b"")
        size = form.width * form.channels
        whole = len(sound) // size * size
        self._rest = sound[whole:]
        if not whole:
            return _NOTHING
        values = np.frombuffer(sound[:whole], _TYPES[form.width]).astype(np.float32)
        values = (values - 128 if form.width == 1 else values) / np.float32(_SCALES[form.width])
        return self._resampler.take(values.reshape(-1, form.channels))

    def rest(self) -> Samples:
        """Return what the filter still holds at the end of a stream."""
        if self._resampler is None or self._form is None:
            return _NOTHING
        none = np.zeros((0, self._form.channels), np.float32)
        last = self._resampler.take(none, is_last=True)
        self._form = self._resampler = None
        self._rest = b""
        return last


@dataclass(slots=True)
class SoundOut:
    """Events of one stream of sound that we send."""

    rate: int
    samples: int = 0

    def start(self) -> Event:
        """Return the event that begins it."""
        return AudioStart(self.rate, 2, 1, timestamp=0).event()

    def chunk(self, block: Block) -> Event:
        """Return the event of *block*."""
        at_ms = 1000 * self.samples // self.rate
        self.samples += len(block)
        return AudioChunk(self.rate, 2, 1, to_pcm16(block), timestamp=at_ms).event()

    def stop(self) -> Event:
        """Return the event that ends it."""
        return AudioStop(timestamp=1000 * self.samples // self.rate).event()
