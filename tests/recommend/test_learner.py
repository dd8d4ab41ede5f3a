"""Learning from exported decisions."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from gnothi.core.artifact import Card
from gnothi.core.errors import ArtifactError, InputError
from gnothi.recommend.acts import Ask
from gnothi.recommend.decisions import Decision, Logged, table
from gnothi.recommend.features import NAMES
from gnothi.recommend.learner import Lessons, Method, Recipe, act_of, learn
from gnothi.recommend.policies.learned import FILE, NAME, Learned
from gnothi.registry.admission import seal, write_card

SLOTS = ("open", "suggest.1", "sample.1", "play.1")
ASKS = [Ask.OPEN, Ask.SUGGEST, Ask.SAMPLE, Ask.PLAY]
SUCCESS = NAMES.index("success")
RECIPE = Recipe(trees=20, leaves=4, rate=0.25, least=10, rounds=2)


def _table(conversations: int = 300) -> object:
    """Two steps: only a play of what is likely is rewarded, and only after a question."""
    rng = np.random.default_rng(0)
    logged = []
    for number in range(conversations):
        first, second = int(rng.integers(2)), int(rng.integers(2, 4))
        likely = 0.9 if first == 1 else 0.1
        won = float(second == 3 and rng.random() < likely)
        steps = [_decision(0, first, 0.1, rng), _decision(1, second, likely, rng)]
        logged.append(Logged(str(number), str(number % 20), "artist", steps, [0.0, won]))
    return table(logged, key=b"once")


def _decision(step: int, place: int, likely: float, rng: np.random.Generator) -> Decision:
    features = rng.normal(0, 0.01, (len(SLOTS), len(NAMES))).astype(np.float32)
    features[2:, SUCCESS] = likely
    return Decision(step, SLOTS[place], "", 0.25, SLOTS, (0.25,) * 4, features)


def _menu(likely: float) -> np.ndarray:
    features = np.zeros((len(SLOTS), len(NAMES)))
    features[2:, SUCCESS] = likely
    return features


@pytest.mark.parametrize("method", list(Method))
def test_every_method_learns_to_play_what_is_likely(method: Method) -> None:
    """What was rewarded is worth more than what was not."""
    policy = learn(Lessons.of(_table()), replace(RECIPE, method=method))
    sure, unsure = (policy.predict(_menu(likely), ASKS) for likely in (0.9, 0.1))
    assert sure[3] > unsure[3]
    assert int(np.argmax(sure)) == 3


def test_fitted_q_sees_what_a_question_leads_to() -> None:
    """The question before a success is worth something, though it was not rewarded itself."""
    lessons = Lessons.of(_table())
    greedy = learn(lessons, RECIPE).predict(_menu(0.1), ASKS)
    fitted = learn(lessons, replace(RECIPE, method=Method.FITTED_Q)).predict(_menu(0.1), ASKS)
    assert abs(greedy[1]) < 0.01
    assert fitted[1] > fitted[0] + 0.1


def test_slots_name_acts() -> None:
    """Suggestions of two values are suggestions."""
    assert act_of("either.2") is Ask.SUGGEST
    assert act_of("open") is Ask.OPEN


def test_decisions_with_other_features_are_refused() -> None:
    """A log of an older version is no lesson."""
    with pytest.raises(InputError, match="other features"):
        Lessons.of(_table().replace_schema_metadata({"names": "turn"}))


def test_the_artifact_is_what_was_learned(tmp_path: Path) -> None:
    """A policy that was kept decides as before; a damaged one is refused."""
    policy = learn(Lessons.of(_table()), RECIPE)
    (tmp_path / FILE).write_bytes(policy.dump())
    card = Card(NAME, "2026-11-29.1", "npz", {FILE: ""})
    write_card(tmp_path, seal(tmp_path, card))
    again = Learned.load(tmp_path)
    assert np.array_equal(again.predict(_menu(0.9), ASKS), policy.predict(_menu(0.9), ASKS))
    (tmp_path / FILE).write_bytes(policy.dump()[:-50])
    with pytest.raises(ArtifactError):
        Learned.load(tmp_path)


def test_items_are_put_in_order_by_whether_they_were_kept() -> None:
    """Two plays of one menu: what fits better comes first, though both acts are worth the same."""
    lessons = Lessons.of(_plays())
    policy = learn(lessons, replace(RECIPE, offers_least=40))
    assert policy.offers is not None
    menu = np.zeros((2, len(NAMES)))
    menu[1, NAMES.index("typical")] = 1.0
    worth = policy.predict(menu, [Ask.PLAY, Ask.PLAY])
    assert worth[1] - worth[0] > 0.3
    too_few = replace(RECIPE, offers_least=150)
    assert learn(lessons, too_few).offers is None
    assert learn(lessons, replace(RECIPE, offers=False, offers_least=40)).offers is None


def _plays(conversations: int = 300) -> object:
    """One step: something is played, and kept the likelier, the better it fits."""
    rng = np.random.default_rng(1)
    logged = []
    for number in range(conversations):
        features = np.zeros((2, len(NAMES)), np.float32)
        features[:, NAMES.index("typical")] = rng.random(2)
        place = int(rng.integers(2))
        kept = float(rng.random() < features[place, NAMES.index("typical")])
        slots = ("play.1", "play.2")
        step = Decision(0, slots[place], "", 0.5, slots, (0.5, 0.5), features)
        logged.append(Logged(str(number), str(number % 20), "artist", [step], [kept]))
    return table(logged, key=b"once")
