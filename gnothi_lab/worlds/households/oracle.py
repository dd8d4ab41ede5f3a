"""The ceiling: what rewriting could correct if the truth were known."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gnothi_lab.worlds.households.world import Week, World

Place = tuple[str | None, str]
"""(person, text); nobody in particular for the rewrites that serve everybody."""


@dataclass(frozen=True, slots=True)
class Oracle:
    """Rewrites chosen with the truth at hand; call it as a policy."""

    table: Mapping[Place, str | None]
    """``None``: this person means what the words say, whatever others mean by them."""

    def __call__(self, person: str | None, household: str, text: str) -> str | None:
        """Return the best other words for *text*: the person's own, then everybody's."""
        del household
        if person is not None and (person, text) in self.table:
            return self.table[person, text]
        return self.table.get((None, text))

    def only(self, *, personal: bool) -> "Oracle":
        """Return the *personal* rewrites alone, or those for everybody alone."""
        return Oracle({p: t for p, t in self.table.items() if (p[0] is not None) == personal})


def oracle(
    world: World, week: int, *, past: Iterable[Week] | None = None, support: int = 1
) -> Oracle:
    """Return the best rewrites for *week*.

    Without *past*, they are chosen in hindsight of the same week, lived without rewrites:
    nothing that puts one text in the place of another corrects more of it. With *past*, they
    are chosen from the truth about those weeks, lived without rewrites: what a learner could
    reach that judges every turn without fail. A rewrite gains at least *support* turns there.
    Targets that are guarded are left out.
    """
    lived = [world.play(week, staged=False)] if past is None else list(past)
    counts: dict[Place, Counter[str]] = defaultdict(Counter)
    for one in lived:
        _count(one, counts)
    chooser = _Chooser(world, week, support)
    table: dict[Place, str | None] = {}
    for place, meant in counts.items():
        person, text = place
        target = chooser.best(text, meant)
        if target or (person is not None and chooser.kept(text, meant)):
            table[place] = target
    return Oracle(table)


def _count(week: Week, counts: dict[Place, Counter[str]]) -> None:
    """Count what was meant by each text, by each person and by all."""
    truth = week.truth.to_pydict()
    people, texts = week.log["person"].to_pylist(), week.log["text"].to_pylist()
    rows = zip(people, texts, truth["meant"], truth["control"], truth["staged"], strict=True)
    for person, text, meant, control, staged in rows:
        if control or staged:
            continue
        counts[None, text][meant] += 1
        if person is not None:
            counts[person, text][meant] += 1


class _Chooser:
    """Finds the words that serve most of those who said a text."""

    def __init__(self, world: World, week: int, support: int) -> None:
        self._world, self._week, self._support = world, week, support
        self._words: dict[str, str | None] = {}

    def best(self, text: str, meant: Counter[str]) -> str | None:
        """Return other words for *text* if they serve more than *text* itself does."""
        kept = self.kept(text, meant)
        for key, count in sorted(meant.items(), key=lambda row: (-row[1], row[0])):
            if count < kept + self._support:
                return None
            if words := self._for(key):
                return words
        return None

    def kept(self, text: str, meant: Counter[str]) -> int:
        """Return how often *text* as it stands was right."""
        return meant[self._world.understood(text, self._week)]

    def _for(self, key: str) -> str | None:
        if key not in self._words:
            self._words[key] = self._world.words_for(key, self._week)
        return self._words[key]
