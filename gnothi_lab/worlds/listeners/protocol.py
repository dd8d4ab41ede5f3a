"""The wall: one JSON object a line in, one a line out; names and words, never the world's numbers.

| ``op`` | takes | gives |
|---|---|---|
| ``about`` | | hashes, ``cap``, ``changes`` by a sweep |
| ``catalogue`` | | ``header`` and ``rows`` of a catalogue file |
| ``listeners`` | | ``keys``, ``test``: who is kept for tests |
| ``histories`` | ``keys`` | for each, ``[title, plays]`` pairs |
| ``open`` | ``sessions``: ``[key, number]`` | for each, ``[handle, text]`` |
| ``say`` | ``prompts``: ``[handle, ask, values, title]`` | ``[text, event, seconds, over]`` each |
| ``close`` | ``handles`` | |
| ``truth`` | ``handles``; judging only | goal and outcome |
| ``skip`` | ``handles``; judging only | |
"""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TextIO

import numpy as np

from gnothi.core.errors import GnothiError, InputError
from gnothi_lab.worlds.listeners.chance import unit
from gnothi_lab.worlds.listeners.parameters import NUMBERS, WORDS, digest
from gnothi_lab.worlds.listeners.world import Said, World

Request = Mapping[str, Any]


def serve(world: World, requests: Iterable[str], replies: TextIO, *, judged: bool) -> None:
    """Answer *requests* until they end; the truth is told only if the run is *judged*."""
    desk = Desk(world, judged=judged)
    for line in requests:
        try:
            told = desk.answer(json.loads(line))
        except GnothiError as error:
            told = {"error": str(error)}
        replies.write(json.dumps(told, ensure_ascii=False, separators=(",", ":")) + "\n")
        replies.flush()


class Desk:
    """Answers single requests."""

    def __init__(self, world: World, *, judged: bool) -> None:
        """Stand in front of *world*."""
        self._world = world
        self._doing: dict[str, Callable[[Request], Any]] = {
            "about": self._about,
            "catalogue": self._catalogue,
            "listeners": self._listeners,
            "histories": self._histories,
            "open": lambda told: {"opened": world.open(told["sessions"])},
            "say": self._say,
            "close": self._close,
        }
        if judged:
            self._doing |= {"truth": self._truth, "skip": self._skip}

    def answer(self, request: Request) -> Any:  # noqa: ANN401 - JSON
        """Return the reply to a *request*.

        Raises:
            InputError: it is not one, or asks for what only a judge may know.
        """
        doing = self._doing.get(request.get("op", ""))
        if doing is None:
            raise InputError(f"There is no request '{request.get('op')}' here.")
        return doing(request)

    def _about(self, told: Request) -> Any:  # noqa: ANN401 - JSON
        del told
        parameters = self._world.parameters
        return {
            "parameters": digest(NUMBERS),
            "wordings": digest(WORDS),
            "cap": parameters["cap"],
            "changes": self._world.changes,
        }

    def _catalogue(self, told: Request) -> Any:  # noqa: ANN401 - JSON
        """Return what is public of artists, in an order that says nothing."""
        del told
        people = self._world.people
        records = people.records
        facets = list(dict.fromkeys(one.facet for one in records.attributes))
        labels: dict[str, dict[str, list[str]]] = {facet: {} for facet in facets}
        for one in records.attributes:
            labels[one.facet][one.value] = [one.label, *one.also]
        order = np.argsort(unit(people.records.listeners, 77, np.arange(len(records.titles))))
        prior = self._world.parameters["catalogue"]["prior"]
        rows = []
        for item in order.tolist():
            known = [records.attributes[at] for at in np.flatnonzero(records.taggers[item])]
            cells = [[one.value for one in known if one.facet == facet] for facet in facets]
            title = records.titles[item]
            rows.append([title, title, float(people.popularity[item] + prior), *cells])
        columns = ["id", "title", "popularity", *facets]
        return {"header": {"kind": "artist", "columns": columns, "labels": labels}, "rows": rows}

    def _listeners(self, told: Request) -> Any:  # noqa: ANN401 - JSON
        del told
        people = self._world.people
        return {"keys": list(people.keys), "test": people.is_test.tolist()}

    def _histories(self, told: Request) -> Any:  # noqa: ANN401 - JSON
        people, titles = self._world.people, self._world.people.records.titles
        places = {key: at for at, key in enumerate(people.keys)}
        parts = [people.past.of(places[key]) for key in told["keys"]]
        return {
            "histories": [
                [[titles[item], count] for item, count in zip(*map(list, part), strict=True)]
                for part in parts
            ]
        }

    def _say(self, told: Request) -> Any:  # noqa: ANN401 - JSON
        prompts = [
            Said(handle, ask, [tuple(value) for value in values], title)
            for handle, ask, values, title in told["prompts"]
        ]
        return {"heard": self._world.say(prompts)}

    def _close(self, told: Request) -> Any:  # noqa: ANN401 - JSON
        self._world.close(told["handles"])
        return {}

    def _skip(self, told: Request) -> Any:  # noqa: ANN401 - JSON
        self._world.skip(told["handles"])
        return {}

    def _truth(self, told: Request) -> Any:  # noqa: ANN401 - JSON
        return {"truth": [self._truth_of(handle) for handle in told["handles"]]}

    def _truth_of(self, handle: int) -> Any:  # noqa: ANN401 - JSON
        sitting, records = self._world.sitting(handle), self._world.people.records
        goal = sitting.goal
        order = np.argsort(-goal.weights, kind="stable")
        named = [records.attributes[tag] for tag in goal.mood]
        spurned = [records.attributes[tag] for tag in goal.disliked]
        return {
            "mood": [[one.facet, one.value] for one in named],
            "disliked": [[one.facet, one.value] for one in spurned],
            "welcome": [records.titles[item] for item in goal.items[order].tolist()],
            "weights": np.round(goal.weights[order], 6).tolist(),
            "company": goal.is_company,
            "explorer": sitting.is_explorer,
            "opening": sitting.opening,
            "turns": sitting.prompts,
            "ending": sitting.ending,
            "played": None if sitting.played is None else records.titles[sitting.played],
            "success": sitting.is_success,
        }
