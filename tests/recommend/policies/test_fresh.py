"""Two things are put to people once, in whatever words."""

import numpy as np

from gnothi.recommend.acts import Answer, Ask
from gnothi.recommend.catalogue_file import shipped
from gnothi.recommend.conversation import Recommender
from gnothi.recommend.policies import Uniform
from gnothi.recommend.policies.fresh import Fresh


def test_no_pair_comes_back_in_other_words() -> None:
    """Whatever is drawn, no two values are asked about together a second time."""
    recommender = Recommender.over(shipped("films"), Fresh(Uniform()))
    rng = np.random.default_rng(5)
    talk = recommender.begin(rng)
    pairs: list[tuple[int, ...]] = []
    while talk.prompt is not None and len(talk.turns) < 60:
        if len(talk.prompt.values) == 2:
            pairs.append(talk.prompt.values)
        talk.reply(Answer(is_unsure=True, degree=-1.0 if talk.prompt.item else None), rng)
    assert len(pairs) == len(set(pairs)) > 5


def test_chances_are_those_of_the_policy() -> None:
    """They add to 1 over what is fresh, and are those with which is drawn."""
    recommender = Recommender.over(shipped("dinner"), Fresh(Uniform()))
    rng = np.random.default_rng(6)
    talk = recommender.begin(rng)
    while not any(turn.prompt.ask is Ask.CHOICE for turn in talk.turns):
        talk.reply(Answer(is_unsure=True), rng)
        if talk.end is not None:
            talk = recommender.begin(rng)
    menu = talk.menu()
    chances = recommender.policy.chances(menu)
    assert np.isclose(chances.sum(), 1)
    drawn = recommender.policy.choose(menu, rng)
    place = next(at for at, one in enumerate(menu.candidates) if one.prompt == drawn.prompt)
    assert np.isclose(drawn.propensity, chances[place])
