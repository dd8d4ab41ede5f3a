"""Learning in a household: what the commands, the page, the nights and an erase ask of it."""

import fcntl
import logging
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path

from gnothi.core.acting import Act
from gnothi.core.clock import Clock, SystemClock
from gnothi.core.errors import ArtifactError, GnothiError, InputError, StorageError
from gnothi.core.protocols import Store
from gnothi.core.settings import Settings
from gnothi.journal.journal import Journal
from gnothi.language.phrases import Reading
from gnothi.language.rewrites import Rewrite, RewriteTable
from gnothi.learning import phrases as phrasing
from gnothi.learning import verdicts
from gnothi.learning.chronicle import Chronicle, Event, Fate, Shelf, SwitchedOff
from gnothi.learning.cycle import RewriteCycle, Round
from gnothi.learning.defects import LiveDefects
from gnothi.learning.mining import connect
from gnothi.learning.parts import as_rewrite
from gnothi.learning.prompting import Finding, PolicyCycle, read_finding
from gnothi.learning.retraining import HeadsCycle
from gnothi.learning.survey import DAYS, Survey, survey
from gnothi.learning.turns import Backend, Judge, Table, is_retrieved, open_days
from gnothi.learning.unseen import RetrievalCycle
from gnothi.learning.verdicts import Verdict
from gnothi.learning.workshop import Learner, Workshop
from gnothi.registry.registry import Registry
from gnothi.serve import fates, unwanted
from gnothi.serve.adapting import hearing_cycle
from gnothi.serve.last_round import Last, drop_last, figures, keep_last, read_last
from gnothi.serve.reading import read
from gnothi.serve.risks import risk_of
from gnothi.serve.sentences import learning_sentence
from gnothi.serve.understanding import LiveUnderstander
from gnothi.serve.unwanted import STORE, refused
from gnothi.skills.skillset import SkillSet
from gnothi.text.tokenise import request_key

