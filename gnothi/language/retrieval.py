"""Requests that nobody has said like this before, taken for one that has worked.

An exact rewrite (:mod:`gnothi.language.rewrites`) knows the very words that fail. About half of
what people say was never said before; where that is not understood, a turn asks here which of the
successful requests of the person, of the household, or of everybody it most probably was: by the
words, by the sound, and by what people are known to mean by words that are not understood.

The choice is a conditional logit with the option "none of these": with features ``x(q, c)`` of what
was said and a candidate, ``P(c | q) = exp(w x(q, c)) / (1 + sum over c' of exp(w x(q, c')))``.
The candidates of one meaning add up. What may not be changed is no candidate
(:func:`gnothi.language.likeness.contradicts`); a guarded request is one, so that it can win, and
then nothing is rewritten.

Learning the index is the business of ``gnothi.learning.retrieval``; this is what a turn pays.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from io import BytesIO
from math import log, log1p
from pathlib import Path
from typing import Any, Self, TypeAlias
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Indel
from rapidfuzz.process import cdist

from gnothi.core.errors import ArtifactError
from gnothi.core.risk import Risk
from gnothi.language.likeness import (
    NO_HABITS,
    Habits,
    Words,
    blocks_between,
    contradicts,
    explained,
    heard,
    similarity,
    takes_side,
)
from gnothi.language.rewrites import Rewrite
from gnothi.text.tokenise import request_key

Ints: TypeAlias = NDArray[np.int32]
Floats: TypeAlias = NDArray[np.float64]

NAME = "language/retrieval"
"""The artifact."""
FILE, ARRAYS = "retrieval.json", "retrieval.npz"
FEATURES = (
    *("words", "sound", "variant", "left", "missing", "dropped", "added", "pole", "blocks"),
    *("block-sound", "block-own", "block-home", "block-all", "worst"),
    *("is-own", "is-home", "own", "own-share", "home", "all"),
    *("same-intent", "other-intent", "length", "bias"),
)
"""What is known of a request and a candidate; :func:`Asking.features` says how."""
LONGEST = 25
"""Words of a request; nobody repairs a speech."""
_POOL = 8
"""Candidates of each scope that are looked at closely."""
_VARIANTS = 8
_HIGHEST = 50.0
_PRIOR_TURNS = 5.0
_SHORT = 2
_REMEMBERED = 256
"""Accounts that are kept ready."""
_POSTINGS = 3000
"""Texts with a word beyond which it says nothing."""
_RARE = 12
"""Words of a request by which everybody's requests are searched."""


@dataclass(frozen=True, slots=True)
class Question:
    """Something that was said and hardly understood."""

    text: str
    person: str | None = None
    """``None`` for a guest."""
    household: str = ""
    understood: str = ""
    """What it was taken for, if anything: an interpretation, as in the learner's tables."""
    risk: Risk = Risk.REVERSIBLE
    """The highest class that the words may lead to as they stand."""


@dataclass(frozen=True, slots=True)
class Success:
    """A request that has worked, and for whom."""

    text: str
    """In the spelling of ``request_key``."""
    meaning: str
    """Its interpretation."""
    risk: Risk
    people: int
    """Different people who said it with success."""


