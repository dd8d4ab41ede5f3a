"""The world: listeners who sit down, are asked and played to, and go when they have had enough."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gnothi.core.errors import InputError
from gnothi_lab.worlds.listeners.answering import DRAWS, LEAVES, Answering, Question, Response
from gnothi_lab.worlds.listeners.calibrating import Calibration, calibrate
from gnothi_lab.worlds.listeners.chance import Floats, mix, unit
from gnothi_lab.worlds.listeners.goals import Goals
from gnothi_lab.worlds.listeners.parameters import Parameters
from gnothi_lab.worlds.listeners.people import People
from gnothi_lab.worlds.listeners.records import read
from gnothi_lab.worlds.listeners.temper import Sitting, Temper
from gnothi_lab.worlds.listeners.wording import Move, Wording

ASKS = ("open", "choice", "suggest", "sample", "play", "company")
_BASE, _HAND, _LEAD, _WORDS, _TAG, _ITEM, _OTHER_ITEM, _KNOWS, _TURN, _SPEAKS = range(20, 30)
_ROOM = 1024


class Said(NamedTuple):
    """A prompt by its meaning, in public names."""

    handle: int
    ask: str
    values: Sequence[tuple[str, str]] = ()
    """Facet and value of what it names."""
    title: str | None = None


class Heard(NamedTuple):
    """What an assistant notices after a prompt."""

    text: str
    event: str
    """``completed``, ``skipped``, ``silence``, ``left`` or nothing."""
    seconds: int
    """How long something was played."""
    is_over: bool


class World:
    """Sessions of one family under one seed, played many at a time."""

    def __init__(
        self,
        data: str,
        *,
        seed: int = 0,
        family: str = "a",
        cache: Path | None = None,
        changes: Mapping[str, float] | None = None,
    ) -> None:
        """Read *data* (a folder, or ``tiny``) and fit what is fitted."""
        self.changes = dict(changes or {})
        self.parameters = Parameters.load(family, changes)
        self.people = People(read(data, self.parameters.raw), self.parameters, cache)
        self._seed = seed
        self._wording = Wording(family)
        records = self.people.records
        self.goals = Goals(self.people, self.parameters["goal"], self._wording.unknown)
        self._closeness = self.parameters["closeness"]
        self.calibration = self._calibrate()
        self._temper = Temper(
            self.parameters.family, records.reality, self.calibration.cost_of_a_turn
        )
        self._answering = Answering(
            self.parameters.family,
            self.people,
            (self.parameters["sample_seconds"], self.parameters["track_seconds"]),
            self.calibration.like_from,
            self._tag,
        )
        self._values = {(one.facet, one.value): at for at, one in enumerate(records.attributes)}
        self._titles = {title: at for at, title in enumerate(records.titles)}
        self._listeners = {key: at for at, key in enumerate(self.people.keys)}
        self._sittings: dict[int, Sitting] = {}
        self._next = 0
        self._fits = np.zeros((_ROOM, len(records.attributes)), np.float32)
        self._tastes = np.zeros((_ROOM, self.people.traits.shape[0]), np.float32)
        self._free = list(range(_ROOM))

    @property
    def opened(self) -> int:
        """How many sessions there have been."""
        return self._next

    def open(self, sessions: Sequence[tuple[str, int]]) -> list[tuple[int, str]]:
        """Let listeners sit down, each for a session of theirs; return handles and first words.

        Raises:
            InputError: nobody has such a key.
        """
        listeners = [self._listener(key) for key, _ in sessions]
        numbers = np.array([number for _, number in sessions], np.int64)
        bases = mix(self._seed, _BASE, np.array(listeners, np.int64), numbers)
        goals = self.goals.make(bases, listeners)
        patience, explorers = self._temper.draw(bases)
        hands = mix(self._seed, _HAND, np.array(listeners, np.int64)) % np.uint64(
            len(self._wording.hands)
        )
        sittings = [
            Sitting(int(base), listener, goal, stays, explores, int(hand))
            for base, listener, goal, stays, explores, hand in zip(
                bases, listeners, goals, patience.tolist(), explorers, hands, strict=True
            )
        ]
        self._seat(sittings)
        leads: list[float] = unit(bases, _LEAD).tolist()
        draws = unit(bases[:, None], _SPEAKS, np.arange(DRAWS)).tolist()
        words: list[int] = mix(bases, _WORDS).tolist()
        opened: list[tuple[int, str]] = []
        for sitting, lead, mine, key in zip(sittings, leads, draws, words, strict=True):
            moves = self._answering.lead(sitting, lead, mine)
            sitting.opening = moves[0].act.removeprefix("start").removeprefix("_").split("_")[0]
            opened.append((self._next, self._wording.put(sitting.hand, moves, key)))
            self._sittings[self._next] = sitting
            self._next += 1
        return opened

    def say(self, prompts: Sequence[Said]) -> list[Heard]:
        """Put one prompt to each of several sessions; return what is noticed.

        Raises:
            InputError: a session is over, a prompt makes no sense, or a name is not public.
        """
        if len({said.handle for said in prompts}) < len(prompts):
            raise InputError("Every session can be given one prompt at a time.")
        sittings = [self._open_sitting(said.handle) for said in prompts]
        questions = self._questions(prompts, sittings)
        bases = np.array([one.base for one in sittings], np.uint64)
        turns = np.array([one.turn for one in sittings], np.int64)
        words: list[int] = mix(bases, _WORDS, turns + 1).tolist()
        return [self._take(question, key) for question, key in zip(questions, words, strict=True)]

    def skip(self, handles: Sequence[int]) -> None:
        """Leave out a prompt: nobody hears it, and the chance of later turns stays as it was."""
        for handle in handles:
            self._open_sitting(handle).turn += 1

    def close(self, handles: Sequence[int]) -> None:
        """Forget sessions."""
        for handle in handles:
            sitting = self._sittings.pop(handle, None)
            if sitting is not None:
                self._leave_seat(sitting)

    def sitting(self, handle: int) -> Sitting:
        """Return the truth about a session: for judging only.

        Raises:
            InputError: there is none, or it is forgotten.
        """
        try:
            return self._sittings[handle]
        except KeyError:
            raise InputError(f"There is no session {handle}.") from None

    def closeness(
        self, sittings: Sequence[Sitting], items: NDArray[np.int64]
    ) -> tuple[Floats, Floats]:
        """Return how close each item is to the goal of a sitting, and how welcome (0: not)."""
        tastes = self._tastes[[one.slot for one in sittings]]
        return closeness(self.people, self.goals, self._closeness, sittings, items, tastes)

    # Inside.

    def _take(self, question: Question, words: int) -> Heard:
        """Let a prompt be answered, and its effect be felt."""
        sitting = question.sitting
        response = self._answering.answer(question)
        mark = f"{question.ask}:{question.values}:{question.item}"
        repeated = mark in sitting.asked
        sitting.asked.add(mark)
        sitting.prompts += 1
        sitting.degree = response.degree
        sitting.turn += 1
        leaves = self._temper.move(
            sitting, response.effect, repeated=repeated, uniform=question.draws[LEAVES]
        )
        if response.completed:
            sitting.played, sitting.is_success = question.item, question.welcome > 0
            return self._over(sitting, response, "completed", words)
        if leaves:
            return self._over(sitting, response, "left", words)
        text = self._wording.put(sitting.hand, response.moves, words) if response.moves else ""
        return Heard(text, response.event, response.seconds, False)

    def _over(self, sitting: Sitting, response: Response, ending: str, words: int) -> Heard:
        sitting.ending = ending
        self._leave_seat(sitting)
        moves = response.moves
        if ending == "left":
            says = words % 1000 < 1000 * self.parameters.family.say_leave
            moves = (Move("leave"),) if says else ()
        text = self._wording.put(sitting.hand, moves, words) if moves else ""
        return Heard(text, ending, response.seconds, True)

    def _questions(self, prompts: Sequence[Said], sittings: Sequence[Sitting]) -> list[Question]:
        values = [self._numbers(said) for said in prompts]
        items = [self._item(said) for said in prompts]
        firsts = np.array([each[0] if each else 0 for each in values], np.int64)
        seconds = np.array([each[-1] if each else 0 for each in values], np.int64)
        slots = np.array([one.slot for one in sittings], np.int64)
        bases = np.array([one.base for one in sittings], np.uint64)
        turns = np.array([one.turn for one in sittings], np.int64)
        owners = np.array([one.listener for one in sittings], np.int64)
        draws = unit(mix(bases, _TURN, turns)[:, None], np.arange(DRAWS)).tolist()
        fits = np.stack([self._fits[slots, firsts], self._fits[slots, seconds]], 1).tolist()
        knows = np.stack([self._know(owners, firsts), self._know(owners, seconds)], 1).tolist()
        thinks = np.stack([unit(bases, _TAG, firsts), unit(bases, _TAG, seconds)], 1)
        close, welcome = np.zeros(len(prompts)), np.zeros(len(prompts))
        played = [at for at, item in enumerate(items) if item is not None]
        if played:
            chosen = np.array([items[at] for at in played], np.int64)
            close[played], welcome[played] = self.closeness([sittings[at] for at in played], chosen)
            thinks[played, 0] = unit(bases[played], _ITEM, chosen)
            thinks[played, 1] = unit(bases[played], _OTHER_ITEM, chosen)
        rows = zip(
            prompts, sittings, values, items, draws, fits, knows,
            thinks.tolist(), close.tolist(), welcome.tolist(), strict=True,
        )  # fmt: skip
        return [
            Question(one, said.ask, mine, item, chance, fit, _aware(one, mine, know), think, *near)
            for said, one, mine, item, chance, fit, know, think, *near in rows
        ]

    def _know(self, listeners: NDArray[np.int64], tags: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return who knows what a tag means: their own ones, and others by how common they are."""
        drawn = unit(self._seed, _KNOWS, listeners, tags) >= self._answering.dont_know[tags]
        return drawn | self.people.records.own_tags[listeners, tags]

    def _numbers(self, said: Said) -> tuple[int, ...]:
        needed = {"choice": (2,), "suggest": (1, 2)}.get(said.ask, (0,))
        if said.ask not in ASKS or len(said.values) not in needed:
            raise InputError(f"No prompt '{said.ask}' names {len(said.values)} attributes.")
        try:
            return tuple(self._values[facet, value] for facet, value in said.values)
        except KeyError as error:
            raise InputError(f"There is no attribute {error.args[0]}.") from None

    def _item(self, said: Said) -> int | None:
        if said.ask not in ("sample", "play"):
            return None
        if said.title not in self._titles:
            raise InputError(f"There is nothing called '{said.title}'.")
        return self._titles[said.title]

    def _listener(self, key: str) -> int:
        if key not in self._listeners:
            raise InputError(f"There is no listener '{key}'.")
        return self._listeners[key]

    def _open_sitting(self, handle: int) -> Sitting:
        sitting = self.sitting(handle)
        if sitting.ending:
            raise InputError(f"Session {handle} is over.")
        return sitting

    def _seat(self, sittings: Sequence[Sitting]) -> None:
        """Give sittings a place in the tables, and work out how well tags fit their goals."""
        while len(self._free) < len(sittings):
            room = len(self._fits)
            self._fits = np.concatenate((self._fits, np.zeros_like(self._fits)))
            self._tastes = np.concatenate((self._tastes, np.zeros_like(self._tastes)))
            self._free += range(room, 2 * room)
        slots = [self._free.pop() for _ in sittings]
        self._fits[slots] = fits_of(self.people, self.parameters, sittings)
        self._tastes[slots] = [one.goal.taste for one in sittings]
        for sitting, slot in zip(sittings, slots, strict=True):
            sitting.slot = slot

    def _leave_seat(self, sitting: Sitting) -> None:
        if sitting.slot >= 0:
            self._free.append(sitting.slot)
            sitting.slot = -1

    def _tag(self, number: int, uniform: float) -> str:
        """Return a name of an attribute; one in five is not the usual one."""
        attribute = self.people.records.attributes[number]
        if not attribute.also or uniform < 0.8:
            return attribute.label
        return attribute.also[int((uniform - 0.8) * 5 * len(attribute.also)) % len(attribute.also)]

    def _calibrate(self) -> Calibration:
        return calibrate(self.people, self.goals, self.parameters)