FOLDER = "learning"
"""Copies and counts from the journal; may be deleted at any time."""
LOCK_FILE = "learning.lock"
"""Held by whoever learns or changes what was learned."""
TURNS = "turns"
"""The journal's copy in that folder."""
_RETRIEVED = "retrieved"
"""Marks a rewrite that no table holds: it was found when it was needed."""
PHRASES = phrasing.Limits(people=2, times=2, watched=True, most=6)
"""What a phrase must show at home, no less often than a rewrite, for each candidate keeps the next
one waiting. Understanding each variant takes a turn some milliseconds."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Learned:
    """One round, as its caller tells it."""

    round: Round
    others: Mapping[str, Act]

    @property
    def tried(self) -> list[Rewrite]:
        """What is under way after the round, phrases among it."""
        return [*self.round.candidate, *map(as_rewrite, self.round.phrases)]


@dataclass(frozen=True, slots=True)
class Learning:
    """What one household learned: learned, told, switched off and on, forgotten."""

    cycle: RewriteCycle
    journal: Journal
    folder: Path
    clock: Clock
    lock: Path
    others: Sequence[Learner] = ()
    defects: LiveDefects | None = None
    engine: Callable[[], Backend] = connect

    def learn(self, progress: Callable[[str], None] = lambda _: None) -> Learned:
        """Do one round; *progress* hears the name of each step as it begins.

        Raises:
            InputError: somebody else is learning at this moment.
            StorageError: journal, folder or registry can't be read or written.
        """
        with self._alone(wait=False):
            progress("copy")
            self.journal.parquet(self.folder / TURNS)
            progress("rewrites")
            before = fates.Standing.of(self.cycle)
            done = self.cycle.run()
            after = fates.Standing.of(self.cycle)
            self.chronicle.note(fates.events(done, before, after, self.clock.now()))
            others = self._run_others(progress)
            progress("survey")
            self._look_around()
            self._keep_last(Last(self.clock.now(), done.reason, False, others, figures(done)))
        return Learned(done, others)

    def forget(self, ids: Sequence[str], *, by: str | None = None) -> list[Rewrite]:
        """Drop the rewrites and phrases called *ids* for good; return what they were.

        Raises:
            InputError: one of them was not learned.
        """
        with self._alone():
            gone = [self._find(one) for one in ids]
            unwanted.forget(self.journal, ids)
            self.cycle.forget(ids)
            for name in ids:
                self.shelf.take(name)
            self.chronicle.revise(lambda event: None if event.rewrite.id in ids else event)
            self._tell(Fate.FORGOTTEN, gone, by=by)
        return gone

    def switch_off(self, name: str, *, by: str | None = None) -> Rewrite:
        """Stop using the rewrite or phrase called *name* until somebody switches it on again.

        Raises:
            InputError: nothing called so is in use.
        """
        with self._alone():
            found = None
            if name not in {one.id for one in self.cycle.learned()}:
                found = self._retrieved(name)
                if found is None:
                    raise InputError(f"Nothing called {name!r} is in use; see: gnothi learn show")
            off = [found] if found else self.cycle.forget([name], reason="switched off")
            for one in off:
                self.shelf.put(SwitchedOff(one, self.clock.now(), by))
                self._tell(Fate.OFF, [one], by=by)
            return self._find(name)

    def switch_on(self, name: str, *, by: str | None = None) -> Rewrite:
        """Use the rewrite or phrase called *name* again.

        Raises:
            InputError: nothing called so is switched off.
        """
        with self._alone():
            found = self.shelf.take(name)
            if found is None:
                raise InputError(f"Nothing called {name!r} is off; see: gnothi learn show")
            if not found.rewrite.evidence.get(_RETRIEVED):
                self.cycle.put_back([found.rewrite], reason="switched on")
            self._tell(Fate.ON, [found.rewrite], by=by)
            return found.rewrite

    def unlearn(self, person: str) -> None:
        """Keep only what would have been learned without *person*, whose turns are gone by now.

        Words that nobody else has said are in no record afterwards.
        """
        with self._alone():
            self.cycle.unlearn()
            for learner in self.others:
                learner.unlearn()
            live = {one.id: one for one in self.cycle.learned()}

            def revised(event: Event) -> Event | None:
                """What stays is told by the evidence that is left."""
                found = live.get(event.rewrite.id)
                by = None if event.by == person else event.by
                return replace(event, rewrite=found, reason=None, by=by) if found else None

            self.chronicle.revise(revised)
            drop_last(self._store)
            if unwanted.refused(self.journal):
                unwanted.forget_words(self.journal, person, self._said())

    def relearn(self, name: str) -> None:
        """Let the learner of the artifact *name* keep only what it would learn now."""
        with self._alone():
            for learner in self.others:
                if learner.name == name:
                    learner.unlearn()

    @property
    def chronicle(self) -> Chronicle:
        """What happened to each rewrite and phrase."""
        return Chronicle(self._store)

    @property
    def shelf(self) -> Shelf:
        """What is switched off."""
        return Shelf(self._store)

    @property
    def _store(self) -> Store:
        return self.journal.store(STORE)

    def last(self) -> Last | None:
        """Return how the last round went; ``None`` before the first one."""
        return read_last(self._store)

    def broke_off(self, reason: Act) -> None:
        """Keep that a round broke off, and why."""
        self._keep_last(Last(self.clock.now(), reason, broken=True))

    def prompting(self) -> Finding | None:
        """Return what the last comparison of questions said; ``None`` before the first one."""
        return read_finding(self.folder)

    def surveyed(self) -> Survey | None:
        """Return what the journal said at the end of the last round."""
        return Survey.load(self.folder)

    def survey(self) -> Survey:
        """Return what the journal says now, and keep it for whoever looks next."""
        used = [one for one in self.chronicle.events() if one.fate in {Fate.LIVE, Fate.ON}]
        once = RewriteTable(one.rewrite for one in used if not one.rewrite.part)
        parts = {one.rewrite.id: one.rewrite for one in used if one.rewrite.part}
        parts |= {one.id: one for one in map(as_rewrite, self.cycle.live_phrases())}
        found = survey(
            self.cycle.log(), self.cycle.live(), once, self.clock.now(), parts=parts.values()
        )
        found.save(self.folder)
        return found

    def judged(self, turn: str) -> Verdict | None:
        """Return how the turn with the id *turn* went, if it was among the newest last night."""
        return verdicts.load(self.folder).get(turn)

    def _judge(self) -> None:
        rows = self._rows()
        if self.defects is not None and rows is not None:
            since = (self.clock.now() - timedelta(days=DAYS)).date().isoformat()
            recent = rows.filter(rows.day.cast("string") >= since)
            verdicts.save(verdicts.verdicts(recent, self.defects.model()), self.folder)

    def _rows(self) -> Table | None:
        """Return the journal as it is now, unread; ``None`` while it is empty."""
        copy = self.folder / TURNS
        self.journal.parquet(copy)
        return open_days(self.engine(), copy) if any(copy.glob("*/*.parquet")) else None

    def _look_around(self) -> None:
        try:
            self.survey()
            self._judge()
        except GnothiError as error:
            _log.error("The journal could not be surveyed: %s", error)

    def _keep_last(self, last: Last) -> None:
        keep_last(self._store, last)

    def _run_others(self, progress: Callable[[str], None]) -> dict[str, Act]:
        told: dict[str, Act] = {}
        for learner in self.others:
            progress(learner.name)
            try:
                told[learner.name] = learner.run()
            except GnothiError as error:
                _log.error("%s could not be learned: %s", learner.name, error)
                told[learner.name] = Act("learning-broke", {"reason": str(error)})
        return told

    def _tell(
        self,
        fate: Fate,
        rewrites: Iterable[Rewrite],
        reason: Act | None = None,
        by: str | None = None,
    ) -> None:
        at = self.clock.now()
        self.chronicle.note(Event(at, fate, one, reason, by) for one in rewrites)

    def _find(self, name: str) -> Rewrite:
        trial = self.cycle.trial()
        known = [event.rewrite for event in self.chronicle.events()]
        known += [one.rewrite for one in self.shelf.all()]
        known += [*(trial.all if trial else ()), *self.cycle.learned()]
        found = {one.id: one for one in known}.get(name) or self._retrieved(name)
        if found is None:
            raise InputError(f"Nothing called {name!r} was learned; see: gnothi learn show")
        return found

    def _retrieved(self, name: str) -> Rewrite | None:
        """Return the rewrite called *name* if a turn has found it, without any table.

        By a search, or phrase by phrase; the journal shows the latter as it shows the use of a
        table, so that what a table held once is no such find.
        """
        rows = self._rows()
        if rows is None:
            return None
        events = self.chronicle.events()
        tabled = {e.rewrite.id for e in events if not e.rewrite.evidence.get(_RETRIEVED)}
        found = is_retrieved(rows) if name in tabled else rows.understood.notnull()
        told = rows.filter(found).select("person", "text", "understood")
        for row in told.distinct().to_pyarrow().to_pylist():
            found = Rewrite(
                request_key(str(row["text"])),
                str(row["understood"]),
                row["person"],
                evidence={_RETRIEVED: True},
            )
            if found.id == name:
                return found
        return None

    def _said(self) -> set[str]:
        """Return everything that anybody said, in the spelling of look-ups."""
        rows = self._rows()
        if rows is None:
            return set()
        heard = rows.select("text").distinct().to_pyarrow()
        return {request_key(str(text)) for text in heard["text"].to_pylist()}

    @contextmanager
    def _alone(self, *, wait: bool = True) -> Generator[None]:
        """Hold the lock, which goes with the process: a crash leaves none behind."""
        try:
            self.lock.parent.mkdir(parents=True, exist_ok=True)
            with self.lock.open("w") as held:
                fcntl.flock(held, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
                yield
        except BlockingIOError as error:
            raise InputError("Gnothi is learning already; wait until that is done.") from error
        except OSError as error:
            raise StorageError(f"{self.lock} can't be locked: {error.strerror}.") from error


def open_learning(
    settings: Settings,
    journal: Journal,
    registry: Registry,
    skills: SkillSet,
    *,
    clock: Clock | None = None,
    threads: int | None = None,
    judge: Judge | None = None,
) -> Learning:
    """Return the learning of the installation in *settings*; it counts with so many *threads*.

    Turns are judged by the live model of defects, or by another *judge*.
    """
    clock = clock or SystemClock()
    folder = settings.folder / FOLDER
    defects = LiveDefects(registry)
    understander = LiveUnderstander(registry)
    engine = partial(connect, threads=threads)
    workshop = Workshop(
        journal,
        registry,
        folder,
        clock,
        judge=judge or defects,
        judge_version=(lambda: "another") if judge else defects.version,
        risk_of=lambda key: risk_of(key, skills),
        wording=learning_sentence,
        engine=engine,
    )
    cycle = RewriteCycle(
        workshop,
        forgotten=lambda: refused(journal),
        phrases=PHRASES,
        reads=lambda words, _: _read(words, understander, skills),
    )
    others = (
        HeadsCycle(workshop, network=understander.plain),
        RetrievalCycle(workshop),
        PolicyCycle(workshop, journal.iterate),
        hearing_cycle(workshop, settings, journal, skills),
    )
    lock = settings.folder / LOCK_FILE
    return Learning(cycle, journal, folder, clock, lock, others, defects, engine)


def _read(words: str, understander: LiveUnderstander, skills: SkillSet) -> Reading | None:
    try:
        return read(words, understander, skills, partial(risk_of, skills=skills))
    except ArtifactError as error:
        _log.error("Phrases can't be tried, for nothing understands: %s", error)
        return None
