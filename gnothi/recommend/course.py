"""How a conversation went so far: what was asked, refused, liked, not understood."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from gnothi.recommend.acts import Answer, Ask, Prompt, Wish
from gnothi.recommend.belief import chosen_of
from gnothi.recommend.catalogue import Catalogue

REFUSED = -0.2
"""A degree below is a no."""
LIKED = 0.3
"""A degree from here on is a yes."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A prompt, and what was answered."""

    prompt: Prompt
    answer: Answer

    @property
    def is_refused(self) -> bool:
        """Whether they don't want what was prompted."""
        prompt, answer = self.prompt, self.answer
        if prompt.ask in (Ask.OPEN, Ask.COMPANY) or chosen_of(prompt, answer) is not None:
            return False
        if answer.degree is not None:
            return answer.degree < REFUSED
        return bool(prompt.values) and set(prompt.values) <= set(answer.dislikes)

    @property
    def is_liked(self) -> bool:
        """Whether they want what was prompted."""
        prompt, answer = self.prompt, self.answer
        if prompt.ask in (Ask.OPEN, Ask.COMPANY):
            return bool(answer.likes or answer.items or answer.similar)
        is_yes = answer.degree is not None and answer.degree >= LIKED
        return is_yes or chosen_of(prompt, answer) is not None or answer.wish is Wish.PLAY

    @property
    def is_lost(self) -> bool:
        """Whether nothing was understood."""
        return self.answer.is_empty


@dataclass(frozen=True, slots=True)
class Course:
    """A summary of turns."""

    turns: int
    asked: frozenset[str]
    """Keys of prompts, never to be asked again."""
    settled: frozenset[int]
    """Attributes that were said or asked alone: there is no asking them again."""
    refused_values: frozenset[int]
    wanted: tuple[int, ...]
    """Attributes that were asked for or taken, and not refused since; the last one first."""
    named: tuple[int, ...]
    """Items that were named, to be heard or to go by; the last one first."""
    heard: frozenset[int]
    """Items that need no sample: they were played, if only for thirty seconds, or were refused."""
    refused: tuple[int, ...]
    """Items that were refused when offered, or by name, and not asked for since; the last one
    first."""
    passed: frozenset[int]
    """Items for which they wanted something else when they were offered, without a word against
    them ("seen it"), and which they did not ask for since."""
    liked: tuple[int, ...]
    """Items whose sample was liked, the last one first."""
    degrees: dict[int, float]
    """How much each item was liked when it was sampled, where that was said."""
    refusals: int
    """Prompts in a row that were refused, up to now."""
    same_facet: int
    """How many refusals in a row, up to now, were about one facet."""
    last_facet: str
    """The facet of the last question about one; empty if there was none."""
    unsure: int
    """Answers in a row without an opinion."""
    lost: int
    """Answers in a row that were not understood."""
    yes: int
    no: int
    questions: dict[str, int]
    """How often each facet was asked about."""
    rejections: dict[str, int]
    """How often a value of each facet was refused."""
    samples: int

    @property
    def refused_items(self) -> frozenset[int]:
        """The same as a set."""
        return frozenset(self.refused)


def course(turns: Sequence[Turn], catalogue: Catalogue) -> Course:
    """Sum up *turns*."""
    prompts = [turn.prompt for turn in turns]
    rejected = [turn for turn in turns if turn.is_refused]
    facets = [_facet(turn.prompt, catalogue) for turn in turns]
    asked = [facet for facet in facets if facet]
    refused = _refused_items(turns)
    return Course(
        turns=len(turns),
        asked=frozenset(prompt.key for prompt in prompts),
        settled=frozenset(_settled(turns)),
        refused_values=frozenset(_refused_values(turns)),
        wanted=_wanted(turns),
        named=_named(turns),
        heard=frozenset((*refused, *(one.item for one in prompts if one.item is not None))),
        refused=refused,
        passed=frozenset(_passed(turns)),
        liked=_liked(turns),
        degrees={
            turn.prompt.item: turn.answer.degree
            for turn in turns
            if turn.prompt.item is not None and turn.answer.degree is not None
        },
        refusals=_row([turn.is_refused for turn in turns]),
        same_facet=_same_facet(turns, facets),
        last_facet=asked[-1] if asked else "",
        unsure=_row([turn.answer.is_unsure for turn in turns]),
        lost=_row([turn.is_lost for turn in turns]),
        yes=sum(turn.is_liked for turn in turns),
        no=len(rejected),
        questions=dict(Counter(asked)),
        rejections=dict(Counter(_facet(turn.prompt, catalogue) for turn in rejected)),
        samples=sum(prompt.ask is Ask.SAMPLE for prompt in prompts),
    )


