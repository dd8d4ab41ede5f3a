"""Fill the arguments of a call: from slots, from the words, from the turn before, or by asking."""

from collections.abc import Iterator, Mapping
from functools import lru_cache

from gnothi.core.acting import Act, Call, Question
from gnothi.core.protocols import Name
from gnothi.skills.format import Api, Argument, EntityType
from gnothi.skills.turn import Proposal, Turn
from gnothi.skills.types import TYPES, Context, Find, Found, ValueType
from gnothi.text.fuzzy import NameIndex


def fill(turn: Turn, skill: str, api: Api, types: Mapping[str, EntityType]) -> Proposal:
    """Propose a call of *api*.

    A value comes from the slots that fill the argument, else from the words of the request, else
    from the call that *turn* carries on. A required value that is nowhere is asked for.
    """
    values = {argument.name: value_of(argument, turn, types) for argument in api.arguments}
    found = {name: value for name, value in values.items() if value is not None}
    call = Call(skill, api.name, carried(turn, api.name) | found)
    return Proposal(call, api.risk, question=missing(call, api))


def carried(turn: Turn, api: str) -> dict[str, object]:
    """Return the arguments that hold unless the text gives others."""
    if turn.carried is None or turn.carried.api != api:
        return {}
    return dict(turn.carried.arguments)


def missing(call: Call, api: Api) -> Question | None:
    """Return the question for the first required argument that *call* lacks."""
    for argument in api.arguments:
        if argument.required and call.arguments.get(argument.name) is None:
            return Question(argument.name, Act(argument.ask, call.arguments))
    return None


def value_of(argument: Argument, turn: Turn, types: Mapping[str, EntityType]) -> object | None:
    """Return the value that the request itself gives for *argument*."""
    kind = value_type(argument.type, types)
    context = Context(turn.now, turn.services.house, turn.user)
    for text in _places(argument, turn, kind):
        found = kind.find(text, context)
        if found is not None:
            return found.value
    return None


def value_type(name: str, types: Mapping[str, EntityType]) -> ValueType:
    """Return the built-in type called *name*, or the skill's own one."""
    if name in TYPES:
        return TYPES[name]
    catalogue = types[name]
    return ValueType(_catalogue(catalogue), tuple(one.value for one in catalogue.entities))


def _places(argument: Argument, turn: Turn, kind: ValueType) -> Iterator[str]:
    """Return the texts that may hold the value, best first."""
    for name in argument.slots:
        yield from turn.interpretation.values(name)
    if turn.answers == argument.name or (kind.anywhere and not argument.only_slots):
        yield turn.text


@lru_cache(maxsize=64)
def _index(catalogue: EntityType) -> NameIndex:
    return NameIndex(
        Name(name, entity.value, catalogue.name)
        for entity in catalogue.entities
        for name in entity.names
    )


def _catalogue(catalogue: EntityType) -> Find:
    def find(text: str, context: Context) -> Found | None:
        mentions = _index(catalogue).find(text)
        return (
            Found(mentions[0].name.target, mentions[0].start, mentions[0].end) if mentions else None
        )

    return find
