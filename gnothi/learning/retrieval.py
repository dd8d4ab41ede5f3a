"""Learning which successful request was meant by one that nobody has said like this before.

From a log of judged turns (:mod:`gnothi.learning.turns`) come, for a
:class:`gnothi.language.retrieval.RequestIndex`:

- the **successes**: requests that worked, and for whom;
- the **habits**: from every request that was not understood and what the same person said next with
  success, the words that differ; of one person, of one household, of everybody (counted by people,
  so that nobody teaches everybody by repetition);
- the **weights** of the choice, a conditional logit with an outside option, by the largest
  posterior probability around weights that were learned elsewhere, so that a home with ten mistakes
  does not forget what is known of mistakes;
- the **threshold**, on days that the weights have not seen: the least probability from which on
  right rewrites outnumber wrong ones as wished.

What is counted of the days on which the weights are learned is not counted of their requests: a
request must be found by what was known before it. Everything is sorted before it is summed, so
that the same log, in any order, gives the same index to the last bit.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from importlib import import_module
from itertools import groupby
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from gnothi.core.risk import Risk
from gnothi.language.likeness import LONGEST_BLOCK, Habits, blocks_between, heard, similarity
from gnothi.language.retrieval import (
    FEATURES,
    Counted,
    Knowledge,
    Question,
    RequestIndex,
    Success,
)
from gnothi.learning.turns import FAILED, Log
from gnothi.text.spelling import ORDINARY

Floats: TypeAlias = NDArray[np.float64]
RiskOf: TypeAlias = Callable[[str], Risk]

SOON = timedelta(seconds=45)
LIKELY = 0.4
"""Likeness below which a success is another wish."""
LEAST, MOST = 0.87, 0.99
"""The threshold lies between these: labels are wrong too often to show that less is enough."""
_COLUMNS = (
    *("session", "at", "day", "person", "household", "text", "interpretation"),
    *("defect", "rephrase", "unheard"),
)
NOTHING = "?"
"""Begins the interpretation of what was not understood."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a request must show to be found, and a rewrite to be made."""

    people: int = 3
    """Different people who must have said what others get."""
    win_loss: float = 11.8
    """Right rewrites for each wrong one."""
    pairs: int = 100
    """Labelled requests on held-out days that weigh as much as what is known without them."""
    lessons: int = 3000
    """Requests from which weights are learned, and as many for the threshold."""
    ridge: float = 4.0
    """Pull towards the weights that were there before, in requests."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One judged turn."""

    session: str
    at: datetime
    day: str
    person: str
    household: str
    text: str
    meaning: str
    defect: int
    """Probability that it failed, in thousandths."""
    rephrase: int
    """Probability that what is said next says it again, in thousandths."""
    unheard: bool
    """Whether nothing was understood or done."""
    rewritten: bool = False
    """Whether a learned rewrite took part."""
    retrieved: bool = False
    """Whether it was one that an index had found."""
    heard: str = ""
    """What was said, where a rewrite stands in ``text``."""

    @property
    def failed(self) -> bool:
        """Whether it counts as failed."""
        return self.defect >= FAILED

    @property
    def again(self) -> bool:
        """Whether what is said next probably says it again."""
        return self.rephrase >= FAILED


@dataclass(frozen=True, slots=True)
class Lesson:
    """A request that was not understood, and the success that it led to."""

    turn: Turn
    success: Turn | None
    """``None`` where the person gave up."""


@dataclass(frozen=True, slots=True)
class Example:
    """A lesson as the weights see it."""

    features: Floats
    """Of the candidates: shape ``(candidates, features)``."""
    right: NDArray[np.bool_]
    """Which candidates say what was meant; perhaps none of them."""


def read_turns(log: Log) -> list[Turn]:
    """Return the turns of *log*."""
    if not log.days:
        return []
    table = log.read(sorted(log.days), (), 0)
    told = [name for name in ("rewritten", "retrieved", "heard") if name in table.columns]
    return [turn_of(row) for row in table.select(*_COLUMNS, *told).to_pyarrow().to_pylist()]


