"""Which intent is meant where understanding is unsure: those that lead to one call vote together.

Hypothesis re-ranking by what can be executed, without a further model: the mass of "turn it off"
is spread over lamps, plugs and heaters, but all of them lead to one call.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from gnothi.core.understanding import Alternative, Interpretation
from gnothi.skills.skillset import SkillSet

UNSURE = 0.6
"""Below this score, other intents are considered by what they lead to."""
SURE_OF_IT = 0.85
"""The same where the words point back, which says more than the network knows."""
POINTED_AT = 4.0
"""Weight of votes for the skill that the words point back to."""
IDLE = 0.5
"""Weight of votes for a call that only talks: "that's beyond me" helps nobody in a near tie."""
WORTHY = 0.1
"""Intents with fewer votes than this are not considered."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An intent to try, and the votes for the call that it leads to."""

    interpretation: Interpretation
    votes: float


@dataclass(slots=True)
class _Votes:
    """What speaks for one call."""

    weight: float = 0.0
    options: list[Alternative] = field(default_factory=list[Alternative])


def candidates(
    heard: Interpretation, about: Interpretation | None, skills: SkillSet
) -> list[Candidate]:
    """Return the intents to consider, those of the call with most votes first.

    *about* is the request before, when the words point back to it.
    """
    if heard.score >= (SURE_OF_IT if about else UNSURE):
        return [Candidate(heard, heard.score)]
    options = [_alternative(heard), *heard.alternatives]
    if about and _is_general(about, skills) and not _served_alike(heard, about, skills):
        options.append(replace(_alternative(about), score=heard.score))
    ranked = sorted(_ballot(options, about, skills), key=lambda votes: -votes.weight)
    found = [
        Candidate(_as(heard, option), votes.weight)
        for votes in ranked
        for option in votes.options
        if votes.weight >= WORTHY
    ]
    return found or [Candidate(heard, heard.score)]


def pointed(
    heard: Interpretation, about: Interpretation, skills: SkillSet
) -> Sequence[Interpretation]:
    """Return the alternatives to *heard* that the skill of *about* serves, however unlikely."""
    before = skills.for_intent(about.intent)
    found = [(other, skills.for_intent(other.intent)) for other in heard.alternatives]
    return [_as(heard, one) for one, by in found if by and before and by[0] is before[0]]


def _is_general(about: Interpretation, skills: SkillSet) -> bool:
    """Whether the call before serves many intents, so that "it" may be the object of any."""
    found = skills.for_intent(about.intent)
    return found is not None and len(found[1].intents) > 1


def _served_alike(heard: Interpretation, about: Interpretation, skills: SkillSet) -> bool:
    one, other = skills.for_intent(heard.intent), skills.for_intent(about.intent)
    return one is not None and other is not None and one[0] is other[0]


def _ballot(
    options: Sequence[Alternative], about: Interpretation | None, skills: SkillSet
) -> list[_Votes]:
    """Let *options* that lead to the same call vote together."""
    before = skills.for_intent(about.intent) if about else None
    ballot: dict[tuple[str, str], _Votes] = {}
    for option in options:
        if found := skills.for_intent(option.intent):
            votes = ballot.setdefault((found[0].name, found[1].name), _Votes())
            weight = POINTED_AT if before and found[0] is before[0] else 1.0
            weight *= IDLE if found[1].idle else 1.0
            votes.weight += option.score * weight
            votes.options.append(option)
    return list(ballot.values())


def _as(heard: Interpretation, option: Alternative) -> Interpretation:
    """Return *heard* with the intent *option*; what was heard becomes an alternative."""
    if option.intent == heard.intent:
        return heard
    others = [_alternative(heard), *heard.alternatives]
    return replace(
        heard,
        domain=option.domain,
        intent=option.intent,
        score=option.score,
        alternatives=tuple(other for other in others if other.intent != option.intent),
    )


def _alternative(heard: Interpretation) -> Alternative:
    return Alternative(heard.intent, heard.score, heard.domain)