def _aware(sitting: Sitting, values: Sequence[int], known: Sequence[bool]) -> tuple[bool, ...]:
    """Return which values somebody knows; what they are in the mood for, they know."""
    mood = sitting.goal.mood
    return tuple(know or value in mood for know, value in zip(known, values, strict=False))


def fits_of(people: People, parameters: Parameters, sittings: Sequence[Sitting]) -> Floats:
    """Return sittings by attributes: how well each tag fits what is wanted."""
    from scipy.sparse import csr_array

    goals = [one.goal for one in sittings]
    starts = np.concatenate(([0], np.cumsum([len(goal.items) for goal in goals])))
    weights = np.concatenate([goal.weights for goal in goals]).astype(np.float32)
    items = np.concatenate([goal.items for goal in goals])
    shape = (len(goals), len(people.records.titles))
    found = csr_array((weights, items, starts), shape=shape) @ people.strength
    least = parameters["goal"]["mood_fit"]
    for row, goal in zip(found, goals, strict=True):
        for tag, fit in zip(goal.mood, least, strict=False):
            row[tag] = max(row[tag], fit)
        for tag in goal.disliked:
            row[tag] *= 0.2
    return found


def closeness(
    people: People,
    goals: Goals,
    rules: Any,  # noqa: ANN401 - part of a JSON file
    sittings: Sequence[Sitting],
    items: NDArray[np.int64],
    tastes: Floats,
) -> tuple[Floats, Floats]:
    """Return how close each item is to a goal, and how welcome it is (0: not acceptable)."""
    liked = np.einsum("nk,nk->n", tastes, people.traits[:, items].T)
    usual = people.usual[[one.goal.listener for one in sittings]]
    taste = np.sqrt(np.minimum(1, liked / usual))
    close, welcome = np.zeros(len(items)), np.zeros(len(items))
    for at, (sitting, item) in enumerate(zip(sittings, items.tolist(), strict=True)):
        goal = sitting.goal
        place = int(goal.items.searchsorted(item))
        if place < len(goal.items) and goal.items[place] == item:
            welcome[at] = goal.weights[place] / goal.weights.max()
            close[at] = rules["wanted"] + (1 - rules["wanted"]) * welcome[at]
            continue
        row = people.strength[item]
        mood = rules["mood"] * goals.fit_of(row, goal.mood) + rules["taste"] * taste[at]
        spoilt = max((row[tag] for tag in goal.disliked), default=0.0)
        close[at] = max(0.0, rules["wanted"] * mood - rules["disliked"] * spoilt)
    return close, welcome
