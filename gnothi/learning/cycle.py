"""One round of learning rewrites: journal → learner → candidate → gate → registry.

A round that finds no candidate under way mines one, which then answers unheard beside the live
table. Later rounds judge it by what has happened since, and let it in, go on waiting, or drop it;
where it is decided, the next candidate is mined at once.
A rewrite that does worse once it is live is withdrawn at once (see :mod:`gnothi.learning.watch`).
"""

import json
import shutil
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from itertools import pairwise
from typing import TypeAlias, cast

from gnothi.core.acting import Act
from gnothi.core.artifact import Card
from gnothi.core.risk import Risk
from gnothi.language.phrases import FILE as PHRASES
from gnothi.language.phrases import NO_PHRASES, Phrase, Phrases, Reading
from gnothi.language.rewrites import FILE, NAME, Rewrite, RewriteTable, write_table
from gnothi.learning import phrases as phrasing
from gnothi.learning import rewrites as learner
from gnothi.learning.collusion import colluders_of
from gnothi.learning.evidence import Comparison, Evidence
from gnothi.learning.gate import Limits
from gnothi.learning.mining import Account, Aggregates, Scope, update
from gnothi.learning.outcomes import NOT_UNDERSTOOD, LookUp, Turn, pair, read_turns
from gnothi.learning.parts import as_phrase, as_rewrite
from gnothi.learning.rollout import Decision, Phase, Plan, State, advance, apply
from gnothi.learning.turns import Log
from gnothi.learning.watch import (
    PhraseUse,
    Use,
    concerned,
    failing,
    phrase_uses,
    uses,
    without_failing,
)
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

    def run(self) -> Round:
        """Do one round.

        Raises:
            StorageError: journal, folder or registry can't be read or written.
        """
        log = self.log()
        known = sum(day.turns for day in log.days.values())
        withdrawn, failed = self._withdraw(log), self._withdraw_phrases(log)
        before = {one.id for one in self.learned()}
        self._disown(log)
        disowned = before - {one.id for one in self.learned()}
        under_way = self._track.read()
        if under_way is None:
            done = self._propose(log, known)
        else:
            done = self._judged(under_way, log, known)
            if self._track.read() is None:
                following = self._propose(log, known)
                done = replace(done, candidate=following.candidate, phrases=following.phrases)
        return replace(done, withdrawn=withdrawn, failed=failed, disowned=frozenset(disowned))

    def log(self) -> Log:
        """Return the journal's turns, judged, as they are now."""
        return self._shop.log()

    def forget(self, ids: Iterable[str], *, reason: str = "forgotten") -> list[Rewrite]:
        """Take what is called *ids* out of what is live and of what is under way.

        With one that everybody has go those that persons have for the same words. Returns what
        was live until now.
        """
        gone = frozenset(ids)
        under_way, live = self._track.read(), self.learned()
        found = [one for one in live if _is_among(one, gone)]

        def is_unwanted(one: Phrase) -> bool:
            return _is_among(as_rewrite(one), gone)

        if found:
            kept = [one for one in self.live() if not _is_among(one, gone)]
            left = self.live_phrases().without(is_unwanted)
            self._make_live(kept, phrases=left, reason=reason)
        if under_way is not None:
            tried = self._table(under_way.state.version)
            left = self._phrases(under_way.state.version).without(is_unwanted)
            self._go_on(under_way, [one for one in tried if not _is_among(one, gone)], left)
        return found

    def put_back(self, rewrites: Iterable[Rewrite], *, reason: str) -> None:
        """Let *rewrites* that were live before be live again."""
        under_way, wanted = self._track.read(), list(rewrites)
        back = {one.id: one for one in wanted if not one.part}
        parts = [as_phrase(one) for one in wanted if one.part]
        live = {one.id: one for one in self.live()} | back
        phrases = self._with(self.live_phrases(), parts)
        self._make_live(live.values(), phrases=phrases, reason=reason)
        if under_way is not None:
            version = under_way.state.version
            tried = {one.id: one for one in self._table(version)} | back
            self._go_on(under_way, tried.values(), self._with(self._phrases(version), parts))

    def unlearn(self) -> None:
        """Keep only what would have been learned from the journal as it is now.

        For an erase: versions, copies and counts that knew more are gone afterwards.
        """
        live, phrased = self.live(), self.live_phrases()
        shutil.rmtree(self._shop.folder, ignore_errors=True)
        if self._shop.registry.serving(NAME) is None:
            return
        log = self.log()
        mined = self._mine(log)
        known = set(map(_said, live))
        kept = [one for one in mined if _said(one) in known]
        before = set(map(_phrase_key, phrased))
        learned = self._learn_phrases(log, self._colluders()) if before else NO_PHRASES
        phrases = learned.without(lambda one: _phrase_key(one) not in before)
        self._make_live(kept, phrases=phrases, reason="a person was erased")
        self._shop.registry.discard_earlier(NAME)

    def live(self) -> RewriteTable:
        """Return the table that answers."""
        version = self._shop.registry.serving(NAME)
        return self._table(version) if version else RewriteTable(())

    def live_phrases(self) -> Phrases:
        """Return the phrases that answer."""
        version = self._shop.registry.serving(NAME)
        return self._phrases(version) if version else NO_PHRASES

    def learned(self) -> list[Rewrite]:
        """Return everything that answers, phrases as rewrites of a part."""
        return [*self.live(), *map(as_rewrite, self.live_phrases())]

    def trial(self) -> Trial | None:
        """Return what is under way; ``None`` if nothing is."""
        under_way = self._track.read()
        if under_way is None:
            return None
        known = set(map(_said, self.live()))
        new = [one for one in self._table(under_way.state.version) if _said(one) not in known]
        phrases = self._new_phrases(self._phrases(under_way.state.version))
        return Trial(under_way.state.phase, under_way.since, RewriteTable(new), phrases)

    def _new_phrases(self, phrases: Phrases) -> tuple[Phrase, ...]:
        """Return those of *phrases* that do not answer yet."""
        known = set(map(_phrase_key, self.live_phrases()))
        return tuple(one for one in phrases if _phrase_key(one) not in known)

    def _with(self, phrases: Phrases, more: Iterable[Phrase]) -> Phrases:
        """Return *phrases* and *more*, used as is usual here."""
        limits = self._phrase_limits or phrasing.Limits()
        together = [*phrases, *more]
        return Phrases(together, threshold=limits.threshold, most=limits.most)

    def _go_on(self, under_way: UnderWay, left: Iterable[Rewrite], phrases: Phrases) -> None:
        """Go on with what is *left* of a candidate; its turns so far go on counting.

        One that serves already begins anew: what it has shown, it has shown as a whole.
        """
        table = RewriteTable(left)
        nothing = set(map(_said, table)) <= set(map(_said, self.live()))
        nothing = nothing and _trusted(phrases) <= _trusted(self.live_phrases())
        if nothing or under_way.state.phase is not Phase.SHADOW:
            self._track.forget()
            return
        state = replace(under_way.state, version=self._put(table, phrases=phrases))
        self._track.keep(replace(under_way, state=state))

    def _propose(self, log: Log, known: int) -> Round:
        """Mine a candidate and put it under way, if it differs from what is live."""
        live = self.live()
        shared = {_words(one) for one in live if one.person is None}
        mined = [one for one in self._mine(log) if not (one.person and _words(one) in shared)]
        candidate = RewriteTable([*live, *mined])
        phrases = self._learn_phrases(log, self._colluders())
        same = set(map(_said, candidate)) == set(map(_said, live))
        if same and _trusted(phrases) == _trusted(self.live_phrases()):
            return Round(known, Act("learning-nothing-new", {"turns": known}))
        if self._shop.registry.serving(NAME) is None:
            self._make_live((), reason="nothing learned yet")
        version = self._put(candidate, log, phrases=phrases)
        self._track.keep(UnderWay(State(version), self._shop.clock.now()))
        new = [one for one in candidate if _said(one) not in set(map(_said, live))]
        parts = self._new_phrases(phrases)
        reason = Act("learning-candidate", {"number": len(new), "phrases": len(parts)})
        return Round(known, reason, RewriteTable(new), phrases=parts)

    def _mine(self, log: Log) -> list[Rewrite]:
        found: list[Rewrite] = []
        forgotten = self._forgotten()
        for scope, limits in self._limits.items():
            folder = self._shop.folder / scope.value
            update(log, folder, scope=scope)
            mined = learner.mine(
                Aggregates(self._shop.engine(), folder),
                limits,
                risk_of=self._shop.risk_of,
                one_voice=self._colluders() if scope is Scope.EVERYONE else (),
            )
            found += [_served(one, self._shop.risk_of(one.after)) for one in mined]
        failed = self._blocked()
        wanted = [
            one for one in found if not _is_among(one, forgotten) and _said(one) not in failed
        ]
        shared = {(one.source, one.target) for one in wanted if one.person is None}
        return [one for one in wanted if one.person is None or _words(one) not in shared]

    def _colluders(self) -> frozenset[Account]:
        """Return the accounts that push things together, by what was counted last."""
        return colluders_of(Aggregates(self._shop.engine(), self._shop.folder / Scope.EVERYONE))

    def _judged(self, under_way: UnderWay, log: Log, known: int) -> Round:
        """Let the gate rule on the candidate by what happened since it is under way."""
        state = under_way.state
        evidence = self._evidence(state.version, under_way.since, log)
        decision = advance(state, evidence, self._plan)
        apply(self._shop.registry, NAME, decision, wording=self._shop.wording)
        self._follow(under_way, decision)
        waits = decision.state.phase in {Phase.SHADOW, Phase.CANARY}
        candidate = self._table(state.version) if waits else RewriteTable(())
        parts = self._new_phrases(self._phrases(state.version)) if waits else ()
        return Round(known, decision.reason, candidate, evidence=evidence, phrases=parts)

    def _evidence(self, version: str, since: datetime, log: Log) -> Evidence:
        comparison = Comparison(NAME, alpha=self._plan.limits.alpha)
        candidate = self._asked(self._table(version), self._phrases(version))
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
        wanted = learned.without(lambda one: _is_among(as_rewrite(one), forgotten))
        return without_failing(wanted, turns) if self._phrase_limits.watched else wanted

    def _withdraw(self, log: Log) -> tuple[Use, ...]:
        """Take live rewrites back that fail more often than what they stand for."""
        live = self.live()
        bad = tuple(failing(uses(concerned(log, live), live))) if len(live) else ()
        gone = {use.rewrite.id for use in bad}
        if gone:
            reason = "withdrawn: " + ", ".join(sorted(gone))
            self._take_out(lambda one: one.id in gone, lambda _: False, reason=reason)
            self._block(use.rewrite for use in bad)
        return bad

    def _withdraw_phrases(self, log: Log) -> tuple[PhraseUse, ...]:
        """Take live phrases back that fail more often than not."""
        phrases = self.live_phrases()
        if not (self._phrase_limits and self._phrase_limits.watched and len(phrases)):
            return ()
        turns = concerned(log, RewriteTable(()))
        bad = tuple(use for use in phrase_uses(phrases, turns) if use.fails)
        lost = {_phrase_key(use.phrase) for use in bad}
        if lost:
            reason = "withdrawn: phrases that fail"
            self._take_out(lambda _: False, lambda one: _phrase_key(one) in lost, reason=reason)
        return bad

    def _disown(self, log: Log) -> None:
        """Take back what only accounts that push things together have taught everybody."""
        trial = self._track.read()
        if trial is None and self._shop.registry.serving(NAME) is None:
            return
        update(log, self._shop.folder / Scope.EVERYONE)
        together = self._colluders()
        if not together:
            return
        lost = self._enough(()) - self._enough(together)
        everybodys, own = (self._learn_phrases(log, voices) for voices in ((), together))
        gone = set(map(_phrase_key, everybodys)) - set(map(_phrase_key, own))
        self._take_out(
            lambda one: one.person is None and not lost.isdisjoint(pairwise(_way(one))),
            lambda one: one.person is None and _phrase_key(one) in gone,
            reason="withdrawn: taught by accounts that push things together",
        )

    def _enough(self, one_voice: Collection[Account]) -> set[tuple[str, str]]:
        """Return the steps that enough different people have taken to teach everybody."""
        counted = Aggregates(self._shop.engine(), self._shop.folder / Scope.EVERYONE)
        limits = self._limits[Scope.EVERYONE]
        rows = counted.pairs(
            people=limits.people,
            households=limits.households,
            days=limits.days,
            one_voice=one_voice,
        )
        return set(zip(rows["before"].to_pylist(), rows["after"].to_pylist(), strict=True))

    def _take_out(
        self, bad: Callable[[Rewrite], bool], unwanted: Callable[[Phrase], bool], *, reason: str
    ) -> None:
        """Take *bad* rewrites and *unwanted* phrases out of what is live and of what is under way.

        A candidate goes on without them, with what the rest of it has shown so far.
        """
        registry, under_way = self._shop.registry, self._track.read()
        live, phrases = self.live(), self.live_phrases()
        kept, left = [one for one in live if not bad(one)], phrases.without(unwanted)
        changed = len(kept) < len(live) or len(left) < len(phrases)
        if changed:
            self._make_live(kept, phrases=left, reason=reason)
        if under_way is None:
            return
        state = under_way.state
        tried = [one for one in self._table(state.version) if not bad(one)]
        version = self._put(tried, phrases=self._phrases(state.version).without(unwanted))
        if version == state.version and not changed:
            return
        if version == registry.serving(NAME):
            registry.end_canary(NAME, reason=reason)
            self._track.forget()
            return
        if state.phase is Phase.CANARY:
            registry.start_canary(NAME, version, state.share, reason=reason)
        self._track.keep(replace(under_way, state=replace(state, version=version)))

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

    def _table(self, version: str) -> RewriteTable:
        return RewriteTable.load(self._shop.registry.get(NAME, version).folder)

    def _phrases(self, version: str) -> Phrases:
        return Phrases.load(self._shop.registry.get(NAME, version).folder)

    def _blocked(self) -> frozenset[tuple[str, str]]:
        """Return ids and targets of rewrites that have failed: they are not learned again."""
        path = self._shop.folder / _BLOCKED
        if not path.exists():
            return frozenset()
        rows: list[list[str]] = json.loads(path.read_text(encoding="utf-8"))
        return frozenset((str(name), str(target)) for name, target in rows)

    def _block(self, rewrites: Iterable[Rewrite]) -> None:
        rows = sorted({*self._blocked(), *map(_said, rewrites)})
        self._shop.folder.mkdir(parents=True, exist_ok=True)
        (self._shop.folder / _BLOCKED).write_text(json.dumps(rows), encoding="utf-8")

    def _make_live(
        self, rewrites: Iterable[Rewrite], *, reason: str, phrases: Phrases | None = None
    ) -> None:
        version = self._put(rewrites, phrases=self.live_phrases() if phrases is None else phrases)
        self._shop.registry.make_live(NAME, version, reason=reason)

    def _put(self, rewrites: Iterable[Rewrite], log: Log | None = None, *, phrases: Phrases) -> str:
        """Keep *rewrites* and *phrases* as an artifact; the same ones are the same version."""
        files = {FILE: write_table(rewrites)}
        if len(phrases):
            files[PHRASES] = phrases.dump()
        digests = {name: sha256(content).hexdigest() for name, content in files.items()}
        digest = sha256("".join(digests.values()).encode()).hexdigest()
        version = f"1.{(digest if len(files) > 1 else digests[FILE])[:12]}"
        marks = [one.fingerprint for one in log.days.values()] if log else []
        data = {"name": "journal", "sha256": sha256("".join(marks).encode()).hexdigest()}
        card = Card(
            NAME,
            version,
            "json",
            digests,
            command="gnothi learn now",
            data=({**data, "licence": "private"},) if marks else (),
            licence="private",
        )
        if version not in {known.version for known in self._shop.registry.versions(NAME)}:
            self._shop.registry.put(files, card)
        return version


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


def _is_among(one: Rewrite, ids: frozenset[str]) -> bool:
    """Whether *one* or the same for everybody is called so: what nobody has, no person gets."""
    return not ids.isdisjoint({one.id, replace(one, person=None).id})


def _trusted(phrases: Phrases) -> set[tuple[str | None, str, str]]:
    """Return which of *phrases* are enough by themselves; their counts change every day."""
    return {_phrase_key(one) for one in phrases if one.times / (one.of + 1.0) >= phrases.threshold}


def _phrase_key(one: Phrase) -> tuple[str | None, str, str]:
    return one.person, one.before, one.after


def _way(one: Rewrite) -> list[str]:
    """Return the interpretations from what was said to what it became."""
    via = cast("list[str]", one.evidence.get("via", []))
    before, after = (str(one.evidence.get(name, "")) for name in ("before", "after"))
    return [before, *via, after]


def _words(one: Rewrite) -> tuple[str, str]:
    return one.source, one.target


def _said(one: Rewrite) -> tuple[str, str]:
    return one.id, one.target
