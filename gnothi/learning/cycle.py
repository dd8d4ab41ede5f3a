"""One round of learning rewrites: journal → learner → candidate → gate → registry.

A round that finds no candidate under way mines one, which then answers unheard beside the live
table. Later rounds judge it by what has happened since, and let it in, go on waiting, or drop it;
where it is decided, the next candidate is mined at once.
A rewrite that does worse once it is live is withdrawn at once (see
:mod:`gnothi.learning.withdrawal`).
"""

import shutil
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import TypeAlias

from gnothi.core.acting import Act
from gnothi.core.risk import Risk
from gnothi.language.phrases import NO_PHRASES, Phrase, Phrases, Reading
from gnothi.language.rewrites import NAME, Rewrite, RewriteTable
from gnothi.learning import phrases as phrasing
from gnothi.learning import rewrites as learner
from gnothi.learning.collusion import colluders_of
from gnothi.learning.evidence import Comparison, Evidence
from gnothi.learning.gate import Limits
from gnothi.learning.mining import Account, Aggregates, Scope, update
from gnothi.learning.outcomes import NOT_UNDERSTOOD, LookUp, Turn, pair, read_turns
from gnothi.learning.parts import as_rewrite
from gnothi.learning.rollout import Decision, Phase, Plan, State, advance, apply
from gnothi.learning.tables import Tables, is_among, phrase_key, said, trusted
from gnothi.learning.turns import Log
from gnothi.learning.watch import (
    PhraseUse,
    Use,
    without_failing,
)
from gnothi.learning.withdrawal import Withdrawal
from gnothi.learning.workshop import Track, UnderWay, Workshop

HOUSEHOLD = Plan(
    limits=Limits(
        alpha=0.1,
        support=20,
        people=1,
        negative_flips=0.3,
        relative_negative_flips=1.0,
        change=0.5,
        change_in={NOT_UNDERSTOOD: 1.0},
    ),
    shares=(),
)
"""For a single home: few turns and few people, and whatever is learned can be switched off."""
FLEET = Plan(limits=Limits(change_in={NOT_UNDERSTOOD: 1.0}, patience=100_000_000), shares=(0.2,))
"""For many homes. Most turns are none of a table's business, so that patience has no use."""
EVERYONE = learner.Limits(support=2.0, people=2, certainty=0.9)
PERSONAL = replace(learner.PERSONAL, certainty=0.8)
"""What a rewrite must show at home: for the household, and for one person."""
Reads: TypeAlias = Callable[[str, str | None], Reading | None]
"""Tells what some words of a person are taken for now; ``None`` where nothing can be done."""
_BLOCKED = "withdrawn.json"


@dataclass(frozen=True, slots=True)
class Round:
    """What a round of learning did."""

    turns: int
    """Turns in the journal."""
    reason: Act
    """Why things stand as they do."""
    candidate: RewriteTable = field(default_factory=lambda: RewriteTable(()))
    """What is under way after this round; empty where nothing is."""
    withdrawn: tuple[Use, ...] = ()
    """Live rewrites that were taken back because they failed."""
    failed: tuple[PhraseUse, ...] = ()
    """Live phrases that were taken back because they failed."""
    disowned: frozenset[str] = frozenset()
    """Ids of what only accounts that push things together had taught everybody."""
    phrases: tuple[Phrase, ...] = ()
    """What is under way besides the candidate's rewrites."""
    evidence: Evidence | None = None
    """What the gate has seen of a candidate so far, where it was asked."""


@dataclass(frozen=True, slots=True)
class Trial:
    """Rewrites that answer unheard beside the live ones, or to a share of conversations."""

    phase: Phase
    since: datetime
    new: RewriteTable
    """What is not live yet."""
    phrases: tuple[Phrase, ...] = ()
    """Likewise."""

    @property
    def all(self) -> list[Rewrite]:
        """Everything that is not live yet, phrases among it."""
        return [*self.new, *map(as_rewrite, self.phrases)]


@dataclass(frozen=True, eq=False)
class _Counted:
    """A journal as it is now, and who colludes in it: counted once."""

    log: Log
    shop: Workshop

    @cached_property
    def colluders(self) -> frozenset[Account]:
        """The accounts that push things together."""
        folder = self.shop.folder / Scope.EVERYONE
        update(self.log, folder)
        return colluders_of(Aggregates(self.shop.engine(), folder))


