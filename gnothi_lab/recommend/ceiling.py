"""What could be reached at best: assistants that know what nobody can know.

Items in the order of a model that was fitted to the *truth* about the menus of other listeners, and
people who, as soon as they name any part of their mood, are heard to say all of it. No policy that
learns from logs can have either.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from gnothi.recommend.acts import Answer, Ask
from gnothi.recommend.decisions import Decision
from gnothi.recommend.learner import exported
from gnothi.recommend.noise import Floats
from gnothi.recommend.policies import Chooser, Policy, only
from gnothi.recommend.prompts import Menu
from gnothi.recommend.trees import Forest
from gnothi_lab.recommend.sessions import Hint, Room, Way, play
from gnothi_lab.worlds.listeners import Session, Truth


@dataclass(frozen=True, eq=False)
class Ordered(Chooser):
    """When to play is decided by a policy, what to play by a model of what is acceptable."""

    policy: Policy
    acceptable: Forest

    def chances(self, menu: Menu) -> Floats:
        """Return 1 for the policy's choice, or for the best item where that is a play."""
        place = int(np.argmax(self.policy.chances(menu)))
        if menu.candidates[place].prompt.ask is Ask.PLAY:
            plays = menu.of(Ask.PLAY)
            place = plays[int(np.argmax(self.acceptable.predict(menu.features[plays])))]
        return only(menu, place)


def fitted_to_truth(
    room: Room,
    policies: Sequence[Policy],
    sessions: Sequence[tuple[str, int]],
    way: Way,
    *,
    hint: Hint | None = None,
) -> tuple[Forest, int]:
    """Return a model of which offers are acceptable, and how many it was fitted to.

    Its rows are all plays of all menus in *sessions*, whether they were chosen or not.
    """
    from sklearn.ensemble import HistGradientBoostingRegressor

    rows: list[Floats] = []
    truths: list[bool] = []
    for policy in policies:
        for one in play(room, policy, sessions, way=way, hint=hint):
            acceptable = set(one.truth.acceptable)
            rows += [_plays(decided) for decided in one.decisions]
            truths += [item in acceptable for items in one.offers for item in items]
    model = HistGradientBoostingRegressor(
        max_iter=150,
        max_leaf_nodes=16,
        learning_rate=0.08,
        min_samples_leaf=80,
        early_stopping=False,
        random_state=0,
    )
    model.fit(np.concatenate(rows), np.array(truths, np.float64))
    return exported(model), len(truths)


def whole_mood(room: Room) -> Hint:
    """Return a hint that completes a mood, and what is disliked, once any part was named."""
    known: dict[int, Truth] = {}

    def completed(session: Session, answer: Answer) -> Answer:
        if session.handle not in known:
            known[session.handle] = room.judge.truths([session.handle])[0]
        truth = known[session.handle]
        named = {*answer.likes, answer.chosen} & set(truth.mood)
        if not (named or answer.items or answer.similar):
            return answer
        return replace(
            answer,
            likes=tuple(dict.fromkeys((*truth.mood, *answer.likes))),
            dislikes=tuple(dict.fromkeys((*truth.disliked, *answer.dislikes))),
        )

    return completed


def _plays(decided: Decision) -> Floats:
    """Return the features of the plays of a menu."""
    is_play = [slot.startswith(Ask.PLAY.value) for slot in decided.slots]
    return np.asarray(decided.features[is_play], np.float64)