def turn_of(row: Mapping[str, Any]) -> Turn:
    """Return a row of a turns table as a turn."""
    return Turn(
        session=row["session"],
        at=row["at"],
        day=row["day"],
        person=row["person"],
        household=row["household"],
        text=row["text"],
        meaning=row["interpretation"],
        defect=row["defect"],
        rephrase=row["rephrase"],
        unheard=row["unheard"],
        rewritten=row.get("rewritten", False),
        retrieved=row.get("retrieved", False),
        heard=row.get("heard", ""),
    )


def learn(
    turns: Sequence[Turn],
    limits: Limits | None = None,
    *,
    risk_of: RiskOf,
    prior: Mapping[str, float] | None = None,
) -> Knowledge:
    """Return what *turns* teach."""
    limits, prior = limits or Limits(), prior or PRIOR
    ordered = in_order(turns)
    lessons = list(find_lessons(ordered))
    weights, threshold = _weighed(ordered, lessons, limits, risk_of, prior)
    known = _known(ordered, lessons, limits, risk_of)
    return replace(known, weights=weights, threshold=threshold)


def in_order(turns: Iterable[Turn]) -> list[Turn]:
    """Return *turns* session by session, in the order of time."""
    return sorted(turns, key=lambda turn: (turn.session, turn.at, turn.text, turn.meaning))


def find_lessons(turns: Iterable[Turn]) -> Iterator[Lesson]:
    """Yield the requests that were not understood, with what they led to; turns in order."""
    for _, group in groupby(turns, key=lambda turn: turn.session):
        talk = list(group)
        for place, turn in enumerate(talk):
            if turn.unheard and not turn.rewritten:
                yield Lesson(turn, _reached(talk[place:]))


def _reached(rest: Sequence[Turn]) -> Turn | None:
    """Return the success with which the wish of the first turn was served, if any.

    A success that has nothing in common with the request, in words or sound, is another wish.
    """
    first = rest[0]
    for turn, following in zip(rest, [*rest[1:], None], strict=True):
        if _succeeds(turn):
            return turn if _common(first.text, turn.text) >= LIKELY else None
        if following is None or following.at - turn.at > SOON:
            return None
        if turn.failed and not turn.again:
            return None
    return None


def _succeeds(turn: Turn) -> bool:
    return not (turn.failed or turn.unheard or turn.meaning.startswith(NOTHING))


def _common(one: str, other: str) -> float:
    """Return how much two requests have in common, articles and the like aside."""
    here, there = (" ".join(w for w in text.split() if w not in ORDINARY) for text in (one, other))
    said = max(similarity(here, there), similarity(heard(here), heard(there)))
    return said if here and there else similarity(heard(one), heard(other))


def _known(
    turns: Iterable[Turn], lessons: Iterable[Lesson], limits: Limits, risk_of: RiskOf
) -> Knowledge:
    """Return successes and habits."""
    counted: Counter[tuple[str, str, str, str]] = Counter()
    for turn in turns:
        if not turn.rewritten and _succeeds(turn):
            counted[turn.text, turn.meaning, turn.person, turn.household] += 1
    usual = _usual(counted)
    people: defaultdict[str, set[str]] = defaultdict(set)
    own: defaultdict[str, Counter[str]] = defaultdict(Counter)
    home: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for (text, meaning, person, household), number in counted.items():
        if usual[text] != meaning:
            continue
        if person:
            people[text].add(person)
            own[person][text] += number
        if household:
            home[household][text] += number
    texts = sorted(usual)
    place = {text: number for number, text in enumerate(texts)}
    return Knowledge(
        [Success(text, usual[text], risk_of(usual[text]), len(people[text])) for text in texts],
        {who: _counted(own[who], place) for who in sorted(own)},
        {who: _counted(home[who], place) for who in sorted(home)},
        find_habits(lessons),
        least_people=limits.people,
    )


