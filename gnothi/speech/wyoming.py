"""Any speech-to-text service that speaks Wyoming: faster-whisper, Vosk and others.

One connection is one utterance. The sound goes out as it comes in; what comes back is read without
waiting until the utterance is over. Sizes of what is read are bounded, whoever sends it.
"""

import json
import select
import socket
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast
from urllib.parse import urlsplit

from wyoming.asr import Transcribe, Transcript, TranscriptChunk, TranscriptStart
from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.event import Event, Eventable, write_event
from wyoming.info import AsrModel, Describe, Info

from gnothi.core.errors import InputError, ProviderError
from gnothi.core.hearing import NO_HINTS, RATE, Hints, Hypothesis, Partial, Samples, require_sound
from gnothi.speech.resample import to_pcm16

_FORMAT = {"rate": RATE, "width": 2, "channels": 1}
_MOST_NAMES = 500
_LONGEST_HEADER, _LONGEST_DATA, _LONGEST_PAYLOAD = 64 * 1024, 1024 * 1024, 4 * 1024 * 1024
_MOST_WAITING = _LONGEST_HEADER + _LONGEST_DATA + _LONGEST_PAYLOAD
"""Bytes that are read ahead: one event of the greatest size."""


@dataclass(frozen=True, slots=True)
class Waits:
    """Seconds until a service counts as away."""

    connect: float = 5.0
    answer: float = 30.0


class WyomingRecogniser:
    """Asks a service for each utterance."""

    name = "wyoming"

    def __init__(self, address: str, *, model: str | None = None, waits: Waits = Waits()) -> None:
        """Use the service at *address*, ``tcp://HOST:PORT``, and its *model* if it has several.

        Raises:
            InputError: the address is none.
        """
        self.address = address
        self._host, self._port = host_and_port(address)
        self._model = model
        self._waits = waits

    def open(self, hints: Hints = NO_HINTS) -> "WyomingStream":
        """Connect, and tell the language and the names of the home."""
        connection = self._connection()
        names = list(dict.fromkeys(name.text for name in hints.names))[:_MOST_NAMES]
        wish = Transcribe(
            name=self._model,
            language=hints.language,
            transcript_names=names or None,
            transcript_terms=list(hints.phrases)[:_MOST_NAMES] or None,
        )
        try:
            connection.send(wish, AudioStart(**_FORMAT))
        except ProviderError:
            connection.close()
            raise
        return WyomingStream(connection, self._waits)

    def models(self) -> Sequence[AsrModel]:
        """Return the models that the service has.

        Raises:
            ProviderError: it does not answer, or answers something else.
        """
        connection = self._connection()
        try:
            connection.send(Describe())
            event = connection.wait(Info.is_type, self._waits.answer)
            programs = Info.from_event(event).asr
            return [model for program in programs for model in program.models]
        except (KeyError, TypeError) as error:
            raise ProviderError(f"{self.address} does not say what it is.") from error
        finally:
            connection.close()

    def _connection(self) -> "Connection":
        return Connection.open(self.address, self._host, self._port, self._waits.connect)


class WyomingStream:
    """One utterance, at the service."""

    def __init__(self, connection: "Connection", waits: Waits) -> None:
        """Send sound through *connection*."""
        self._connection = connection
        self._waits = waits
        self._text = ""
        self._final: str | None = None
        self._done = False
        self._is_empty = True

    def accept(self, samples: Samples) -> Partial:
        """Send *samples*, and return what the service said meanwhile."""
        self._open()
        require_sound(samples)
        self._listen()
        if len(samples):
            self._is_empty = False
        # A service that knows where speech ends may hang up after its transcript.
        if len(samples) and self._final is None:
            self._say(AudioChunk(audio=to_pcm16(samples), **_FORMAT))
        return Partial(self._text if self._final is None else self._final)

    def finish(self) -> Sequence[Hypothesis]:
        """Return what the service made of it: one hypothesis, as the protocol has no more."""
        self._open()
        self._done = True
        if self._is_empty:
            return ()
        self._listen()
        if self._final is None:
            self._say(AudioStop())
        if self._final is None:
            self._note(self._connection.wait(Transcript.is_type, self._waits.answer))
        text = " ".join((self._final or "").split())
        return (Hypothesis(text, 0.0),) if text else ()

    def close(self) -> None:
        """Hang up."""
        self._done = True
        self._connection.close()

    def _listen(self) -> None:
        """Take in what has arrived, unless the transcript is known: then nothing else matters."""
        if self._final is not None:
            return
        for event in self._connection.received():
            self._note(event)
            if self._final is not None:
                return

    def _say(self, event: Eventable) -> None:
        """Send *event*; what a service said before it hung up says more than that it hung up."""
        try:
            self._connection.send(event)
        except ProviderError:
            self._listen()
            if self._final is None:
                raise

    def _note(self, event: Event) -> None:
        text = event.data.get("text")
        if TranscriptStart.is_type(event.type):
            self._text = ""
        elif TranscriptChunk.is_type(event.type) and isinstance(text, str):
            self._text += text
        elif Transcript.is_type(event.type) and isinstance(text, str):
            self._final = text

    def _open(self) -> None:
        if self._done:
            raise InputError("This stream is finished: open another one.")


