from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gnothi.learning import chain
from gnothi.learning.chain import Chain, Scores, Transitions, solve

Counts = tuple[Transitions, npt.NDArray[np.int64], npt.NDArray[np.int64]]


def _numbers(values: object) -> npt.NDArray[np.int64]:
    return np.asarray(values, dtype=np.int64).reshape(-1)


def _counts(steps: Mapping[tuple[int, int], int], success: list[int], failure: list[int]) -> Counts:
    sources, targets = zip(*steps, strict=True) if steps else ((), ())
    transitions = Transitions(_numbers(sources), _numbers(targets), _numbers(list(steps.values())))
    return transitions, _numbers(success), _numbers(failure)


GOLDEN = _counts(
    {(0, 1): 40, (0, 2): 20, (1, 0): 5, (2, 0): 5, (2, 1): 25}, [5, 180, 5], [35, 15, 15]
)
"""A request that fails, one that works, and another that fails."""


@st.composite
def chains(draw: st.DrawFn) -> Counts:
    """Chains of up to eight states; some states can't end, some were never seen."""
    states = draw(st.integers(1, 8))
    place = st.integers(0, states - 1)
    steps = draw(st.dictionaries(st.tuples(place, place), st.integers(0, 50), max_size=24))
    ends = st.lists(st.integers(0, 50), min_size=states, max_size=states)
    return _counts(steps, draw(ends), draw(ends))


def _random(states: int, steps: int, seed: int = 0) -> Counts:
    rng = np.random.default_rng(seed)
    around = rng.integers(0, states, steps)
    transitions = Transitions(
        np.concatenate([np.arange(states), around]),
        np.concatenate([(np.arange(states) + 1) % states, rng.integers(0, states, steps)]),
        rng.integers(1, 9, states + steps),
    )
    return transitions, rng.integers(0, 9, states), rng.integers(0, 9, states)


def _same(one: Scores, other: Scores, tolerance: float = 1e-11) -> bool:
    floats = ("best_score", "own_score", "success")
    return np.array_equal(one.best, other.best) and all(
        np.allclose(getattr(one, name), getattr(other, name), rtol=0, atol=tolerance)
        for name in floats
    )


def test_the_golden_case() -> None:
    """Two requests that fail are rewritten to the one that works, which stays as it is."""
    scores = solve(*GOLDEN)
    assert scores.best.tolist() == [1, 1, 1]
    assert np.round(scores.success, 4).tolist() == [0.5375, 0.9134, 0.6105]
    assert np.round(scores.best_score, 4).tolist() == [0.4651, 0.9116, 0.5023]
    assert np.round(scores.own_score, 4).tolist() == [0.0517, 0.9116, 0.1023]


@settings(max_examples=50)
@given(chains())
def test_every_way_ends(counts: Counts) -> None:
    """The probabilities to end in success and in failure add up to one."""
    absorption = Chain.of(*counts).absorption()
    assert np.allclose(absorption.sum(axis=1), 1.0)
    assert (absorption >= -1e-12).all()


@settings(max_examples=50)
@given(chains())
def test_scores_are_shares_of_success(counts: Counts) -> None:
    """The scores of a state add up to its probability of success, and the best is the largest."""
    scores = solve(*counts)
    assert np.allclose(scores.success, Chain.of(*counts).absorption()[:, 0], atol=1e-11)
    assert (scores.best_score >= scores.own_score * (1 - 1e-8)).all()
    assert (scores.best_score <= scores.success + 1e-11).all()


@settings(max_examples=50)
@given(chains())
def test_what_is_best_is_not_rewritten(counts: Counts) -> None:
    """Whatever something is rewritten to stays as it is, up to equals."""
    scores = solve(*counts)
    again = scores.best[scores.best]
    moved = again != scores.best
    assert np.allclose(
        scores.best_score[scores.best][moved], scores.own_score[scores.best][moved], rtol=1e-8
    )


