"""What a person may like, from what they and others played."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gnothi.core.errors import ArtifactError, InputError
from gnothi.recommend.affinity import Affinity, ItemWeights, Plays, Popularity, loud, loudness
from gnothi.recommend.blend import Blend, Blended, standard
from gnothi.recommend.ease import Ease, facts_by_items, solve
from gnothi.recommend.factors import AlternatingLeastSquares
from gnothi.recommend.neighbours import ItemNeighbours, RandomWalk

RECIPES = {
    "ease": Ease(penalty=1, kept=0),
    "neighbours": ItemNeighbours(shrinkage=0),
    "walk": RandomWalk(),
    "factors": AlternatingLeastSquares(factors=4, penalty=0.1),
    "blend": Blend(Ease(penalty=1, kept=0), AlternatingLeastSquares(factors=4, penalty=0.1)),
}
NOTHING = np.zeros(0, np.int32), np.zeros(0, np.float32)


def two_tastes(seed: int = 0, people: int = 40) -> Plays:
    """People who play items 0 to 4, people who play 5 to 9, each four of five; item 10 nobody."""
    rng = np.random.default_rng(seed)
    who, what = [], []
    for person in range(people):
        chosen = rng.choice(5, 4, replace=False) + 5 * (person % 2)
        who += [person] * 4
        what += chosen.tolist()
    counts = rng.integers(1, 50, len(who)).astype(np.float32)
    return Plays.of(np.array(who), np.array(what), counts, shape=(people, 11))


def likes(model: Affinity, *items: int) -> list[int]:
    """The items that fit best after these were played, without them, best first."""
    scores = model.scores(np.array(items, np.int32), np.ones(len(items), np.float32))
    return [item for item in np.argsort(-scores).tolist() if item not in items]


@pytest.mark.parametrize("name", RECIPES)
def test_tastes_are_told_apart(name: str) -> None:
    """Whoever plays some of a taste is offered the rest of it first."""
    model = RECIPES[name].fit(two_tastes())
    assert set(likes(model, 0, 1)[:3]) == {2, 3, 4}
    assert set(likes(model, 9, 6)[:3]) == {5, 7, 8}


@pytest.mark.parametrize("name", RECIPES)
def test_nothing_is_known_of_a_newcomer(name: str) -> None:
    """They are offered what most people play."""
    plays = two_tastes()
    scores = RECIPES[name].fit(plays).scores(*NOTHING)
    assert scores.tolist() == plays.listeners.tolist()
    assert Popularity.fit(plays).scores(*NOTHING).tolist() == plays.listeners.tolist()


@pytest.mark.parametrize("name", RECIPES)
def test_who_is_who_does_not_matter(name: str) -> None:
    """Swapping people changes nothing: only what was played together counts."""
    plays = two_tastes()
    people = np.repeat(np.arange(len(plays)), np.diff(plays.starts))
    swapped = Plays.of(
        len(plays) - 1 - people, plays.items, plays.counts, shape=(len(plays), plays.size)
    )
    items, counts = np.array([0, 3], np.int32), np.array([2, 9], np.float32)
    one, other = (RECIPES[name].fit(which).scores(items, counts) for which in (plays, swapped))
    assert np.allclose(one, other, atol=1e-4)


def test_facts_help_where_nobody_listened() -> None:
    """An item that nobody played is found by what it has in common with what was played."""
    facts = np.zeros((11, 2), np.float32)
    facts[:5, 0] = facts[5:10, 1] = facts[10, 1] = 1
    with_facts = Ease(penalty=1, kept=0).fit(two_tastes(), facts)
    without = Ease(penalty=1, kept=0).fit(two_tastes())
    rank = {
        name: likes(model, 5, 6).index(10) for name, model in (("a", with_facts), ("b", without))
    }
    assert rank["a"] < rank["b"]
    assert rank["a"] <= 3


matrices = st.integers(0, 2**31).map(
    lambda seed: (np.random.default_rng(seed).random((5, 8)) < 0.4).astype(np.float64)
)


@settings(deadline=None)
@given(matrices, st.floats(0.5, 5))
def test_the_short_way_is_exact(known: np.ndarray, penalty: float) -> None:
    """Inverting people by people gives the weights of inverting items by items."""
    penalties = np.full(8, penalty) + np.arange(8) / 10
    inverse = np.linalg.inv(known.T @ known + np.diag(penalties))
    direct = -inverse / np.diag(inverse)
    np.fill_diagonal(direct, 0)
    sparse = pytest.importorskip("scipy.sparse")
    by_people = solve(sparse.csr_array(known), penalties, kept=0)
    tall = np.vstack([known, np.zeros((9, 8))])
    by_items = solve(sparse.csr_array(tall), penalties, kept=0)
    assert np.allclose(by_people.toarray(), direct, atol=1e-5)
    assert np.allclose(by_items.toarray(), direct, atol=1e-5)


def test_only_the_largest_weights_are_kept() -> None:
    """As many as asked for in each column."""
    whole, some = (Ease(penalty=1, kept=kept).fit(two_tastes()) for kept in (0, 3))
    assert np.bincount(some.members, minlength=11).max() == 3
    assert len(some.values) < len(whole.values)


def test_weights_are_written_and_read(tmp_path: Path) -> None:
    """What is served is what was fitted."""
    model = Ease(penalty=1).fit(two_tastes())
    model.save(tmp_path / "affinity.npz")
    again = ItemWeights.load(tmp_path / "affinity.npz")
    history = np.array([1, 7], np.int32), np.array([3, 1], np.float32)
    assert np.array_equal(again.scores(*history), model.scores(*history))


def test_blends_are_written_and_read(tmp_path: Path) -> None:
    """Both parts and their shares; without one of them there is no blend."""
    model = RECIPES["blend"].fit(two_tastes())
    assert isinstance(model, Blended)
    model.save(tmp_path)
    history = np.array([1, 7], np.int32), np.array([3, 1], np.float32)
    assert np.array_equal(Blended.load(tmp_path).scores(*history), model.scores(*history))
    damaged(tmp_path / "factors.npz")
    with pytest.raises(ArtifactError, match="holds no affinity"):
        Blended.load(tmp_path)


def test_scores_that_are_all_equal_say_nothing() -> None:
    """And no division by nothing."""
    assert standard(np.full(3, 7, np.float32)).tolist() == [0, 0, 0]


def damaged(file: Path) -> None:
    """Cut a file in half."""
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


@pytest.mark.parametrize(
    "spoil",
    [
        Path.unlink,
        damaged,
        lambda file: file.write_bytes(b"hello"),
        lambda file: np.savez(file, starts=np.zeros(3)),
        lambda file: np.savez(
            file,
            **dict.fromkeys(("starts", "members", "values", "heaviness", "fallback"), np.ones(3)),
            by_plays=np.array(True),
        ),
    ],
)
def test_files_that_hold_no_affinity_are_refused(
    tmp_path: Path, spoil: Callable[[Path], object]
) -> None:
    """Missing, cut off, of another kind, incomplete, or not fitting together."""
    file = tmp_path / "affinity.npz"
    Ease(penalty=1).fit(two_tastes()).save(file)
    spoil(file)
    with pytest.raises(ArtifactError, match="holds no affinity"):
        ItemWeights.load(file)


@pytest.mark.parametrize(
    ("people", "items", "counts"),
    [([0], [0, 1], [1]), ([2], [0], [1]), ([0], [3], [1]), ([-1], [0], [1]), ([0], [0], [0])],
)
def test_plays_that_can_not_be_are_refused(
    people: list[int], items: list[int], counts: list[float]
) -> None:
    """Uneven lists, people and items that do not exist, plays that never were."""
    told = (np.array(people), np.array(items), np.array(counts, np.float32))
    with pytest.raises(InputError):
        Plays.of(*told, shape=(2, 3))


def test_plays_are_added_up() -> None:
    """Who is listed twice with an item played it as often as both say."""
    told = (np.array([1, 0, 1]), np.array([2, 0, 2]), np.array([3, 1, 4], np.float32))
    plays = Plays.of(*told, shape=(2, 3))
    items, counts = plays.history(1)
    assert (items.tolist(), counts.tolist()) == ([2], [7])
    assert plays.listeners.tolist() == [1, 0, 1]


@settings(deadline=None)
@given(st.lists(st.integers(1, 10_000), max_size=8))
def test_loudness_keeps_the_order(counts: list[int]) -> None:
    """From 0 to 1; more plays never tell less; one person at a time is as all at once."""
    heard = loudness(np.array(counts, np.float32))
    assert all(0 < one <= 1 for one in heard.tolist())
    assert np.argsort(heard, kind="stable").tolist() == np.argsort(counts, kind="stable").tolist()
    items = np.arange(len(counts))
    plays = Plays.of(0 * items, items, np.array(counts, np.float32), shape=(2, 8))
    assert np.allclose(loud(plays), heard)


def test_facts_have_length_one() -> None:
    """Items with many facts do not count for more, and a fact that all share says little."""
    told = facts_by_items(np.array([[1, 1, 0], [1, 0, 1], [1, 0, 0]])).toarray()
    assert np.allclose(np.linalg.norm(told, axis=0), 1)
    assert told[0, 0] < told[1, 0]
