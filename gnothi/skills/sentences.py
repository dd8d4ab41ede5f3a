"""What the samples of a skill can say, and what is meant by one of their sentences.

A sample with slots stands for a sentence with every value that its slots may take. That is a small
language, which a recogniser can listen for as a whole; and whoever says one of its sentences means
just what the sample says.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from gnothi.core.hearing import Pattern
from gnothi.skills.fill import value_type
from gnothi.skills.format import Api, EntityType
from gnothi.skills.samples import Sample
from gnothi.skills.skillset import Skill
from gnothi.text.tokenise import request_key

_VAGUE = frozenset({"text", "own"})
"""Types whose examples stand for anything at all: they are not what people say."""
Names = Mapping[str, str]
"""Ways to say the values of a slot, as keys, and the value that each stands for."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What is meant by a sentence."""

    intent: str
    slots: Mapping[str, str]
    """Values as they stand in the catalogue."""


def slot_names(api: Api, types: Mapping[str, EntityType]) -> dict[str, dict[str, str]]:
    """Return what may be said for each slot of *api*, and the value that it stands for.

    Values are those of the skill's catalogues, and the examples of built-in types.
    """
    found: dict[str, dict[str, str]] = {}
    for argument in api.arguments:
        own = types.get(argument.type)
        names = {name: one.value for one in own.entities for name in one.names} if own else {}
        if argument.type not in _VAGUE:
            for example in value_type(argument.type, types).examples:
                names.setdefault(example, example)
        for slot in argument.slots:
            found.setdefault(slot, {}).update(names)
    return found


def patterns(skill: Skill, meaning: Meaning | None = None) -> Iterator[Pattern]:
    """Yield what the samples of *skill* can say; of one *meaning* alone where there is one."""
    for api in skill.apis:
        if meaning and meaning.intent not in api.intents:
            continue
        names = slot_names(api, skill.types)
        for sample in api.samples:
            if meaning is None:
                yield Pattern(tuple(_texts(part.slot, part.text, names) for part in sample.parts))
            elif set(sample.slots) == set(meaning.slots):
                wanted = {
                    slot: _ways(meaning.slots[slot], names.get(slot)) for slot in sample.slots
                }
                yield Pattern(
                    tuple(wanted[part.slot] if part.slot else (part.text,) for part in sample.parts)
                )


def _texts(slot: str, text: str, names: Mapping[str, Names]) -> tuple[str, ...]:
    if not slot:
        return (text,)
    return tuple(dict.fromkeys(one for one in (text, *names.get(slot, {})) if one))


def _ways(value: str, names: Names | None) -> tuple[str, ...]:
    """Return every way to say *value*, which may itself be any of them."""
    keys = {request_key(name): name for name in names or {}}
    known = keys.get(request_key(value))
    if known is None or names is None:
        return (value,)
    return tuple(name for name, meant in names.items() if meant == names[known])


@dataclass(slots=True)
class _Place:
    """A place in the samples: which words and slots may follow."""

    words: "dict[str, _Place]" = field(default_factory=dict[str, "_Place"])
    slots: "dict[str, _Place]" = field(default_factory=dict[str, "_Place"])
    intent: str = ""
    names: Mapping[str, Mapping[Sequence[str], str]] = field(
        default_factory=dict[str, Mapping[Sequence[str], str]]
    )


@dataclass(frozen=True, slots=True)
class Value:
    """Words that fill a slot: ``words[first:last]`` of the sentence."""

    slot: str
    meant: str
    """The value that they stand for, as in the catalogue."""
    first: int
    last: int


class SentenceReader:
    """Reads sentences that samples can say, word for word."""

    def __init__(self, skills: Iterable[Skill]) -> None:
        """Read what the samples of *skills* say; the first skill wins."""
        self._roots = [_root(api, skill.types) for skill in skills for api in skill.apis]

    def read(self, text: str) -> Meaning | None:
        """Return what *text* means; ``None`` where no sample says it."""
        found = self.values(tuple(request_key(text).split()))
        return found and Meaning(found[0], {one.slot: one.meant for one in found[1]})

    def values(self, words: Sequence[str]) -> tuple[str, Sequence[Value]] | None:
        """Return the intent of the sentence *words* (their forms), and which words fill slots."""
        return next((found for root in self._roots for found in _read(root, root, words, 0)), None)


def _root(api: Api, types: Mapping[str, EntityType]) -> _Place:
    root = _Place()
    if not api.intents:
        return root
    names = slot_names(api, types)
    for sample in api.samples:
        _add(root, sample, api.intents[0])
        for part in sample.parts:
            if part.slot and part.text:
                names.setdefault(part.slot, {}).setdefault(part.text, part.text)
    root.names = {
        slot: {tuple(request_key(name).split()): value for name, value in said.items()}
        for slot, said in names.items()
    }
    return root


def _add(root: _Place, sample: Sample, intent: str) -> None:
    place = root
    for part in sample.parts:
        if part.slot:
            place = place.slots.setdefault(part.slot, _Place())
        else:
            for word in request_key(part.text).split():
                place = place.words.setdefault(word, _Place())
    place.intent = place.intent or intent


def _read(
    root: _Place, place: _Place, words: Sequence[str], at: int
) -> Iterator[tuple[str, Sequence[Value]]]:
    """Yield what the words from number *at* on may mean at *place*; long values go first."""
    if at == len(words) and place.intent:
        yield place.intent, ()
    for slot, after in place.slots.items():
        names = root.names.get(slot, {})
        for last in range(len(words), at, -1):
            meant = names.get(tuple(words[at:last]))
            if meant is not None:
                for intent, values in _read(root, after, words, last):
                    yield intent, (Value(slot, meant, at, last), *values)
    if at < len(words) and words[at] in place.words:
        yield from _read(root, place.words[words[at]], words, at + 1)
