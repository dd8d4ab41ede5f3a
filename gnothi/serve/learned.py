"""What was learned, as the page and the command line tell it: entries, figures, sentences, a week.

Everything here is read: the registry, the chronicle, and the survey that the last round left.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from gnothi.core.acting import Act
from gnothi.core.plain import Json, plain
from gnothi.language.rewrites import NAME, Rewrite, RewriteTable
from gnothi.learning.chronicle import Event, Fate
from gnothi.learning.outcomes import FAILED
from gnothi.learning.survey import DAYS, REPEATED, Failing, Survey, Tally, Week
from gnothi.learning.turns import THOUSANDTHS
from gnothi.learning.verdicts import Verdict
from gnothi.registry.registry import Registry
from gnothi.serve.learning import Learning
from gnothi.serve.sentences import learning_sentence
from gnothi.serve.telling import SURE, Measure, measures, told, use, why
from gnothi.text.tokenise import request_key

SHOWN = 5
"""Failing requests that a digest tells."""
CHANGES = 30
"""Changes of models that are told."""
_GONE = frozenset({Fate.REJECTED, Fate.WITHDRAWN, Fate.FORGOTTEN})
_NEWS = {
    Fate.LIVE: Act("digest-live"),
    Fate.TRIED: Act("digest-tried"),
    Fate.ON: Act("digest-on"),
    Fate.OFF: Act("digest-off"),
    Fate.WITHDRAWN: Act("digest-withdrawn"),
    Fate.REJECTED: Act("digest-rejected"),
    Fate.FORGOTTEN: Act("digest-forgotten"),
}
"""How a digest tells each fate, in the order of telling."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One rewrite or phrase and everything that there is to say of it."""

    rewrite: Rewrite
    fate: Fate
    at: datetime | None = None
    """When that came about; ``None`` where nobody knows."""
    by: str | None = None
    because: tuple[Act, ...] = ()
    measures: tuple[Measure, ...] = ()
    weeks: Sequence[Week] = ()

    @property
    def wins(self) -> int:
        """Turns in which it took part and that went well."""
        return sum(week.wins for week in self.weeks)

    @property
    def losses(self) -> int:
        """Turns in which it took part and that failed."""
        return sum(week.losses for week in self.weeks)

    def json(self) -> dict[str, Json]:
        """Return the entry as the API and ``--json`` give it."""
        one = self.rewrite
        return {
            "id": one.id,
            "said": one.source,
            "becomes": one.target,
            "part": one.part,
            "person": one.person,
            "risk": one.risk.value,
            "fate": self.fate.value,
            "at": self.at.isoformat() if self.at else None,
            "by": self.by,
            "because": [learning_sentence(act) for act in self.because],
            "measures": plain(self.measures),
            "weeks": plain(self.weeks),
            "wins": self.wins,
            "losses": self.losses,
        }


@dataclass(frozen=True, slots=True)
class ModelChange:
    """Another version of something learned that is no table of rewrites."""

    name: str
    version: str | None
    """``None`` for the one that Gnothi ships."""
    at: datetime
    act: str
    reason: str
    live: bool
    before: Mapping[str, float] = field(default_factory=dict[str, float])
    """Figures of the version that was live until then."""
    after: Mapping[str, float] = field(default_factory=dict[str, float])


@dataclass(frozen=True, slots=True)
class Digest:
    """A week in sentences."""

    since: datetime
    sentences: tuple[str, ...]
    failing: tuple[Mapping[str, Json], ...] = ()
    """What still fails most: ``text``, ``people``, ``times`` and an offer in a ``sentence``."""

    def json(self) -> dict[str, Json]:
        """Return the digest as the API and ``--json`` give it."""
        return {
            "since": self.since.isoformat(),
            "sentences": list(self.sentences),
            "failing": [dict(one) for one in self.failing],
        }


