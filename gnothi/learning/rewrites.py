"""Rewrites: requests that fail, each with one that works, found by what people said next.

Aggregates of a log become an absorbing chain (:mod:`gnothi.learning.chain`), and its best
states, within :class:`Limits`, become a table from text to text. The same aggregates give the
same table to the last bit: whoever is erased from them was never in it.

**Guard rails.** A step from one request to another is left out, as if nothing had been said,
unless enough different people have taken it, and no account adds more than a few turns to it;
accounts that push things together are one voice (:mod:`gnothi.learning.collusion`): few accounts
move nothing for everybody. A rewrite must succeed clearly more often and surely
so, in enough turns, and what it says instead must be understood as it should be. It never leads
into a higher class of risk, and never from or to a guarded request.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from gnothi.core.errors import ArtifactError, StorageError
from gnothi.core.risk import Risk
from gnothi.learning.chain import Chain, Floats, Numbers, Transitions
from gnothi.learning.collusion import colluders_of
from gnothi.learning.mining import MILLIONTHS, Account, Aggregates, Rows
from gnothi.learning.turns import THOUSANDTHS

Key: TypeAlias = tuple[str, str]
"""Whose it is (empty: everybody's), and an interpretation."""
RiskOf: TypeAlias = Callable[[str], Risk]
"""Tells the risk class of an interpretation."""
_DIGITS = 6
"""Decimal places of scores in a written table."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a rewrite must show."""

    support: float = 10.0
    """Turns that it would have put right."""
    people: int = 5
    """Different people on each step of the way; guests are nobody."""
    households: int = 0
    days: int = 0
    margin: float = 0.1
    """``S(h0, h*) - S(h0, h0)``."""
    certainty: float = 0.95
    """Posterior probability that it succeeds more often."""
    most: float = 3.0
    """Turns that one account may add to a step; 0 for any number."""
    share: float = 0.5
    """How often, at least, a text must have been understood so."""


EVERYONE = Limits()
"""For rewrites that everybody gets."""
PERSONAL = Limits(support=2.0, people=1, most=0.0, margin=0.2)
"""For rewrites that a person gets from their own turns (``Scope.PERSON``)."""


@dataclass(frozen=True, slots=True)
class Rewrite:
    """A request that fails, what to take it for instead, and the evidence."""

    who: str
    """Whose rewrite it is; empty for everybody's."""
    said: str
    becomes: str
    before: str
    """How *said* is understood."""
    after: str
    via: tuple[str, ...]
    """Interpretations on the most probable way from *before* to *after*."""
    turns: int
    """How often *before* was said."""
    support: float
    """Turns of *before* that would have been put right: ``turns * score``."""
    people: int
    """Different people, households and days on the step of the way that has the fewest."""
    households: int
    days: int
    score: float
    """``S(before, after)``: success is reached with *after* as the last request."""
    own_score: float
    """``S(before, before)``."""
    certainty: float
    """Posterior probability that *score* is the larger one."""


_FIELDS = tuple(field.name for field in fields(Rewrite))


def mine(
    aggregates: Aggregates,
    limits: Limits = EVERYONE,
    *,
    risk_of: RiskOf,
    one_voice: Collection[Account] | None = None,
) -> list[Rewrite]:
    """Return the rewrites that the *limits* allow, by person and text.

    A rewrite that another one would rewrite again leads to the end at once; none go in circles.
    The accounts that are *one_voice* count as one person: those that push things together, unless
    it is known already who they are. Where one person is enough, everybody has their own.
    """
    if one_voice is None:
        one_voice = colluders_of(aggregates) if limits.people > 1 else ()
    evidence = _Evidence.read(aggregates, limits, one_voice)
    found = [
        found
        for found in _better(evidence, limits)
        if _allowed(risk_of(evidence.keys[found.before][1]), risk_of(evidence.keys[found.after][1]))
    ]
    return settle(_worded(aggregates, evidence, found, limits, one_voice))


def settle(rewrites: Iterable[Rewrite]) -> list[Rewrite]:
    """Follow rewrites of rewrites to their end, drop those that go in circles, and sort."""
    table = {(rewrite.who, rewrite.said): rewrite for rewrite in rewrites}
    settled = [_followed(rewrite, table) for rewrite in table.values()]
    return sorted((one for one in settled if one), key=lambda one: (one.who, one.said))


def write(rewrites: Iterable[Rewrite], path: Path) -> None:
    """Write a table as JSON lines, in an order and spelling that depend on its content only.

    Raises:
        StorageError: the file can't be written.
    """
    ordered = sorted(rewrites, key=lambda one: (one.who, one.said))
    lines = [
        json.dumps(_plain(rewrite), ensure_ascii=False, separators=(",", ":")) + "\n"
        for rewrite in ordered
    ]
    fresh = path.with_name(f".{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_text("".join(lines), encoding="utf-8", newline="\n")
        fresh.replace(path)
    except OSError as error:
        raise StorageError(f"{path} can't be written: {error.strerror or error}.") from error


def read(path: Path) -> list[Rewrite]:
    """Return a table that :func:`write` has written.

    Raises:
        ArtifactError: it is missing or damaged.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        return [_rewrite_of(json.loads(line)) for line in lines]
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ArtifactError(f"{path} holds no rewrites: {error}") from error


@dataclass(frozen=True, slots=True)
class _Evidence:
    """The chain of all states that somebody came to or left, in canonical order."""

    keys: Sequence[Key]
    chain: Chain
    turns: Numbers
    pairs: Mapping[tuple[int, int], tuple[int, int, int]]
    """People, households and days of each step."""

    @classmethod
    def read(
        cls, aggregates: Aggregates, limits: Limits, one_voice: Collection[Account]
    ) -> "_Evidence":
        pairs = aggregates.pairs(
            people=limits.people,
            households=limits.households,
            days=limits.days,
            most=limits.most,
            one_voice=one_voice,
        )
        before, after = _keys(pairs, "before"), _keys(pairs, "after")
        keys = sorted({*before, *after})
        place = {key: number for number, key in enumerate(keys)}
        sources = _numbers(place[key] for key in before)
        targets = _numbers(place[key] for key in after)
        weights = _column(pairs, "weight")
        turns, defect = _counted(aggregates, keys)
        success = (turns * THOUSANDTHS - defect) * THOUSANDTHS
        leaving = np.zeros(len(keys), dtype=np.int64)
        np.add.at(leaving, sources, weights)
        chain = Chain.of(
            Transitions(sources, targets, weights), success, turns * MILLIONTHS - success - leaving
        )
        known = zip(*(_column(pairs, name).tolist() for name in _COUNTED), strict=True)
        steps = zip(sources.tolist(), targets.tolist(), strict=True)
        return cls(keys, chain, turns, dict(zip(steps, known, strict=True)))

    def way(self, before: int, after: int) -> list[int]:
        """Return the states from one to another: at once where people have done so."""
        direct = (before, after) in self.pairs
        return [before, after] if direct else self.chain.way(before, after)

    def fewest(self, way: Sequence[int]) -> tuple[int, ...]:
        """Return the fewest people, households and days on the steps of a way."""
        steps = [self.pairs[step] for step in pairwise(way)]
        return tuple(min(numbers) for numbers in zip(*steps, strict=True))


_COUNTED = ("people", "households", "days")


def _counted(aggregates: Aggregates, keys: Sequence[Key]) -> tuple[Numbers, Numbers]:
    """Return the turns and defects of *keys*, in their order.

    A person's step may lead to what a guest said next: a state that the person never was in.
    """
    states = aggregates.states(_table(keys))
    known = zip(
        _keys(states, "key"), states["turns"].to_pylist(), states["defect"].to_pylist(), strict=True
    )
    found = {key: (turns, defect) for key, turns, defect in known}
    counts = np.array([found.get(key, (0, 0)) for key in keys], dtype=np.int64).reshape(-1, 2)
    return counts[:, 0], counts[:, 1]


@dataclass(frozen=True, slots=True)
class _Found:
    """A state and its better one, by number."""

    before: int
    after: int
    score: float
    own_score: float
    certainty: float


def _better(evidence: _Evidence, limits: Limits) -> list[_Found]:
    """Return the states for which another is clearly and surely better."""
    chain = evidence.chain
    # S(h0, h*) is at most B - S(h0, h0), and S(h0, h0) at least R: most states need no solving.
    possible = chain.absorption()[:, 0] - 2.0 * chain.success >= limits.margin - 1e-9
    scores = chain.scores(np.flatnonzero(possible & (evidence.turns >= limits.support)))
    turns = evidence.turns[scores.states]
    certainty = _certainty(turns, scores.best_score, scores.own_score)
    good = (
        (scores.best != scores.states)
        & (scores.best_score - scores.own_score >= limits.margin)
        & (turns * scores.best_score >= limits.support)
        & (certainty > limits.certainty)
    )
    columns = (scores.states, scores.best, scores.best_score, scores.own_score, certainty)
    return [_Found(*row) for row in zip(*(one[good].tolist() for one in columns), strict=True)]


def _certainty(turns: Numbers, score: Floats, own_score: Floats) -> Floats:
    """Return the posterior probability that *score* belongs to the larger probability.

    A turn ends in success after the rewrite, in success without another word, or otherwise: under
    a uniform Dirichlet prior the first two divide their sum by a Beta distribution, and the
    question is on which side of one half they do.
    """
    special: Any = import_module("scipy.special")
    return special.betainc(1.0 + turns * own_score, 1.0 + turns * score, 0.5)


def _allowed(before: Risk, after: Risk) -> bool:
    return Risk.GUARDED not in (before, after) and not after.exceeds(before)


def _worded(
    aggregates: Aggregates,
    evidence: _Evidence,
    found: Sequence[_Found],
    limits: Limits,
    one_voice: Collection[Account],
) -> list[Rewrite]:
    """Return a rewrite for each text of the states that were found."""
    keys = evidence.keys
    befores = {keys[one.before] for one in found}
    afters = {keys[one.after] for one in found}
    texts = _texts(aggregates, befores | afters, limits.share)
    best = _best_texts(aggregates, afters, texts, one_voice)
    return [
        rewrite
        for one in found
        if keys[one.after] in best
        for text in texts[keys[one.before]]
        for rewrite in [_rewrite(evidence, one, text, best[keys[one.after]])]
    ]


def _rewrite(evidence: _Evidence, found: _Found, said: str, becomes: str) -> Rewrite:
    way = evidence.way(found.before, found.after)
    people, households, days = evidence.fewest(way)
    (who, before), (_, after) = evidence.keys[found.before], evidence.keys[found.after]
    turns = int(evidence.turns[found.before])
    return Rewrite(
        who=who,
        said=said,
        becomes=becomes,
        before=before,
        after=after,
        via=tuple(evidence.keys[state][1] for state in way[1:-1]),
        turns=turns,
        support=turns * found.score,
        people=people,
        households=households,
        days=days,
        score=found.score,
        own_score=found.own_score,
        certainty=found.certainty,
    )


def _texts(
    aggregates: Aggregates, keys: Collection[Key], share: float
) -> Mapping[Key, Mapping[str, int]]:
    """Return texts that are mostly understood as one of *keys*, with their numbers of turns."""
    texts: defaultdict[Key, dict[str, int]] = defaultdict(dict)
    for row in aggregates.sayings(_table(sorted(keys))).to_pylist() if keys else ():
        # More than half, so that a text has one meaning at most.
        if row["turns"] > max(share, 0.5) * row["all"]:
            texts[row["who"], row["key"]][row["text"]] = row["turns"]
    return texts


def _best_texts(
    aggregates: Aggregates,
    keys: Collection[Key],
    texts: Mapping[Key, Mapping[str, int]],
    one_voice: Collection[Account],
) -> Mapping[Key, str]:
    """Return in what words most people came to each of *keys*.

    People count before turns, so that nobody can choose everybody's words by repetition.
    """
    ranked: defaultdict[Key, list[tuple[int, int, str]]] = defaultdict(list)
    if not keys:
        return {}
    for row in aggregates.rephrasings(_table(sorted(keys)), one_voice=one_voice).to_pylist():
        key, text = (row["who"], row["key"]), row["text"]
        if text in texts.get(key, ()):
            ranked[key].append((-row["people"], -texts[key][text], text))
    return {key: min(choices)[-1] for key, choices in ranked.items()}


def _followed(rewrite: Rewrite, table: Mapping[Key, Rewrite]) -> Rewrite | None:
    """Return *rewrite* with the end of its chain; nothing where there is no end."""
    seen = {rewrite.said}
    while rewrite.becomes not in seen:
        following = table.get((rewrite.who, rewrite.becomes))
        if following is None:
            return rewrite
        seen.add(rewrite.becomes)
        rewrite = _joined(rewrite, following)
    return None


def _joined(first: Rewrite, second: Rewrite) -> Rewrite:
    return replace(
        first,
        becomes=second.becomes,
        after=second.after,
        via=(*first.via, first.after, *second.via),
        people=min(first.people, second.people),
        households=min(first.households, second.households),
        days=min(first.days, second.days),
        certainty=min(first.certainty, second.certainty),
    )


def _plain(rewrite: Rewrite) -> dict[str, object]:
    values = {name: getattr(rewrite, name) for name in _FIELDS}
    return {
        name: round(value, _DIGITS) if isinstance(value, float) else value
        for name, value in values.items()
    }


def _rewrite_of(row: dict[str, Any]) -> Rewrite:
    row["via"] = tuple(row["via"])
    return Rewrite(**row)


def _keys(rows: Rows, name: str) -> list[Key]:
    return list(zip(rows["who"].to_pylist(), rows[name].to_pylist(), strict=True))


def _column(rows: Rows, name: str) -> Numbers:
    return np.asarray(rows[name].to_numpy(), dtype=np.int64)


def _numbers(values: Iterable[int]) -> Numbers:
    return np.fromiter(values, dtype=np.int64)


def _table(keys: Sequence[Key]) -> Rows:
    pa: Any = import_module("pyarrow")
    columns = {"who": [who for who, _ in keys], "key": [key for _, key in keys]}
    return pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})
