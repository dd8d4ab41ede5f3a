"""What the assistant believes somebody would like: a chance for every item of a catalogue.

A belief is the logarithm of a prior and that of what all answers said, two vectors. It is never
changed: an answer makes a new one, and going back means taking the old one again, to the last bit.

Questions are judged by a *jury*: all items, or, in a large catalogue, some thousands that stand
for the rest, drawn at equal steps of their chance (systematic sampling: Kitagawa 1996). Whatever
holds more than one step of the chance is always in it; the standard
error of an attribute's chance is below 0.8 percentage points at 4,096 steps.
"""

from dataclasses import dataclass, field, replace
from functools import cached_property
from importlib import import_module
from typing import Any

import numpy as np

from gnothi.recommend.acts import Answer, Ask, Prompt
from gnothi.recommend.catalogue import Catalogue, Numbers, gather, starts_of
from gnothi.recommend.likeness import Likeness
from gnothi.recommend.noise import Floats, Noise, Singles

JURY = 4_096
_SHORTLIST = 16
_LEAST = np.float32(1e-12)


@dataclass(frozen=True, eq=False)
class Jury:
    """Items that stand for all, with the chance that each stands for."""

    items: Numbers
    weights: Singles
    facts: Any
    """Their rows of the catalogue's matrix."""
    norms: Singles

    def mass(self, values: Any) -> Floats:  # noqa: ANN401 - a matrix of scipy
        """Return the chance of each column of *values*, whose rows are the jury's."""
        return np.asarray(values.T @ self.weights, np.float64)


@dataclass(frozen=True, eq=False)
class Belief:
    """A chance for every item."""

    catalogue: Catalogue
    likeness: Likeness
    noise: Noise
    prior: Singles
    """Logarithms."""
    evidence: Singles
    """What answers said so far, as logarithms of likelihoods."""
    jurors: int = field(default=JURY)
    """How many items judge questions."""

    @classmethod
    def begin(
        cls,
        likeness: Likeness,
        prior: Singles,
        noise: Noise | None = None,
        *,
        jurors: int = JURY,
    ) -> "Belief":
        """Believe in *prior*, chances of all items; none becomes impossible."""
        logs = np.log(np.maximum(prior, _LEAST))
        blank = np.zeros(len(prior), np.float32)
        return cls(likeness.catalogue, likeness, noise or Noise(), logs, blank, jurors)

    def among(self, prior: Singles) -> "Belief":
        """Keep what was answered, and start from another *prior*: other people are there."""
        return replace(self, prior=np.log(np.maximum(prior, _LEAST)))

    def after(self, prompt: Prompt | None, answer: Answer) -> "Belief":
        """Believe what *answer*, given to *prompt*, tells; the same belief if it tells nothing."""
        told = _Update(self, prompt, answer).told()
        return self if told is None else replace(self, evidence=told)

    @cached_property
    def chances(self) -> Floats:
        """The chance of each item; sums to 1."""
        chances = np.exp(self._logs - self._peak).astype(np.float64)
        chances /= chances.sum()
        return chances

    @cached_property
    def entropy(self) -> float:
        """How much is open, in nats."""
        logs = self._logs
        # H = log Z - sum p log w: no logarithm of a million chances.
        total = float(np.exp(logs - self._peak).sum(dtype=np.float64))
        mean = float(self.chances @ (logs - self._peak))
        return max(0.0, float(np.log(total)) - mean)

    def best(self, count: int = _SHORTLIST) -> Numbers:
        """Return the likeliest items, best first."""
        count = min(count, len(self.catalogue))
        logs = self._logs
        found = np.argpartition(logs, len(logs) - count)[-count:]
        return found[np.lexsort((found, -logs[found]))].astype(np.int32)

    @cached_property
    def jury(self) -> Jury:
        """Items that judge questions."""
        catalogue, norms = self.catalogue, self.likeness.norms
        if len(catalogue) <= self.jurors:
            everybody = np.arange(len(catalogue), dtype=np.int32)
            return Jury(everybody, self.chances.astype(np.float32), catalogue.matrix, norms)
        items, weights = _drawn(self.chances, self.jurors)
        return Jury(items, weights, rows(catalogue, items), norms[items])

    @cached_property
    def values(self) -> Floats:
        """The chance of each attribute: that what they would like has it."""
        return np.clip(self.jury.mass(self.jury.facts), 0.0, 1.0)

    def success(self, items: Numbers) -> Floats:
        """Return the chance that each of *items* would be liked."""
        return self.jury.mass(self.noise.likes(self.alike(items)))

    def alike(self, items: Numbers) -> Singles:
        """Return the likeness of the jury to *items*: ``(jury, items)``."""
        alike = self.likeness.between(self.jury.facts, self.jury.norms, items)
        places = np.searchsorted(self.jury.items, items)
        for column, (place, item) in enumerate(zip(places.tolist(), items.tolist(), strict=True)):
            if place < len(self.jury.items) and self.jury.items[place] == item:
                alike[place, column] = 1.0
        return alike

    @property
    def _logs(self) -> Singles:
        return self.prior + self.evidence

    @cached_property
    def _peak(self) -> np.float32:
        return np.float32(self._logs.max())


