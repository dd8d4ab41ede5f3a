"""A person whose request was cut off, in conversation with the product.

The person answers one question with what was not heard, and then waits for the lamp. Guarded
actions are confirmed, as in the benchmark of home actions.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gnothi.core.acting import Status
from gnothi.core.hearing import RATE, Expected, Hints, Hypothesis, Recogniser, Samples
from gnothi.core.protocols import Name
from gnothi.core.understanding import Heard, Utterance
from gnothi.home.house import House
from gnothi.serve.hearing import hints
from gnothi.skills.skillset import SkillSet
from gnothi.speech.endpoint.breaking import Trail
from gnothi_lab.homes.cases import Case
from gnothi_lab.judging import problems
from gnothi_lab.subjects import Gnothi, states

HYPOTHESES = 5
_BLOCK = RATE // 10


@dataclass(frozen=True, slots=True)
class Ended:
    """How a conversation ended."""

    done: bool
    """Whether the home is as it was meant to be."""
    asked: bool
    """Whether the product asked for something after what was cut off."""
    heard: tuple[str, ...]
    """What it took for said, turn by turn."""
    replies: tuple[str, ...]


def converse(gnothi: Gnothi, case: Case, said: Sequence[Utterance]) -> Ended:
    """Say the first of *said*, and the others as long as something is asked."""
    changes: dict[str, dict[str, Any]] = {}
    replies: list[str] = []
    asked = False
    with gnothi.conversation(case.home) as talk:
        for place, utterance in enumerate(said):
            turn = talk.say(utterance, case.hears)
            for entity, values in turn.changes.items():
                changes.setdefault(entity, {}).update(values)
            replies.append(turn.reply.text)
            wants = any(action.status is Status.NEEDS_VALUE for action in turn.actions)
            asks = wants or turn.reply.expects is not None
            asked = asked or (asks and place == 0)
            if not asks:
                break
    wrong = problems(case.expected, changes, states(case.home))
    return Ended(not wrong, asked, tuple(one.text for one in said), tuple(replies))


class Ears:
    """A recogniser that is told the home of each case, as the product tells it."""

    def __init__(self, recogniser: Recogniser, skills: SkillSet) -> None:
        """Hear with *recogniser*, for *skills*."""
        self._recogniser = recogniser
        self._skills = skills

    def hear(self, samples: Samples, home: Mapping[str, Any], *, answer: bool) -> Utterance:
        """Return what is heard in *samples*; as an *answer* to an open question, or a request."""
        expected = Expected.ANSWER if answer else Expected.REQUEST
        names = _Names(tuple(House.from_json(home).names()))
        told = hints(names, self._skills, expected, choices=() if answer else None)
        found = heard(self._recogniser, samples, told)
        best = found[0].text if found else ""
        told_of = Heard(self._recogniser.name, len(samples) / RATE, broke_off=breaks_off(samples))
        scored = tuple((one.text, one.score) for one in found)
        return Utterance(best, hypotheses=scored, heard=told_of)


def heard(recogniser: Recogniser, samples: Samples, told: Hints) -> Sequence[Hypothesis]:
    """Return what *recogniser* makes of *samples*, best first."""
    stream = recogniser.open(told)
    for at in range(0, len(samples), _BLOCK):
        stream.accept(samples[at : at + _BLOCK])
    found = stream.finish()
    stream.close()
    return found[:HYPOTHESES]


def breaks_off(samples: Samples) -> bool:
    """Return whether *samples* end while somebody speaks, as the product's ear tells it."""
    trail = Trail()
    trail.accept(samples)
    return trail.breaks_off()


@dataclass(frozen=True, slots=True)
class _Names:
    kept: tuple[Name, ...]

    def names(self) -> Iterable[Name]:
        """Return them."""
        return self.kept
