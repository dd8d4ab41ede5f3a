"""Hesitations are put into recordings so that nothing but what was said gives them away."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from gnothi.core.hearing import RATE
from gnothi.speech.endpoint.arbitrator import Arbitrator
from gnothi_train.endpoint import kept
from gnothi_train.endpoint.cases import CUT, NATURAL, PARTS, Pause, Recording, case, clusters
from gnothi_train.endpoint.fit import Recipe, Rows, fit
from gnothi_train.endpoint.listen import Listened
from gnothi_train.endpoint.outcome import judge, levels

WORDS = ((0.8, 1.3), (1.4, 1.9), (2.0, 2.5), (2.6, 3.0))
"""When somebody speaks: a tenth of a second lies between words, and half a second at the end."""
GAP = (2.6, 3.1)


def recording(kind: str = "command") -> Recording:
    """Return noise in a quiet room that comes and goes as words do, with one real pause."""
    rng = np.random.default_rng(0)
    seconds = 6.0
    level = np.full(int(seconds * RATE), 0.001)
    is_word = np.zeros(len(level), bool)
    for begin, end in (*WORDS[:3], (3.1, 3.6)):
        is_word[int(begin * RATE) : int(end * RATE)] = True
    level[is_word] = 0.2
    samples = (level * rng.standard_normal(len(level))).astype(np.float32)
    chances = is_word[: len(level) // 512 * 512].reshape(-1, 512).mean(1)
    return Recording("one", "c1", kind, samples, chances.astype(np.float32))


def decibels(samples: np.ndarray) -> float:
    """Return how loud *samples* are."""
    return float(10 * np.log10(np.mean(samples**2)))


def test_hesitations_sound_like_the_room_and_leave_no_step() -> None:
    """In a pause that was put in, there is what the recording has where nobody speaks."""
    made = [case(recording(), np.random.default_rng(seed)) for seed in range(12)]
    cuts = 0
    for one in made:
        assert one is not None
        assert [pause.is_end for pause in one.pauses] == [False] * (len(one.pauses) - 1) + [True]
        for pause in one.pauses:
            end = pause.goes_on_s if pause.goes_on_s is not None else 1.2
            inside = slice(int((pause.at_s + 0.06) * RATE), int((pause.at_s + end - 0.02) * RATE))
            assert decibels(one.samples[inside]) == pytest.approx(-60, abs=2)
            before = one.samples[int((pause.at_s - 0.3) * RATE) : int((pause.at_s - 0.1) * RATE)]
            assert decibels(before) > -20
            cuts += pause.how == CUT
    assert cuts > 6


def test_pauses_that_were_recorded_stay_as_they_are() -> None:
    """The real pause is found at its place, with its length."""
    made = case(recording(), np.random.default_rng(3), most=0)
    assert made is not None
    (pause, end) = made.pauses
    shift = 0.8 - 0.6
    assert pause.how == NATURAL
    assert pause.at_s == pytest.approx(2.5 - shift, abs=0.06)
    assert pause.goes_on_s == pytest.approx(0.6, abs=0.06)
    assert end.at_s == pytest.approx(3.6 - shift, abs=0.06)


def test_ends_are_cut_as_often_as_not() -> None:
    """Whoever could hear the cut would learn nothing from it."""
    made = [case(recording(), np.random.default_rng(seed)) for seed in range(40)]
    ends = Counter(one.pauses[-1].how for one in made if one)
    assert 10 < ends[CUT] < 30


def test_clusters_stay_whole_and_every_part_has_some() -> None:
    """The largest clusters take turns among the parts."""
    sizes = Counter({f"c{at}": 100 - at for at in range(10)})
    parts = clusters(sizes)
    assert [parts[f"c{at}"] for at in range(5)] == list(PARTS)
    assert set(parts.values()) == {"train", "dev", "test"}
    assert parts == clusters(Counter(dict(reversed(sizes.items()))))


def heard(rng: np.random.Generator, *, is_end: bool, clip: str) -> Listened:
    """Return moments whose first number tells an end from a pause, noisily."""
    pause = Pause(1.0, None if is_end else 1.0, CUT)
    at_s = np.linspace(0.1, 0.8, 8, dtype=np.float32)
    plain = rng.standard_normal((8, 47)).astype(np.float32)
    plain[:, 0] += 2.0 if is_end else -2.0
    states = rng.standard_normal((8, 6)).astype(np.float32)
    return Listened(clip, "c1", "command", pause, at_s, plain, states, at_s, at_s, at_s, ("a",) * 8)


def test_what_was_heard_is_kept_as_it_was(tmp_path: Path) -> None:
    """States in half precision, all else to the last bit."""
    rng = np.random.default_rng(0)
    told = [heard(rng, is_end=at % 2 == 0, clip=f"clip {at}") for at in range(4)]
    kept.write(told, tmp_path / "part.npz")
    read = list(kept.read(tmp_path / "part.npz"))
    assert [one.pause for one in read] == [one.pause for one in told]
    assert [one.texts for one in read] == [one.texts for one in told]
    for one, other in zip(read, told, strict=True):
        np.testing.assert_array_equal(one.plain, other.plain)
        np.testing.assert_array_equal(one.silences, other.silences)
        assert one.states is not None
        assert other.states is not None
        np.testing.assert_allclose(one.states, other.states, atol=2e-3)


def test_the_arbitrator_learns_what_tells_ends_from_pauses() -> None:
    """On others than it learned from it is right, and more patience cuts off fewer people."""
    rng = np.random.default_rng(0)
    parts = [
        [heard(rng, is_end=at % 2 == 0, clip=f"clip {at}") for at in range(60)] for _ in range(2)
    ]
    assert Rows.of(parts[0], with_states=False).numbers.shape[1] == 47
    recipe = Recipe(members=2, steps=200, rate=1e-2)
    plain, full = (
        fit(Rows.of(parts[0], with_states=with_states), 0, recipe) for with_states in (False, True)
    )
    judged = judge(Arbitrator(plain, full, "an encoder"), parts[1], with_states=True)
    told = judged.figures(0.5)
    assert told["early_cutoffs"] < 0.3
    assert told["latency_s_p50"] < 0.4
    early = [share for _, share, _ in levels(judged, 0.5)]
    assert early == sorted(early, reverse=True)
    assert early[0] > early[-1]
