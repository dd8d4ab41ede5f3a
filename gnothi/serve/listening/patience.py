"""How long a microphone stays open without anybody speaking, and what it waits for."""

from gnothi.core.hearing import Expected
from gnothi.speech.voice import ON_REQUEST, QUESTION, STATEMENT, Patience

FIRST_S = 10.0
"""Seconds from opening the microphone."""
AFTER_STATEMENT_S = 5.0
AFTER_QUESTION_S = 10.0
"""Seconds from the end of the answer: nobody needs a wake word in them."""
HELD = Patience(ON_REQUEST.wait_s, 60.0)
"""While a button is held, no pause ends anything."""

_AWAITED = {"value": Expected.ANSWER, "confirmation": Expected.ANSWER}
"""What is expected after a reply that expects something; anything else is a request."""


def expected(expects: str | None) -> Expected:
    """Return what is likely to be said after a reply that *expects* this."""
    return _AWAITED.get(expects or "", Expected.REQUEST)


def window_s(expects: str | None) -> float:
    """Return for how many seconds one may go on after a reply that *expects* this."""
    return AFTER_QUESTION_S if expects else AFTER_STATEMENT_S


def patience(expects: str | None) -> Patience:
    """Return how patient to be with pauses after a reply that *expects* this."""
    return QUESTION if expects else STATEMENT