@dataclass(frozen=True, slots=True)
class Counted:
    """Requests of one person or one household, and how often each has worked."""

    places: tuple[int, ...] = ()
    """Numbers of successes, rising."""
    turns: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What an index holds."""

    successes: Sequence[Success]
    """Sorted by text."""
    people: Mapping[str, Counted] = field(default_factory=dict[str, Counted])
    households: Mapping[str, Counted] = field(default_factory=dict[str, Counted])
    habits: Mapping[str, Habits] = field(default_factory=dict[str, Habits])
    """By scope: ``p:`` and a person, ``h:`` and a household, nothing for everybody."""
    weights: Mapping[str, float] = field(default_factory=dict[str, float])
    threshold: float = 0.92
    """Probability of being right from which on a request is rewritten."""
    least_people: int = 3
    """So many must have said what somebody in another household gets."""


@dataclass(frozen=True, slots=True)
class Match:
    """A candidate, as it was weighed."""

    success: Success
    probability: float
    """That it is what was meant."""
    whose: str
    """``own``, ``home`` or ``all``."""
    features: tuple[float, ...]


class RequestIndex:
    """Successful requests, ready to be found."""

    def __init__(self, knowledge: Knowledge) -> None:
        """Index *knowledge*; most of the work waits for the first look-up."""
        self.knowledge = knowledge
        self._weights = np.array([knowledge.weights.get(name, 0.0) for name in FEATURES])
        self._accounts: dict[str, _Account] = {}

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read the artifact in *folder*.

        Raises:
            ArtifactError: it is no index of requests.
        """
        try:
            content: dict[str, Any] = json.loads((folder / FILE).read_text(encoding="utf-8"))
            with np.load(folder / ARRAYS, allow_pickle=False) as arrays:
                return cls(_read(content, {name: arrays[name] for name in arrays.files}))
        except (OSError, ValueError, KeyError, TypeError, IndexError, BadZipFile) as error:
            raise ArtifactError(f"{folder} holds no index of requests: {error}") from error

    def look_up(self, question: Question) -> Rewrite | None:
        """Return the request that *question* most probably was, if that is probable enough."""
        best = next(iter(self.rank(question)), None)
        if best is None or best.probability < self.knowledge.threshold:
            return None
        if Risk.GUARDED in (best.success.risk, question.risk):
            return None
        return None if best.success.risk.exceeds(question.risk) else _rewrite(question, best)

    def rank(self, question: Question) -> list[Match]:
        """Return what *question* may have been, one match a meaning, the most probable first."""
        candidates = self.candidates(question)
        if not candidates:
            return []
        scores = np.array([one.features for one in candidates]) @ self._weights
        odds = np.exp(np.minimum(scores, _HIGHEST))
        shares: list[float] = (odds / (1.0 + odds.sum())).tolist()
        order: list[int] = np.argsort(-scores, kind="stable").tolist()
        best: dict[str, int] = {}
        chances: defaultdict[str, float] = defaultdict(float)
        for place in order:
            meaning = candidates[place].success.meaning
            best.setdefault(meaning, place)
            chances[meaning] += shares[place]
        ranked = sorted(best, key=lambda meaning: -chances[meaning])
        return [replace(candidates[best[one]], probability=chances[one]) for one in ranked]

    def candidates(self, question: Question) -> list[Match]:
        """Return candidates with their features, before they are weighed; for learners."""
        key = request_key(question.text)
        words = tuple(key.split())
        if not 0 < len(words) <= LONGEST:
            return []
        asking = _Asking(self, question, key, words)
        return [asking.match(place) for place in asking.pool() if asking.may_be(place)]

    def account(self, scope: str, counted: Counted | None) -> "_Account":
        """Return the requests of a person or a household, ready to be compared."""
        if counted is None:
            return _NOBODY
        if scope not in self._accounts:
            if len(self._accounts) >= _REMEMBERED:
                self._accounts.clear()
            self._accounts[scope] = _Account.of(counted, self.knowledge.successes)
        return self._accounts[scope]

    def worth(self, word: str) -> float:
        """Return how much a word says: the logarithm of how few texts have it."""
        return self._worths.get(word, self._most)

    def among_all(self, words: Iterable[str], limit: int) -> list[int]:
        """Return successes of enough people that have the rarest of *words*, the best first."""
        known = sorted({word for word in words if word in self._postings}, key=self._rarity)[:_RARE]
        if not known:
            return []
        scores = self._scores
        for word in known:
            scores[self._postings[word]] += self.worth(word)
        found = np.unique(np.concatenate([self._postings[word] for word in known]))
        order = np.argsort(-scores[found], kind="stable")[:limit]
        best = found[order].tolist()
        scores[found] = 0.0
        return best

    def sounding(self, word: str) -> Iterator[str]:
        """Yield words of everybody's requests that sound nearly like *word*."""
        for key in _near(heard(word)):
            yield from self._sounds.get(key, ())[:_RARE]

    def people_of(self, meaning: str) -> int:
        """Return how many people said, in the most usual words, what means this."""
        return self._meanings.get(meaning, 0)

    @cached_property
    def texts(self) -> list[str]:
        """All texts, in order."""
        return [one.text for one in self.knowledge.successes]

    @cached_property
    def _meanings(self) -> Mapping[str, int]:
        found: dict[str, int] = {}
        for one in self.knowledge.successes:
            found[one.meaning] = max(found.get(one.meaning, 0), one.people)
        return found

    @cached_property
    def _worths(self) -> Mapping[str, float]:
        found: defaultdict[str, int] = defaultdict(int)
        for text in self.texts:
            for word in set(text.split()):
                found[word] += 1
        return {word: log((1.0 + len(self.texts)) / count) for word, count in found.items()}

    @cached_property
    def _most(self) -> float:
        return log(1.0 + len(self.texts))

    @cached_property
    def _postings(self) -> Mapping[str, Ints]:
        """Word to the texts that have it, of what enough people have said."""
        found: defaultdict[str, list[int]] = defaultdict(list)
        least = self.knowledge.least_people
        for place, one in enumerate(self.knowledge.successes):
            if one.people >= least:
                for word in set(one.text.split()):
                    found[word].append(place)
        return {
            word: np.array(places, dtype=np.int32)
            for word, places in found.items()
            if len(places) <= _POSTINGS
        }

    @cached_property
    def _sounds(self) -> Mapping[str, tuple[str, ...]]:
        """Sound, and sound with one left out, to words of :attr:`_postings`."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for word in sorted(self._postings):
            for key in _near(heard(word)):
                found[key].append(word)
        return {key: tuple(words) for key, words in found.items()}

    @cached_property
    def _scores(self) -> Floats:
        return np.zeros(len(self.texts))

    def _rarity(self, word: str) -> tuple[int, str]:
        return len(self._postings[word]), word


@dataclass(frozen=True, slots=True)
class _Account:
    """Requests of one person or household, side by side."""

    places: tuple[int, ...] = ()
    texts: tuple[str, ...] = ()
    sounds: tuple[str, ...] = ()
    known: frozenset[int] = frozenset()
    meanings: Mapping[str, int] = field(default_factory=dict[str, int])
    """Turns of each meaning."""
    turns: int = 0

    @classmethod
    def of(cls, counted: Counted, successes: Sequence[Success]) -> Self:
        """Open what was *counted*."""
        meanings: defaultdict[str, int] = defaultdict(int)
        for place, turns in zip(counted.places, counted.turns, strict=True):
            meanings[successes[place].meaning] += turns
        texts = tuple(successes[place].text for place in counted.places)
        return cls(
            counted.places,
            texts,
            tuple(map(heard, texts)),
            frozenset(counted.places),
            meanings,
            sum(counted.turns),
        )


class _Asking:
    """One look-up."""

    def __init__(self, index: RequestIndex, question: Question, key: str, words: Words) -> None:
        known = index.knowledge
        self._index, self._key, self._words, self._sound = index, key, words, heard(key)
        person, household = f"p:{question.person}", f"h:{question.household}"
        self._own = index.account(person, known.people.get(question.person or ""))
        self._home = index.account(household, known.households.get(question.household))
        self._habits = tuple(known.habits.get(one, NO_HABITS) for one in (person, household, ""))
        self._intent = question.understood.partition("|")[0]
        self._variants = self._likely_variants()
        self._total = sum(map(index.worth, words)) or 1.0

    def pool(self) -> list[int]:
        """Return the successes that are most like what was said; the person's own first."""
        near = dict.fromkeys(self._nearest(self._own.places, self._own.texts, self._own.sounds))
        home = self._home
        near |= dict.fromkeys(self._nearest(home.places, home.texts, home.sounds))
        others = self._index.among_all(self._searched(), 4 * _POOL)
        texts = [self._index.texts[place] for place in others]
        near |= dict.fromkeys(self._nearest(others, texts, tuple(map(heard, texts))))
        return list(near)

    def may_be(self, place: int) -> bool:
        """Whether nothing speaks against it; what is guarded may always win, and stop us."""
        success = self._index.knowledge.successes[place]
        if success.risk is Risk.GUARDED:
            return True
        words = tuple(success.text.split())
        return words != self._words and not contradicts(self._words, words)

    def match(self, place: int) -> Match:
        """Return a candidate with its features."""
        success = self._index.knowledge.successes[place]
        whose = _OWN if place in self._own.known else _HOME if place in self._home.known else _ALL
        return Match(success, 0.0, whose, self._features(success, whose))

    def _features(self, success: Success, whose: str) -> tuple[float, ...]:
        text = success.text
        blocks = [
            (block, explained(block, self._habits))
            for block in blocks_between(self._words, tuple(text.split()))
        ]
        worst = min((told for _, told in blocks), key=max, default=(1.0, 1.0, 1.0, 1.0))
        own = self._own.meanings.get(success.meaning, 0)
        intent = success.meaning.partition("|")[0]
        return (
            similarity(self._key, text),
            similarity(self._sound, heard(text)),
            max(similarity(one, text) for one in (self._key, *self._variants)),
            sum(self._open(one, told) for (one, other), told in blocks if other) / self._total,
            sum(self._open(other, told) for (one, other), told in blocks if one) / self._total,
            sum(self._open(one, told) for (one, other), told in blocks if not other) / self._total,
            sum(self._open(other, told) for (one, other), told in blocks if not one) / self._total,
            max((1.0 - max(told) for block, told in blocks if takes_side(*block)), default=0.0),
            float(len(blocks)),
            *worst,
            max(worst),
            float(whose == _OWN),
            float(whose == _HOME),
            log1p(own),
            own / (self._own.turns + _PRIOR_TURNS),
            log1p(self._home.meanings.get(success.meaning, 0)),
            log1p(self._index.people_of(success.meaning)),
            float(bool(self._intent) and self._intent == intent),
            float(bool(self._intent) and self._intent != intent),
            log1p(len(self._words)),
            1.0,
        )

    def _open(self, text: str, told: Sequence[float]) -> float:
        """Return how much of *text* is not explained."""
        rest = 1.0 - max(told)
        return rest * sum(map(self._index.worth, text.split())) if rest else 0.0

    def _likely_variants(self) -> list[str]:
        """Return the request with a block replaced as people do, the most usual first."""
        found: dict[str, tuple[int, int]] = {}
        for scope, habits in enumerate(self._habits):
            for times, text in habits.variants(self._words):
                found.setdefault(text, (scope, -times))
        return sorted(found, key=lambda text: (found[text], text))[:_VARIANTS]

    def _nearest(
        self, places: Sequence[int], texts: Sequence[str], sounds: Sequence[str]
    ) -> list[int]:
        """Return those of *places* whose words or sound are nearest, or what habits make of it."""
        if not places:
            return []
        asked = [self._key, *self._variants]
        likeness = cdist(asked, texts, scorer=_RATIO, dtype=np.float32).max(0)
        likeness += cdist([self._sound], sounds, scorer=_RATIO, dtype=np.float32)[0]
        return [places[at] for at in np.argsort(-likeness, kind="stable")[:_POOL].tolist()]

    def _searched(self) -> Iterator[str]:
        """Yield words to search by: said, meant by habit, or sounding like what was said."""
        yield from self._words
        for variant in self._variants:
            yield from variant.split()
        for word in self._words:
            yield from self._index.sounding(word)


