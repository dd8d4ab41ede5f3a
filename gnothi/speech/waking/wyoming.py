"""Any wake word service that speaks Wyoming: openWakeWord, microWakeWord and others."""

from collections.abc import Sequence

from wyoming.audio import AudioChunk, AudioStart
from wyoming.event import Event
from wyoming.info import Describe, Info
from wyoming.wake import Detect, Detection

from gnothi.core.errors import InputError, ProviderError
from gnothi.core.hearing import RATE, Samples, require_sound
from gnothi.core.waking import Woken
from gnothi.speech.resample import to_pcm16
from gnothi.speech.wyoming import Connection, Waits, host_and_port

_FORMAT = {"rate": RATE, "width": 2, "channels": 1}
_ONCE_S = 1.0
"""Services tell a word again while they still hear it: so soon, it is the same one."""


class WyomingWake:
    """Has a service listen."""

    name = "wyoming"

    def __init__(
        self, address: str, words: Sequence[str] = (), *, waits: Waits | None = None
    ) -> None:
        """Use the service at *address*, ``tcp://HOST:PORT``; *words* are names of its models.

        Raises:
            InputError: the address is none.
        """
        self.address = address
        self.words = tuple(words)
        self._host, self._port = host_and_port(address)
        self._waits = waits or Waits()

    def open(self) -> "WyomingWakeStream":
        """Connect, and say which words wake us; any of the service's where there are none."""
        connection = self._connection()
        try:
            connection.send(Detect(list(self.words) or None), AudioStart(**_FORMAT))
        except ProviderError:
            connection.close()
            raise
        return WyomingWakeStream(connection)

    def known(self) -> Sequence[str]:
        """Return the names of the words that the service knows.

        Raises:
            ProviderError: it does not answer, or answers something else.
        """
        connection = self._connection()
        try:
            connection.send(Describe())
            info = Info.from_event(connection.wait(Info.is_type, self._waits.answer))
            return [model.name for program in info.wake for model in program.models]
        except (KeyError, TypeError) as error:
            raise ProviderError(f"{self.address} does not say what it is.") from error
        finally:
            connection.close()

    def _connection(self) -> Connection:
        return Connection.open(self.address, self._host, self._port, self._waits.connect)


class WyomingWakeStream:
    """One piece of listening, at the service."""

    def __init__(self, connection: Connection) -> None:
        """Send sound through *connection*."""
        self._connection = connection
        self._samples = 0
        self._last: float | None = None
        self._is_closed = False

    def accept(self, samples: Samples) -> Sequence[Woken]:
        """Send *samples*, and return which words the service told meanwhile."""
        if self._is_closed:
            raise InputError("This stream is closed: open another one.")
        require_sound(samples)
        if len(samples):
            at_ms = 1000 * self._samples // RATE
            self._samples += len(samples)
            chunk = AudioChunk(audio=to_pcm16(samples), timestamp=at_ms, **_FORMAT)
            self._connection.send(chunk)
        told = map(self._told, self._connection.received())
        return [woken for woken in told if woken]

    def close(self) -> None:
        """Hang up."""
        self._is_closed = True
        self._connection.close()

    def _told(self, event: Event) -> Woken | None:
        if not Detection.is_type(event.type):
            return None
        heard_s = self._samples / RATE
        at_ms, word = event.data.get("timestamp"), event.data.get("name")
        # Clocks of services differ; what can't be is taken for "just now".
        is_time = isinstance(at_ms, int) and 0 <= at_ms / 1000 <= heard_s
        end_s = at_ms / 1000 if isinstance(at_ms, int) and is_time else heard_s
        if self._last is not None and end_s - self._last < _ONCE_S:
            return None
        self._last = end_s
        return Woken(word if isinstance(word, str) else "", end_s)
