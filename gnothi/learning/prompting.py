"""One round of learning which question to ask: talks → rewards → candidate → evidence → registry.

A share of talks tries other prompts than the live policy would choose. Once there are enough of
them, a candidate is fitted on some and judged by the rest. Where these prove that its prompts are
worth more, it leads a share of talks, then more, then all; where people then find less than with
the policy before, it goes back by itself.

Learners read an anonymised export: acts and numbers, no words, hashes under a key that nobody
keeps. Looks are at talks that grow by half each time, and each look spends its part of the error
probability, so that looking often lets nothing in.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from secrets import token_bytes
from typing import Any, Self, cast

from gnothi.core.acting import Act
from gnothi.core.artifact import Card
from gnothi.core.errors import ArtifactError, StorageError
from gnothi.core.interaction import Interaction
from gnothi.core.plain import Json, plain
from gnothi.learning.chronicle import read_act, write_act
from gnothi.learning.evidence import Comparison, Evidence, Outcome
from gnothi.learning.gate import Limits as GateLimits
from gnothi.learning.gate import Ruling, Verdict
from gnothi.learning.prompt_evidence import Estimate, Limits, PromptEvidence, rule, weigh
from gnothi.learning.rollout import Decision, Move, Phase, Plan, State, advance, apply
from gnothi.learning.workshop import Track, UnderWay, Workshop
from gnothi.recommend.decisions import table
from gnothi.recommend.features import NAMES
from gnothi.recommend.journalled import Talk, talks
from gnothi.recommend.learner import Lessons, Recipe, learn
from gnothi.recommend.policies.learned import FILE, NAME, Learned
from gnothi.recommend.rewards import Reward

RULES = "rules"
"""Who leads while nothing was learned, as the journal has it."""
HOUSEHOLD = Plan(
    limits=GateLimits(
        alpha=0.1,
        support=10,
        people=1,
        negative_flips=1.0,
        relative_negative_flips=1e9,
        slice_negative_flips=1.0,
        change=1.0,
    ),
    shares=(0.25, 0.5),
    step_turns=10,
    alpha_canary=0.05,
    alpha_live=0.05,
)
"""For a single home. Two talks make one comparison: those that end badly are no flips of a turn."""
FOLDER = "prompting"
_IN_TALKS = {
    "rollout-watching": Act("prompts-watching"),
    "rollout-doubtful": Act("prompts-doubtful"),
    "rollout-held": Act("prompts-held"),
    "rollout-live": Act("prompts-live"),
    "rollout-regressed": Act("prompts-regressed"),
}
"""How a rollout is told of that is counted in pairs of talks."""
_FINDING = "finding.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Schooling:
    """When and how a candidate is made."""

    least: int = 80
    """Talks that tried other things, before the first look."""
    growth: float = 1.5
    """How many times as many there must be at the next look."""
    most: int = 50_000
    """Talks that are learned from, the newest."""
    alpha: float = 0.1
    """Probability of ever letting a candidate without a gain in, over all looks together."""
    recipe: Recipe = field(default_factory=lambda: Recipe(trees=40, leaves=6, least=20))
    reward: Reward = field(default_factory=Reward)
    limits: Limits = field(default_factory=Limits)
    seed: int = 0

    def look(self, tried: int) -> int | None:
        """Return the number of the look that so many talks allow, from 0; ``None`` for none yet."""
        found = None
        while tried >= self.needed(0 if found is None else found + 1):
            found = 0 if found is None else found + 1
        return found

    def needed(self, look: int) -> int:
        """Return how many talks the look of this number asks for."""
        return round(self.least * self.growth**look)

    def spent(self, look: int) -> float:
        """Return the error probability of this look; those of all looks add up to ``alpha``."""
        return self.alpha / ((look + 1) * (look + 2))


@dataclass(frozen=True, slots=True)
class Finding:
    """What the last look said, and how far the candidate has come: for people to read."""

    at: datetime
    version: str
    phase: Phase
    reasons: tuple[Act, ...]
    evidence: PromptEvidence
    tried: int
    """Talks so far that tried other things."""
    needed: int
    """As many are needed for the next look."""

    def json(self) -> dict[str, Json]:
        """Return it as it is kept."""
        told = cast("dict[str, Json]", plain(self))
        return {**told, "reasons": [write_act(one) for one in self.reasons]}

    @classmethod
    def read(cls, found: Mapping[str, Any]) -> Self:
        """Read what :meth:`json` gave."""
        seen: dict[str, Any] = found["evidence"]
        seen |= {name: Estimate(**seen[name]) for name in ("candidate", "live", "gain")}
        seen["asked"] = {name: (now, then) for name, (now, then) in seen["asked"].items()}
        return cls(
            at=datetime.fromisoformat(found["at"]),
            version=str(found["version"]),
            phase=Phase(found["phase"]),
            reasons=tuple(act for one in found["reasons"] if (act := read_act(one))),
            evidence=PromptEvidence(**seen),
            tried=int(found["tried"]),
            needed=int(found["needed"]),
        )


def read_finding(folder: Path) -> Finding | None:
    """Return what the last look under the learning's *folder* said; ``None`` before the first.

    Raises:
        StorageError: the file is damaged.
    """
    path = folder / FOLDER / _FINDING
    try:
        return Finding.read(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StorageError(f"{path} is damaged: {error}") from error


class PolicyCycle:
    """Learns which prompt to choose from one journal into one registry. Only one may run."""

    def __init__(
        self,
        workshop: Workshop,
        journal: Callable[[], Iterable[Interaction]],
        *,
        plan: Plan = HOUSEHOLD,
        schooling: Schooling | None = None,
    ) -> None:
        """Work in *workshop*; *journal* yields all turns in order."""
        self._shop, self._journal, self._plan = workshop, journal, plan
        self._schooling = schooling or Schooling()
        self._folder = workshop.folder / FOLDER
        self._track = Track(self._folder / "state.json")
        self._looks = self._folder / "looks.json"

    @property
    def name(self) -> str:
        """The artifact that is learned."""
        return NAME

    def run(self) -> Act:
        """Do one round; return why things stand as they do.

        Raises:
            StorageError: journal, folder or registry can't be read or written.
        """
        known = self.talks()
        under_way = self._track.read()
        if under_way and self._goes_on(under_way):
            decision = self._judged(under_way, known)
            if under_way.waits or decision.move is not Move.NONE:
                return decision.reason
        return self._look(known)

    def unlearn(self) -> None:
        """Keep only what would have been learned from the journal as it is now, after an erase.

        A live policy is made anew of what is left, and judged anew; where that is no longer enough
        for the gate, the rules lead again. Versions that knew more are gone.
        """
        serving = self._shop.registry.serving(NAME)
        was_learned = serving is not None and not self._is_rules(serving)
        self._forget()
        if serving is None:
            return
        version = self._put(None)
        if was_learned:
            version = self._again() or version
        self._shop.registry.make_live(NAME, version, reason="a person was erased")
        self._shop.registry.discard_earlier(NAME)

    def talks(self) -> list[Talk]:
        """Return the talks of the journal as it is now, those with today's features."""
        found = [
            one
            for one in talks(self._journal(), reward=self._schooling.reward)
            if all(made.features.shape[1:] == (len(NAMES),) for made in one.logged.decisions)
        ]
        return found[-self._schooling.most :]

    def _look(self, known: Sequence[Talk]) -> Act:
        """Make a candidate and judge it, where enough talks have come since the last look."""
        live = self._live()
        tried = [one for one in known if one.tries and one.policy == live]
        look = self._schooling.look(len(tried))
        last = self._looked(live)
        if look is None or (last is not None and look <= last):
            return self._too_few(len(tried), last)
        candidate, evidence = self._learn(known, tried, self._schooling.spent(look))
        verdict, version = rule(evidence, self._schooling.limits), _version(candidate.dump())
        phase = Phase.REJECTED
        if verdict.ruling is Ruling.APPROVE:
            phase = Phase.CANARY
            self._begin(self._put(candidate, evidence, known), verdict.reason)
        self._folder.mkdir(parents=True, exist_ok=True)
        self._looks.write_text(json.dumps({"live": live, "look": look}), encoding="utf-8")
        self._keep(version, phase, verdict, evidence, len(tried), look)
        return verdict.reason

    def _looked(self, live: str) -> int | None:
        """Return the number of the last look at talks that *live* led; ``None`` without one."""
        if not self._looks.exists():
            return None
        found: dict[str, Any] = json.loads(self._looks.read_text(encoding="utf-8"))
        return int(found["look"]) if found["live"] == live else None

    def _too_few(self, tried: int, last: int | None) -> Act:
        needed = self._schooling.needed(0 if last is None else last + 1)
        values = {"talks": tried, "missing": needed - tried, "needed": needed}
        return Act("prompts-few", values) if last is None else Act("prompts-since", values)

    def _learn(
        self, known: Sequence[Talk], tried: Sequence[Talk], alpha: float
    ) -> tuple[Learned, PromptEvidence]:
        """Fit a candidate, and judge it by talks that it has not seen."""
        kept = {one.logged.episode for one in tried if self._is_kept(one)}
        lessons = [one for one in known if one.logged.episode not in kept]
        exams = [one for one in tried if one.logged.episode in kept]
        candidate = learn(
            Lessons.of(_exported(lessons)), self._schooling.recipe, seed=self._schooling.seed
        )
        return candidate, weigh(candidate, _exported(exams), alpha=alpha)

    def _is_kept(self, talk: Talk) -> bool:
        """Whether a talk is kept for judging: half of them, and at every look the same ones."""
        mark = sha256(f"{self._schooling.seed}\0{talk.logged.episode}".encode()).digest()
        return mark[0] % 2 == 0

    def _begin(self, version: str, reason: Act) -> None:
        """Let a share of talks meet what was approved."""
        registry, shares = self._shop.registry, self._plan.shares
        if registry.serving(NAME) is None:
            registry.make_live(NAME, self._put(None), reason="nothing learned yet")
        state = State(version, Phase.CANARY, shares[0])
        decision = Decision(Phase.SHADOW, state, Move.START_CANARY, reason)
        apply(registry, NAME, decision, wording=self._shop.wording)
        self._track.keep(UnderWay(state, self._shop.clock.now()))

    def _goes_on(self, under_way: UnderWay) -> bool:
        """Whether there is anything to watch: not what people have taken back themselves."""
        version = under_way.state.version
        assigned = self._shop.registry.assignment(NAME)
        if under_way.state.phase is Phase.CANARY:
            mine = assigned.canary is not None and assigned.canary.version == version
            if mine and self._is_rules(version):
                self._shop.registry.end_canary(NAME, reason="it can't be read any more")
                return False
            return mine
        return under_way.state.phase is Phase.LIVE and assigned.live == version

    def _judged(self, under_way: UnderWay, known: Sequence[Talk]) -> Decision:
        """Let the rollout go on or back, by how talks ended."""
        state = under_way.state
        evidence = self._evidence(under_way, known)
        decision = advance(state, evidence, self._plan)
        told = _IN_TALKS.get(decision.reason.key, decision.reason)
        decision = replace(decision, reason=replace(told, values=decision.reason.values))
        apply(self._shop.registry, NAME, decision, wording=self._shop.wording)
        begun = decision.state.phase is not decision.before
        since = self._shop.clock.now() if begun else under_way.since
        self._track.keep(replace(under_way, state=decision.state, since=since))
        self._told(decision)
        return decision

    def _evidence(self, under_way: UnderWay, known: Sequence[Talk]) -> Evidence:
        """Pair talks that the candidate led with talks that the policy before it led.

        In a canary's trial chance decides who leads, and the pairs are of the same days. Once it
        leads all, they are the newest ones from before.
        """
        version, since = f"{NAME}@{under_way.state.version}", under_way.since
        theirs = [one for one in known if one.policy == version and one.at >= since]
        if under_way.state.phase is Phase.LIVE:
            before = [one for one in known if one.policy != version and one.at < since][::-1]
        else:
            before = [one for one in known if one.policy != version and one.at >= since]
        comparison = Comparison(NAME, alpha=self._plan.limits.alpha)
        comparison.add(
            _outcome(one, other) for one, other in zip(_usual(theirs), _usual(before), strict=False)
        )
        return comparison.evidence()

    def _live(self) -> str:
        """Return who leads as a rule, as the journal has it."""
        version = self._shop.registry.serving(NAME)
        return RULES if version is None or self._is_rules(version) else f"{NAME}@{version}"

    def _is_rules(self, version: str) -> bool:
        """Return whether a version stands for the rules, or can't be read: then they lead, too.

        What learners see changes with versions of Gnothi; a policy of before is then of no use.
        """
        try:
            return not Learned.load(self._shop.registry.get(NAME, version).folder).forests
        except ArtifactError:
            return True

    def _again(self) -> str | None:
        """Return the policy that the journal teaches now, if the gate would let it in."""
        known = self.talks()
        tried = [one for one in known if one.tries and one.policy == RULES]
        look = self._schooling.look(len(tried))
        if look is None:
            return None
        candidate, evidence = self._learn(known, tried, self._schooling.spent(look))
        verdict = rule(evidence, self._schooling.limits)
        if verdict.ruling is not Ruling.APPROVE:
            return None
        version = self._put(candidate, evidence, known)
        self._keep(version, Phase.LIVE, verdict, evidence, len(tried), look)
        return version

    def _keep(
        self,
        version: str,
        phase: Phase,
        verdict: Verdict,
        evidence: PromptEvidence,
        tried: int,
        look: int,
    ) -> None:
        self._write(
            Finding(
                at=self._shop.clock.now(),
                version=version,
                phase=phase,
                reasons=verdict.reasons,
                evidence=evidence,
                tried=tried,
                needed=self._schooling.needed(look + 1),
            )
        )

    def _told(self, decision: Decision) -> None:
        """Keep how the trial goes, the newest reason first."""
        found = read_finding(self._shop.folder)
        if found is None or found.version != decision.state.version:
            return
        rollout = {act.key for act in _IN_TALKS.values()}
        rest = [one for one in found.reasons if one.key not in rollout]
        reasons = (decision.reason, *rest)
        self._write(replace(found, phase=decision.state.phase, reasons=reasons))

    def _write(self, finding: Finding) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        content = json.dumps(finding.json())
        (self._folder / _FINDING).write_text(content, encoding="utf-8")

    def _forget(self) -> None:
        self._track.forget()
        self._looks.unlink(missing_ok=True)
        (self._folder / _FINDING).unlink(missing_ok=True)

    def _put(
        self,
        policy: Learned | None,
        evidence: PromptEvidence | None = None,
        known: Sequence[Talk] = (),
    ) -> str:
        """Keep *policy* as an artifact, ``None`` for the rules; the same is the same version."""
        content = (policy or Learned({})).dump()
        digest, version = sha256(content).hexdigest(), _version(content)
        mark = sha256("\0".join(one.logged.episode for one in known).encode()).hexdigest()
        data = {"name": "journal", "sha256": mark, "licence": "private"}
        estimates = _estimates(evidence)
        card = Card(
            NAME,
            version,
            "npz",
            {FILE: digest},
            command="gnothi learn now",
            seed=self._schooling.seed,
            data=(data,) if known else (),
            figures={name: one.value for name, one in estimates.items()},
            intervals={name: (one.low, one.high) for name, one in estimates.items()},
            licence="private",
        )
        if version not in {one.version for one in self._shop.registry.versions(NAME)}:
            self._shop.registry.put({FILE: content}, card)
        return version


def _version(content: bytes) -> str:
    return f"1.{sha256(content).hexdigest()[:12]}"


def _estimates(evidence: PromptEvidence | None) -> dict[str, Estimate]:
    if evidence is None:
        return {}
    return {"worth": evidence.candidate, "worth_before": evidence.live, "gain": evidence.gain}


def _exported(found: Sequence[Talk]) -> Any:  # noqa: ANN401 - pyarrow has no types
    """Return *found* without names, under a key that is thrown away."""
    return table((one.logged for one in found), key=token_bytes(32))


def _usual(found: Iterable[Talk]) -> list[Talk]:
    """Return the talks in which nothing else was tried."""
    return [one for one in found if not one.tries]


def _outcome(one: Talk, other: Talk) -> Outcome:
    return Outcome(
        live_right=other.is_played,
        candidate_right=one.is_played,
        changed=True,
        person=one.logged.person,
        domain="recommend",
    )
