"""What happens between a wish and its end: hearing, understanding, and what people do then."""

from collections.abc import Callable
from dataclasses import dataclass, field
from math import exp
from typing import TypeAlias

from gnothi_lab.worlds.households.chance import Weighted, normal
from gnothi_lab.worlds.households.goals import Goal
from gnothi_lab.worlds.households.hearing import WORDS, Hearing
from gnothi_lab.worlds.households.parameters import Family, Parameters
from gnothi_lab.worlds.households.population import Person
from gnothi_lab.worlds.households.understanding import (
    OUT_OF_SCOPE,
    Interpretation,
    Understanding,
)
from gnothi_lab.worlds.households.wishes import (
    DEVICE,
    HEAD,
    HELD,
    KNOWN,
    NOISE,
    STRIDE,
    Wish,
    Wishes,
)
from gnothi_lab.worlds.households.wording import DRAWS, Said, Wording

Rewrite: TypeAlias = Callable[[str | None, str, str], str | None]
"""(person, household, text) → other words, or ``None`` to leave them. A live system's part."""

BARGE_IN, STOP, UNDO, COMPLETED_PLAY = "barge-in", "stop", "undo", "completed-play"
SILENCE, CORRECTION = "silence", "correction"
_HEARING, _CAUSE_UNSUPPORTED, _CAUSE_CATALOGUE = "hearing", "unsupported", "catalogue"

# Places of an attempt's numbers, behind those of wording and hearing.
_BASE = DRAWS + WORDS
(
    _REACT, _GAP, _LATE, _BARGE, _UNDO, _BUTTON, _PLAY, _PATIENCE, _EFFORT, _CLEAR, _NAMES,
    _WORDS, _AFTER, _OTHER, _CONFIRM, _LENGTH, _SECOND,
) = range(_BASE, _BASE + 17)  # fmt: skip
assert _BASE + 17 <= STRIDE


@dataclass(slots=True, eq=False)
class Turn:
    """One turn, with the truth about it."""

    person: Person
    at: float
    heard: str
    used: str
    """The words that were understood: what was heard, or what a rewrite made of it."""
    found: Interpretation
    meant: str
    right: bool
    right_alone: bool
    """Whether the same words would have been right without the rewrite."""
    doable: bool
    done: bool
    """Whether the action was carried out."""
    known: bool
    device: str
    held: bool
    cause: str = ""
    control: bool = False
    staged: bool = False
    confirming: bool = False
    rephrases: "Turn | None" = None
    confirms: "Turn | None" = None
    signals: list[tuple[str, float]] = field(default_factory=list)


@dataclass(slots=True)
class _State:
    """Where a wish stands."""

    wish: Wish
    week: int
    goal: Goal
    said: Said
    at: float
    loudness: float
    attempt: int = 0
    before: Turn | None = None
    """The failed turn that the next one says anew."""

    draws: list[float] = field(default_factory=list)
    """The numbers of this attempt."""

    def next(self) -> None:
        """Go to the next attempt and its numbers."""
        self.attempt += 1
        first = HEAD + STRIDE * self.attempt
        self.draws = self.wish.rest[first : first + STRIDE].tolist()

    def draw(self, place: int) -> float:
        """Return the number at *place* of this attempt."""
        return self.draws[place]

    def later(self) -> list[float]:
        """Return the numbers for the wording of the next attempt."""
        first = HEAD + STRIDE * (self.attempt + 1)
        return self.wish.rest[first : first + DRAWS].tolist()