def _usual(counted: Mapping[tuple[str, str, str, str], int]) -> Mapping[str, str]:
    """Return what each text is mostly understood as."""
    meanings: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for (text, meaning, _, _), number in counted.items():
        meanings[text][meaning] += number
    return {
        text: min(found, key=lambda one: (-found[one], one)) for text, found in meanings.items()
    }


def _counted(texts: Mapping[str, int], place: Mapping[str, int]) -> Counted:
    rows = sorted((place[text], number) for text, number in texts.items())
    return Counted(tuple(at for at, _ in rows), tuple(number for _, number in rows))


def find_habits(lessons: Iterable[Lesson]) -> dict[str, Habits]:
    """Return what people said instead of what was not understood, by scope."""
    counts: defaultdict[str, defaultdict[str, Counter[str]]]
    counts = defaultdict(lambda: defaultdict(Counter))
    speakers: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for lesson in lessons:
        if lesson.success is None:
            continue
        turn = lesson.turn
        account = turn.person or f"?{turn.household}"
        for before, after in _blocks(turn.text, lesson.success.text):
            if turn.person:
                counts[f"p:{turn.person}"][before][after] += 1
            if turn.household:
                counts[f"h:{turn.household}"][before][after] += 1
            speakers[before, after].add(account)
    for (before, after), accounts in speakers.items():
        counts[""][before][after] = len(accounts)
    return {
        scope: Habits(
            {before: dict(sorted(afters.items())) for before, afters in sorted(found.items())}
        )
        for scope, found in sorted(counts.items())
    }


def _blocks(said: str, other: str) -> Iterator[tuple[str, str]]:
    """Yield short differences; words that go, go one by one as well.

    Where something is new elsewhere, words may only have moved: "the light **on**".
    """
    found = blocks_between(tuple(said.split()), tuple(other.split()))
    moved = any(not before for before, _ in found)
    for before, after in found:
        if max(before.count(" "), after.count(" ")) >= LONGEST_BLOCK or (moved and not after):
            continue
        yield before, after
        if not after and " " in before:
            yield from ((word, "") for word in before.split())


def question_of(turn: Turn, risk_of: RiskOf) -> Question:
    """Return what a turn would have asked."""
    return Question(
        turn.text,
        turn.person or None,
        turn.household,
        "" if turn.meaning.startswith(NOTHING) else turn.meaning,
        risk_of(turn.meaning),
    )


