"""The learner of heads: lessons are learned, what works is kept, order makes no difference."""

import numpy as np
import pytest

from gnothi.core.risk import Risk
from gnothi.language.heads import Heads
from gnothi.language.understand import NeuralUnderstander
from gnothi.learning.heads import Kept, Lesson, Recipe, decision, fit
from gnothi.text.encoder import Reading
from gnothi.text.tokenise import tokenise

PLAIN = NeuralUnderstander()
NAMES = PLAIN.labels
RANKS = dict.fromkeys(NAMES.intents, Risk.REVERSIBLE.rank)
ROOMS = ("kitchen", "hall", "garage", "office")
ORDINARY = ("turn on the kitchen lights", "light the hall up", "play some jazz", "dim the office")


def reading(text: str) -> Reading:
    """Return what the network makes of *text*."""
    return PLAIN.encoder.read([tokenise(text)])[0]


LESSONS = [
    Lesson(text, reading(text), NAMES.intents.index("iot_hue_lightoff"))
    for text in (f"douse the {room} lights" for room in ROOMS)
]
KEPT = [Kept(text, reading(text)) for text in ORDINARY]


def learned(
    lessons: list[Lesson] = LESSONS, kept: list[Kept] = KEPT, recipe: Recipe | None = None
) -> Heads:
    """Return heads taught by *lessons*."""
    return fit(lessons, kept, NAMES, network="language/understand@1", ranks=RANKS, recipe=recipe)


def intent(text: str, heads: Heads) -> str:
    """Return how *text* is decided with *heads*."""
    return NAMES.intents[int(decision(heads.adjust(reading(text)), NAMES).argmax())]


def test_lessons_are_learned_and_reach_further() -> None:
    """The lessons themselves, and the same about a room that none of them names."""
    heads = learned()
    for text in (*(lesson.text for lesson in LESSONS), "douse the bedroom lights"):
        assert intent(text, heads) == "iot_hue_lightoff"


def test_what_works_stays() -> None:
    """Kept sentences mean what they meant, even if they are near a lesson."""
    near = "douse the kitchen lights please"
    heads = learned(kept=[*KEPT, Kept(near, reading(near))], recipe=Recipe(beta=50))
    assert intent(near, heads) == "iot_hue_lighton"
    for one in KEPT:
        before = NAMES.intents[int(decision(one.reading, NAMES).argmax())]
        assert intent(one.text, heads) == before


def test_order_makes_no_difference() -> None:
    """The same turns in any order give the same bytes: an erased person leaves no trace."""
    assert learned(LESSONS[::-1], KEPT[::-1]).write() == learned().write()


def test_lessons_on_what_was_out_of_scope_move_the_scope() -> None:
    """And without such a lesson the scope is left alone."""
    text = "freeze my credit card"
    strange = Lesson(text, reading(text), NAMES.intents.index("lists_createoradd"))
    heads = learned([strange])
    assert reading(text).scope > NAMES.scope_threshold > heads.adjust(reading(text)).scope
    assert not learned().scope.any()


def test_more_lessons_than_a_turn_can_afford_are_cut() -> None:
    """The same ones whatever the order."""
    few = Recipe(lessons=2)
    heads = learned(recipe=few)
    assert len(heads) == 2
    assert learned(LESSONS[::-1], recipe=few).write() == heads.write()


@pytest.mark.parametrize("kept", [[], KEPT])
def test_the_search_ends_at_the_bottom(kept: list[Kept]) -> None:
    """No small step from the weights found leads lower: surprise + drift + penalty, convex."""
    recipe = Recipe()
    heads = learned(kept=kept)

    def cost(weights: np.ndarray) -> float:
        moved = Heads(
            heads.network, heads.centres, heads.intents, weights, heads.scope, heads.width,
            heads.ranks, heads.scope_threshold,
        )  # fmt: skip
        total = recipe.shrinkage / 2 * float((weights.astype(float) ** 2).sum())
        for lesson in LESSONS:
            total -= _logs(_moved(lesson.reading, moved))[lesson.intent]
        for one in kept:
            before = _logs(decision(one.reading, NAMES))
            drift = float(np.exp(before) @ (before - _logs(_moved(one.reading, moved))))
            total += (recipe.alpha + recipe.beta) * drift
        return total

    best = cost(heads.weights)
    rng = np.random.default_rng(0)
    for _ in range(20):
        step = rng.normal(size=heads.weights.shape).astype(np.float32)
        assert cost(heads.weights + 0.05 * step) > best - 1e-4


def _moved(one: Reading, heads: Heads) -> np.ndarray:
    near = np.exp((heads.centres @ one.embedding - 1) / heads.width)
    scores = decision(one, NAMES)
    scores[heads.intents] += heads.weights @ near
    return scores


def _logs(scores: np.ndarray) -> np.ndarray:
    return scores - np.logaddexp.reduce(scores)