_OWN, _HOME, _ALL = "own", "home", "all"
_NOBODY = _Account()
_RATIO = Indel.normalized_similarity


def _near(key: str) -> Iterator[str]:
    """Yield a sound, and what is left of it without one of its letters."""
    if key:
        yield key
    if len(key) > _SHORT:
        yield from (key[:place] + key[place + 1 :] for place in range(len(key)))


def _rewrite(question: Question, match: Match) -> Rewrite:
    success = match.success
    return Rewrite(
        source=request_key(question.text),
        target=success.text,
        person=question.person,
        risk=success.risk,
        evidence={
            "before": question.understood,
            "after": success.meaning,
            "whose": match.whose,
            "people": success.people,
            "certainty": round(match.probability, 6),
        },
    )


def write_index(knowledge: Knowledge) -> dict[str, bytes]:
    """Return the artifact's files: the same bytes for the same knowledge."""
    meanings = sorted({one.meaning for one in knowledge.successes})
    number = {meaning: place for place, meaning in enumerate(meanings)}
    risks = list(Risk)
    successes = knowledge.successes
    arrays = {
        "meaning": _ints(number[one.meaning] for one in successes),
        "risk": _ints(risks.index(one.risk) for one in successes),
        "speakers": _ints(one.people for one in successes),
        **_packed("people", knowledge.people),
        **_packed("households", knowledge.households),
    }
    content = {
        "texts": [one.text for one in successes],
        "meanings": meanings,
        "people": sorted(knowledge.people),
        "households": sorted(knowledge.households),
        "habits": {
            scope: {before: dict(sorted(found.items())) for before, found in sorted(one.items())}
            for scope, one in sorted((s, h.blocks) for s, h in knowledge.habits.items())
        },
        "weights": dict(sorted(knowledge.weights.items())),
        "threshold": knowledge.threshold,
        "least_people": knowledge.least_people,
    }
    packed = BytesIO()
    np.savez_compressed(packed, allow_pickle=False, **arrays)
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n"
    return {FILE: text.encode(), ARRAYS: packed.getvalue()}


