"""The learning loop on simulated households: what its rewrites correct, and what they spoil."""

from pathlib import Path
from tempfile import TemporaryDirectory

from gnothi_lab.learning_loop.fleet import Fleet
from gnothi_lab.learning_loop.tally import Tally, total
from gnothi_lab.progress import watched
from gnothi_lab.result import Result
from gnothi_lab.worlds.households import Parameters, World

LEARNED, JUDGED = 9, 2
"""Weeks that are lived and learned from; fresh weeks by which that is judged."""


def run(*, quick: bool, seed: int, data: Path | None) -> Result:
    """Measure over worlds with several seeds."""
    del data  # everything is simulated
    tallies = [
        _lived(World(Parameters.load("tiny" if quick else "small"), seed=one))
        for one in watched(range(seed, seed + (1 if quick else 3)), "worlds")
    ]
    return Result(name="rewrites", figures=figures(total(tallies)))


def figures(tally: Tally) -> dict[str, float]:
    """Return the figures that a *tally* tells."""
    return {
        "win_loss": tally.win_loss,
        "defect_reduction_on_rewritten": tally.defect_reduction,
        "defects_corrected": tally.corrected,
        "wrong_rewrite_share": tally.wrong_share,
    }


def _lived(world: World) -> Tally:
    with TemporaryDirectory() as folder:
        fleet = Fleet(world, Path(folder))
        for week in range(LEARNED):
            fleet.learn(fleet.live(week))
        return total(Tally.of(fleet.live(LEARNED + week)) for week in range(JUDGED))
