"""Words that are not understood, put in other words phrase by phrase.

An exact rewrite helps who says the very same again. Most failing requests are new as a whole, but
not in their parts: whoever says "pump the radio" next may have said "pump the volume" before, and
"raise the volume" after that. A *phrase* is such a part with what took its place, of one person or
of everybody. Applied to a request that was not understood they give variants; a variant counts
only if it is understood, and the home can do it.

How far a phrase is trusted is a posterior mean: everybody's share of those who, having said it in
vain, meant this by it; for a person with an own history, that share is the prior.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple, Self, TypeAlias

from gnothi.core.errors import ArtifactError
from gnothi.core.risk import Risk
from gnothi.language.rewrites import Rewrite
from gnothi.text.tokenise import request_key

FILE = "phrases.json"
LONGEST = 5
"""Words of a phrase."""
_WORDS = 25
"""Words of a request; nobody repairs a speech."""
_DEPTH = 2
"""Phrases of one request that may be replaced."""
_WIDTH = 16
"""Variants of a request that are looked at closely."""
_LEAST = 0.1
"""Trust below which a variant is not looked at, as a share of the threshold."""
_PRIOR = 1.0
"""Own turns that everybody's opinion is worth."""


class Reading(NamedTuple):
    """What a home would do with some words."""

    interpretation: str
    risk: Risk
    score: float = 1.0
    """How sure the understanding of it is."""


Reads: TypeAlias = Callable[[str], Reading | None]
"""Tells what words are taken for; ``None`` where nothing is understood, or can be done."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """What is meant by words that are not understood."""

    before: str
    after: str
    """May be empty: words that stand in the way."""
    person: str | None
    """Whose phrase it is; ``None`` for everybody's."""
    times: int
    """How often it was meant so; everybody's are counted by people."""
    of: int
    """How often *before* was said in vain before another request worked."""


@dataclass(frozen=True, slots=True)
class Variant:
    """Other words for a request."""

    text: str
    trust: float
    phrase: Phrase
    """The last one that was replaced."""


