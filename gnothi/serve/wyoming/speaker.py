"""The speaker among Wyoming's roles: text in, at once or as it is written, and sound out."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import cast

from wyoming.event import Event
from wyoming.tts import SynthesizeStopped

from gnothi.core.errors import InputError
from gnothi.core.speaking import Speaking
from gnothi.serve.sentences import sentence
from gnothi.serve.voice import HouseVoice
from gnothi.serve.wyoming.sound import SoundOut
from gnothi.speech.speaking.composing import said_so_far
from gnothi.speech.speaking.ssml import is_ssml

Send = Callable[[Event], Awaitable[None]]
_LONGEST = 10_000
_MOST_WAITING = 64


class Saying:
    """What is said to one client, sentence after sentence. Belongs to one event loop."""

    def __init__(self, voice: HouseVoice, send: Send) -> None:
        """Speak with *voice*; hand events to *send*."""
        self._voice = voice
        self._send = send

    async def say(self, event: Event) -> None:
        """Say what a ``synthesize`` asks for.

        Raises:
            InputError: nobody speaks here, or not with that voice, or it is no text.
            ProviderError: the voice failed.
        """
        await self._speak(_text(event, _LONGEST), *_voice(event, self._voice))

    async def _speak(self, text: str, voice: str | None, language: str) -> None:
        speaking = await asyncio.to_thread(self._voice.say, text, voice=voice, language=language)
        try:
            await self._sound(speaking)
        finally:
            speaking.close()

    async def _sound(self, speaking: Speaking) -> None:
        speaker = self._voice.speaker
        assert speaker is not None
        sound = SoundOut(speaker.rate)
        await self._send(sound.start())
        while (block := await asyncio.to_thread(next, speaking, None)) is not None:
            await self._send(sound.chunk(block))
        await self._send(sound.stop())


class Dictated(Saying):
    """A text that is still written: its sentences are said as soon as they are whole."""

    def __init__(self, voice: HouseVoice, send: Send, start: Event) -> None:
        """Speak as *start*, a ``synthesize-start``, asks.

        Raises:
            InputError: nobody speaks with that voice.
        """
        super().__init__(voice, send)
        self._choice = _voice(start, voice)
        self._written = ""
        self._length = 0
        self._whole: asyncio.Queue[str | None] = asyncio.Queue(_MOST_WAITING)
        self._speaker = asyncio.create_task(self._follow())

    async def write(self, chunk: Event) -> None:
        """Take in the next piece of the text.

        Raises:
            InputError: it is none, or the text grows too long.
            GnothiError: what was written before could not be said.
        """
        piece = _text(chunk, _LONGEST)
        self._length += len(piece)
        if self._length > _LONGEST:
            raise InputError(sentence("wyoming-long-text"))
        self._written += piece
        if is_ssml(self._written):
            return
        whole, self._written = said_so_far(self._written)
        if whole:
            await self._put(whole)

    async def finish(self) -> None:
        """Say the rest, then tell that everything is said.

        Raises:
            GnothiError: something could not be said.
        """
        if self._written.strip():
            await self._put(self._written)
        await self._put(None)
        await self._speaker
        await self._send(SynthesizeStopped().event())

    async def close(self) -> None:
        """Say no more. May be called at any time, and more than once."""
        self._speaker.cancel()
        with suppress(asyncio.CancelledError, Exception):
            await self._speaker

    async def _put(self, what: str | None) -> None:
        put = asyncio.ensure_future(self._whole.put(what))
        await asyncio.wait({put, self._speaker}, return_when=asyncio.FIRST_COMPLETED)
        if self._speaker.done():
            put.cancel()
            self._speaker.result()

    async def _follow(self) -> None:
        while (text := await self._whole.get()) is not None:
            await self._speak(text, *self._choice)


def _text(event: Event, most: int) -> str:
    text = event.data.get("text")
    if not isinstance(text, str):
        raise InputError(sentence("wyoming-no-text"))
    if len(text) > most:
        raise InputError(sentence("wyoming-long-text"))
    return text


def _voice(event: Event, house: HouseVoice) -> tuple[str | None, str]:
    """Return the name of the voice that *event* asks for, and the language.

    One that names only a language gets a voice of it, the usual one where that speaks it.
    """
    told = event.data.get("voice")
    wish = cast("dict[str, object]", told if isinstance(told, dict) else {})
    name, language, person = wish.get("name"), wish.get("language"), wish.get("speaker")
    voices = house.speaker.voices() if house.speaker else ()
    if isinstance(name, str) and name:
        full = f"{name}/{person}" if isinstance(person, str) and person else name
        known = {one.name: one.language for one in voices}
        return full, known.get(full, "en")
    if isinstance(language, str) and language:
        wanted = language.lower().replace("_", "-")
        near = [one for one in voices if one.language.lower() == wanted] or [
            one for one in voices if one.language.partition("-")[0] == wanted.partition("-")[0]
        ]
        if not near and voices:
            raise InputError(sentence("wyoming-no-language", language=language[:20]))
        usual = voices[0] if voices and voices[0] in near else None
        return ((usual or near[0]).name if near else None), language
    return None, "en"