class RewriteCycle:
    """Learns rewrites from one journal into one registry. Only one may run at a time."""

    def __init__(
        self,
        workshop: Workshop,
        *,
        forgotten: Callable[[], frozenset[str]] = frozenset,
        plan: Plan = HOUSEHOLD,
        everyone: learner.Limits = EVERYONE,
        personal: learner.Limits = PERSONAL,
        phrases: phrasing.Limits | None = None,
        reads: Reads | None = None,
    ) -> None:
        """Work in *workshop*; *forgotten* has the ids of rewrites that people don't want.

        With limits for *phrases*, these are learned, too; *reads* tells what their words would do.
        """
        self._shop, self._forgotten = workshop, forgotten
        self._plan, self._limits = plan, {Scope.EVERYONE: everyone, Scope.PERSON: personal}
        self._phrase_limits, self._reads = phrases, reads
        self._track = Track(workshop.folder / "state.json")
        self._tables = Tables(workshop.registry)
        self._withdrawal = Withdrawal(workshop, self._tables, self._track, everyone, phrases)

    def run(self) -> Round:
        """Do one round.

        Raises:
            StorageError: journal, folder or registry can't be read or written.
        """
        counted = _Counted(self.log(), self._shop)
        known = sum(day.turns for day in counted.log.days.values())
        withdrawn = self._withdrawal.of_failing(counted.log)
        failed = self._withdrawal.of_failing_phrases(counted.log)
        disowned = self._disown(counted)
        under_way = self._track.read()
        if under_way is None:
            done = self._propose(counted, known)
        else:
            done = self._judged(under_way, counted.log, known)
            if self._track.read() is None:
                following = self._propose(counted, known)
                done = replace(done, candidate=following.candidate, phrases=following.phrases)
        return replace(done, withdrawn=withdrawn, failed=failed, disowned=disowned)

    def log(self) -> Log:
        """Return the journal's turns, judged, as they are now."""
        return self._shop.log()

    def forget(self, ids: Iterable[str], *, reason: str = "forgotten") -> list[Rewrite]:
        """Take what is called *ids* out of what is live and of what is under way.

        With one that everybody has go those that persons have for the same words. Returns what
        was live until now.
        """
        return self._withdrawal.forget(ids, reason=reason)

    def put_back(self, rewrites: Iterable[Rewrite], *, reason: str) -> None:
        """Let *rewrites* that were live before be live again."""
        self._withdrawal.put_back(rewrites, reason=reason)

    def unlearn(self) -> None:
        """Keep only what would have been learned from the journal as it is now.

        For an erase: versions, copies and counts that knew more are gone afterwards.
        """
        live, phrased = self.live(), self.live_phrases()
        shutil.rmtree(self._shop.folder, ignore_errors=True)
        if self._tables.serving is None:
            return
        counted = _Counted(self.log(), self._shop)
        mined = self._mine(counted)
        known = set(map(said, live))
        kept = [one for one in mined if said(one) in known]
        before = set(map(phrase_key, phrased))
        learned = self._learn_phrases(counted.log, counted.colluders) if before else NO_PHRASES
        phrases = learned.without(lambda one: phrase_key(one) not in before)
        self._tables.make_live(kept, phrases=phrases, reason="a person was erased")
        self._shop.registry.discard_earlier(NAME)

    def live(self) -> RewriteTable:
        """Return the table that answers."""
        return self._tables.live()

    def live_phrases(self) -> Phrases:
        """Return the phrases that answer."""
        return self._tables.live_phrases()

    def learned(self) -> list[Rewrite]:
        """Return everything that answers, phrases as rewrites of a part."""
        return self._tables.learned()

    def trial(self) -> Trial | None:
        """Return what is under way; ``None`` if nothing is."""
        under_way = self._track.read()
        if under_way is None:
            return None
        known = set(map(said, self.live()))
        new = [one for one in self._tables.table(under_way.state.version) if said(one) not in known]
        phrases = self._tables.fresh(self._tables.phrases(under_way.state.version))
        return Trial(under_way.state.phase, under_way.since, RewriteTable(new), phrases)

    def _propose(self, counted: "_Counted", known: int) -> Round:
        """Mine a candidate and put it under way, if it differs from what is live."""
        live = self.live()
        shared = {_words(one) for one in live if one.person is None}
        mined = [one for one in self._mine(counted) if not (one.person and _words(one) in shared)]
        candidate = RewriteTable([*live, *mined])
        phrases = self._learn_phrases(counted.log, counted.colluders)
        same = set(map(said, candidate)) == set(map(said, live))
        if same and trusted(phrases) == trusted(self.live_phrases()):
            return Round(known, Act("learning-nothing-new", {"turns": known}))
        if self._tables.serving is None:
            self._tables.make_live((), reason="nothing learned yet")
        version = self._tables.put(candidate, counted.log, phrases=phrases)
        self._track.keep(UnderWay(State(version), self._shop.clock.now()))
        new = [one for one in candidate if said(one) not in set(map(said, live))]
        parts = self._tables.fresh(phrases)
        reason = Act("learning-candidate", {"number": len(new), "phrases": len(parts)})
        return Round(known, reason, RewriteTable(new), phrases=parts)

    def _mine(self, counted: "_Counted") -> list[Rewrite]:
        found: list[Rewrite] = []
        forgotten = self._forgotten()
        for scope, limits in self._limits.items():
            folder = self._shop.folder / scope.value
            update(counted.log, folder, scope=scope)
            mined = learner.mine(
                Aggregates(self._shop.engine(), folder),
                limits,
                risk_of=self._shop.risk_of,
                one_voice=counted.colluders if scope is Scope.EVERYONE else (),
            )
            found += [_served(one, self._shop.risk_of(one.after)) for one in mined]
        failed = self._withdrawal.failed()
        wanted = [one for one in found if not is_among(one, forgotten) and said(one) not in failed]
        shared = {(one.source, one.target) for one in wanted if one.person is None}
        return [one for one in wanted if one.person is None or _words(one) not in shared]

    def _judged(self, under_way: UnderWay, log: Log, known: int) -> Round:
        """Let the gate rule on the candidate by what happened since it is under way."""
        state = under_way.state
        evidence = self._evidence(state.version, under_way.since, log)
        decision = advance(state, evidence, self._plan)
        apply(self._shop.registry, NAME, decision, wording=self._shop.wording)
        self._follow(under_way, decision)
        waits = decision.state.phase in {Phase.SHADOW, Phase.CANARY}
        candidate = self._tables.table(state.version) if waits else RewriteTable(())
        parts = self._tables.fresh(self._tables.phrases(state.version)) if waits else ()
        return Round(known, decision.reason, candidate, evidence=evidence, phrases=parts)

    def _evidence(self, version: str, since: datetime, log: Log) -> Evidence:
        comparison = Comparison(NAME, alpha=self._plan.limits.alpha)
        candidate = self._asked(self._tables.table(version), self._tables.phrases(version))
        live = self._asked(self.live(), self.live_phrases())
        comparison.add(pair(self._turns(log, since), candidate, live, risk_of=self._shop.risk_of))
        return comparison.evidence()

    def _asked(self, table: RewriteTable, phrases: Phrases) -> LookUp:
        """Return what a table does with a turn, as turns ask it."""

        def look_up(turn: Turn) -> Rewrite | None:
            person = turn.person or None
            if (found := table.look_up(turn.heard, person)) or not turn.unheard:
                return found
            return phrases.look_up(
                turn.heard,
                person,
                lambda words: self._read(words, person),
                risk=self._shop.risk_of(turn.interpretation),
            )

        return look_up

    def _read(self, words: str, person: str | None) -> Reading | None:
        return self._reads(words, person) if self._reads else None

    def _learn_phrases(self, log: Log, one_voice: Collection[Account]) -> Phrases:
        if self._phrase_limits is None or self._reads is None or not log.days:
            return NO_PHRASES
        rows = log.read(list(log.days), (), 0).to_pyarrow().to_pylist()
        turns = read_turns(rows)
        learned = phrasing.learn(
            turns,
            self._phrase_limits,
            risk_of=self._shop.risk_of,
            one_voice={person for person, _ in one_voice},
        )
        forgotten = self._forgotten()
        wanted = learned.without(lambda one: is_among(as_rewrite(one), forgotten))
        return without_failing(wanted, turns) if self._phrase_limits.watched else wanted

    def _disown(self, counted: "_Counted") -> frozenset[str]:
        """Take back what only accounts that push things together have taught everybody."""
        is_idle = self._track.read() is None and self._tables.serving is None
        if is_idle or not counted.colluders:
            return frozenset()
        return self._withdrawal.of_colluding(
            counted.colluders, lambda voices: self._learn_phrases(counted.log, voices)
        )

    def _turns(self, log: Log, since: datetime) -> list[Turn]:
        """Return the turns from *since* on, judged."""
        begin = since.astimezone(UTC)
        days = [day for day in log.days if day >= begin.date().isoformat()]
        if not days:
            return []
        turns = read_turns(log.read(days, (), 0).to_pyarrow().to_pylist())
        return [turn for turn in turns if turn.at >= begin.replace(tzinfo=None)]

    def _follow(self, under_way: UnderWay, decision: Decision) -> None:
        if decision.state.phase in {Phase.SHADOW, Phase.CANARY}:
            begun = decision.state.phase is not decision.before
            since = self._shop.clock.now() if begun else under_way.since
            self._track.keep(UnderWay(decision.state, since))
        else:
            self._track.forget()


def _served(found: learner.Rewrite, risk: Risk) -> Rewrite:
    """Return a mined rewrite as turns look it up."""
    evidence: dict[str, object] = {
        "before": found.before,
        "after": found.after,
        "via": list(found.via),
        "turns": found.turns,
        "people": found.people,
        "days": found.days,
        "support": round(found.support, 3),
        "score": round(found.score, 6),
        "own_score": round(found.own_score, 6),
        "certainty": round(found.certainty, 6),
    }
    return Rewrite(found.said, found.becomes, found.who or None, risk, evidence)


def _words(one: Rewrite) -> tuple[str, str]:
    return one.source, one.target
