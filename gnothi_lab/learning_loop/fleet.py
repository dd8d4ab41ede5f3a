"""A fleet of simulated homes with one learner: the product's own, gate and registry included.

Each week is lived with whatever is live; its log, and nothing else, goes to the learner in the
night after it. Homes are parted between what is live and what is on trial by the registry.
"""

import shutil
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from importlib import import_module
from pathlib import Path

from gnothi.core.artifact import Card
from gnothi.core.clock import FixedClock
from gnothi.core.risk import Risk
from gnothi.language.phrases import FILE as PHRASES
from gnothi.language.phrases import Phrase, Phrases, Reading
from gnothi.language.rewrites import FILE, NAME, Rewrite, RewriteTable, write_table
from gnothi.learning import phrases as phrasing
from gnothi.learning import rewrites as learner
from gnothi.learning.cycle import FLEET, RewriteCycle, Round
from gnothi.learning.defects import shipped
from gnothi.learning.gate import Limits
from gnothi.learning.rollout import Phase, Plan
from gnothi.learning.turns import Judge, interpretation_key
from gnothi.learning.workshop import Track, Workshop
from gnothi.registry.registry import Registry
from gnothi_lab.unseen import risks
from gnothi_lab.worlds.households import Week, World

HOLD_OUT = 0.05
UNGATED = Plan(
    limits=Limits(
        alpha=0.99, margin=-0.99, support=0, people=0, negative_flips=1.0,
        relative_negative_flips=1e9, slice_negative_flips=1.0, change=1.0,
    ),
    shares=(),
)  # fmt: skip
"""Lets everything in: what the gate is for, by leaving it out."""
EVERYONE = learner.Limits(support=3.0, people=3, certainty=0.95)
PERSONAL = replace(learner.PERSONAL, certainty=0.8)


@dataclass(frozen=True, slots=True)
class Settings:
    """What a fleet learns, and how carefully."""

    plan: Plan = FLEET
    everyone: learner.Limits | None = EVERYONE
    personal: learner.Limits | None = PERSONAL
    phrases: phrasing.Limits | None = field(default_factory=phrasing.Limits)
    hold_out: float = HOLD_OUT


