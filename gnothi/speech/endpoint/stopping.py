"""When to stop waiting for somebody: words that are a whole request weigh more with each moment.

The arbitrator knows how people sound, and no voice sounds like all of them; who is unlike those it
learned from would wait as long as patience allows. Words are evidence of their own. A sentence that
can't end here says nothing; one that is whole, is understood and can be done makes an end likelier
the longer the silence lasts, for who goes on after a whole sentence mostly does so at once.
"""

import math
from collections.abc import Callable
from typing import TypeAlias

HURRY = 32.0
"""Log odds that a whole request gains while the silence lasts as long as patience does: 16 a second
after a statement. By commands of the development parts (docs/decisions/0022)."""
_AS_USUAL = 0.5
"""How much likelier an end is after the words of an average request, as a logarithm."""

Whole: TypeAlias = Callable[[str], float]
"""How probably some words are a whole request that is understood and served here, from 0 to 1."""


def joined(whole: float, completeness: float) -> float:
    """Return how probably words are *whole* when the language model of this home is asked, too.

    *completeness* is the logarithm of how much likelier an end is after them than anywhere.
    """
    odds = whole * math.exp(min(completeness - _AS_USUAL, 20.0))
    return odds / (odds + 1 - whole) if odds else 0.0


def hurried(odds: float, whole: float, silence_s: float, wait_s: float) -> float:
    """Return the log odds of an end, from the arbitrator's *odds* and how *whole* the words are.

    What words add is proportional to the share of the patience, *wait_s*, that is over. Words that
    are half whole add a quarter: doubts about them last, while the silence goes on to count.
    """
    return odds + HURRY * whole**2 * silence_s / wait_s