def judged_json(verdict: Verdict) -> dict[str, Json]:
    """Return how a turn went and what tells so, in sentences."""
    failed = verdict.chance >= FAILED / THOUSANDTHS
    chance = {"chance": min(max(verdict.chance, 1 - verdict.chance), SURE)}
    act = Act("sign-verdict-failed", chance) if failed else Act("sign-verdict-fine", chance)
    signs: list[Json] = [
        {"sentence": learning_sentence(Act(key)), "weight": weight}
        for key, weight in verdict.signs.items()
    ]
    return {"failed": failed, "sentence": learning_sentence(act), "signs": signs}


def may_see(one: Rewrite, person: str | None) -> bool:
    """Whether *person* may see a rewrite; ``None`` stands for those in charge, who see all.

    As in the journal: what one person said is theirs. What everybody has, several people said.
    """
    return person is None or one.person in (None, person)


def entries(learning: Learning, person: str | None = None) -> list[Entry]:
    """Return the latest state of everything that *person* may see, the newest first."""
    seen = learning.surveyed()
    latest = _latest(learning.chronicle.events())
    found: dict[str, Entry] = {}
    for event in latest.values():
        if event.fate in _GONE:
            found[event.rewrite.id] = _gone(event)
    trial = learning.cycle.trial()
    figures = _figures(learning)
    for one in trial.all if trial else ():
        found[one.id] = _tried(one, latest.get(one.id), trial.since if trial else None, figures)
    for off in learning.shelf.all():
        acts = (Act("learning-was-off"), *why(off.rewrite))
        weeks = _weeks(seen, off.rewrite)
        found[off.rewrite.id] = Entry(
            off.rewrite, Fate.OFF, off.at, off.by, acts, measures(off.rewrite, weeks), weeks
        )
    began = _began(learning.chronicle.events())
    for one in learning.cycle.learned():
        found[one.id] = _live(one, began.get(one.id), _weeks(seen, one))
    seen_by = [entry for entry in found.values() if may_see(entry.rewrite, person)]
    return sorted(seen_by, key=_newest, reverse=True)


def find(learning: Learning, name: str, person: str | None = None) -> Entry | None:
    """Return the rewrite or phrase called *name*, if *person* may see it."""
    return next((one for one in entries(learning, person) if one.rewrite.id == name), None)


def model_changes(registry: Registry) -> list[ModelChange]:
    """Return what became of learned models, rewrites aside; the newest first."""
    changes = [
        change for name in registry.names() if name != NAME for change in _changes(registry, name)
    ]
    return sorted(changes, key=lambda one: one.at, reverse=True)[:CHANGES]


def digest(
    learning: Learning, registry: Registry, now: datetime, person: str | None = None
) -> Digest:
    """Return the week until *now* in sentences, as far as *person* may know."""
    since = now - timedelta(days=DAYS)
    seen = learning.surveyed()
    fresh = seen if seen and seen.at > since else None
    acts = [*_week_acts(fresh, person), *_news(learning, registry, since, person)]
    return Digest(
        since=since,
        sentences=tuple(learning_sentence(act) for act in acts),
        failing=tuple(_failing(learning, fresh, person)) if fresh else (),
    )


def _week_acts(seen: Survey | None, person: str | None) -> list[Act]:
    if seen is None:
        return []
    tallies = [one for who, one in seen.people.items() if person is None or who == person]
    sums = {name: sum(getattr(one, name) for one in tallies) for name in Tally.__slots__}
    if not sums["turns"]:
        return [Act("digest-quiet")]
    acts = [Act("digest-week", {"turns": sums["turns"], "failed": sums["failed"]})]
    if sums["changed"]:
        values = {"changed": sums["changed"], "well": sums["went_well"]}
        acts.append(Act("digest-changed", values))
    return acts


def _news(learning: Learning, registry: Registry, since: datetime, person: str | None) -> list[Act]:
    """Return what was learned and taken back, the last fate of each rewrite once."""
    latest = _latest(one for one in learning.chronicle.events() if one.at > since)
    seen = [one for one in latest.values() if may_see(one.rewrite, person)]
    acts = [
        replace(act, values={**told(event.rewrite), "why": _cause(event)})
        for fate, act in _NEWS.items()
        for event in seen
        if event.fate is fate
    ]
    models = [one for one in model_changes(registry) if one.at > since and one.live]
    acts += [
        Act("digest-model", {"name": one.name, "version": one.version or ""}) for one in models
    ]
    return acts or [Act("digest-nothing")]


