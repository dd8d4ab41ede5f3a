"""What somebody means to answer: to a question, to a suggestion, to what is played.

Probabilities depend on how well a tag or an artist fits the goal. What somebody thinks of a tag or
an artist in a session stays the same however often they are asked; slips, silence and moods of the
moment hang on the turn.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import exp
from typing import NamedTuple

import numpy as np

from gnothi_lab.worlds.listeners.chance import Floats
from gnothi_lab.worlds.listeners.parameters import Family
from gnothi_lab.worlds.listeners.people import People
from gnothi_lab.worlds.listeners.temper import Effect, Sitting
from gnothi_lab.worlds.listeners.wording import Move

LEVELS = ((0.75, "love"), (0.3, "yes"), (-0.05, "ok"), (-0.4, "meh"), (-0.8, "no"), (-9.0, "hate"))
"""Degrees of liking, best first, each from a value on."""
_SILENT, _VAGUE, _SLIP, _POLITE, _PARTIAL, _MORE_TAGS, _DEGREE, _WAY, _PLACE, _BACK = range(10)
_CATEGORY, _SKIP, _REASON, _LEAVE, _OTHER, _SAYS_PLAY = range(10, 16)
_UNSURE = Effect(unsure=True)
_MISSED = Effect(missed=True)
_PLEASED = Effect(pleased=True)
_NEUTRAL = Effect()
_WRONG = Effect(missed=True, wrong_play=True)
DRAWS = 16
LEAVES = _LEAVE


class Question(NamedTuple):
    """One prompt, with the numbers that answering it takes."""

    sitting: Sitting
    ask: str
    values: tuple[int, ...]
    item: int | None
    draws: Sequence[float]
    fits: tuple[float, ...]
    """Of each of the values."""
    knows: tuple[bool, ...]
    opinions: tuple[float, ...]
    """Uniform draws that stay: of the values, or of the item (two)."""
    closeness: float
    welcome: float
    """Above 0 for acceptable items."""


@dataclass(frozen=True, slots=True)
class Response:
    """What is meant and what happens."""

    moves: tuple[Move, ...] = ()
    event: str = ""
    seconds: int = 0
    effect: Effect = _NEUTRAL
    degree: float | None = None
    completed: bool = False


class Answering:
    """The answer model of a family."""

    def __init__(
        self,
        family: Family,
        people: People,
        seconds: tuple[int, int],
        like_from: float,
        tag: Callable[[int, float], str],
    ) -> None:
        """Answer as *family*; half of the artists of closeness *like_from* are liked.

        *seconds* are those of a sample and of a track, *tag* gives a name of an attribute.
        """
        self._family, self._people, self._like_from = family, people, like_from
        self._sample, self._track = seconds
        self._tag = tag
        self.dont_know = family.dont_know * people.rarity**family.rarity_exponent
        """Chance that somebody has no idea what a tag means."""
        self._answers: Mapping[str, Callable[[Question], Response]] = {
            "open": self._to_open,
            "choice": self._to_values,
            "suggest": self._to_values,
            "sample": self._to_sample,
            "play": self._to_play,
            "company": self._to_company,
        }

    def answer(self, question: Question) -> Response:
        """Return what somebody answers."""
        sitting, draws = question.sitting, question.draws
        if sitting.slipped and question.ask != "play":
            sitting.slipped = False
            if draws[_BACK] < self._family.back:
                return Response((Move("back"),), effect=_UNSURE)
        if draws[_SILENT] < self._family.silence and question.item is None:
            return Response(event="silence", effect=_UNSURE)
        return self._answers[question.ask](question)

    def lead(self, sitting: Sitting, uniform: float, draws: Sequence[float]) -> tuple[Move, ...]:
        """Return how somebody opens: with nothing, or with what they want."""
        lead = self._family.lead
        if uniform < lead["tags"]:
            return self._wanted(sitting, draws, "start_")
        uniform -= lead["tags"]
        if uniform < lead["artist"]:
            return (Move("start_similar", self._known(sitting, draws[_OTHER])),)
        if uniform - lead["artist"] < lead["name"]:
            return (Move("start_name", self._acceptable(sitting, draws[_OTHER])),)
        return (Move("start"),)

    # Questions.

    def _to_open(self, question: Question) -> Response:
        sitting, draws = question.sitting, question.draws
        category = self._category(draws[_CATEGORY])
        if category == "tags" and set(sitting.goal.mood) <= sitting.told:
            category = "artist" if draws[_OTHER] < 0.5 else "vague"
        if category == "tags":
            return Response(self._wanted(sitting, draws, ""))
        if category == "artist":
            return Response((Move("similar", self._known(sitting, draws[_OTHER])),))
        if category == "name":
            return Response((Move("name", self._acceptable(sitting, draws[_OTHER])),))
        return Response((Move(category),), effect=_UNSURE)

    def _category(self, uniform: float) -> str:
        """Return how an open question is answered."""
        for category, share in self._family.open.items():
            if uniform < share:
                return category
            uniform -= share
        return "vague"

    def _to_company(self, question: Question) -> Response:
        return Response((Move("guest" if question.sitting.goal.is_company else "alone"),))

    def _to_values(self, question: Question) -> Response:
        draws = question.draws
        if not any(question.knows):
            tag = self._tag(question.values[0], draws[_OTHER])
            what = Move("whatis", tag) if draws[_WAY] < 0.35 else Move("unsure")
            return Response((what,), effect=_UNSURE)
        if draws[_VAGUE] < self._family.vague:
            return Response((Move("vague"),), effect=_UNSURE)
        return self._to_one(question) if len(question.values) == 1 else self._to_two(question)

    def _to_one(self, question: Question) -> Response:
        family, sitting, draws = self._family, question.sitting, question.draws
        fit = question.fits[0]
        is_yes = question.opinions[0] < self.yes(fit)
        if draws[_SLIP] < family.slip:
            is_yes, sitting.slipped = not is_yes, True
        degree = self._degree(0.15 + 0.85 * fit if is_yes else -0.3 - 0.7 * (1 - fit), draws)
        if not is_yes and draws[_POLITE] < family.yes_bias:
            degree, is_yes = 0.1, True
        value = question.values[0]
        if is_yes:
            sitting.told.add(value)
            if sitting.goal.disliked and draws[_PARTIAL] < family.partial:
                return Response((self._but(sitting, value, draws),), degree=degree)
            moves = (_level(degree), *self._volunteer(sitting, draws))
            return Response(moves, effect=_PLEASED if degree > 0.6 else _NEUTRAL, degree=degree)
        first = self._refusal(degree, value, draws)
        return Response((first, *self._volunteer(sitting, draws)), effect=_MISSED, degree=degree)

    def _to_two(self, question: Question) -> Response:
        family, sitting, draws = self._family, question.sitting, question.draws
        one, two = (
            fit if knows else 0.0 for fit, knows in zip(question.fits, question.knows, strict=True)
        )
        best = max(one, two)
        if best < family.neither_below and question.opinions[0] < 0.85:
            extra = self._volunteer(sitting, draws)
            return Response((Move("neither"), *extra), effect=_MISSED)
        if min(one, two) > family.yes_middle and draws[_WAY] < family.both:
            sitting.told.update(question.values)
            return Response((Move("both"),), effect=_PLEASED)
        lean = family.choice_slope * (one - two) + family.first_bias
        is_first = question.opinions[1] < _logistic(lean)
        if draws[_SLIP] < family.slip:
            is_first, sitting.slipped = not is_first, True
        value = question.values[0 if is_first else 1]
        sitting.told.add(value)
        if draws[_PLACE] < family.by_place:
            return Response((Move("first" if is_first else "second"),))
        if sitting.goal.disliked and draws[_PARTIAL] < family.partial:
            return Response((self._but(sitting, value, draws),))
        pick = Move("pick", self._tag(value, draws[_OTHER]))
        return Response((pick, *self._volunteer(sitting, draws)))

    # What is played.

    def _to_sample(self, question: Question) -> Response:
        family, draws = self._family, question.draws
        liked = self._likes(question)
        degree = self._degree(self._felt(question.closeness, liked=liked), draws)
        seconds = self._sample if liked or draws[_SKIP] < 0.3 else self._until(draws, self._sample)
        event = "completed" if seconds == self._sample else "skipped"
        if liked and question.welcome > 0 and draws[_SAYS_PLAY] < family.says_play:
            first = () if draws[_WAY] < 0.5 else (_level(max(degree, 0.4)),)
            moves = (*first, Move("play"))
            return Response(moves, event, seconds, _PLEASED, degree)
        if draws[_VAGUE] < family.more:
            return Response((Move("more"),), event, seconds, _UNSURE)
        if degree < 0 and draws[_POLITE] < family.sarcasm:
            return Response((Move("sarcasm"),), event, seconds, _MISSED, degree)
        said = (_level(degree), *self._reason(question, liked=liked))
        moves = () if draws[_SILENT] < 2 * family.silence else said
        effect = _PLEASED if degree > 0.6 else _NEUTRAL if liked else _MISSED
        return Response(moves, event, seconds, effect, degree)

    def _to_play(self, question: Question) -> Response:
        family, draws = self._family, question.draws
        rejects = question.opinions[1] < family.reject
        is_right = question.welcome > 0 and not rejects and draws[_PARTIAL] >= family.interrupted
        if is_right or draws[_SKIP] < family.settle * question.closeness:
            moves = (Move("done"),) if draws[_WAY] < 0.5 else ()
            return Response(moves, "completed", self._track, _PLEASED, completed=True)
        seconds = self._until(draws, self._track)
        if draws[_SILENT] < 4 * family.silence:
            return Response((), "skipped", seconds, _WRONG)
        degree = self._degree(-0.3 - 0.6 * (1 - question.closeness), draws)
        moves = (_level(min(degree, -0.1)), *self._reason(question, liked=False))
        return Response(moves, "skipped", seconds, _WRONG, degree)

    def yes(self, fit: float) -> float:
        """Return the chance of a yes to a tag that fits so well."""
        return _logistic(self._family.yes_slope * (fit - self._family.yes_middle))

    def liking(self, closeness: Floats | float) -> Floats:
        """Return the chance that an artist so close to the goal is liked."""
        return liking(closeness, self._family.like_slope, self._like_from)

    def _likes(self, question: Question) -> bool:
        if question.welcome > 0:
            return question.opinions[1] >= self._family.reject
        return question.opinions[0] < float(self.liking(question.closeness))

    def _felt(self, closeness: float, *, liked: bool) -> float:
        return 0.05 + 0.95 * closeness if liked else -0.15 - 0.85 * (1 - closeness)

    def _degree(self, value: float, draws: Sequence[float]) -> float:
        """Return a degree near *value*; whether it is above 0 does not change."""
        noise = self._family.degree_noise * 3.5 * (draws[_DEGREE] - 0.5)
        return max(value + noise, 0.0) if value > 0 else min(value + noise, -0.1)

    def _until(self, draws: Sequence[float], whole: int) -> int:
        return max(1, int(whole * (0.05 + 0.5 * draws[_DEGREE] ** 2)))

    # What they say of themselves.

    def _wanted(self, sitting: Sitting, draws: Sequence[float], prefix: str) -> tuple[Move, ...]:
        left = [tag for tag in sitting.goal.mood if tag not in sitting.told]
        if not left:
            return (Move(f"{prefix}similar", self._known(sitting, draws[_OTHER])),)
        both = len(left) > 1 and draws[_MORE_TAGS] < 0.5
        sitting.told.update(left[: 2 if both else 1])
        first = self._tag(left[0], draws[_OTHER])
        if both:
            return (Move(f"{prefix}want_two", first, self._tag(left[1], draws[_WAY])),)
        if sitting.goal.disliked and draws[_PARTIAL] < self._family.partial:
            return (Move(f"{prefix}want_not", first, self._tag(sitting.goal.disliked[0], 1.0)),)
        return (Move(f"{prefix}want", first),)

    def _but(self, sitting: Sitting, value: int, draws: Sequence[float]) -> Move:
        disliked = sitting.goal.disliked
        other = disliked[int(draws[_WAY] * len(disliked))]
        return Move("want_not", self._tag(value, draws[_OTHER]), self._tag(other, draws[_PLACE]))

    def _volunteer(self, sitting: Sitting, draws: Sequence[float]) -> tuple[Move, ...]:
        """Return something more that comes to mind."""
        if draws[_MORE_TAGS] >= self._family.volunteer:
            return ()
        left = [tag for tag in sitting.goal.mood if tag not in sitting.told]
        if left:
            sitting.told.add(left[0])
            return (Move("want", self._tag(left[0], draws[_OTHER])),)
        if draws[_OTHER] > 0.7:
            return (Move("similar", self._known(sitting, draws[_REASON])),)
        if sitting.goal.disliked:
            return (Move("not", self._tag(sitting.goal.disliked[-1], draws[_OTHER])),)
        return ()

    def _refusal(self, degree: float, value: int, draws: Sequence[float]) -> Move:
        if degree < 0 and draws[_POLITE] > 1 - self._family.sarcasm:
            return Move("sarcasm")
        if draws[_WAY] < 0.2:
            return Move("not", self._tag(value, draws[_OTHER]))
        return _level(degree)

    def _reason(self, question: Question, *, liked: bool) -> tuple[Move, ...]:
        """Return what was wrong with it, or what there should be more of."""
        sitting, draws = question.sitting, question.draws
        if draws[_CATEGORY] < self._family.by_artist:
            return (Move("similar", self._known(sitting, draws[_OTHER])),)
        if draws[_REASON] >= self._family.reason or question.item is None:
            return ()
        row = self._people.strength[question.item]
        lacking = min(sitting.goal.mood, key=lambda tag: row[tag])
        if row[lacking] < 0.3 or liked:
            sitting.told.add(lacking)
            return (Move("rather", self._tag(lacking, draws[_OTHER])),)
        worst = max(sitting.goal.disliked, key=lambda tag: row[tag], default=None)
        if worst is not None and row[worst] > 0.3:
            return (Move("too", self._tag(worst, draws[_OTHER])),)
        return ()

    def _known(self, sitting: Sitting, uniform: float) -> str:
        """Return an artist to go by: one that they have played, and that fits."""
        goal, people = sitting.goal, self._people
        past = people.past.of(goal.listener)[0]
        fits = people.strength[past, goal.mood[0]]
        best = past[fits >= max(0.25, float(fits.max()) / 2)]
        if not len(best):
            return self._acceptable(sitting, uniform)
        return people.records.titles[best[int(uniform * len(best))]]

    def _acceptable(self, sitting: Sitting, uniform: float) -> str:
        """Return an artist that they want, or one that nobody here has heard of."""
        items = sitting.goal.items
        if not len(items):
            return sitting.goal.unheard
        return self._people.records.titles[items[int(uniform * len(items))]]


def liking(closeness: Floats | float, slope: float, middle: float) -> Floats:
    """Return the chance of liking: logistic in *closeness*."""
    return 1 / (1 + np.exp(-slope * (np.asarray(closeness) - middle)))


def _logistic(value: float) -> float:
    return 1 / (1 + exp(-value))


def _level(degree: float) -> Move:
    return next(Move(name) for least, name in LEVELS if degree >= least)
