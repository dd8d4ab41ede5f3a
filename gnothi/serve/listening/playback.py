"""An answer that is spoken: made block by block, sent a little ahead, and stopped at once."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from time import perf_counter

from gnothi.core.interaction import Interaction
from gnothi.core.speaking import Block, Speaking
from gnothi.serve.voice import HouseVoice

AHEAD_S = 3.0
"""Seconds of sound that are sent before they are heard: enough for a network that stutters."""


@dataclass(slots=True)
class Playback:
    """One answer on its way to somebody's ears."""

    turn: Interaction
    rate: int
    began: float = field(default_factory=perf_counter)
    seconds: float = 0.0
    """How much of it was made so far."""
    first_ms: float | None = None
    """Milliseconds from ``began`` to the first block."""
    is_whole: bool = False
    is_stopped: bool = False
    making: Speaking | None = None

    @property
    def heard_s(self) -> float:
        """For how long it has been heard, as far as can be told from here."""
        if self.first_ms is None:
            return 0.0
        return min(self.seconds, perf_counter() - self.began - self.first_ms / 1000)

    @property
    def left_s(self) -> float:
        """For how long what was made so far is still heard."""
        return self.seconds - self.heard_s

    def stop(self) -> None:
        """Make no more of it, from any thread."""
        self.is_stopped = True
        if self.making:
            self.making.close()

    async def play(self, voice: HouseVoice, send: Callable[[Block], Awaitable[None]]) -> None:
        """Speak, and *send* each block in time; returns when everything is sent or it is stopped.

        Raises:
            GnothiError: the voice failed.
        """
        making = await asyncio.to_thread(voice.say, self.turn.reply)
        self.making = making
        if self.is_stopped:
            making.close()
        try:
            while (block := await asyncio.to_thread(next, making, None)) is not None:
                if self.is_stopped:
                    return
                if self.first_ms is None:
                    self.first_ms = (perf_counter() - self.began) * 1000
                self.seconds += len(block) / self.rate
                await send(block)
                await self._wait()
            self.is_whole = not self.is_stopped
        finally:
            making.close()

    async def _wait(self) -> None:
        """Wait while too much is sent ahead."""
        if self.left_s > AHEAD_S:
            await asyncio.sleep(self.left_s - AHEAD_S)