class Fleet:
    """Homes of one world that share a learner."""

    def __init__(
        self,
        world: World,
        folder: Path,
        settings: Settings | None = None,
        *,
        judge: Judge | None = None,
    ) -> None:
        """Begin with nothing learned; *folder* keeps journal, registry and counts."""
        self.world, self.settings = world, settings or Settings()
        self.judge = judge or shipped().judge
        self._folder, self._track = folder, Track(folder / "learning" / "state.json")
        self._log = _Folder(folder / "journal")
        self._clock = FixedClock(datetime.now(UTC))
        self._registry = Registry.open(
            folder / "registry", shipped=folder / "nothing", clock=self._clock
        )
        self._risk_of = risks(world.parameters)
        self.cycle = RewriteCycle(
            Workshop(
                self._log,
                self._registry,
                folder / "learning",
                self._clock,
                judge=self.judge,
                risk_of=self._risk_of,
            ),
            plan=self.settings.plan,
            everyone=self.settings.everyone or _NOTHING,
            personal=self.settings.personal or _NOTHING,
            phrases=self.settings.phrases,
            reads=self._read_by,
        )
        self._week = 0
        self._tables: dict[str, tuple[RewriteTable, Phrases]] = {}

    def branch(self, folder: Path, settings: Settings | None = None) -> "Fleet":
        """Return a fleet that goes on from here by itself, with *settings* of its own.

        It shares the world: no colluding accounts may live there, which remember.
        """
        shutil.copytree(self._folder, folder, ignore=shutil.ignore_patterns("turns"))
        fleet = Fleet(self.world, folder, settings or self.settings, judge=self.judge)
        fleet.at(self._week)
        return fleet

    def plant(self, rewrites: Collection[Rewrite], phrases: Collection[Phrase] = ()) -> None:
        """Make *rewrites* and *phrases* live, and part of what is under way, without any evidence.

        Other phrases of everybody for the same words give way.
        """
        live, under_way = self._registry.live(NAME), self._track.read()
        version = self._planted(live, rewrites, phrases)
        self._registry.make_live(NAME, version, reason="planted")
        if under_way is not None:
            state = under_way.state
            version = self._planted(state.version, rewrites, phrases)
            if state.phase is Phase.CANARY:
                self._registry.start_canary(NAME, version, state.share, reason="planted")
            self._track.keep(replace(under_way, state=replace(state, version=version)))

    def tables(self) -> Iterator[tuple[RewriteTable, Phrases]]:
        """Yield what serves anybody: what is live, and what is on trial."""
        assigned = self._registry.assignment(NAME)
        canary = assigned.canary and assigned.canary.version
        yield from (self._table(version) for version in (assigned.live, canary) if version)

    def risk_of(self, key: str) -> Risk:
        """Return the class of risk of an interpretation."""
        return self._risk_of(key)

    def live(self, week: int) -> Week:
        """Live through *week* with whatever is live, or on trial at home."""
        self._tables.clear()
        self._week = week
        begun = self._registry.serving(NAME) is not None
        policy = self.rewrite if begun else None
        version = self._registry.serving(NAME) or ""
        return self.world.play(week, policy, holdout=self.settings.hold_out, version=version)

    def at(self, week: int) -> None:
        """Go to *week* without living it: for asking what would be said."""
        self._week = week

    def learn(self, week: Week) -> Round:
        """Hand the log of *week* to the learner, in the night after it."""
        self._log.add(week)
        self._clock.moment = _end(week)
        return self.cycle.run()

    def rewrite(self, person: str | None, household: str, text: str) -> str | None:
        """Return what becomes of *text* in a *household*."""
        found = self.look_up(person, household, text)
        return found.target if found else None

    def look_up(self, person: str | None, household: str, text: str) -> Rewrite | None:
        """Return the rewrite of *text*: one of the very words, or phrase by phrase."""
        table, phrases = self._serving(household)
        if found := table.look_up(text, person):
            return found
        reading, done = self.world.reading(household, text, self._week)
        if done or reading.control:
            return None
        return phrases.look_up(text, person, lambda words: self._read(words, household))

    def _serving(self, household: str) -> tuple[RewriteTable, Phrases]:
        """Return what serves a *household*."""
        return self._table(self._registry.choose(NAME, household).version)

    def _table(self, version: str) -> tuple[RewriteTable, Phrases]:
        if version not in self._tables:
            folder = self._registry.get(NAME, version).folder
            self._tables[version] = RewriteTable.load(folder), Phrases.load(folder)
        return self._tables[version]

    def _planted(
        self, version: str, rewrites: Collection[Rewrite], phrases: Collection[Phrase]
    ) -> str:
        """Keep *version* with more in it as a version of its own."""
        table, known = self._table(version)
        words = {one.before for one in phrases}
        kept = known.without(lambda one: one.person is None and one.before in words)
        together = Phrases([*kept, *phrases], threshold=known.threshold, most=known.most)
        files = {FILE: write_table([*table, *rewrites]), PHRASES: together.dump()}
        digests = {name: sha256(content).hexdigest() for name, content in files.items()}
        planted = f"1.{sha256(''.join(digests.values()).encode()).hexdigest()[:12]}"
        card = Card(NAME, planted, "json", digests, command="planted", licence="private")
        if planted not in {one.version for one in self._registry.versions(NAME)}:
            self._registry.put(files, card)
        return planted

    def _read(self, text: str, household: str) -> Reading | None:
        """Return what a *household* does on *text* now; the log tells as much of every turn."""
        found, done = self.world.reading(household, text, self._week)
        if not done or found.control or found.intent is None:
            return None
        slots = [(span.name, span.value) for span in found.spans]
        key = interpretation_key(found.intent.intent, slots, text)
        return Reading(key, self._risk_of(key), found.score)

    def _read_by(self, text: str, person: str | None) -> Reading | None:
        if person is None:
            return None  # nobody knows in whose home a guest spoke
        return self._read(text, self.world.household(person))


_NOTHING = learner.Limits(support=1e9)
"""Learns nothing."""


class _Folder:
    """A journal that is its own Parquet copy."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def add(self, week: Week) -> None:
        """Append the log of a *week*, day by day."""
        compute, parquet = import_module("pyarrow.compute"), import_module("pyarrow.parquet")
        days = compute.strftime(week.log["at"], "%Y-%m-%d")
        for day in compute.unique(days).to_pylist():
            part = self._folder / f"day={day}" / f"part-{week.number}.parquet"
            part.parent.mkdir(parents=True, exist_ok=True)
            parquet.write_table(week.log.filter(compute.equal(days, day)), part)

    def parquet(
        self, folder: Path, *, first: date | None = None, last: date | None = None
    ) -> list[date]:
        """Show the copy under *folder*."""
        del first, last
        self._folder.mkdir(parents=True, exist_ok=True)
        if not folder.exists():
            folder.parent.mkdir(parents=True, exist_ok=True)
            folder.symlink_to(self._folder, target_is_directory=True)
        return []


def _end(week: Week) -> datetime:
    """Return when the last thing of a *week* was said, and a moment more."""
    latest: datetime = import_module("pyarrow.compute").max(week.log["at"]).as_py()
    return latest + timedelta(seconds=1)