class Connection:
    """A socket, and what has arrived of events."""

    def __init__(self, link: socket.socket, address: str) -> None:
        """Talk through *link*."""
        self._link = link
        self._address = address
        self._buffer = bytearray()

    @classmethod
    def open(cls, address: str, host: str, port: int, seconds: float) -> "Connection":
        """Connect to the service at *address*.

        Raises:
            ProviderError: nobody answers there within *seconds*.
        """
        try:
            link = socket.create_connection((host, port), seconds)
        except OSError as error:
            raise ProviderError(
                f"Nobody answers at {address}: start the speech service there."
            ) from error
        link.settimeout(seconds)
        return cls(link, address)

    def send(self, *events: Eventable) -> None:
        """Send *events*.

        Raises:
            ProviderError: the service hung up.
        """
        try:
            with self._link.makefile("wb") as out:
                for event in events:
                    write_event(event.event(), out)
        except OSError as error:
            raise ProviderError(f"{self._address} hung up while listening.") from error

    def received(self) -> Iterator[Event]:
        """Yield what has arrived, without waiting; what fails is raised after it."""
        broken: ProviderError | None = None
        while len(self._buffer) < _MOST_WAITING and select.select([self._link], [], [], 0)[0]:
            try:
                if not self._fill():
                    break
            except ProviderError as error:
                broken = error
                break
        while (event := self._next()) is not None:
            yield event
        if broken:
            raise broken

    def wait(self, is_wanted: Callable[[str], bool], seconds: float) -> Event:
        """Return the next event of a kind; what comes before is dropped, errors are raised."""
        until = time.monotonic() + seconds
        while True:
            while (event := self._next()) is not None:
                if is_wanted(event.type):
                    return event
            rest = until - time.monotonic()
            if rest <= 0 or not select.select([self._link], [], [], rest)[0]:
                raise ProviderError(f"{self._address} did not answer in {seconds:g} s.")
            if not self._fill():
                raise ProviderError(f"{self._address} hung up without an answer.")

    def close(self) -> None:
        """Hang up."""
        self._link.close()

    def _fill(self) -> bool:
        try:
            piece = self._link.recv(64 * 1024)
        except OSError as error:
            raise ProviderError(f"{self._address} hung up while listening.") from error
        self._buffer += piece
        return bool(piece)

    def _next(self) -> Event | None:
        """Take the next whole event out of the buffer.

        Raises:
            ProviderError: what arrived is no event, or says that something failed.
        """
        end = self._buffer.find(b"\n")
        if end < 0:
            if len(self._buffer) > _LONGEST_HEADER:
                raise self._nonsense()
            return None
        header = self._object(bytes(self._buffer[:end]))
        data = self._size(header, "data_length", _LONGEST_DATA)
        payload = self._size(header, "payload_length", _LONGEST_PAYLOAD)
        if len(self._buffer) < end + 1 + data + payload:
            return None
        body = bytes(self._buffer[end + 1 : end + 1 + data])
        del self._buffer[: end + 1 + data + payload]
        inline, kind = header.get("data"), header.get("type")
        if not isinstance(kind, str):
            raise self._nonsense()
        told = dict(cast("Mapping[str, object]", inline)) if isinstance(inline, dict) else {}
        told |= self._object(body) if body else {}
        if kind == "error":
            raise ProviderError(f"{self._address} failed: {told.get('text', 'it says not why')}")
        return Event(kind, told)

    def _object(self, text: bytes) -> dict[str, object]:
        try:
            found: object = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise self._nonsense() from error
        if not isinstance(found, dict):
            raise self._nonsense()
        return cast("dict[str, object]", found)

    def _size(self, header: Mapping[str, object], name: str, most: int) -> int:
        size = header.get(name) or 0
        if not isinstance(size, int) or isinstance(size, bool) or not 0 <= size <= most:
            raise self._nonsense()
        return size

    def _nonsense(self) -> ProviderError:
        return ProviderError(f"{self._address} does not speak Wyoming.")


def host_and_port(address: str) -> tuple[str, int]:
    """Read ``tcp://HOST:PORT``.

    Raises:
        InputError: it is something else.
    """
    try:
        parts = urlsplit(address)
        host, port, scheme = parts.hostname, parts.port, parts.scheme
        (host or "").encode("idna")  # as whoever connects does: no empty part, none too long
    except ValueError:
        host = port = scheme = None
    if scheme != "tcp" or not host or port is None:
        raise InputError(f"{address} is no address of a service: write it like tcp://HOST:10300")
    return host, port
