"""What is let in, and why."""

import random as randomness
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gnothi.core.errors import InputError
from gnothi.core.risk import Risk
from gnothi.learning.evidence import Comparison, Evidence, Outcome, Share
from gnothi.learning.gate import (
    EVERYONE,
    HOUSEHOLD,
    PERSONAL,
    Limits,
    Ruling,
    find_harm,
    judge,
)
from gnothi.policy.confidence import PairedCounts

_BETTER = Evidence(
    kind="language/rewrites",
    gains=PairedCounts(100, 1_898, 2),
    negative=Share(2, 2_000),
    positive=Share(100, 2_000),
    live_right=1_700,
    people=40,
    slices={"area:kitchen": Share(1, 400), "rare": Share(5, 10)},
    changed={"music": Share(100, 1_000), "light": Share(2, 1_000)},
    risk=Risk.REVERSIBLE,
)
"""A candidate against which nothing speaks."""

_outcomes = st.builds(
    Outcome,
    live_right=st.booleans(),
    candidate_right=st.booleans(),
    changed=st.booleans(),
    person=st.sampled_from(["", "ana", "ben"]),
    domain=st.sampled_from(["music", "light"]),
    slices=st.sampled_from([(), ("long",), ("long", "kitchen")]),
    risk=st.sampled_from(Risk),
    live_risk=st.sampled_from(Risk),
)


def test_a_better_candidate_is_approved() -> None:
    """What gains, breaks little and is known well enough comes in."""
    verdict = judge(_BETTER)
    assert verdict.ruling is Ruling.APPROVE
    assert verdict.reason.key == "gate-approved"
    assert verdict.reason.values["turns"] == 2_000
    assert find_harm(_BETTER) is None


@pytest.mark.parametrize(
    ("limits", "ruling", "key"),
    [
        ({"margin": 0.04}, Ruling.WAIT, "gate-gain-open"),
        ({"margin": 0.1}, Ruling.REJECT, "gate-no-gain"),
        ({"support": 2_001}, Ruling.WAIT, "gate-support"),
        ({"people": 41}, Ruling.WAIT, "gate-people"),
        ({"negative_flips": 0.002}, Ruling.WAIT, "gate-flips-open"),
        ({"relative_negative_flips": 0.001}, Ruling.WAIT, "gate-flips-relative"),
        ({"slice_negative_flips": 0.002}, Ruling.WAIT, "gate-slice"),
        ({"slice_support": 5}, Ruling.WAIT, "gate-slice"),
        ({"change": 0.095}, Ruling.WAIT, "gate-change"),
        ({"change": 0.05}, Ruling.REJECT, "gate-change"),
        ({"change_in": {"music": 0.01}}, Ruling.REJECT, "gate-change"),
        ({"risk": Risk.FREE}, Ruling.REJECT, "gate-risk"),
        ({"margin": 0.04, "patience": 2_000}, Ruling.REJECT, "gate-patience"),
    ],
)
def test_each_limit_alone_can_refuse(limits: dict[str, object], ruling: Ruling, key: str) -> None:
    """A candidate is let in only if every limit lets it in."""
    verdict = judge(_BETTER, Limits(**limits))  # type: ignore[arg-type]
    assert (verdict.ruling, verdict.reason.key) == (ruling, key)


@pytest.mark.parametrize(
    ("worse", "key"),
    [
        ({"risk": Risk.GUARDED}, "gate-risk"),
        ({"raised": 1}, "gate-risk-raised"),
        ({"slices": {"area:kitchen": Share(60, 400)}}, "gate-slice"),
        ({"changed": {"music": Share(600, 1_000)}}, "gate-change"),
        (
            {"gains": PairedCounts(300, 1_500, 200), "negative": Share(200, 2_000)},
            "gate-flips",
        ),
    ],
)
def test_no_gain_outweighs_harm(worse: dict[str, object], key: str) -> None:
    """Harm that is proven is a rejection, also of what serves already."""
    evidence = replace(_BETTER, **worse)  # type: ignore[arg-type]
    verdict = judge(evidence)
    assert (verdict.ruling, verdict.reason.key) == (Ruling.REJECT, key)
    assert find_harm(evidence) == verdict.reason


def test_what_is_worse_is_rejected() -> None:
    """A candidate that is proven to lose need not be watched any longer."""
    loses = Evidence(
        kind="x",
        gains=PairedCounts(0, 1_985, 15),
        negative=Share(15, 2_000),
        positive=Share(0, 2_000),
        live_right=1_700,
        people=40,
    )
    assert judge(loses).reason.key == "gate-no-gain"


def test_many_slices_reject_nothing_by_chance() -> None:
    """The more slices are looked at, the more each must show."""
    odd = {"odd": Share(20, 80)}
    crowd = {f"slice {number}": Share(0, 80) for number in range(500)}
    assert judge(replace(_BETTER, slices=odd)).ruling is Ruling.REJECT
    assert judge(replace(_BETTER, slices={**odd, **crowd})).ruling is Ruling.WAIT


