"""Off-policy evaluation: what policies are worth, told from another one's conversations.

Fifteen policies at graded distance from the one that logged, twenty logs of 4,000 conversations
of 1,000 people each, in the small world ``Guessing``; the truth by playing each policy 400,000
times. *Ours* is what ``gnothi policy evaluate`` says by default: estimate and interval. Beside it
each estimator with Student's interval, and baselines; all of them from the same logs.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from gnothi.policy.estimators import ESTIMATORS, evidence, ips, wis
from gnothi.policy.open_bandit import read_open_bandit, shown_like
from gnothi.policy.weights import support
from gnothi_lab.off_policy.conversations import Guessing
from gnothi_lab.off_policy.policies import logging_policy, targets
from gnothi_lab.off_policy.trials import (
    DRAWN,
    MEAN,
    OURS,
    POSSIBLE,
    SEEN,
    Found,
    Judgement,
    Setting,
    Trials,
    bounds_only,
    try_out,
    values,
)
from gnothi_lab.peers import scope_rl
from gnothi_lab.result import Result

LOGS, EPISODES, ROLLOUTS = 20, 4_000, 400_000
BASELINES = (*ESTIMATORS, DRAWN, SEEN, POSSIBLE, MEAN)
NOTES = (
    (
        "Simulated listeners (world Guessing, family A); conversations of 1 to 8 turns, 8 actions."
        " Intervals: logs drawn with replacement, for the policies of one log stand or fall"
        " together; the truth is taken as exact (its standard error is below 0.001)."
    ),
    (
        "Ours: wdr with fitted-Q evaluation (ridge, 2 folds by person) as the estimate, betting on"
        " weighted returns as the interval; chosen on seeds from 100 on. The interval is"
        " guaranteed for any number of people and any weights; all others but the guaranteed"
        " empirical Bernstein are approximate. Estimators stand with Student's t by person."
    ),
    (
        "`width_ratio`: median width over that of empirical Bernstein IPS with the largest weight"
        " seen, which flatters the baseline: with the largest weight possible, which a guarantee"
        " takes, its median width is 1. Both are by person, cut to what is possible. By"
        " conversation, as in SCOPE-RL, empirical Bernstein is narrower and promises too much;"
        " `..._strangers` has logs in which each conversation is another person's."
    ),
    (
        "`relative_error`: mean of |estimate - truth| / truth. `rank_correlation`: Spearman's, over"
        " the fifteen policies of each log, then the mean over logs."
    ),
    (
        "`false_recommendation`: policies recommended, each in a report of its own, among those"
        " that are no better than what logged; `recommended_better`: among those that are better,"
        " in one report of all fifteen, and `..._alone`, each in its own. Gains are about .005 to"
        " .05."
    ),
    (
        "`open_bandit_...`: men's campaign, logged at random, for the frequencies of Thompson"
        " sampling at each position; truth .0069 from 69 clicks. A smoke test: it ranks nothing."
    ),
    (
        "Peer: SCOPE-RL 0.2.1 with our model on the same logs; it counts conversations, not people."
        " obp does not build on Python 3.11, and d3rlpy weighs nothing."
    ),
)


def run(*, quick: bool, seed: int, data: Path | None) -> Result:
    """Measure coverage, width, error and order of off-policy estimates where truth is known."""
    setting = Setting(Guessing(), logging_policy, targets())
    truth = values(setting, ROLLOUTS // 8 if quick else ROLLOUTS, seed)
    logs = 4 if quick else LOGS
    trials = try_out(setting, logs=logs, episodes=EPISODES, seed=seed)
    strangers = bounds_only(setting, logs=logs, episodes=EPISODES, seed=seed)
    figures, intervals = _with_intervals(trials, truth, seed)
    baselines = {label: _figures(trials, truth, label) for label in BASELINES}
    return Result(
        name="off-policy",
        figures={
            **figures,
            **_more(trials, truth),
            **_of_strangers(strangers, truth),
            **(_open_bandit(data) if data else {}),
        },
        intervals=intervals,
        baselines=baselines,
        peers={label: _figures(trials, truth, label) for label in _peers(trials)},
        published={
            "Open Bandit, on the log's own policy": {
                "open_bandit_truth": 0.0069,
                "source": "clicks of the BTS log itself, Open Bandit Dataset, small version",
            }
        },
        notes=NOTES,
    )


def _peers(trials: Trials) -> list[str]:
    return sorted({one.method for one in trials.found if one.method.startswith(scope_rl.LABEL)})


def _of(trials: Trials, label: str) -> list[Found]:
    return [one for one in trials.found if one.method == label]


def _figures(trials: Trials, truth: Mapping[str, float], label: str) -> dict[str, float]:
    return _summary(_of(trials, label), _of(trials, SEEN), truth)


def _summary(
    found: Sequence[Found], baseline: Sequence[Found], truth: Mapping[str, float]
) -> dict[str, float]:
    widths = np.median([one.interval.width for one in found])
    hits = [one.interval.low <= truth[one.policy] <= one.interval.high for one in found]
    errors = [abs(one.value / truth[one.policy] - 1) for one in found]
    return {
        "coverage_95": float(np.mean(hits)),
        "width_ratio": float(widths / np.median([one.interval.width for one in baseline])),
        "rank_correlation": _order(found, truth),
        "relative_error": float(np.mean(errors)),
        "width_median": float(widths),
    }


def _with_intervals(
    trials: Trials, truth: Mapping[str, float], seed: int, draws: int = 1000
) -> tuple[dict[str, float], dict[str, tuple[float, float]]]:
    """Return our figures, and their intervals by drawing whole logs."""
    ours, theirs = (_by_log(_of(trials, label)) for label in (OURS, SEEN))
    rng = np.random.default_rng(seed)
    drawn = [
        _summary(
            [one for number in picked for one in ours[number]],
            [one for number in picked for one in theirs[number]],
            truth,
        )
        for picked in rng.integers(0, len(ours), (draws // 5, len(ours)))
    ]
    figures = _figures(trials, truth, OURS)
    ends = {
        name: np.quantile([one[name] for one in drawn], [0.025, 0.975]).tolist() for name in figures
    }
    return figures, {name: (low, high) for name, (low, high) in ends.items()}


def _by_log(found: Sequence[Found]) -> list[list[Found]]:
    logs = sorted({one.log for one in found})
    return [[one for one in found if one.log == log] for log in logs]


def _order(found: Sequence[Found], truth: Mapping[str, float]) -> float:
    """Return the mean over logs of the rank correlation of estimates with the truth."""
    from scipy.stats import spearmanr

    if len({one.value for one in found if one.log == found[0].log}) == 1:
        return 0.0  # The same for all is no order.
    return float(
        np.mean(
            [
                spearmanr([one.value for one in log], [truth[one.policy] for one in log]).statistic
                for log in _by_log(found)
            ]
        )
    )


def _more(trials: Trials, truth: Mapping[str, float]) -> dict[str, float]:
    """Return what the report recommends, and how far it covers the worst policy."""
    better = {name for name, value in truth.items() if value > truth[""]}
    covered = {
        policy: np.mean(
            [one.interval.low <= truth[policy] <= one.interval.high for one in _of(trials, OURS)
             if one.policy == policy]
        )
        for policy in truth if policy
    }  # fmt: skip
    effective = [one.effective for one in trials.judged]
    return {
        "coverage_worst_policy": float(min(covered.values())),
        "false_recommendation": _rate(trials.judged, set(truth) - better, lambda one: one.alone),
        "recommended_better": _rate(trials.judged, better, lambda one: one.recommended),
        "recommended_better_alone": _rate(trials.judged, better, lambda one: one.alone),
        "effective_least": float(min(effective)),
        "effective_median": float(np.median(effective)),
        "truth_least": min(truth.values()),
        "truth_logged": truth[""],
        "truth_most": max(truth.values()),
    }


def _of_strangers(trials: Trials, truth: Mapping[str, float]) -> dict[str, float]:
    """Return coverage and width where each conversation is another person's."""
    figures = _figures(trials, truth, OURS)
    return {f"{name}_strangers": figures[name] for name in ("coverage_95", "width_ratio")}


def _rate(
    judged: Sequence[Judgement], policies: set[str], passes: Callable[[Judgement], bool]
) -> float:
    return float(np.mean([passes(one) for one in judged if one.policy in policies] or [0.0]))


def _open_bandit(data: Path) -> dict[str, float]:
    folder = data / "recommend" / "open_bandit_small"
    log = read_open_bandit(folder / "random_men.csv.gz")
    shown = shown_like("bts", log, read_open_bandit(folder / "bts_men.csv.gz"))
    seen = evidence(log, shown)
    return {
        "open_bandit_ips": ips(seen).value,
        "open_bandit_snips": wis(seen).value,
        "open_bandit_effective": support(log, shown).effective,
    }
