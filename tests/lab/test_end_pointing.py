"""Rules for the end of speech are replayed over the same pauses, and compared at equal latency."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from gnothi.speech.endpoint.arbitrator import Arbitrator
from gnothi.speech.endpoint.prosody import SAID
from gnothi_lab.benchmarks.end_pointing import Comparison, Rules
from gnothi_lab.peers.smart_turn import WHERE, SmartTurn
from gnothi_lab.speech import ends
from gnothi_lab.speech.ends import (
    LATEST_S,
    Heard,
    asked,
    at_latency,
    energy,
    evened,
    outcome,
    silero,
    smart_turn,
    unasked,
)
from gnothi_train.endpoint.cases import CUT, Pause
from gnothi_train.endpoint.listen import Listened

BLOCKS = (np.arange(47, dtype=np.float32) + 1) * np.float32(0.032)
FRAMES = (np.arange(150, dtype=np.float32) + 1) / np.float32(100)


def heard(goes_on_s: float | None, *, told: float, whole: float = 0.0, clip: str = "a") -> Heard:
    """Return a pause in which everything is silent at once, and ours is *told* from the start."""
    end_s = goes_on_s or np.inf
    blocks = BLOCKS[end_s > BLOCKS]
    moments = blocks[2::3]
    plain = np.zeros((len(moments), 47), np.float32)
    plain[:, -4] = whole
    plain[:, 0] = told
    listened = Listened(
        clip,
        "c1",
        "command",
        Pause(1.0, goes_on_s, CUT),
        moments,
        plain,
        None,
        blocks,
        np.full(len(blocks), 0.1, np.float32),
        blocks,
        ("",) * len(moments),
    )
    frames = FRAMES[end_s > FRAMES]
    return Heard(listened, frames, np.zeros(len(frames), np.float32), ((0.2, told),))


def told(one: Heard) -> np.ndarray:
    """Return what ours finds in each moment."""
    return one.listened.plain[:, 0]


def test_each_rule_decides_when_it_should() -> None:
    """After the silence that it asks for, or as soon as it is sure."""
    end = heard(None, told=0.9, whole=2.0)
    assert energy(6.0, 0.3)(end) == pytest.approx(0.3, abs=0.02)
    assert silero(0.35, 0.5)(end) == pytest.approx(0.5, abs=0.02)
    assert silero(0.05, 0.5)(end) == np.inf
    assert asked(told, 0.8)(end) == pytest.approx(0.096, abs=0.001)
    assert asked(told, 0.95)(end) == np.inf
    assert unasked(0.6)(end) == pytest.approx(0.3, abs=0.04)
    assert unasked(0.6)(heard(None, told=0.9)) == pytest.approx(0.6, abs=0.04)
    assert smart_turn(0.5)(end) == pytest.approx(0.2)
    assert smart_turn(0.95)(end) == LATEST_S


def test_early_cutoffs_and_latency_are_counted_as_they_are() -> None:
    """A pause that is shorter than the rule's is no cut-off; what never decides is late."""
    rows = [
        heard(None, told=0.9),
        heard(None, told=0.1),
        heard(0.4, told=0.9),
        heard(1.4, told=0.1),
    ]
    weights = evened(rows)
    patient = outcome(silero(0.35, 0.5), rows, weights)
    assert patient.early == pytest.approx(0.5)
    assert patient.latency(0.5) == pytest.approx(0.5, abs=0.02)
    sure = outcome(asked(told, 0.5), rows, weights)
    assert sure.early == pytest.approx(0.5)
    assert sure.latency(1.0) == LATEST_S


def test_rules_are_compared_at_equal_latency() -> None:
    """Between two settings lies a straight line, and no setting is made of worse ones."""
    rows = [heard(None, told=0.9), heard(0.35, told=0.9), heard(0.75, told=0.1)]
    outcomes = [outcome(silero(0.35, s), rows, evened(rows)) for s in (0.32, 0.48, 0.8)]
    assert [one.early for one in outcomes] == [1.0, 0.5, 0.0]
    assert at_latency(outcomes, 0.4) == pytest.approx(0.75)
    assert at_latency(outcomes, 0.1) == 1.0
    assert at_latency(outcomes, 5.0) == 0.0


def test_ratios_are_ours_by_theirs() -> None:
    """Ours that is right half as often wrong as pauses has a ratio of one half."""
    ends = [heard(None, told=0.9, clip=f"e{at}") for at in range(8)]
    pauses = [heard(1.2, told=0.9 if at < 2 else 0.1, clip=f"p{at}") for at in range(8)]
    ours = [asked(told, sure) for sure in (0.05, 0.5, 0.95)]
    rules = Rules(
        ours,
        asked(told, 0.5),
        ours,
        [unasked(0.1), unasked(0.5)],
        {"silero": [silero(0.35, seconds) for seconds in (0.096, 0.6, 1.3)]},
        {"turn": [smart_turn(0.5)] * 33},
    )
    comparison = Comparison(rules, [*ends, *pauses])
    figures = comparison.figures()
    assert figures["early_cutoffs"] == pytest.approx(0.25)
    assert figures["early_cutoffs_vs_best_pause_rule"] == pytest.approx(0.25)
    assert 0.9 < figures["early_cutoffs_vs_smart_turn"] <= 1
    low, high = comparison.intervals(np.random.default_rng(0), 50)[
        "early_cutoffs_vs_best_pause_rule"
    ]
    assert 0 <= low < 0.25 < high <= 1


def test_whole_words_hurry_more_the_longer_the_silence_lasts() -> None:
    """The replay weighs words as the product does; without them it is the arbitrator alone."""
    end = heard(None, told=0.0, whole=1.0)
    end.listened.plain[:, SAID] = end.listened.at_s
    whole = replace(end, whole=np.full(len(end.listened.at_s), 0.9, np.float32))
    arbitrator = Arbitrator.read()
    alone, wordless, hurried = (
        ends.told(arbitrator, one, with_states=False, with_words=with_words)[:4]
        for one, with_words in ((end, True), (whole, False), (whole, True))
    )
    assert (alone == wordless).all()
    gain = np.log(hurried / (1 - hurried)) - np.log(alone / (1 - alone))
    assert gain[0] == pytest.approx(1.35, abs=0.03)
    assert (np.diff(gain) > 0.5).all()


def test_a_missing_peer_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder without the network, or a file that is no wheel, is not taken for it."""
    (tmp_path / "file.whl").write_bytes(b"no wheel")
    for place in (tmp_path, tmp_path / "file.whl", tmp_path / "nowhere"):
        monkeypatch.setenv(WHERE, str(place))
        assert SmartTurn.find() is None