def _cause(event: Event) -> str:
    """Return ``disowned`` or ``outdated`` for what was taken back without having failed."""
    key = event.reason.key if event.reason else ""
    return key.removeprefix("learning-")


def _failing(learning: Learning, seen: Survey, person: str | None) -> Iterator[Mapping[str, Json]]:
    """Yield what fails most and is neither put right nor tried by now, people together."""
    trial = learning.cycle.trial()
    hopes = trial.new if trial else RewriteTable(())
    groups: defaultdict[str, list[Failing]] = defaultdict(list)
    for one in seen.failing:
        if person in (None, one.person) and not hopes.look_up(one.text, one.person or None):
            groups[request_key(one.text)].append(one)
    told = sorted(groups.values(), key=lambda group: -sum(one.times for one in group))
    for group in told[:SHOWN]:
        text, times = group[0].text, sum(one.times for one in group)
        if times >= REPEATED:
            act = Act("digest-failing", {"said": text, "times": times})
            people: list[Json] = [one.person or None for one in group]
            sentence = learning_sentence(act)
            yield {"text": text, "people": people, "times": times, "sentence": sentence}


def _latest(events: Iterable[Event]) -> dict[str, Event]:
    return {event.rewrite.id: event for event in events}


def _began(events: Iterable[Event]) -> dict[str, Event]:
    """Return for each rewrite when it last began to be used."""
    return {one.rewrite.id: one for one in events if one.fate in {Fate.LIVE, Fate.ON}}


def _live(one: Rewrite, began: Event | None, weeks: Sequence[Week]) -> Entry:
    entered = (began.reason,) if began and began.reason else ()
    acts = (*why(one), *entered, use(weeks))
    at = began.at if began else None
    return Entry(one, Fate.LIVE, at, None, acts, measures(one, weeks), weeks)


def _tried(
    one: Rewrite, event: Event | None, since: datetime | None, figures: Mapping[str, float]
) -> Entry:
    acts = [*why(one), Act("learning-seen", figures) if figures else Act("learning-unseen")]
    at = event.at if event and event.fate is Fate.TRIED else since
    return Entry(one, Fate.TRIED, at, None, tuple(acts), measures(one, ()))


def _gone(event: Event) -> Entry:
    one = event.rewrite
    if event.fate is Fate.FORGOTTEN:
        acts = (Act("learning-was-forgotten"),)
        return Entry(one, event.fate, event.at, event.by, acts)
    reason = (event.reason,) if event.reason else ()
    return Entry(one, event.fate, event.at, event.by, (*reason, *why(one)), measures(one, ()))


def _weeks(seen: Survey | None, one: Rewrite) -> Sequence[Week]:
    return seen.weeks.get(one.id, ()) if seen else ()


def _figures(learning: Learning) -> Mapping[str, float]:
    last = learning.last()
    return last.evidence if last else {}


def _newest(entry: Entry) -> tuple[float, str]:
    return (entry.at.timestamp() if entry.at else 0.0), entry.rewrite.id


def _changes(registry: Registry, name: str) -> list[ModelChange]:
    figures = {card.version: card.figures for card in registry.versions(name)}
    live = registry.serving(name)
    shipped = next(iter(figures), None)
    changes: list[ModelChange] = []
    before = shipped
    for switch in registry.assignment(name).history:
        version = switch.version or shipped
        changes.append(
            ModelChange(
                name=name,
                version=switch.version,
                at=switch.at,
                act=switch.act,
                reason=_reason(switch.reason),
                live=version == live and switch.act in {"live", "rollback"},
                before=figures.get(before or "", {}) if before != version else {},
                after=figures.get(version or "", {}),
            )
        )
        if switch.act in {"live", "rollback"}:
            before = version
    return changes


def _reason(text: str) -> str:
    """Return the reason of a change, where it is told in words and not by a key."""
    return text if " " in text else ""
