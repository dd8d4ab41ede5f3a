"""What a household's recogniser is told: names of the home, and what its skills want to hear."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from gnothi.core.hearing import Expected, Hints, Pattern
from gnothi.core.protocols import Gazetteer
from gnothi.skills.fill import value_type
from gnothi.skills.format import Api, EntityType
from gnothi.skills.samples import Sample
from gnothi.skills.skillset import Skill, SkillSet

_NAMED = {
    "device_type": "[device]",
    "house_place": "[area]",
    "list_name": "[list]",
    "person": "[person]",
}
"""Slots that hold names of the home."""
_MOST_VALUES = 200
_YES_NO = (
    "yes", "yeah", "yep", "yes please", "sure", "ok", "okay", "of course", "go ahead", "do it",
    "that's right", "correct", "please do", "no", "nope", "no thanks", "no thank you", "don't",
    "not now", "stop", "cancel", "never mind", "leave it", "I don't know", "what", "say it again",
)  # fmt: skip


_BY_NAME = tuple(
    Pattern(parts)
    for parts in (
        (("[device]", "[area]", "[list]", "[person]"),),
        (("the",), ("[device]", "[area]")),
        (("in the",), ("[area]",)),
        (("the one in the",), ("[area]",)),
    )
)
"""Ways to answer which of several things is meant."""
_NODS = Pattern((("yeah", "okay", "mhm", "right", "yes", "no", "stop", "thanks", "wait"),))
_NODDING = 300
"""How often they are counted beside the samples of skills: some 3 % of what is said then."""
_NUMBERS = (
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"),
    *("twelve", "fifteen", "twenty", "twenty five", "thirty", "forty", "forty five", "fifty"),
    *("sixty", "seventy", "eighty", "ninety", "a hundred"),
)
_AMOUNTS = (
    Pattern((_NUMBERS,)),
    Pattern((_NUMBERS, ("minutes", "seconds", "hours", "percent", "degrees"))),
    Pattern((("at",), _NUMBERS, ("o'clock", "a m", "p m"))),
)
"""Ways to answer how long, how much and when."""


def hints(
    gazetteer: Gazetteer,
    skills: SkillSet,
    expected: Expected = Expected.REQUEST,
    *,
    choices: Sequence[str] | None = None,
    nods: bool = False,
) -> Hints:
    """Return what is known of what comes next, in a home with these names and *skills*.

    Where a yes or a no is awaited, ``ANSWER`` says so. Where something else is, *choices* are what
    was offered, none for an open question: then names and whatever skills take are answers, too.
    Where answers are spoken people also *nod*, or stop them.
    """
    if expected is not Expected.ANSWER:
        patterns = tuple(pattern for skill in skills for pattern in _patterns(skill))
        patterns += (_NODS,) * _NODDING if nods else ()
    else:
        patterns = tuple(Pattern(((answer,),)) for answer in _YES_NO)
        if choices is not None:
            offered = tuple(Pattern(((choice,),)) for choice in choices)
            patterns += (*offered, *_BY_NAME, *_AMOUNTS, *dict.fromkeys(_bare_values(skills)))
    names = tuple(dict.fromkeys(gazetteer.names()))
    return Hints(names=names, patterns=patterns, expected=expected)


def _bare_values(skills: SkillSet) -> Iterator[Pattern]:
    """Yield what fills the slots of *skills*, said alone."""
    for skill in skills:
        for api in skill.apis:
            for values in _values(api, skill.types).values():
                if said := tuple(dict.fromkeys(_said(*values)))[:_MOST_VALUES]:
                    yield Pattern((said,))


def _patterns(skill: Skill) -> Iterator[Pattern]:
    for api in skill.apis:
        values = _values(api, skill.types)
        yield from (_pattern(sample, values) for sample in api.samples)
    for dialogue in skill.manifest.dialogues:
        yield from (_pattern(exchange.user, {}) for exchange in dialogue.exchanges)
    yield from (Pattern(((example,),)) for example in skill.manifest.examples)


def _pattern(sample: Sample, values: Mapping[str, tuple[str, ...]]) -> Pattern:
    """Return *sample* with every value that its slots may take."""
    parts = (
        _alternatives(part.slot, part.text, values) if part.slot else (part.text,)
        for part in sample.parts
    )
    return Pattern(tuple(part for part in parts if part))


def _alternatives(slot: str, text: str, values: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    if slot in _NAMED:
        return (_NAMED[slot],)
    return tuple(dict.fromkeys(_said(text, *values.get(slot, ()))))[:_MOST_VALUES]


def _said(*texts: str) -> Iterable[str]:
    return (text for text in texts if text)


def _values(api: Api, types: Mapping[str, EntityType]) -> dict[str, tuple[str, ...]]:
    """Return words that may fill the slots of *api*: catalogues of the skill, examples of types."""
    found: dict[str, tuple[str, ...]] = {}
    for argument in api.arguments:
        own = types.get(argument.type)
        said = tuple(name for one in own.entities for name in one.names) if own else ()
        # What stands for anything at all is not what people say.
        usual = value_type(argument.type, types).examples if argument.type not in _VAGUE else ()
        for slot in argument.slots:
            found[slot] = (*found.get(slot, ()), *said, *usual)
    return found


_VAGUE = frozenset({"text", "own"})
