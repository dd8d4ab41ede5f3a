"""Language models of words and classes: which word follows which.

A class (``[device]``) stands for every name of its kind, so that a sentence about one lamp says
something about all lamps, and a home's names cost nothing but a list (Brown et al. 1992). The
estimate is interpolated Kneser-Ney of order three (Kneser and Ney 1995; Chen and Goodman 1999):
with discount d, p(w|h) = max(c(hw) - d, 0) / c(h) + d N(h) / c(h) p(w|h'), where N(h) is how many
different words follow h, and lower orders count in how many contexts a word was seen rather than
how often.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

BEGIN, END = "<s>", "</s>"
ORDER = 3
Gram = tuple[str, ...]
Counts = Mapping[Gram, float]
"""How often each gram of ``ORDER`` symbols was seen; sentences begin with two ``BEGIN``."""

_DISCOUNTS = (0.5, 0.7, 0.75)
"""Of words, pairs and triples."""
_LEAST, _NEVER = 1e-7, 1e-30


def count(sentences: Iterable[tuple[Sequence[str], float]]) -> dict[Gram, float]:
    """Return how often grams occur in weighted *sentences* of symbols."""
    found: defaultdict[Gram, float] = defaultdict(float)
    for symbols, weight in sentences:
        framed = (BEGIN,) * (ORDER - 1) + tuple(symbols) + (END,)
        for at in range(len(framed) - ORDER + 1):
            found[framed[at : at + ORDER]] += weight
    return dict(found)


@dataclass(frozen=True, slots=True)
class Ngrams:
    """Probabilities of symbols after others, and what is left for those that never followed."""

    chances: tuple[Mapping[Gram, float], ...]
    """For each order from one: gram to the probability of its last symbol."""
    left: tuple[Mapping[Gram, float], ...]
    """For each order from one, but the last: the share of a context that goes to shorter ones."""

    def chance(self, symbol: str, context: Gram) -> float:
        """Return how probable *symbol* is after *context*, of which the end is used."""
        context = context[-(ORDER - 1) :]
        gram = (*context, symbol)
        if gram in self.chances[len(context)]:
            return self.chances[len(context)][gram]
        if not context:
            return _LEAST
        return self.left[len(context) - 1].get(context, 1.0) * self.chance(symbol, context[1:])

    @property
    def symbols(self) -> frozenset[str]:
        """Everything that may be said."""
        return frozenset(gram[0] for gram in self.chances[0]) - {BEGIN, END}

    def write_arpa(self, path: Path) -> None:
        """Write the model in the format of ARPA, which recognisers read."""
        lines = ["", "\\data\\"]
        lines += [f"ngram {n}={len(grams)}" for n, grams in enumerate(self.chances, 1)]
        for order, grams in enumerate(self.chances, 1):
            lines += ["", f"\\{order}-grams:"]
            for gram, chance in sorted(grams.items()):
                told = f"{_log(chance):.4f} {' '.join(gram)}"
                if order < ORDER:
                    told += f" {_log(self.left[order - 1].get(gram, 1.0)):.4f}"
                lines.append(told)
        path.write_text("\n".join([*lines, "", "\\end\\", ""]), encoding="ascii")


def estimate(counts: Counts, *, more: Iterable[str] = ()) -> Ngrams:
    """Return the model of *counts*; symbols in *more* are possible though they were never seen."""
    chances: list[dict[Gram, float]] = []
    left: list[dict[Gram, float]] = []
    for discount, level in zip(_DISCOUNTS, _levels(counts), strict=True):
        totals: defaultdict[Gram, float] = defaultdict(float)
        taken: defaultdict[Gram, float] = defaultdict(float)
        for gram, seen in level.items():
            totals[gram[:-1]] += seen
            taken[gram[:-1]] += discount * min(1.0, seen)
        rest = {context: taken[context] / total for context, total in totals.items()}
        shares = {
            gram: (seen - discount * min(1.0, seen)) / totals[gram[:-1]]
            for gram, seen in level.items()
        }
        if not chances:
            known = {gram[-1] for gram in level} | set(more) | {END}
            even = rest[()] / len(known)
            chances.append({(one,): shares.get((one,), 0.0) + even for one in known})
            continue
        lower = chances[-1]
        chances.append(
            {gram: share + rest[gram[:-1]] * lower[gram[1:]] for gram, share in shares.items()}
        )
        left.append(rest)
    chances[0][(BEGIN,)] = _NEVER
    return Ngrams(tuple(chances), tuple(left))


def _levels(counts: Counts) -> list[dict[Gram, float]]:
    """Return the counts of each order: how often at the highest, in how many contexts below.

    Before the first word of a sentence stands nothing, so that its pair counts as often as it is.
    """
    pairs: defaultdict[Gram, float] = defaultdict(float)
    words: defaultdict[Gram, float] = defaultdict(float)
    for gram, seen in counts.items():
        pairs[gram[1:]] += seen if gram[0] == gram[1] == BEGIN else min(1.0, seen)
    for gram, seen in pairs.items():
        words[gram[1:]] += min(1.0, seen)
    triples = {gram: seen for gram, seen in counts.items() if not gram[0] == gram[1] == BEGIN}
    return [dict(words), dict(pairs), triples]


def _log(chance: float) -> float:
    return max(-99.0, math.log10(max(chance, 1e-99)))