class Phrases:
    """All phrases of a table, by whose they are."""

    def __init__(
        self, phrases: Iterable[Phrase] = (), *, threshold: float = 0.2, most: int | None = None
    ) -> None:
        """Index *phrases*; below a trust of *threshold* nothing is rewritten.

        Understanding is asked about the *most* trusted variants of a request, or about all.
        """
        self.threshold, self.most = threshold, most
        self._known: defaultdict[tuple[str | None, str], dict[str, Phrase]] = defaultdict(dict)
        for one in phrases:
            self._known[one.person, one.before][one.after] = one

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read the phrases in *folder*; none where there is no such file.

        Raises:
            ArtifactError: the file is damaged.
        """
        path = folder / FILE
        if not path.exists():
            return cls()
        try:
            content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            rows = [Phrase(*row) for row in content["phrases"]]
            most = content.get("most")
            return cls(rows, threshold=float(content["threshold"]), most=most and int(most))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ArtifactError(f"{folder} holds no phrases: {error}") from error

    def without(self, unwanted: Callable[[Phrase], bool]) -> "Phrases":
        """Return the same without those that are *unwanted*."""
        kept = (one for one in self if not unwanted(one))
        return Phrases(kept, threshold=self.threshold, most=self.most)

    def dump(self) -> bytes:
        """Return the artifact's file: the same bytes for the same phrases, in whatever order."""
        rows = [
            json.dumps([one.before, one.after, one.person, one.times, one.of], ensure_ascii=False)
            for one in sorted(self, key=lambda one: (one.person or "", one.before, one.after))
        ]
        body = ",\n".join(rows)
        most = "" if self.most is None else f'"most": {self.most}, '
        return f'{{"threshold": {self.threshold}, {most}"phrases": [\n{body}\n]}}\n'.encode()

    def look_up(
        self, text: str, person: str | None, reads: Reads, *, risk: Risk = Risk.REVERSIBLE
    ) -> Rewrite | None:
        """Return other words for *text*, which was not understood; ``None`` if none are sure.

        Variants of one meaning count together; the best must be ahead of the next by the threshold.
        Nothing leads to a class of risk above *risk*, that of what *text* was taken for, or to
        anything guarded; and from what is guarded nothing leads anywhere.
        """
        if risk is Risk.GUARDED:
            return None
        best = self._meanings(text, person, reads)
        if not best:
            return None
        (chosen, reading), *others = sorted(
            best.values(), key=lambda one: (-one[0].trust, one[0].text)
        )
        lead = chosen.trust - (others[0][0].trust if others else 0.0)
        if lead < self.threshold or reading.risk is Risk.GUARDED or reading.risk.exceeds(risk):
            return None
        return _rewrite(text, person, chosen, reading)

    def variants(self, text: str, person: str | None) -> list[Variant]:
        """Return *text* with one phrase replaced, the most trusted first."""
        words = text.split()
        best: dict[str, Variant] = {}
        for first in range(len(words)):
            for last in range(first + 1, min(len(words), first + LONGEST) + 1):
                for phrase, trust in self._meant(" ".join(words[first:last]), person):
                    other = " ".join([*words[:first], *phrase.after.split(), *words[last:]])
                    if other and (other not in best or trust > best[other].trust):
                        best[other] = Variant(other, trust, phrase)
        return sorted(best.values(), key=lambda one: (-one.trust, one.text))

    def __iter__(self) -> Iterator[Phrase]:
        return (one for known in self._known.values() for one in known.values())

    def __len__(self) -> int:
        return sum(map(len, self._known.values()))

    def _meanings(
        self, text: str, person: str | None, reads: Reads
    ) -> Mapping[str, tuple[Variant, Reading]]:
        """Return the best variant of each meaning, of the fewest phrases that lead to any."""
        key = request_key(text)
        if not 0 < key.count(" ") + 1 <= _WORDS:
            return {}
        seen, last = {key}, [(key, 1.0)]
        for _ in range(_DEPTH):
            found: dict[str, tuple[Variant, Reading]] = {}
            following: list[tuple[str, float]] = []
            for words, trust in last:
                for one in self.variants(words, person)[:_WIDTH]:
                    together = trust * one.trust
                    if one.text in seen or together < self.threshold * _LEAST:
                        continue
                    if self.most is not None and len(seen) > self.most:
                        return found
                    seen.add(one.text)
                    if reading := reads(one.text):
                        variant = replace(one, trust=together * reading.score)
                        _add(found, variant, reading)
                    else:
                        following.append((one.text, together))
            if found:
                return found
            last = sorted(following, key=lambda one: (-one[1], one[0]))[:_WIDTH]
        return {}

    def _meant(self, before: str, person: str | None) -> Iterator[tuple[Phrase, float]]:
        """Yield what *before* may mean here, with the trust in it."""
        known = self._known.get((None, before), {})
        own = self._known.get((person, before), {}) if person else {}
        said = max((one.of for one in own.values()), default=0)
        for after in {*known, *own}:
            common, one = known.get(after), own.get(after)
            share = common.times / (common.of + 1.0) if common else 0.0
            times = one.times if one else 0
            trust = (times + _PRIOR * share) / (said + _PRIOR)
            phrase = one or common
            if phrase is not None and trust > 0.0:
                yield phrase, trust


def _add(found: dict[str, tuple[Variant, Reading]], variant: Variant, reading: Reading) -> None:
    """Add *variant* to those of its meaning: many words for one thing are trusted together."""
    known = found.get(reading.interpretation)
    if known is None:
        found[reading.interpretation] = variant, reading
        return
    best, its_reading = known
    chosen, its_reading = (variant, reading) if variant.trust > best.trust else (best, its_reading)
    total = min(1.0, best.trust + variant.trust)
    found[reading.interpretation] = replace(chosen, trust=total), its_reading


def _rewrite(text: str, person: str | None, chosen: Variant, reading: Reading) -> Rewrite:
    phrase = chosen.phrase
    return Rewrite(
        source=request_key(text),
        target=chosen.text,
        person=person,
        risk=reading.risk,
        evidence={
            "phrase": phrase.before,
            "means": phrase.after,
            "whose": "own" if phrase.person else "all",
            "times": phrase.times,
            "of": phrase.of,
            "after": reading.interpretation,
            "certainty": round(chosen.trust, 3),
        },
    )


NO_PHRASES = Phrases()
