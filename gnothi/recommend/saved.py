"""Conversations as JSON, to be taken up later: after a turn, a restart, or on another machine.

Items and attributes are written by their names, not their numbers: a library that grew meanwhile
is no obstacle, and what is gone is left out.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, cast

from gnothi.core.errors import InputError
from gnothi.core.plain import Json
from gnothi.recommend.acts import Answer, Ask, Prompt, Wish
from gnothi.recommend.catalogue import Catalogue
from gnothi.recommend.conversation import Conversation, End, Recommender
from gnothi.recommend.course import Turn

_Object = Mapping[str, Any]


def save(conversation: Conversation) -> dict[str, Json]:
    """Return *conversation* as JSON."""
    writing = _Writing(conversation.recommender.catalogue)
    company = conversation.company
    return {
        "kind": conversation.recommender.catalogue.kind,
        "person": conversation.person,
        "household": list(conversation.household),
        "guest": conversation.is_guest,
        "company": None if company is None else list(company),
        "turns": [
            {"prompt": writing.prompt(turn.prompt), "answer": writing.answer(turn.answer)}
            for turn in conversation.turns
        ],
        "prompt": None if conversation.prompt is None else writing.prompt(conversation.prompt),
        "end": conversation.end,
        "decided": conversation.decided,
    }


def resume(recommender: Recommender, saved: Mapping[str, Json]) -> Conversation:
    """Take up a conversation that was saved.

    The prompt that was open stays; where its item is gone meanwhile, the conversation has none
    and :meth:`~gnothi.recommend.conversation.Conversation.ask` finds another.

    Raises:
        InputError: this is no saved conversation over a catalogue of this kind.
    """
    told = cast("_Object", saved)
    reading = _Reading(recommender.catalogue)
    try:
        if told["kind"] != recommender.catalogue.kind:
            raise InputError(
                f"A conversation about {told['kind']}s can't go on with a catalogue of"
                f" {recommender.catalogue.kind}s."
            )
        return Conversation(
            recommender,
            told["person"],
            tuple(told["household"]),
            is_guest=bool(told["guest"]),
            company=None if told["company"] is None else tuple(told["company"]),
            turns=[turn for one in told["turns"] if (turn := reading.turn(one))],
            prompt=None if told["prompt"] is None else reading.prompt(told["prompt"]),
            end=None if told["end"] is None else End(told["end"]),
            decided=int(told["decided"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"This is no saved conversation: {error!r}.") from error


def write_answer(catalogue: Catalogue, answer: Answer) -> Json:
    """Return an *answer* as JSON, items and attributes by their names."""
    return _Writing(catalogue).answer(answer)


def read_answer(catalogue: Catalogue, told: Mapping[str, Json]) -> Answer:
    """Return the answer that :func:`write_answer` wrote; what is unknown by now is left out.

    Raises:
        InputError: it is none.
    """
    try:
        return _Reading(catalogue).answer(cast("_Object", told))
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"This is no answer: {error!r}.") from error


class _Writing:
    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def prompt(self, prompt: Prompt) -> Json:
        return {
            "ask": prompt.ask.value,
            "values": self._values(prompt.values),
            "item": None if prompt.item is None else self._catalogue.ids[prompt.item],
        }

    def answer(self, answer: Answer) -> Json:
        told: dict[str, Json] = {
            "degree": answer.degree,
            "chosen": self._values(() if answer.chosen is None else (answer.chosen,)),
            "likes": self._values(answer.likes),
            "dislikes": self._values(answer.dislikes),
            "items": self._items(answer.items),
            "similar": self._items(answer.similar),
            "refused": self._items(answer.refused),
            "wish": answer.wish.value,
            "company": None if answer.company is None else list(answer.company),
            "unsure": answer.is_unsure,
        }
        kept: dict[str, Json] = {
            key: value
            for key, value in told.items()
            if value is not None and value is not False and value not in ([], "")
        }
        if answer.company == ():
            kept["company"] = []
        # What is usual is left out; sureness says that there was an answer at all.
        return {**kept, "sureness": answer.sureness}

    def _items(self, items: Iterable[int]) -> Json:
        return [self._catalogue.ids[item] for item in items]

    def _values(self, values: Iterable[int]) -> Json:
        known = self._catalogue.attributes
        return [[known[value].facet, known[value].value] for value in values]


class _Reading:
    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def turn(self, told: _Object) -> Turn | None:
        prompt = self.prompt(told["prompt"])
        return None if prompt is None else Turn(prompt, self.answer(told["answer"]))

    def prompt(self, told: _Object) -> Prompt | None:
        """Return the prompt, ``None`` when what it is about is gone."""
        values, item = self._values(told["values"]), told["item"]
        found = None if item is None else self._catalogue.number(item)
        if len(values) != len(told["values"]) or (item is not None and found is None):
            return None
        return Prompt(Ask(told["ask"]), values, found)

    def answer(self, told: _Object) -> Answer:
        chosen = self._values(told.get("chosen", ()))
        company = told.get("company")
        return Answer(
            degree=told.get("degree"),
            chosen=chosen[0] if chosen else None,
            likes=self._values(told.get("likes", ())),
            dislikes=self._values(told.get("dislikes", ())),
            items=self._items(told.get("items", ())),
            similar=self._items(told.get("similar", ())),
            refused=self._items(told.get("refused", ())),
            wish=Wish(told.get("wish", "")),
            company=None if company is None else tuple(company),
            is_unsure=bool(told.get("unsure", False)),
            sureness=float(told["sureness"]),
        )

    def _items(self, told: Iterable[Any]) -> tuple[int, ...]:
        return _found(self._catalogue.number, told)

    def _values(self, told: Iterable[Any]) -> tuple[int, ...]:
        pairs = [tuple(pair) for pair in told]
        return _found(lambda pair: self._catalogue.attribute(*pair), pairs)


def _found(number: Callable[[Any], int | None], names: Iterable[Any]) -> tuple[int, ...]:
    return tuple(one for name in names if (one := number(name)) is not None)
