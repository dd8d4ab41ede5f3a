"""The household week: the share of its steps that go as a thoughtful person would expect."""

from pathlib import Path

from gnothi_lab.result import Result
from gnothi_lab.statistics import rate, wilson
from gnothi_lab.week.week import Moment, live


def run(*, quick: bool, seed: int, data: Path | None) -> Result:
    """Live through the week; it is short, so *quick* is the same."""
    del quick, data
    moments = live(seed=seed)
    hits = [moment.right for moment in moments]
    return Result(
        name="week",
        figures={"right": rate(hits), "steps": len(hits)},
        intervals={"right": wilson(hits)},
        baselines={"doing nothing": {"right": rate([_idle(moment) for moment in moments])}},
        notes=[
            "One household throughout: a mistake is carried on until a later step puts it right.",
            "Written by the authors of the lab; the sessions of `dialogues` are by someone else.",
        ],
    )


def _idle(moment: Moment) -> bool:
    """Whether a household that never moves or speaks would pass the step."""
    expect = moment.played.step.expect
    return not (
        expect.changes or expect.lists or any(expect.rings.values()) or expect.asks or expect.says
    )