class Reacting:
    """Plays wishes to their end for one family of behaviour."""

    def __init__(
        self,
        parameters: Parameters,
        family: str,
        wishes: Wishes,
        wording: Wording,
        hearing: Hearing,
        understanding: Understanding,
    ) -> None:
        """Join the parts of a world."""
        self._numbers = parameters.reacting
        self._family: Family = parameters.reacting.families[family]
        self._unrecognised = parameters.population.unrecognised
        self._favourite_room = parameters.population.favourite_room
        self._spread = parameters.hearing.noise_spread
        self._softer = parameters.hearing.louder, parameters.hearing.clearer
        self._wishes, self._wording = wishes, wording
        self._hearing, self._understanding = hearing, understanding
        self._wrong, self._unheard = _choice(self._family.wrong), _choice(self._family.unheard)
        self._right = tuple(self._family.right.items())
        self._stops = {
            name: Weighted(*zip(*rows, strict=True)) for name, rows in self._numbers.stops.items()
        }
        self._corrections = Weighted(*zip(*self._numbers.corrections, strict=True))
        self._controls = {control.text: control for control in self._numbers.controls}

    def play(
        self, wish: Wish, week: int, rewrite: Rewrite | None, holdout: float, turns: list[Turn]
    ) -> None:
        """Append the turns that come of *wish* to *turns*."""
        spread = self._spread
        noise = exp(spread * normal(wish.draws[NOISE]) - spread * spread / 2)
        draws = wish.draws[HEAD : HEAD + STRIDE]
        said = self._wording.say(wish.person, wish.goal, week, draws)
        state = _State(wish, week, wish.goal, said, wish.at, noise, draws=draws)
        if wish.draws[HELD] < holdout:
            rewrite = None
        while True:
            turn = self._say(state, rewrite)
            turns.append(turn)
            if turn.done and turn.found.intent and turn.found.intent.risk == "guarded":
                self._confirm(state, turn, turns)
            if turn.right or (turn.done and state.draw(_EFFORT) < self._family.unnoticed):
                self._content(state, turn, rewrite, turns)
                return
            if not self._again(state, turn, turns):
                return

    def _say(self, state: _State, rewrite: Rewrite | None) -> Turn:
        wish, goal = state.wish, state.goal
        person = wish.person
        heard = self._hearing.hear(person, state.said.text, state.loudness, state.draws[DRAWS:])
        alone = found = self._understanding.read(heard)
        used = heard
        known = wish.draws[KNOWN] >= self._unrecognised
        if rewrite is not None:
            target = rewrite(person.id if known else None, person.home.id, heard)
            if target is not None and target != heard:
                used, found = target, self._understanding.read(target)
        right_alone = alone.key == goal.key
        doable = goal.doable(state.week)
        return Turn(
            person, state.at, heard, used, found, goal.key,
            right=found.key == goal.key,
            right_alone=right_alone,
            doable=doable,
            done=done(found, person),
            known=known,
            device=self._device(person, wish.draws[DEVICE]),
            held=rewrite is None,
            cause="" if right_alone else self._cause(state, doable=doable),
            rephrases=state.before,
        )  # fmt: skip

    def _device(self, person: Person, uniform: float) -> str:
        rooms = person.home.things["room"]
        return rooms[int(uniform**self._favourite_room * len(rooms))]

    def _cause(self, state: _State, *, doable: bool) -> str:
        if not doable:
            return _CAUSE_CATALOGUE if state.goal.intent else _CAUSE_UNSUPPORTED
        well = self._understanding.read(state.said.text)
        return _HEARING if well.key == state.goal.key else state.said.cause or _HEARING

    def _confirm(self, state: _State, turn: Turn, turns: list[Turn]) -> None:
        """Answer the question that stands before every guarded action."""
        turn.confirming = True
        agrees = turn.right and state.draw(_CONFIRM) < self._numbers.confirms
        state.at += self._delay("confirm", state.draw(_LENGTH))
        answer = self._control(state, turn, "yes" if agrees else "no")
        answer.confirms = turn if agrees else None
        turns.append(answer)

    def _control(self, state: _State, turn: Turn, text: str) -> Turn:
        """Say a word about *turn*; it is always heard."""
        control = self._controls[text]
        found = self._understanding.read(text)
        if control.signal and not turn.confirming:
            turn.signals.append((control.signal, state.at))
        return Turn(
            turn.person, state.at, text, text, found, control.key, right=True, right_alone=True,
            doable=True, done=True, known=turn.known, device=turn.device, held=turn.held,
            control=True,
        )  # fmt: skip

    # What follows a right turn.

    def _content(
        self, state: _State, turn: Turn, rewrite: Rewrite | None, turns: list[Turn]
    ) -> None:
        """Be content, mostly: people stop music that they like, and change their minds."""
        family, uniform = self._family, state.draw(_REACT)
        if state.draw(_BARGE) < family.barge_in_right:
            turn.signals.append(
                (BARGE_IN, turn.at + self._delay("barge_in_right", state.draw(_GAP)))
            )
        for name, share in self._right:
            if uniform < share:
                getattr(self, f"_right_{name}")(state, turn, rewrite, turns)
                return
            uniform -= share
        self._listen(state, turn, family.completed_right if turn.right else family.completed_wrong)

    def _listen(self, state: _State, turn: Turn, share: float) -> None:
        intent = turn.found.intent
        if intent and intent.plays and turn.done and state.draw(_PLAY) < share:
            low, high = self._numbers.play_seconds
            end = turn.at + low + (high - low) * state.draw(_LENGTH)
            turn.signals.append((COMPLETED_PLAY, end))

    def _right_stop(
        self, state: _State, turn: Turn, rewrite: Rewrite | None, turns: list[Turn]
    ) -> None:
        """Stop music that was right."""
        del rewrite
        intent = turn.found.intent
        if intent and intent.plays and turn.done:
            state.at += self._delay("stop", state.draw(_GAP))
            turns.append(self._control(state, turn, "stop"))

    def _right_undo(
        self, state: _State, turn: Turn, rewrite: Rewrite | None, turns: list[Turn]
    ) -> None:
        """Take back what was right: the mind, not the machine, was wrong."""
        del rewrite
        if turn.found.intent and turn.found.intent.risk == "reversible" and turn.done:
            state.at += self._delay("undo", state.draw(_GAP))
            text = self._stops["act"].pick(state.draw(_WORDS))
            turns.append(self._control(state, turn, text))

    def _right_change_mind(
        self, state: _State, turn: Turn, rewrite: Rewrite | None, turns: list[Turn]
    ) -> None:
        """Want something else soon after: it looks like a rephrase and is none."""
        state.at += self._family.mind_gap_median * exp(
            self._numbers.mind_gap_sigma * normal(state.draw(_GAP))
        )
        self._turn_to_another(state)
        if state.draw(_AFTER) < self._family.mind_as_correction:
            self._correct(state, turn)
        state.before = None
        state.next()
        other = self._say(state, rewrite)
        turns.append(other)
        self._listen(state, other, self._family.completed_right if other.right else 0.0)

    def _right_again(
        self, state: _State, turn: Turn, rewrite: Rewrite | None, turns: list[Turn]
    ) -> None:
        """Ask for the same once more although it was done."""
        del turn
        state.at += self._delay("again", state.draw(_GAP))
        state.before = None
        state.next()
        turns.append(self._say(state, rewrite))

    # What follows a wrong turn.

    def _again(self, state: _State, turn: Turn, turns: list[Turn]) -> bool:
        """React to a wrong turn; return whether something is said again."""
        self._protest(state, turn)
        way = (self._wrong if turn.done else self._unheard).pick(state.draw(_REACT))
        tired = state.attempt and state.draw(_PATIENCE) >= self._family.patience
        hopeless = not turn.doable and state.draw(_EFFORT) >= self._family.unsupported_effort
        last = state.attempt + 1 == self._numbers.attempts
        if way == "give_up" or tired or hopeless or last:
            self._listen(state, turn, self._family.completed_wrong)
            return False
        state.at += self._gap(state)
        state.before = turn
        if way == "stop":
            return self._stop(state, turn, turns)
        getattr(self, f"_wrong_{way}")(state)
        if way == "correct":
            self._correct(state, turn)
        state.next()
        return True

    def _protest(self, state: _State, turn: Turn) -> None:
        """Interrupt, press stop, or take back by hand what went wrong."""
        intent, family = turn.found.intent, self._family
        if not turn.done or intent is None:
            return
        length = state.draw(_LENGTH)
        if state.draw(_BARGE) < family.barge_in_wrong:
            turn.signals.append((BARGE_IN, turn.at + self._delay("barge_in", length)))
        if intent.plays and state.draw(_BUTTON) < family.stop_unsaid:
            turn.signals.append((STOP, turn.at + self._delay("button", length)))
        if intent.risk == "reversible" and state.draw(_UNDO) < family.undo_wrong:
            turn.signals.append((UNDO, turn.at + self._delay("by_hand", length)))

    def _delay(self, name: str, uniform: float) -> float:
        low, high = self._numbers.delays[name]
        return low + (high - low) * uniform

    def _gap(self, state: _State) -> float:
        family = self._family
        late = state.draw(_LATE) < family.late
        median = family.late_median if late else family.gap_median
        shortest, _ = self._numbers.delays["rephrase"]
        return shortest + (median - shortest) * exp(family.gap_sigma * normal(state.draw(_GAP)))

    def _stop(self, state: _State, turn: Turn, turns: list[Turn]) -> bool:
        intent = turn.found.intent
        words = self._stops["play" if intent and intent.plays and turn.done else "act"]
        turns.append(self._control(state, turn, words.pick(state.draw(_WORDS))))
        if state.draw(_AFTER) >= self._family.after_stop:
            return False
        state.at += self._delay("after_stop", state.draw(_SECOND))
        self._wrong_rephrase(state)
        state.next()
        return True

    def _wrong_rephrase(self, state: _State) -> None:
        """Say it in other words, most often in plainer ones."""
        person, words = state.wish.person, state.later()
        state.loudness *= self._softer[1]
        if state.draw(_CLEAR) < self._family.clear:
            names = state.draw(_NAMES) < self._family.clear_names
            state.said = self._wording.clear(person, state.goal, words, names=names)
        else:
            state.said = self._wording.say(person, state.goal, state.week, words)

    def _wrong_repeat(self, state: _State) -> None:
        """Say the same, louder."""
        state.loudness *= self._softer[0]

    def _wrong_correct(self, state: _State) -> None:
        """Say what was meant, and that it was meant."""
        self._wrong_rephrase(state)

    def _correct(self, state: _State, turn: Turn) -> None:
        """Say that *turn* was not what was meant."""
        opening = self._corrections.pick(state.draw(_WORDS))
        state.said = Said(f"{opening} {state.said.text}", state.said.cause)
        turn.signals.append((CORRECTION, state.at))

    def _wrong_other(self, state: _State) -> None:
        """Let it be and ask for something else of the kind, if anything comes to mind."""
        if self._turn_to_another(state):
            state.before = None

    def _turn_to_another(self, state: _State) -> bool:
        """Put another wish in the place of this one; return whether it is another."""
        person, before = state.wish.person, state.goal
        state.goal = self._wishes.other(person, state.week, before, state.draw(_OTHER))
        state.said = self._wording.say(person, state.goal, state.week, state.later())
        return state.goal is not before


def _choice(shares: dict[str, float]) -> Weighted[str]:
    return Weighted(tuple(shares), tuple(shares.values()))


def done(found: Interpretation, person: Person) -> bool:
    """Whether the home of *person* can do what was understood."""
    if found.key == OUT_OF_SCOPE or found.missing:
        return False
    return all(person.home.has(slot, value) for slot, value in found.needs)
