"""Personal rewrites on simulated households: how often they are what the person wanted."""

from pathlib import Path

import numpy as np

from gnothi_lab.learning_loop.tally import Tally, total
from gnothi_lab.learning_loop.trials import Case, run_trials
from gnothi_lab.result import Result

SEEDS = 2


def run(*, quick: bool, seed: int, data: Path | None) -> Result:
    """Measure over worlds with several seeds."""
    del data  # everything is simulated
    cases = (
        [Case("tiny", seed, learned=3, judged=1, compare=True)]
        if quick
        else [Case(seed=seed + one, compare=True) for one in range(SEEDS)]
    )
    outcomes = run_trials(cases)
    worlds = [one.parts["personal"] for one in outcomes]
    whole = total(worlds)
    rng = np.random.default_rng(seed)
    drawn = [
        total(worlds[place] for place in places).right_rate
        for places in rng.integers(0, len(worlds), (500, len(worlds)))
    ]
    low, high = np.quantile(drawn, (0.025, 0.975)).tolist()
    others = ("all", "without personal", "oracle", "most frequent rephrase")
    return Result(
        name="personal",
        figures=figures(whole),
        intervals={"right": (low, high)} if len(worlds) > 1 else {},
        baselines={name: figures(total(one.parts[name] for one in outcomes)) for name in others},
        notes=(
            "Simulated households; rewrites with the person's own turns behind them, by the truth",
            "of week 6, turn by turn. Intervals: bootstrap over worlds; two are few.",
            "Rewritten phrase by phrase counts as personal where a phrase is the person's own.",
        ),
    )


def figures(tally: Tally) -> dict[str, float]:
    """Return the figures that a *tally* tells."""
    return {
        "right": tally.right_rate,
        "rewritten": tally.rewritten,
        "losses": tally.losses,
        "defects_corrected": tally.corrected,
    }
