"""Learning from a log of your own: rewrites out of one part, verdicts from another.

For whoever has Parquet of turns, or of searches, and neither our server nor our journal. What is
said here to be right or wrong is judged by what people did next; see
:mod:`gnothi.learning.outcomes`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from gnothi.core.risk import Risk
from gnothi.language.rewrites import NAME, Rewrite, RewriteTable
from gnothi.learning import gate, rewrites
from gnothi.learning.evidence import Comparison, Evidence, Outcome
from gnothi.learning.gate import Verdict, judge
from gnothi.learning.mining import Aggregates, Rules, update
from gnothi.learning.outcomes import Turn, pair, read_turns
from gnothi.learning.rewrites import EVERYONE, Limits, RiskOf, mine
from gnothi.learning.turns import Backend, Log
from gnothi.text.tokenise import request_key


@dataclass(frozen=True, slots=True)
class Judged:
    """What a table of rewrites would have done in a log that it was not learned from."""

    verdict: Verdict
    """The gate's, on all of them together."""
    evidence: Evidence
    trials: tuple["Trial", ...]
    """Each rewrite by itself, in the order given."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What one rewrite would have done."""

    said: str
    becomes: str
    turns: int
    """How often it would have been used."""
    wins: int
    """Turns that failed, and that it would have put right."""
    losses: int
    """Turns that went well, and that it would have broken."""


def split(log: Log, day: str) -> tuple[Log, Log]:
    """Return the part of *log* before *day* (an ISO date), and the part from then on."""
    return _part(log, lambda other: other < day), _part(log, lambda other: other >= day)


def learn_rewrites(
    engine: Backend,
    log: Log,
    limits: Limits = EVERYONE,
    *,
    rules: Rules | None = None,
    risk_of: RiskOf | None = None,
) -> list[rewrites.Rewrite]:
    """Return the rewrites in *log* that the *limits* allow, by text.

    *engine* is where the log is: :func:`gnothi.learning.mining.connect`, or Spark's connection
    in Ibis. *risk_of* tells the risk class of what was understood; by default nothing is risky.
    To learn every day from what is new, keep the aggregates: :func:`gnothi.learning.mining.update`.
    """
    with TemporaryDirectory() as folder:
        update(log, Path(folder), rules=rules)
        return mine(Aggregates(engine, Path(folder)), limits, risk_of=risk_of or _free)


def judge_rewrites(
    log: Log,
    learned: Sequence[rewrites.Rewrite],
    limits: gate.Limits = gate.EVERYONE,
    *,
    risk_of: RiskOf | None = None,
) -> Judged:
    """Judge *learned* by a *log* of days that it was not learned from, and without any rewrites.

    A rewrite is right where the person came to the same by themselves, and wrong in all other
    turns: the estimate errs against it. The log counts as one domain. Turns are held in memory.
    """
    turns = _turns(log)
    outcomes = [
        (turn, replace(outcome, domain=""))
        for turn, outcome in zip(turns, _outcomes(turns, learned, risk_of or _free), strict=True)
    ]
    comparison = Comparison(NAME, alpha=limits.alpha)
    comparison.add(outcome for _, outcome in outcomes)
    evidence = comparison.evidence()
    return Judged(judge(evidence, limits), evidence, _trials(learned, outcomes))


def _part(log: Log, belongs: Callable[[str], bool]) -> Log:
    return Log({day: known for day, known in log.days.items() if belongs(day)}, log.read)


def _turns(log: Log) -> list[Turn]:
    if not log.days:
        return []
    turns = log.read(list(log.days), (), 0)
    said = turns.mutate(heard=turns.text, rewritten=False)
    return read_turns(said.to_pyarrow().to_pylist())


def _outcomes(
    turns: Sequence[Turn], learned: Sequence[rewrites.Rewrite], risk_of: RiskOf
) -> list[Outcome]:
    """Return one outcome a turn, in order."""
    table = RewriteTable(
        Rewrite(request_key(one.said), one.becomes, one.who or None, evidence={"after": one.after})
        for one in learned
    )

    def look_up(turn: Turn) -> Rewrite | None:
        return table.look_up(turn.heard, turn.person or None)

    return list(pair(turns, look_up, lambda turn: None, risk_of=risk_of))


def _trials(
    learned: Sequence[rewrites.Rewrite], outcomes: Sequence[tuple[Turn, Outcome]]
) -> tuple[Trial, ...]:
    changed: dict[tuple[str, str], list[int]] = {}
    own = {(one.who, request_key(one.said)) for one in learned}
    for turn, outcome in outcomes:
        if outcome.changed:
            key = request_key(turn.heard)
            who = turn.person if (turn.person, key) in own else ""
            changed.setdefault((who, key), []).append(outcome.difference)
    return tuple(
        Trial(one.said, one.becomes, len(gains), gains.count(1), gains.count(-1))
        for one in learned
        for gains in [changed.get((one.who, request_key(one.said)), [])]
    )


def _free(key: str) -> Risk:
    del key
    return Risk.FREE
