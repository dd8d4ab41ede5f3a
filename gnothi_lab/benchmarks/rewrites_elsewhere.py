"""The learning loop in other worlds, and without its parts: closed loops, one seed each."""

from pathlib import Path

from gnothi.learning import phrases as phrasing
from gnothi_lab.benchmarks.rewrites import figures
from gnothi_lab.learning_loop.fleet import UNGATED, Settings
from gnothi_lab.learning_loop.trials import Case, run_trials
from gnothi_lab.result import Result


def run(*, quick: bool, seed: int, data: Path | None) -> Result:
    """Measure each condition in a world of its own."""
    del data  # everything is simulated
    cases = _cases(seed)
    if quick:
        cases = {"second family": Case("tiny", seed, family="second", learned=3, judged=1)}
    outcomes = run_trials(list(cases.values()))
    told = {name: figures(one.lived) for name, one in zip(cases, outcomes, strict=True)}
    return Result(
        name="rewrites-elsewhere",
        figures=told.get("as in `rewrites`", next(iter(told.values()))),
        baselines=told,
        notes=(
            "Simulated households (`small`); figures of `rewrites`, one world each, no interval.",
        ),
    )


def _cases(seed: int) -> dict[str, Case]:
    unaware = Settings(phrases=phrasing.Limits(aware=False))
    return {
        "as in `rewrites`": Case(seed=seed),
        "second family": Case(seed=seed, family="second"),
        "5 % defects": Case(seed=seed, defect_rate=0.05),
        "20 % defects": Case(seed=seed, defect_rate=0.20),
        "without gate": Case(seed=seed, settings=Settings(plan=UNGATED)),
        "without self-aware correction": Case(seed=seed, settings=unaware),
    }