@settings(max_examples=50)
@given(chains(), st.randoms())
def test_order_does_not_matter(counts: Counts, random: object) -> None:
    """Steps may come in any order and in several parts: the result is the same to the last bit."""
    steps, success, failure = counts
    order = np.random.default_rng(random.randint(0, 99)).permutation(len(steps.counts))  # type: ignore[attr-defined]
    parts = [steps.counts[order] // 2, steps.counts[order] - steps.counts[order] // 2]
    shuffled = Transitions(
        np.tile(steps.sources[order], 2), np.tile(steps.targets[order], 2), np.concatenate(parts)
    )
    assert _same(solve(*counts), solve(shuffled, success, failure), tolerance=0.0)


@settings(max_examples=50)
@given(chains(), st.integers(0, 99))
def test_names_do_not_matter(counts: Counts, seed: int) -> None:
    """With other numbers for the states, the same ones have the same scores."""
    steps, success, failure = counts
    new = np.random.default_rng(seed).permutation(len(success))
    old = np.argsort(new)
    renamed = solve(
        Transitions(new[steps.sources], new[steps.targets], steps.counts),
        success[old],
        failure[old],
    )
    scores = solve(*counts)
    for name in ("best_score", "own_score", "success"):
        assert np.allclose(getattr(renamed, name)[new], getattr(scores, name), atol=1e-11)


@settings(max_examples=8)
@given(st.integers(0, 1000))
def test_all_ways_to_solve_agree(seed: int) -> None:
    """Small, middling and large components are solved differently, with the same result."""
    counts = _random(60, 150, seed)
    results: list[Scores] = []
    with pytest.MonkeyPatch.context() as patch:
        for dense, factored in [(200, 2000), (10, 2000), (10, 20)]:
            patch.setattr(chain, "DENSE", dense)
            patch.setattr(chain, "FACTORED", factored)
            patch.setattr(chain, "BLOCK", 60 * 7)
            results.append(solve(*counts))
    assert _same(results[0], results[1])
    assert _same(results[0], results[2])


def test_components_are_solved_apart() -> None:
    """Two chains side by side have the results that each has alone."""
    sizes = [4, 220, 4, 1]
    alone = [_random(size, size, seed) for seed, size in enumerate(sizes)]
    begin = np.cumsum([0, *sizes[:-1]])
    together = Transitions(
        np.concatenate([one.sources + at for (one, _, _), at in zip(alone, begin, strict=True)]),
        np.concatenate([one.targets + at for (one, _, _), at in zip(alone, begin, strict=True)]),
        np.concatenate([one.counts for one, _, _ in alone]),
    )
    success, failure = (np.concatenate([one[part] for one in alone]) for part in (1, 2))
    scores = solve(together, success, failure)
    for counts, at, size in zip(alone, begin, sizes, strict=True):
        own = solve(*counts)
        assert np.array_equal(scores.best[at : at + size] - at, own.best)
        assert np.allclose(scores.best_score[at : at + size], own.best_score, atol=1e-11)


def test_only_what_is_wanted_is_solved() -> None:
    """Asked for some states, those are answered, in rising order."""
    counts = _random(250, 500)
    everything, some = solve(*counts), solve(*counts, wanted=np.array([200, 3, 200]))
    assert some.states.tolist() == [3, 200]
    assert some.best.tolist() == everything.best[[3, 200]].tolist()


def test_a_circle_without_an_end_fails() -> None:
    """Whoever only ever says it again never succeeds; nor does what was never said."""
    scores = solve(*_counts({(0, 1): 5, (1, 0): 5, (2, 0): 1}, [0, 0, 1, 0], [0, 0, 0, 0]))
    assert scores.success.tolist() == [0.0, 0.0, 0.5, 0.0]
    assert scores.best.tolist() == [0, 1, 2, 3]


def test_equals_are_chosen_in_order() -> None:
    """Between equals the request stays as it is; else the first one is taken."""
    tie = solve(*_counts({(0, 1): 4}, [4, 1], [0, 0]))
    assert tie.best.tolist() == [0, 1]
    first = solve(*_counts({(0, 2): 5, (0, 1): 5}, [1, 1, 1], [0, 0, 0]))
    assert first.best.tolist() == [1, 1, 2]


def test_counts_are_not_negative() -> None:
    """A negative count is a mistake of the caller's."""
    with pytest.raises(ValueError, match="negative"):
        solve(*_counts({(0, 0): -1}, [1], [1]))


def test_the_most_probable_way() -> None:
    """The way from one request to another goes over what people say most."""
    steps = {(0, 1): 1, (0, 2): 8, (2, 1): 8, (3, 0): 1}
    known = Chain.of(*_counts(steps, [1, 9, 2, 1], [0, 0, 0, 0]))
    assert known.way(0, 1) == [0, 2, 1]
    assert known.way(0, 0) == [0]
    assert known.way(1, 3) == []


def test_a_giant_component_needs_little_memory() -> None:
    """Thirty thousand states that all hang together are solved without a square of them."""
    counts = _random(30_000, 30_000)
    known = Chain.of(*counts)
    assert np.unique(known.components).size == 1
    scores = known.scores(np.array([7, 29_000]))
    assert np.allclose(scores.success, known.absorption()[[7, 29_000], 0], atol=1e-10)
