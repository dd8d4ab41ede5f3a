"""One round of learning to find what was meant: journal → index → gate → registry.

A round that finds no index under way learns one, which then answers unheard. Later rounds judge it
by requests that have come to nothing since, let it in, go on waiting, or drop it. Once it is live,
the turns that it has changed are its evidence, and it is withdrawn when it does harm.

What is compared is not an index with another one, but finding with saying "I don't know": that is
worth more than a wrong deed. A right rewrite gains a turn, a wrong one loses one; where a person
gave up, nobody can tell what was right.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC
from hashlib import sha256

from gnothi.core.acting import Act
from gnothi.core.artifact import Card
from gnothi.core.risk import Risk
from gnothi.language.retrieval import NAME, Knowledge, Question, RequestIndex, write_index
from gnothi.learning import retrieval as learner
from gnothi.learning.evidence import Comparison, Outcome
from gnothi.learning.gate import Limits
from gnothi.learning.outcomes import PAUSE
from gnothi.learning.retrieval import Lesson, RiskOf, Turn, find_lessons, question_of
from gnothi.learning.rollout import Decision, Phase, Plan, State, advance, apply
from gnothi.learning.turns import Log
from gnothi.learning.workshop import Track, UnderWay, Workshop

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


class RetrievalCycle:
    """Learns an index from one journal into one registry. Only one may run at a time."""

    def __init__(
        self,
        workshop: Workshop,
        *,
        plan: Plan = HOUSEHOLD,
        limits: learner.Limits = AT_HOME,
    ) -> None:
        """Work in *workshop*."""
        self._shop, self._plan, self._limits = workshop, plan, limits
        self._track = Track(workshop.folder / "retrieval.json")

    @property
    def name(self) -> str:
        """The artifact that is learned."""
        return NAME

    def run(self) -> Act:
        """Do one round; return why things stand as they do.

        Raises:
            StorageError: journal, folder or registry can't be read or written.
        """
        log = self._shop.log()
        turns = self.turns(log)
        under_way = self._track.read()
        if under_way and under_way.state.phase in {Phase.SHADOW, Phase.CANARY, Phase.LIVE}:
            decision = self._judged(under_way, turns)
            if under_way.waits or decision.move is not decision.move.NONE:
                return decision.reason
        return self._propose(turns, log)

    def unlearn(self) -> None:
        """Keep only what would have been learned from the journal as it is now.

        For an erase: versions that knew more are gone afterwards.
        """
        self._track.forget()
        if self._shop.registry.serving(NAME) is None:
            return
        known = self._learn(self.turns())
        self._shop.registry.make_live(NAME, self._put(known), reason="a person was erased")
        self._shop.registry.discard_earlier(NAME)

    def turns(self, log: Log | None = None) -> list[Turn]:
        """Return the turns of the journal as it is now, or of *log*."""
        return at_home(learner.read_turns(log or self._shop.log()))

    def live(self) -> RequestIndex | None:
        """Return the index that serves; ``None`` while none does."""
        version = self._shop.registry.serving(NAME)
        return self._index(version) if version else None

    def _propose(self, turns: Sequence[Turn], log: Log) -> Act:
        """Learn an index and put it under way, if it knows anything new."""
        known = self._learn(turns)
        lessons = sum(1 for one in find_lessons(learner.in_order(turns)) if one.success)
        if not known.successes or not lessons:
            return Act("learning-unseen-nothing")
        version = self._put(known, log)
        if version == self._shop.registry.serving(NAME):
            return Act("learning-unseen-nothing")
        if self._shop.registry.serving(NAME) is None:
            nothing = self._put(Knowledge(()))
            self._shop.registry.make_live(NAME, nothing, reason="nothing learned yet")
        self._track.keep(UnderWay(State(version), self._shop.clock.now()))
        return Act("learning-unseen-candidate", {"number": len(known.successes)})

    def _learn(self, turns: Sequence[Turn]) -> Knowledge:
        return learner.learn(turns, self._limits, risk_of=self._shop.risk_of)

    def _judged(self, under_way: UnderWay, turns: Sequence[Turn]) -> Decision:
        """Let the gate rule by what happened since the phase began."""
        state, since = under_way.state, under_way.since.astimezone(UTC).replace(tzinfo=None)
        fresh = [turn for turn in turns if turn.at >= since]
        comparison = Comparison(NAME, alpha=self._plan.limits.alpha)
        if state.phase is Phase.LIVE:
            comparison.add(served(fresh, self._shop.risk_of))
        else:
            index = self._index(state.version)
            comparison.add(compare(fresh, index, self._shop.risk_of))
        decision = advance(state, comparison.evidence(), self._plan)
        apply(self._shop.registry, NAME, decision, wording=self._shop.wording)
        begun = decision.state.phase is not decision.before
        self._track.keep(
            UnderWay(decision.state, self._shop.clock.now() if begun else under_way.since)
        )
        return decision

    def _index(self, version: str) -> RequestIndex:
        return RequestIndex.load(self._shop.registry.get(NAME, version).folder)

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
        if version not in {one.version for one in self._shop.registry.versions(NAME)}:
            self._shop.registry.put(files, card)
        return version


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
