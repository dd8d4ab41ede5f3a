"""Errors that are planted among what is live, and how long they last.

The world's truth chooses them: requests that work, put in the place of others that work. Learning
goes on as usual, and knows nothing of them.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from gnothi.core.risk import Risk
from gnothi.language.likeness import blocks_between
from gnothi.language.phrases import Phrase
from gnothi.language.rewrites import Rewrite
from gnothi.text.tokenise import request_key
from gnothi_lab.learning_loop.fleet import Fleet
from gnothi_lab.learning_loop.tally import Row, Tally, requests
from gnothi_lab.worlds.households import Week

KINDS = ("request", "half right", "personal", "phrase")
"""A request that works, for everybody; one that half of those who say it mean so; a request of one
person; a phrase of requests that do not work."""
_OFTEN = 2.0
"""Times a week that a request is made, to be chosen."""
_OWN = 1.0
"""The same, of one person."""
_WORKS = 0.9
"""Share of success from which a request works."""
_CLAIMED = 0.2
"""Share of success that the planted evidence claims for the words as they are."""
_MANY = 20
"""People that the planted evidence claims for a phrase."""


@dataclass(slots=True)
class Error:
    """A planted error and what became of it."""

    kind: str
    planted: Rewrite | Phrase
    weeks: int | None = None
    """Nights of learning, one a week, until nobody was served it any more."""
    used: int = 0
    """Requests in which it took part."""
    wrong: int = 0
    """... and that became what nobody wanted."""
    losses: int = 0
    """... although they would have succeeded."""

    def took_part(self, row: Row) -> bool:
        """Whether it did in a request."""
        if row.understood is None:
            return False
        heard = request_key(row.text)
        if isinstance(self.planted, Rewrite):
            person = self.planted.person in {None, row.person}
            return person and (heard, row.understood) == (self.planted.source, self.planted.target)
        known = heard.split(), request_key(row.understood).split()
        blocks = blocks_between(*map(tuple, known))
        return (self.planted.before, self.planted.after) in blocks

    def is_served(self, fleet: Fleet) -> bool:
        """Whether anybody is served it."""
        one = self.planted
        for table, phrases in fleet.tables():
            if isinstance(one, Phrase):
                wanted = (one.person, one.before, one.after)
                if any((p.person, p.before, p.after) == wanted for p in phrases):
                    return True
            elif any((r.id, r.target) == (one.id, one.target) for r in table):
                return True
        return False


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A rewrite that was learned, and taken back because it seemed to fail."""

    right: int
    """Requests in which it was right, by the truth."""
    wrong: int
    right_alone: int
    """Requests that would have been right without it."""

    @property
    def was_good(self) -> bool:
        """Whether it was right more often than not, and than its words."""
        return self.right > max(self.wrong, self.right_alone)


@dataclass(slots=True)
class Planted:
    """What came of planting."""

    errors: list[Error] = field(default_factory=list[Error])
    withdrawn: list[Withdrawn] = field(default_factory=list[Withdrawn])
    """What had been learned, and was taken back meanwhile."""
    weeks: list[Tally] = field(default_factory=list[Tally])
    """All requests of the weeks since, errors included."""


def plant(fleet: Fleet, lived: Sequence[Week], number: int, rng: Random) -> list[Error]:
    """Plant up to *number* errors of each kind, chosen by the truth of the weeks *lived*."""
    chosen = _Choice(fleet, lived, rng)
    errors = [
        Error(kind, one)
        for kind in KINDS
        for one in chosen.some(getattr(chosen, kind.replace(" ", "_")), number)
    ]
    rewrites = [one.planted for one in errors if isinstance(one.planted, Rewrite)]
    phrases = [one.planted for one in errors if isinstance(one.planted, Phrase)]
    fleet.plant(rewrites, phrases)
    return errors


def outlive(fleet: Fleet, errors: Sequence[Error], weeks: Iterable[int]) -> Planted:
    """Live through *weeks*, learn from each, and note what becomes of *errors*."""
    found = Planted(list(errors))
    rewrites = [one.planted for one in errors if isinstance(one.planted, Rewrite)]
    planted = {(one.id, one.target) for one in rewrites}
    lived: list[Row] = []
    for night, number in enumerate(weeks, 1):
        week = fleet.live(number)
        found.weeks.append(Tally.of(week))
        rows = [row for row in requests(week) if row.understood is not None]
        lived += rows
        for error in errors:
            _count(error, rows)
        for use in fleet.learn(week).withdrawn:
            if (use.rewrite.id, use.rewrite.target) not in planted:
                found.withdrawn.append(_record(use.rewrite, lived))
        for error in errors:
            if error.weeks is None and not error.is_served(fleet):
                error.weeks = night
    return found


def _count(error: Error, rows: Iterable[Row]) -> None:
    for row in rows:
        if error.took_part(row):
            error.used += 1
            error.wrong += not row.right
            error.losses += row.right_alone and not row.right


def _record(rewrite: Rewrite, rows: Iterable[Row]) -> Withdrawn:
    error = Error("", rewrite)
    mine = [row for row in rows if error.took_part(row)]
    right = sum(row.right for row in mine)
    return Withdrawn(right, len(mine) - right, sum(row.right_alone for row in mine))