def _weighed(
    turns: Sequence[Turn],
    lessons: Sequence[Lesson],
    limits: Limits,
    risk_of: RiskOf,
    prior: Mapping[str, float],
) -> tuple[dict[str, float], float]:
    """Return weights and threshold, each from days that what they weigh has not seen."""
    days = sorted({turn.day for turn in turns})
    if len(days) < 3:
        return dict(prior), Knowledge(()).threshold
    cut, last = days[len(days) // 2], days[len(days) * 3 // 4]
    before = _known(
        [turn for turn in turns if turn.day < cut],
        [one for one in lessons if one.turn.day < cut],
        limits,
        risk_of,
    )
    taught = [one for one in lessons if cut <= one.turn.day < last]
    examples = list(_examples(RequestIndex(before), _some(taught, limits), risk_of))
    weights = fit(examples, prior, limits.ridge)
    later = RequestIndex(replace(before, weights=weights))
    held_out = [one for one in lessons if one.turn.day >= last]
    judged = list(_judged(later, _some(held_out, limits), risk_of))
    return weights, choose_threshold(judged, limits)


def _some(lessons: Iterable[Lesson], limits: Limits) -> list[tuple[Turn, str]]:
    """Return requests and what was meant; the same ones whatever else there is."""
    labelled = [(one.turn, one.success.meaning) for one in lessons if one.success]
    return sorted(labelled, key=lambda one: _mark(one[0]))[: limits.lessons]


def _mark(turn: Turn) -> bytes:
    return sha256(f"{turn.session}\0{turn.at}\0{turn.text}".encode()).digest()


def _examples(
    index: RequestIndex, lessons: Iterable[tuple[Turn, str]], risk_of: RiskOf
) -> Iterator[Example]:
    for turn, meaning in lessons:
        candidates = index.candidates(question_of(turn, risk_of))
        if candidates:
            features = np.array([one.features for one in candidates])
            yield Example(
                features, np.array([one.success.meaning == meaning for one in candidates])
            )


def _judged(
    index: RequestIndex, lessons: Iterable[tuple[Turn, str]], risk_of: RiskOf
) -> Iterator[tuple[float, bool]]:
    for turn, meaning in lessons:
        best = next(iter(index.rank(question_of(turn, risk_of))), None)
        if best is not None:
            yield best.probability, best.success.meaning == meaning


def choose_threshold(judged: Sequence[tuple[float, bool]], limits: Limits) -> float:
    """Return the least probability from which on right outnumber wrong ones as wished.

    *judged* are probabilities and what was right on days that nothing was learned from. Few of
    them weigh little against the probabilities themselves: some labels are always wrong.
    """
    least = limits.win_loss / (1.0 + limits.win_loss)
    trust = len(judged) / (len(judged) + limits.pairs)
    best, right, wrong = 1.0, 0.0, 0.0
    for probability, is_right in sorted(judged, reverse=True):
        share = trust * is_right + (1.0 - trust) * probability
        right, wrong = right + share, wrong + 1.0 - share
        if right >= limits.win_loss * wrong:
            best = probability
    return min(max(best, LEAST), MOST) if len(judged) >= limits.pairs // 2 else least


def fit(examples: Sequence[Example], prior: Mapping[str, float], ridge: float) -> dict[str, float]:
    """Return the weights of the largest posterior probability around *prior*.

    Maximises ``sum log P(meaning | request) - ridge/2 |w - prior|^2``, where the candidates of one
    meaning share its probability.
    """
    start = np.array([prior.get(name, 0.0) for name in FEATURES])
    if not examples:
        return dict(zip(FEATURES, start.tolist(), strict=True))
    stacked = np.vstack([one.features for one in examples])
    right = np.concatenate([one.right for one in examples])
    sizes = np.array([len(one.features) for one in examples])
    begins = np.concatenate(([0], np.cumsum(sizes)[:-1]))
    none = np.logical_or.reduceat(right, begins) == np.False_

    def loss(weights: Floats) -> tuple[float, Floats]:
        scores = stacked @ weights
        top = np.maximum(np.maximum.reduceat(scores, begins), 0.0)
        odds = np.exp(scores - np.repeat(top, sizes))
        total = np.add.reduceat(odds, begins) + np.exp(-top)
        meant = np.add.reduceat(odds * right, begins) + np.where(none, np.exp(-top), 0.0)
        value = float((np.log(total) - np.log(meant)).sum())
        pull = odds / np.repeat(total, sizes) - odds * right / np.repeat(meant, sizes)
        away = weights - start
        return value + ridge / 2 * float(away @ away), stacked.T @ pull + ridge * away

    optimize: Any = import_module("scipy.optimize")
    found = optimize.minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 500})
    best: Floats = found.x
    return dict(zip(FEATURES, np.round(best, 4).tolist(), strict=True))


PRIOR: Mapping[str, float] = {
    "words": 1.61,
    "sound": 0.01,
    "variant": 7.1,
    "left": -3.71,
    "missing": -3.71,
    "dropped": -2.53,
    "added": 0.95,
    "pole": -0.07,
    "blocks": 0.06,
    "block-sound": -1.06,
    "block-own": 0.79,
    "block-home": 1.66,
    "block-all": 1.04,
    "worst": -0.83,
    "is-own": 1.49,
    "is-home": 1.03,
    "own": 0.55,
    "own-share": 0.14,
    "home": -0.57,
    "all": 0.1,
    "same-intent": -0.2,
    "other-intent": -1.05,
    "length": -1.5,
    "bias": -3.21,
}
"""Weights that were learned in simulated homes: see docs/decisions/0009-unseen-requests.md."""
