"""How it is said: wording and voice follow how well it goes. What is said never does."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from xml.sax.saxutils import escape

_LAST = 0.6
"""How much the degree before counts, relative to the one after it."""


class Tone(StrEnum):
    """Which of several wordings a language pack takes."""

    CAREFUL = "careful"
    """It goes badly, or little was understood."""
    PLAIN = "plain"
    WARM = "warm"
    GLAD = "glad"
    """Nearly there, and they like it."""


@dataclass(frozen=True, slots=True)
class Signs:
    """How well it goes."""

    closeness: float
    """How near to the goal, from 0 to 1."""
    sentiment: float
    """How much they liked what there was, from -1 to 1."""
    sureness: float
    """How surely they were understood, from 0 to 1."""

    @property
    def score(self) -> float:
        """How well it goes, from 0 to 1: never falls when one of the signs rises.

        What was poorly understood holds all else back: nobody wants to be cheered at for words
        that they didn't say.
        """
        liked = (_within(self.sentiment, -1.0, 1.0) + 1) / 2
        near = _within(self.closeness, 0.0, 1.0)
        return _within(self.sureness, 0.0, 1.0) ** 0.5 * (0.6 * liked + 0.4 * near)

    @property
    def tone(self) -> Tone:
        """The wording that goes with the score."""
        score = self.score
        if score < 0.25:
            return Tone.CAREFUL
        if score < 0.5:
            return Tone.PLAIN
        return Tone.WARM if score < 0.75 else Tone.GLAD


@dataclass(frozen=True, slots=True)
class Prosody:
    """How a voice says it, relative to how it usually speaks, in per cent."""

    rate: int
    pitch: int


def prosody(score: float) -> Prosody:
    """Return a calmer voice for a low *score*, a livelier one for a high one."""
    above = 2 * _within(score, 0.0, 1.0) - 1
    return Prosody(rate=round(6 * above), pitch=round(8 * above))


def ssml(text: str, score: float) -> str:
    """Return *text* as SSML, to be said in the voice of *score*."""
    how = prosody(score)
    return (
        f'<speak><prosody rate="{100 + how.rate}%" pitch="{how.pitch:+d}%">'
        f"{escape(text)}</prosody></speak>"
    )


def sentiment(degrees: Sequence[float]) -> float:
    """Return how much they liked what there was, the latest counting most; 0 for nothing."""
    total = weight = 0.0
    for degree in degrees:
        total = _LAST * total + degree
        weight = _LAST * weight + 1
    return total / weight if weight else 0.0


def _within(value: float, low: float, high: float) -> float:
    return min(max(value, low), high)