def _facet(prompt: Prompt, catalogue: Catalogue) -> str:
    return catalogue.attributes[prompt.values[0]].facet if prompt.values else ""


def _settled(turns: Sequence[Turn]) -> set[int]:
    found: set[int] = set()
    for turn in turns:
        found |= {*turn.answer.likes, *turn.answer.dislikes}
        chosen = chosen_of(turn.prompt, turn.answer)
        if len(turn.prompt.values) == 1 or turn.is_refused:
            found |= set(turn.prompt.values)
        if chosen is not None:
            found.add(chosen)
    return found


def _refused_values(turns: Sequence[Turn]) -> set[int]:
    found: set[int] = set()
    for turn in turns:
        found -= {*turn.answer.likes}
        found |= set(turn.answer.dislikes)
        if turn.is_refused:
            found |= set(turn.prompt.values)
    return found


def _wanted(turns: Sequence[Turn]) -> tuple[int, ...]:
    found: dict[int, None] = {}
    for turn in turns:
        answer, chosen = turn.answer, chosen_of(turn.prompt, turn.answer)
        taken = turn.prompt.values if chosen is None and turn.is_liked else ()
        for value in (*taken, *answer.likes, *(() if chosen is None else (chosen,))):
            found.pop(value, None)
            found[value] = None
        for value in (*answer.dislikes, *(turn.prompt.values if turn.is_refused else ())):
            found.pop(value, None)
    return tuple(reversed(found))


def _named(turns: Sequence[Turn]) -> tuple[int, ...]:
    said = (item for turn in turns for item in (*turn.answer.items, *turn.answer.similar))
    return tuple(dict.fromkeys(reversed(list(said))))


def _refused_items(turns: Sequence[Turn]) -> tuple[int, ...]:
    found: dict[int, None] = {}
    for turn in turns:
        offered = turn.prompt.item if turn.is_refused else None
        for item in turn.answer.items:
            found.pop(item, None)
        for item in (*turn.answer.refused, *(() if offered is None else (offered,))):
            found.pop(item, None)
            found[item] = None
    return tuple(reversed(found))


def _passed(turns: Sequence[Turn]) -> set[int]:
    found: set[int] = set()
    for turn in turns:
        found -= {*turn.answer.items}
        if turn.prompt.item is not None and turn.answer.wish is Wish.MORE and not turn.is_liked:
            found.add(turn.prompt.item)
    return found


def _liked(turns: Sequence[Turn]) -> tuple[int, ...]:
    liked: dict[int, None] = {}
    for turn in reversed(turns):
        if turn.prompt.ask is Ask.SAMPLE and turn.is_liked and turn.prompt.item is not None:
            liked.setdefault(turn.prompt.item)
    return tuple(liked)


def _row(signs: Sequence[bool]) -> int:
    """Return how many at the end are true."""
    count = 0
    for sign in reversed(signs):
        if not sign:
            break
        count += 1
    return count


def _same_facet(turns: Sequence[Turn], facets: Sequence[str]) -> int:
    """Return how many refusals of one facet came one after the other, among questions of facets.

    Samples and open questions in between do not count.
    """
    count, facet = 0, ""
    for turn, about in zip(reversed(turns), reversed(facets), strict=True):
        if not about:
            continue
        if not turn.is_refused or (facet and about != facet):
            break
        count, facet = count + 1, about
    return count
