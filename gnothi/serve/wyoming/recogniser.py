"""The recogniser among Wyoming's roles: sound in, a transcript out, its beginning while one speaks.

Whoever sends the sound decides where it ends. What is heard in it is one utterance, however long
its pauses are; the home's names and what its skills want to hear are known beforehand.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import cast

from wyoming.asr import Transcript, TranscriptChunk, TranscriptStart, TranscriptStop
from wyoming.event import Event

from gnothi.core.errors import InputError
from gnothi.core.hearing import RATE, Hints
from gnothi.serve.listening.equipment import ANYTHING, Equipment
from gnothi.serve.listening.line import Failed, Line, Obeyed, Told
from gnothi.serve.listening.patience import HELD
from gnothi.serve.sentences import sentence
from gnothi.serve.wyoming.sound import SoundIn
from gnothi.speech.ear import Ear, Listening, Utterance

Send = Callable[[Event], Awaitable[None]]
_END = "end"
_LONGEST_S = 600.0
_MOST_NAMES = 500
_LONGEST_NAME = 100
_LANGUAGE = "en"


class Transcribing:
    """One stream of sound on its way to a transcript. Belongs to one event loop."""

    def __init__(self, equipment: Equipment, wish: Event | None, send: Send) -> None:
        """Begin to listen as *wish*, a ``transcribe``, asks; tell what is heard by *send*.

        Raises:
            InputError: it asks for a language that nobody understands here.
        """
        told = wish.data if wish else {}
        language = told.get("language")
        if isinstance(language, str) and language.lower().partition("-")[0] not in ("", _LANGUAGE):
            raise InputError(sentence("wyoming-no-language", language=language[:20]))
        phrases = (*_texts(told.get("transcript_names")), *_texts(told.get("transcript_terms")))
        self._send = send
        self._sound = SoundIn()
        self._seconds = 0.0
        self._said: list[str] = []
        self._shown = ""
        self._is_streaming = False
        self._error: Exception | None = None
        self._line = Line(lambda: _ear(equipment, phrases))
        self._follower = asyncio.create_task(self._follow())

    async def hear(self, chunk: Event) -> None:
        """Take in a *chunk* of sound.

        Raises:
            InputError: it is no sound, or it goes on for too long.
            GnothiError: the recogniser failed.
        """
        samples = self._sound.take(chunk)
        self._seconds += len(samples) / RATE
        if self._seconds > _LONGEST_S:
            raise InputError(sentence("wyoming-too-long"))
        self._check()
        if len(samples):
            await self._line.hear(samples)

    async def finish(self) -> None:
        """Tell the transcript.

        Raises:
            GnothiError: the recogniser failed.
        """
        rest = self._sound.rest()
        if len(rest):
            await self._line.hear(rest)
        await self._line.order(_END, Ear.finish)
        await self._follower
        self._check()
        text = " ".join(self._said)
        await self._show(text)
        await self._send(Transcript(text, language=_LANGUAGE).event())
        if self._is_streaming:
            await self._send(TranscriptStop().event())

    async def close(self) -> None:
        """Stop to listen. May be called at any time, and more than once."""
        self._follower.cancel()
        await asyncio.gather(self._follower, return_exceptions=True)
        await self._line.close()

    def _check(self) -> None:
        if self._error:
            raise self._error

    async def _follow(self) -> None:
        """Note what the ear says until it has finished."""
        while (event := await self._line.next()) != Obeyed(_END):
            match event:
                case Told(sound=Listening(partial=partial)):
                    await self._show(" ".join([*self._said, partial.stable]).strip())
                case Told(sound=Utterance(hypotheses=found)) if found and found[0].text:
                    self._said.append(found[0].text)
                case Failed(error):
                    self._error = error
                    return
                case _:
                    pass

    async def _show(self, text: str) -> None:
        """Tell what was added to what will not change any more."""
        if len(text) <= len(self._shown) or not text.startswith(self._shown):
            return
        if not self._is_streaming:
            self._is_streaming = True
            await self._send(TranscriptStart(language=_LANGUAGE).event())
        added, self._shown = text[len(self._shown) :], text
        await self._send(TranscriptChunk(added).event())


def _ear(equipment: Equipment, phrases: Sequence[str]) -> Ear:
    ear = equipment.ear(HELD)
    if phrases:
        known: Hints = equipment.hints(ANYTHING)
        ear.expect(replace(known, phrases=(*known.phrases, *phrases)))
    return ear


def _texts(value: object) -> list[str]:
    """Return the short texts in a list that somebody sent."""
    if not isinstance(value, list):
        return []
    texts = cast("list[object]", value)[:_MOST_NAMES]
    return [one for one in texts if isinstance(one, str) and 0 < len(one) <= _LONGEST_NAME]
