"""One round of learning to find what was meant: journal → index → gate → registry.

A round that finds no index under way learns one, which then answers unheard. Later rounds judge it
by requests that have come to nothing since, let it in, go on waiting, or drop it. Once it is live,
the turns that it has changed are its evidence, and it is withdrawn when it does harm.

What is compared is not an index with another one, but finding with saying "I don't know": that is
worth more than a wrong deed. A right rewrite gains a turn, a wrong one loses one; where a person
gave up, nobody can tell what was right.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from gnothi.core.acting import Act
from gnothi.core.artifact import Card
from gnothi.core.clock import Clock
from gnothi.core.errors import StorageError
from gnothi.core.risk import Risk
from gnothi.language.retrieval import NAME, Knowledge, Question, RequestIndex, write_index
from gnothi.learning import retrieval as learner
from gnothi.learning.cycle import Turns
from gnothi.learning.evidence import Comparison, Outcome
from gnothi.learning.gate import Limits
from gnothi.learning.mining import connect
from gnothi.learning.outcomes import PAUSE
from gnothi.learning.retrieval import Lesson, RiskOf, Turn, find_lessons, question_of
from gnothi.learning.rollout import Decision, Phase, Plan, State, advance, apply
from gnothi.learning.turns import Backend, Judge, Log, turns_from_journal
from gnothi.registry.registry import Registry

HOME = "home"
"""The household of everybody in one installation."""
HOUSEHOLD = Plan(
    limits=Limits(
        alpha=0.1,
        support=20,
        people=1,
        negative_flips=0.2,
        relative_negative_flips=1.0,
        slice_negative_flips=1.0,
        change=1.0,
    ),
    shares=(),
)
"""For a single home: few requests come to nothing, so that few can be waited for."""
AT_HOME = learner.Limits(people=1)
"""At home everybody gets what anybody has said."""
_STATE = "retrieval.json"


@dataclass(frozen=True, slots=True)
class _UnderWay:
    """An index that is watched or live, and since when its evidence is collected."""

    state: State
    since: datetime

    @property
    def waits(self) -> bool:
        return self.state.phase in {Phase.SHADOW, Phase.CANARY}


class RetrievalCycle:
    """Learns an index from one journal into one registry. Only one may run at a time."""

    def __init__(
        self,
        journal: Turns,
        registry: Registry,
        folder: Path,
        *,
        clock: Clock,
        judge: Judge,
        risk_of: RiskOf,
        judge_version: Callable[[], str] = str,
        wording: Callable[[Act], str] = lambda act: act.key,
        engine: Callable[[], Backend] = connect,
        plan: Plan = HOUSEHOLD,
        limits: learner.Limits = AT_HOME,
    ) -> None:
        """Work in *folder*, which holds copies and what is under way.

        *risk_of* tells the class of an interpretation; *wording* tells reasons for the registry's
        history; *engine* counts.
        """
        self._journal, self._registry, self._folder, self._clock = journal, registry, folder, clock
        self._judge, self._judge_version = judge, judge_version
        self._risk_of, self._wording = risk_of, wording
        self._engine, self._plan, self._limits = engine, plan, limits

    @property
    def name(self) -> str:
        """The artifact that is learned."""
        return NAME

    def run(self) -> Act:
        """Do one round; return why things stand as they do.

        Raises:
            StorageError: journal, folder or registry can't be read or written.
        """
        log = self._log()
        turns = self.turns(log)
        under_way = self._read_state()
        if under_way and under_way.state.phase in {Phase.SHADOW, Phase.CANARY, Phase.LIVE}:
            decision = self._judged(under_way, turns)
            if under_way.waits or decision.move is not decision.move.NONE:
                return decision.reason
        return self._propose(turns, log)

    def unlearn(self) -> None:
        """Keep only what would have been learned from the journal as it is now.

        For an erase: versions that knew more are gone afterwards.
        """
        (self._folder / _STATE).unlink(missing_ok=True)
        if self._registry.serving(NAME) is None:
            return
        known = self._learn(self.turns())
        self._registry.make_live(NAME, self._put(known), reason="a person was erased")
        self._registry.discard_earlier(NAME)

    def turns(self, log: Log | None = None) -> list[Turn]:
        """Return the turns of the journal as it is now, or of *log*."""
        return at_home(learner.read_turns(log or self._log()))

    def live(self) -> RequestIndex | None:
        """Return the index that serves; ``None`` while none does."""
        version = self._registry.serving(NAME)
        return self._index(version) if version else None

    def _propose(self, turns: Sequence[Turn], log: Log) -> Act:
        """Learn an index and put it under way, if it knows anything new."""
        known = self._learn(turns)
        lessons = sum(1 for one in find_lessons(learner.in_order(turns)) if one.success)
        if not known.successes or not lessons:
            return Act("learning-unseen-nothing")
        version = self._put(known, log)
        if version == self._registry.serving(NAME):
            return Act("learning-unseen-nothing")
        if self._registry.serving(NAME) is None:
            nothing = self._put(Knowledge(()))
            self._registry.make_live(NAME, nothing, reason="nothing learned yet")
        self._keep(_UnderWay(State(version), self._clock.now()))
        return Act("learning-unseen-candidate", {"number": len(known.successes)})

    def _learn(self, turns: Sequence[Turn]) -> Knowledge:
        return learner.learn(turns, self._limits, risk_of=self._risk_of)

    def _judged(self, under_way: _UnderWay, turns: Sequence[Turn]) -> Decision:
        """Let the gate rule by what happened since the phase began."""
        state, since = under_way.state, under_way.since.astimezone(UTC).replace(tzinfo=None)
        fresh = [turn for turn in turns if turn.at >= since]
        comparison = Comparison(NAME, alpha=self._plan.limits.alpha)
        if state.phase is Phase.LIVE:
            comparison.add(served(fresh, self._risk_of))
        else:
            index = self._index(state.version)
            comparison.add(compare(fresh, index, self._risk_of))
        decision = advance(state, comparison.evidence(), self._plan)
        apply(self._registry, NAME, decision, wording=self._wording)
        begun = decision.state.phase is not decision.before
        self._keep(_UnderWay(decision.state, self._clock.now() if begun else under_way.since))
        return decision

    def _index(self, version: str) -> RequestIndex:
        return RequestIndex.load(self._registry.get(NAME, version).folder)

    def _put(self, known: Knowledge, log: Log | None = None) -> str:
        """Keep *known* as an artifact; the same knowledge is the same version."""
        files = write_index(known)
        hashes = {name: sha256(content).hexdigest() for name, content in files.items()}
        version = f"1.{sha256(''.join(hashes.values()).encode()).hexdigest()[:12]}"
        marks = [one.fingerprint for one in log.days.values()] if log else []
        data = {"name": "journal", "sha256": sha256("".join(marks).encode()).hexdigest()}
        card = Card(
            NAME,
            version,
            "npz",
            hashes,
            command="gnothi learn now",
            data=({**data, "licence": "private"},) if marks else (),
            figures={"requests": float(len(known.successes)), "threshold": known.threshold},
            licence="private",
        )
        if version not in {one.version for one in self._registry.versions(NAME)}:
            self._registry.put(files, card)
        return version

    def _log(self) -> Log:
        copy = self._folder / "turns"
        self._journal.parquet(copy)
        return turns_from_journal(
            self._engine(), copy, judge=self._judge, judge_version=self._judge_version()
        )

    def _read_state(self) -> _UnderWay | None:
        try:
            found: dict[str, Any] = json.loads((self._folder / _STATE).read_text(encoding="utf-8"))
            kept: dict[str, Any] = found["state"]
            phase = Phase(kept["phase"])
            state = State(str(kept["version"]), phase, float(kept["share"]), int(kept["since"]))
            return _UnderWay(state, datetime.fromisoformat(found["since"]))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise StorageError(f"{self._folder / _STATE} is damaged: {error}") from error

    def _keep(self, under_way: _UnderWay) -> None:
        content = {**asdict(under_way), "since": under_way.since.isoformat()}
        self._folder.mkdir(parents=True, exist_ok=True)
        fresh = self._folder / f".{_STATE}.new"
        fresh.write_text(json.dumps(content), encoding="utf-8")
        fresh.replace(self._folder / _STATE)


def at_home(turns: Iterable[Turn]) -> list[Turn]:
    """Return *turns* as those of one household."""
    return [replace(turn, household=HOME) for turn in turns]


def compare(turns: Iterable[Turn], index: RequestIndex, risk_of: RiskOf) -> Iterator[Outcome]:
    """Yield what *index* would have done where words led to nothing, against doing nothing.

    Where a live index has answered, it is known what came of the same answer, and nothing of
    another. The index must not have learned from these *turns*.
    """
    for talk in conversations(turns):
        for lesson in find_lessons(talk):
            if lesson.success is not None:
                found = index.look_up(question_of(lesson.turn, risk_of))
                right = found is not None and found.evidence["after"] == lesson.success.meaning
                yield _outcome(talk, lesson, risk_of, changed=found is not None, right=right)
        for turn in talk:
            if turn.retrieved:
                found = index.look_up(Question(turn.heard, turn.person or None, turn.household))
                if found and found.evidence["after"] == turn.meaning:
                    yield _served(talk, turn, risk_of)


def served(turns: Iterable[Turn], risk_of: RiskOf) -> Iterator[Outcome]:
    """Yield what a live index has done, against doing nothing."""
    for talk in conversations(turns):
        for turn in talk:
            if turn.retrieved:
                yield _served(talk, turn, risk_of)


def conversations(turns: Iterable[Turn]) -> Iterator[list[Turn]]:
    """Part the turns of each session where nothing is said for long."""
    talk: list[Turn] = []
    for turn in learner.in_order(turns):
        goes_on = talk and talk[-1].session == turn.session and turn.at - talk[-1].at <= PAUSE
        if talk and not goes_on:
            yield talk
            talk = []
        talk.append(turn)
    if talk:
        yield talk


def _served(talk: Sequence[Turn], turn: Turn, risk_of: RiskOf) -> Outcome:
    return _outcome(talk, Lesson(turn, turn), risk_of, changed=True, right=not turn.failed)


def _outcome(
    talk: Sequence[Turn], lesson: Lesson, risk_of: RiskOf, *, changed: bool, right: bool
) -> Outcome:
    turn = lesson.turn
    done = lesson.success.meaning if lesson.success and right else turn.meaning
    return Outcome(
        # To say "I don't know" is right where the alternative is a wrong deed.
        live_right=changed and not right,
        candidate_right=changed and right,
        changed=changed,
        person=turn.person,
        session=f"{turn.session} {talk[0].at}" if changed else "",
        domain=turn.meaning.partition("_")[0],
        risk=risk_of(done),
        live_risk=Risk.REVERSIBLE,
    )
