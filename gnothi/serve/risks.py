"""What an interpretation may lead to at worst, as the household's skills declare it."""

from gnothi.core.risk import Risk
from gnothi.skills.skillset import SkillSet

GUARDED = frozenset({"iot_unlock", "iot_disarm"})
"""Intents that open or disarm, whatever they are about."""


def risk_of(key: str, skills: SkillSet) -> Risk:
    """Return the highest class that an interpretation may lead to, as its skills declare it.

    What is not understood leads to nothing, and may become anything that is not guarded.
    """
    found = [_risk(one.partition("|")[0], skills) for one in key.split("&")]
    return max(found, key=lambda risk: risk.rank)


def _risk(intent: str, skills: SkillSet) -> Risk:
    if intent in GUARDED:
        return Risk.GUARDED
    known = skills.for_intent(intent)
    return known[1].risk if known else Risk.REVERSIBLE