def _read(content: Mapping[str, Any], arrays: Mapping[str, Ints]) -> Knowledge:
    risks, meanings = list(Risk), content["meanings"]
    rows: Iterable[tuple[str, int, int, int]] = zip(
        content["texts"],
        arrays["meaning"].tolist(),
        arrays["risk"].tolist(),
        arrays["speakers"].tolist(),
        strict=True,
    )
    habits: Mapping[str, Any] = content["habits"]
    return Knowledge(
        [Success(str(text), meanings[m], risks[risk], people) for text, m, risk, people in rows],
        _unpacked("people", content["people"], arrays),
        _unpacked("households", content["households"], arrays),
        {str(scope): Habits(blocks) for scope, blocks in habits.items()},
        {str(name): float(value) for name, value in content["weights"].items()},
        float(content["threshold"]),
        int(content["least_people"]),
    )


def _packed(name: str, accounts: Mapping[str, Counted]) -> dict[str, Ints]:
    ordered = [accounts[who] for who in sorted(accounts)]
    return {
        f"{name}_sizes": _ints(len(one.places) for one in ordered),
        f"{name}_places": _ints(place for one in ordered for place in one.places),
        f"{name}_turns": _ints(turns for one in ordered for turns in one.turns),
    }


def _unpacked(name: str, who: Sequence[str], arrays: Mapping[str, Ints]) -> dict[str, Counted]:
    ends: list[int] = np.cumsum(arrays[f"{name}_sizes"]).tolist()
    places, turns = arrays[f"{name}_places"].tolist(), arrays[f"{name}_turns"].tolist()
    spans = zip(who, [0, *ends][: len(ends)], ends, strict=True)
    return {
        str(one): Counted(tuple(places[first:last]), tuple(turns[first:last]))
        for one, first, last in spans
    }


def _ints(values: Iterable[int]) -> Ints:
    return np.fromiter(values, dtype=np.int32)