def rows(catalogue: Catalogue, items: Numbers) -> Any:  # noqa: ANN401 - scipy has no types
    """Return the rows of the catalogue's matrix that belong to *items*."""
    members = gather(catalogue.starts, catalogue.members, items)
    starts = starts_of(catalogue.starts[items + 1] - catalogue.starts[items])
    ones = np.ones(len(members), np.float32)
    shape = (len(items), len(catalogue.attributes))
    return import_module("scipy.sparse").csr_array((ones, members, starts), shape)


def _drawn(chances: Floats, count: int) -> tuple[Numbers, Singles]:
    """Draw *count* items at equal steps of their chance; each once, with its share of draws."""
    reached = np.cumsum(chances)
    points = (np.arange(count) + 0.5) * (reached[-1] / count)
    drawn = np.asarray(np.searchsorted(reached, points), np.int64)
    first = np.flatnonzero(np.diff(drawn, prepend=-1))
    times = np.diff(first, append=count)
    return drawn[first].astype(np.int32), (times / count).astype(np.float32)


class _Update:
    """What one answer adds to the evidence, piece by piece."""

    def __init__(self, belief: Belief, prompt: Prompt | None, answer: Answer) -> None:
        self._belief = belief
        self._noise = belief.noise
        self._prompt = prompt or Prompt(Ask.OPEN)
        self._answer = answer
        self._sure = float(np.clip(answer.sureness, 0.0, 1.0))
        self._evidence: Singles | None = None

    def told(self) -> Singles | None:
        """Return the evidence after the answer, ``None`` when it says nothing."""
        if self._sure == 0:
            return None
        self._of_prompted()
        self._of_mentioned()
        answer, likeness = self._answer, self._belief.likeness
        for item in answer.items:
            self._add_everywhere(self._noise.on_name(likeness.to(item), item))
        for item in answer.similar:
            told = self._noise.on_name(likeness.to(item), item, is_wanted=False)
            self._add_everywhere(told)
        return self._evidence

    def _of_prompted(self) -> None:
        """Take what was said of the prompt itself."""
        prompt, degree = self._prompt, self._answer.degree
        chosen = chosen_of(prompt, self._answer)
        if len(prompt.values) == 2:
            self._of_two(prompt.values, chosen, degree)
        elif len(prompt.values) == 1 and (degree or chosen is not None):
            value = prompt.values[0]
            settled = value in self._answer.dislikes
            agreed = max(degree or 0.0, 1.0) if chosen is not None else degree or 0.0
            if not settled:
                self._add(value, self._noise.on_value(agreed))
        elif prompt.item is not None and degree:
            alike = self._belief.likeness.to(prompt.item)
            self._add_everywhere(self._noise.on_sample(alike, degree))

    def _of_two(self, values: tuple[int, ...], chosen: int | None, degree: float | None) -> None:
        if set(values) <= set(self._answer.likes):
            degree = max(degree or 0.0, 1.0)
        if chosen is not None:
            self._choose(values, values.index(chosen), 1.0)
        elif set(values) & set(self._answer.dislikes):
            return  # a no to part: what it is about was named
        elif degree is not None and degree < 0:
            self._choose(values, 2, -degree)
        elif degree:  # a yes to both
            for value in values:
                self._add(value, self._noise.on_value(degree) / 2)

    def _choose(self, values: tuple[int, ...], outcome: int, strength: float) -> None:
        _, first, second, both = (strength * self._noise.on_choice(outcome)).tolist()
        one, other = (self._belief.catalogue.items_with(value) for value in values)
        self._add_to(one, first)
        self._add_to(other, second)
        self._add_to(_shared(one, other, len(self._belief.catalogue)), both - first - second)

    def _of_mentioned(self) -> None:
        """Take values that were said beyond the question."""
        answer = self._answer
        chosen = () if answer.chosen is None else (answer.chosen,)
        for value in dict.fromkeys((*answer.likes, *chosen)):
            if value not in self._prompt.values:
                self._add(value, float(np.log(self._noise.mention)))
        for value in dict.fromkeys(answer.dislikes):
            self._add(value, -float(np.log(self._noise.aversion)))

    def _add(self, value: int, lift: float) -> None:
        """Make items with a *value* likelier by *lift*, a log ratio.

        What is wanted counts as far as it is typical of an item; what is not wanted, in full.
        """
        items = self._belief.catalogue.items_with(value)
        if lift <= 0:
            self._add_to(items, lift)
            return
        degree = self._belief.likeness.typicality.degree(value, self._noise.typical)
        self._add_to(items, np.log1p(degree * np.expm1(lift)))

    def _add_to(self, items: Numbers, lifts: float | Singles) -> None:
        self._own()[items] += np.asarray(self._sure * lifts, np.float32)

    def _add_everywhere(self, lifts: Singles) -> None:
        own = self._own()
        own += np.float32(self._sure) * lifts

    def _own(self) -> Singles:
        if self._evidence is None:
            self._evidence = self._belief.evidence.copy()
        return self._evidence


def chosen_of(prompt: Prompt, answer: Answer) -> int | None:
    """Return which value of a prompt was taken: chosen, or asked for by name; else ``None``."""
    named = [value for value in prompt.values if value in (answer.chosen, *answer.likes)]
    return named[0] if len(named) == 1 else None


def _shared(one: Numbers, other: Numbers, size: int) -> Numbers:
    has = np.zeros(size, np.bool_)
    has[one] = True
    return other[has[other]]