def test_all_reasons_are_told() -> None:
    """Whoever asks why sees everything that is missing, and only what led to the ruling."""
    verdict = judge(_BETTER, Limits(support=3_000, people=50, margin=0.04))
    assert [reason.key for reason in verdict.reasons] == [
        "gate-gain-open",
        "gate-support",
        "gate-people",
    ]


def test_fewer_people_for_narrower_use() -> None:
    """What only one person gets needs only that person."""
    asked = [limits.people for limits in (PERSONAL, HOUSEHOLD, EVERYONE)]
    assert asked == sorted(asked)
    assert judge(replace(_BETTER, people=1), PERSONAL).ruling is Ruling.APPROVE
    assert judge(replace(_BETTER, people=1)).ruling is Ruling.WAIT


@settings(deadline=None, max_examples=40)
@given(st.lists(_outcomes, max_size=30), st.randoms(use_true_random=False))
def test_order_does_not_matter(outcomes: list[Outcome], random: randomness.Random) -> None:
    """The same outcomes are the same evidence, in any order and any batches."""
    once, shuffled = Comparison("x"), Comparison("x")
    once.add(outcomes)
    mixed = random.sample(outcomes, len(outcomes))
    for outcome in mixed:
        shuffled.add([outcome])
    assert once.evidence() == shuffled.evidence()


@settings(deadline=None, max_examples=40)
@given(st.lists(st.booleans(), max_size=100))
def test_no_model_beats_itself(rights: list[bool]) -> None:
    """The gate keeps the live artifact when nothing has changed."""
    comparison = Comparison("x")
    comparison.add(Outcome(right, right, person=str(turn)) for turn, right in enumerate(rights))
    evidence = comparison.evidence()
    assert judge(evidence).ruling is Ruling.WAIT
    assert evidence.low <= 0 <= evidence.high
    assert evidence.relative_negative_flips == 0


@settings(deadline=None, max_examples=40)
@given(st.lists(_outcomes, max_size=30))
def test_evidence_counts_what_happened(outcomes: list[Outcome]) -> None:
    """Flips, people, slices and classes of risk are those of the turns."""
    comparison = Comparison("x")
    comparison.add(outcomes)
    evidence = comparison.evidence()
    broken = [one for one in outcomes if one.live_right and not one.candidate_right]
    assert evidence.turns == len(outcomes)
    assert evidence.negative.hits == len(broken)
    assert evidence.people == len({one.person for one in outcomes} - {""})
    assert evidence.slices.get("long", Share()).hits == sum("long" in one.slices for one in broken)
    assert sum(share.size for share in evidence.changed.values()) == len(outcomes)
    assert (evidence.risk is Risk.GUARDED) == any(
        one.risk is Risk.GUARDED and one.differs for one in outcomes
    )
    assert judge(evidence, PERSONAL).ruling is not Ruling.APPROVE


def test_a_session_counts_once() -> None:
    """Three repetitions of one request are one piece of evidence."""
    comparison = Comparison("x")
    comparison.add([Outcome(False, True, session="a")] * 3 + [Outcome(True, False)])
    evidence = comparison.evidence()
    assert evidence.gains == PairedCounts(1, 0, 1)
    assert (evidence.turns, evidence.positive.hits, evidence.gain) == (4, 3, 0)


def test_relative_flips_of_independent_errors() -> None:
    """A candidate that knows nothing of the live artifact has a relative rate of 1."""
    evidence = Evidence(
        kind="x",
        gains=PairedCounts(166, 698, 136),
        negative=Share(136, 1_000),
        positive=Share(166, 1_000),
        live_right=800,
    )
    assert evidence.relative_negative_flips == pytest.approx(1)


@pytest.mark.parametrize(
    "limits",
    [
        {"risk": Risk.GUARDED},
        {"alpha": 0},
        {"margin": 1},
        {"support": -1},
        {"change": 1.2},
        {"change_in": {"music": -0.1}},
        {"negative_flips": float("nan")},
        {"relative_negative_flips": -1},
    ],
)
def test_limits_are_checked(limits: dict[str, object]) -> None:
    """Limits that make no sense are refused: above all, guarded actions."""
    with pytest.raises(InputError):
        Limits(**limits)  # type: ignore[arg-type]


def test_evidence_is_checked() -> None:
    """Evidence that contradicts itself, or is laxer than asked for, is refused."""
    with pytest.raises(InputError):
        Share(3, 2)
    with pytest.raises(InputError):
        replace(_BETTER, live_right=1)
    with pytest.raises(InputError):
        replace(_BETTER, positive=Share(100, 1_000))
    with pytest.raises(InputError):
        Comparison("x", alpha=0).evidence()
    with pytest.raises(InputError):
        judge(_BETTER, Limits(alpha=0.01))
