"""What some words are taken for at home, for phrases that are put in the place of others."""

from collections.abc import Callable

from gnothi.core.protocols import Understander
from gnothi.core.risk import Risk
from gnothi.dialogue.performer import UNAVAILABLE
from gnothi.language.phrases import Reading
from gnothi.learning.turns import interpretation_key
from gnothi.skills.skillset import SkillSet

SURE = 0.5
"""Words that are understood less surely than this are no better than those that led to nothing."""


def read(
    words: str, understander: Understander, skills: SkillSet, risk_of: Callable[[str], Risk]
) -> Reading | None:
    """Return what *words* are taken for; ``None`` where nothing is, or no skill can serve it.

    Whether the home finds what they name shows only when it is done.
    """
    found = understander.understand(words)
    requests = found.requests
    if found.out_of_scope or not requests:
        return None
    score = min(one.score for one in requests)
    if score < SURE or not all(_is_served(one.intent, skills) for one in requests):
        return None
    key = "&".join(
        interpretation_key(one.intent, [(slot.name, slot.value) for slot in one.slots], words)
        for one in requests
    )
    return Reading(key, risk_of(key), score)


def _is_served(intent: str, skills: SkillSet) -> bool:
    served = skills.for_intent(intent)
    return served is not None and served[0].name != UNAVAILABLE
