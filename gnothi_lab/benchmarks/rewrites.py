"""The learning loop on simulated households: what its rewrites correct, and what they spoil.

Homes live week after week with whatever is live; the log of each week goes to the product's own
learner, and through its gate: a candidate answers unheard for a week, then in a fifth of the homes,
then in all. Fresh weeks judge it by the world's truth.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from gnothi_lab.learning_loop.tally import Tally, total
from gnothi_lab.learning_loop.trials import Case, Outcome, run_trials
from gnothi_lab.result import Result

SEEDS = 3
ATTACKS = 2
"""Worlds with colluding accounts."""
ATTACKED = 9
"""Weeks until the colluding accounts have given up: eight, and the quiet one before."""
PUBLISHED: Mapping[str, Mapping[str, float | str]] = {
    "Ponnusamy et al. 2020 (Alexa)": {
        "win_loss": 11.8,
        "defect_reduction_on_rewritten": 0.30,
        "source": "arXiv:1911.02557, production A/B; other users, other requests",
    },
}


def run(*, quick: bool, seed: int, data: Path | None) -> Result:
    """Measure over worlds with several seeds, and single worlds of other kinds."""
    del data  # everything is simulated
    if quick:
        main = [Case("tiny", seed, learned=3, judged=1, compare=True, retrieval=True)]
        attacked: list[Case] = []
    else:
        main = [Case(seed=seed + one, compare=True, retrieval=not one) for one in range(SEEDS)]
        attacked = [
            Case(seed=seed + one, attackers=0.05, learned=ATTACKED, judged=1)
            for one in range(ATTACKS)
        ]
    outcomes = run_trials([*attacked, *main])
    return result(outcomes[len(attacked) :], outcomes[: len(attacked)], seed)


def result(main: Sequence[Outcome], attacked: Sequence[Outcome], seed: int) -> Result:
    """Return what *main* worlds, and worlds that were *attacked*, tell."""
    whole = total(one.lived for one in main)
    share = _share_of_oracle(main)
    more = {"share_of_oracle": share} if share is not None else {}
    others: dict[str, dict[str, float]] = {}
    if attacked:
        more["moved_by_attack"] = sum(one.moved for one in attacked)
        more["pushed_by_attack"] = sum(one.pushed for one in attacked)
        others["attack"] = figures(total(one.lived for one in attacked))
    names = sorted({name for one in main for name in one.parts})
    parts = {name: total(one.parts[name] for one in main if name in one.parts) for name in names}
    return Result(
        name="rewrites",
        figures=figures(whole) | more | _by_cause(whole),
        intervals=_intervals(main, seed),
        baselines={"none": figures(Tally(turns=whole.turns, defects=whole.defects))}
        | {_LABELS.get(name, name): figures(tally) for name, tally in parts.items()}
        | others,
        published=PUBLISHED,
        notes=NOTES,
    )


def figures(tally: Tally) -> dict[str, float]:
    """Return the figures that a *tally* tells."""
    return {
        "win_loss": tally.win_loss,
        "defect_reduction_on_rewritten": tally.defect_reduction,
        "defects_corrected": tally.corrected,
        "wrong_rewrite_share": tally.wrong_share,
        "rewritten": tally.rewritten,
        "wins": tally.wins,
        "losses": tally.losses,
        "defect_rate": tally.defects / tally.turns if tally.turns else 0.0,
    }


_LABELS = {
    "all": "ours, imagined turn by turn",
    "personal": "ours, personal only",
    "without personal": "ours without personal",
    "the very words only": "ours without phrases (unseen)",
    "with retrieval": "ours, then retrieval",
}
NOTES = (
    "Simulated households (`small`: 300 homes); learned in weeks 0 to 5, judged in 6.",
    "A win or a loss: a rewritten turn that would have failed, or succeeded, without the rewrite.",
    "No loss at all counts as half a loss, so that win_loss is a number.",
    (
        "`defects_corrected`: wins without losses, of all defects there would be, hold-out and"
        " requests that nobody can serve included."
    ),
    (
        "`share_of_oracle`: of what the oracle with past corrects, from the truth of the weeks that"
        " were learned from; both turn by turn over the judged weeks, lived without rewrites."
    ),
    (
        "`attack`: ours in worlds (seeds 0 and 1) with 5 % colluding accounts that push for eight"
        " weeks, judged in the week after; what they see of live rewrites decides what they push."
    ),
    "Retrieval was judged in the world of the first seed only.",
    "`moved_by_attack`: pushed rewrites that were live for everybody at the end of any week.",
    "Intervals: bootstrap over the worlds of different seeds; three are few.",
)


def _by_cause(tally: Tally) -> dict[str, float]:
    return {
        f"corrected_{cause}": tally.cured[cause] / number
        for cause, number in sorted(tally.causes.items())
        if cause and number
    }


def _share_of_oracle(main: Sequence[Outcome]) -> float | None:
    if not all("oracle" in one.parts for one in main):
        return None
    best = total(one.parts["oracle"] for one in main).corrected
    return total(one.parts["all"] for one in main).corrected / best if best else None


def _intervals(main: Sequence[Outcome], seed: int) -> dict[str, tuple[float, float]]:
    if len(main) < 2:
        return {}
    rng = np.random.default_rng(seed)
    drawn = [
        [main[place] for place in places] for places in rng.integers(0, len(main), (500, len(main)))
    ]
    rows = [figures(total(one.lived for one in some)) for some in drawn]
    found = {
        name: np.quantile([row[name] for row in rows], (0.025, 0.975)).tolist()
        for name in (
            "win_loss",
            "defect_reduction_on_rewritten",
            "defects_corrected",
            "wrong_rewrite_share",
        )
    }
    shares = [share for some in drawn if (share := _share_of_oracle(some)) is not None]
    if shares:
        found["share_of_oracle"] = np.quantile(shares, (0.025, 0.975)).tolist()
    return {name: (low, high) for name, (low, high) in found.items()}