class _Choice:
    """Chooses what to plant."""

    def __init__(self, fleet: Fleet, lived: Sequence[Week], rng: Random) -> None:
        self._fleet, self._rng, self._weeks = fleet, rng, len(lived)
        self._last = lived[-1]
        self._number = lived[-1].number
        self._taken: set[str] = set()
        self._meant: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._right: Counter[str] = Counter()
        self._own: defaultdict[tuple[str, str], Counter[bool]] = defaultdict(Counter)
        for row in (row for week in lived for row in requests(week)):
            key = request_key(row.text)
            self._meant[key][row.meant] += 1
            self._right[key] += row.right_alone
            if row.person:
                self._own[row.person, key][row.right_alone] += 1

    def some(
        self, kind: Callable[[], Iterator[Rewrite | Phrase]], number: int
    ) -> list[Rewrite | Phrase]:
        """Return up to *number* of a *kind*, no words twice."""
        found: list[Rewrite | Phrase] = []
        for one in kind():
            words = one.source if isinstance(one, Rewrite) else one.before
            if words in self._taken:
                continue
            self._taken.add(words)
            found.append(one)
            if len(found) == number:
                break
        return found

    def request(self) -> Iterator[Rewrite]:
        """Yield everybody's requests that work, each as another one that works."""
        working = self._working()
        texts = self._shuffled(working)
        for source in texts:
            target = self._other(source, texts, working)
            if target:
                yield self._rewrite(source, target, None)

    def half_right(self) -> Iterator[Rewrite]:
        """Yield requests with two meanings, each as the words for the rarer one."""
        for source in self._shuffled(self._meant):
            counts = self._meant[source]
            turns = counts.total()
            if turns < _OFTEN * self._weeks or not 0.5 <= self._right[source] / turns < _WORKS:
                continue
            usual = self._fleet.world.understood(source, self._number)
            rarer = next((key for key, _ in counts.most_common() if key != usual), "")
            words = self._fleet.world.words_for(rarer, self._number) if rarer else None
            if words and counts[rarer] >= 0.1 * turns:
                yield self._rewrite(source, words, None)

    def personal(self) -> Iterator[Rewrite]:
        """Yield requests of a person that work, each as another one of theirs that works."""
        working: defaultdict[str, dict[str, str]] = defaultdict(dict)
        for (person, key), told in self._own.items():
            often = told.total() >= _OWN * self._weeks
            if often and told[True] >= _WORKS * told.total():
                working[person][key] = self._meant[key].most_common(1)[0][0]
        for person in self._shuffled(working):
            texts = self._shuffled(working[person])
            for source in texts[:1]:
                target = self._other(source, texts, working[person])
                if target:
                    yield self._rewrite(source, target, person)

    def phrase(self) -> Iterator[Phrase]:
        """Yield phrases that help, each with another one's words instead."""
        helped = list(self._helped())
        self._rng.shuffle(helped)
        afters = self._shuffled(dict.fromkeys(str(one.evidence["means"]) for _, one in helped))
        for row, one in helped:
            before, right = str(one.evidence["phrase"]), str(one.evidence["means"])
            for after in afters[:50]:
                if after not in {"", right} and self._misleads(row, before, after):
                    yield Phrase(before, after, None, _MANY, _MANY)
                    break

    def _helped(self) -> Iterator[tuple[Row, Rewrite]]:
        """Yield requests of the last week that a phrase puts right, with what it makes of them."""
        world = self._fleet.world
        for row in requests(self._last):
            if row.right_alone:
                continue
            found = self._fleet.look_up(row.person, row.household, row.text)
            if not found or "phrase" not in found.evidence:
                continue
            if world.understood(found.target, self._number) == row.meant:
                yield row, found

    def _misleads(self, row: Row, before: str, after: str) -> bool:
        """Whether *after* makes something of a request that the home can do, and nobody meant."""
        words = f" {request_key(row.text)} ".replace(f" {before} ", f" {after} ").strip()
        found, done = self._fleet.world.reading(row.household, words, self._number)
        wrong = self._fleet.world.understood(words, self._number) != row.meant
        return done and wrong and found.intent is not None and found.intent.risk != "guarded"

    def _working(self) -> dict[str, str]:
        """Return everybody's requests that work, with what is meant by them."""
        return {
            key: counts.most_common(1)[0][0]
            for key, counts in self._meant.items()
            if counts.total() >= _OFTEN * self._weeks
            and self._right[key] >= _WORKS * counts.total()
        }

    def _other(self, source: str, texts: Sequence[str], meant: Mapping[str, str]) -> str | None:
        """Return another of *texts* that means something else, of the same class of risk."""
        risk = self._risk(meant[source])
        if risk is Risk.GUARDED:
            return None
        place = self._rng.randrange(len(texts))
        for one in (*texts[place:], *texts[:place]):
            if meant[one] != meant[source] and self._risk(meant[one]) is risk:
                return one
        return None

    def _risk(self, meant: str) -> Risk:
        return self._fleet.risk_of(meant.split("|")[1] if "|" in meant else meant)

    def _rewrite(self, source: str, target: str, person: str | None) -> Rewrite:
        risk = self._risk(self._meant[source].most_common(1)[0][0])
        return Rewrite(source, target, person, risk, {"own_score": _CLAIMED})

    def _shuffled(self, some: Iterable[str]) -> list[str]:
        texts = sorted(some)
        self._rng.shuffle(texts)
        return texts
