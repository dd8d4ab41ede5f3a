"""Decisions as learners read them: acts, features and propensities; no words, no lasting keys.

The table is a log of :mod:`gnothi.policy.logs`: the estimators and the report read it as it is.
"""

import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib import import_module
from typing import Any

import numpy as np

from gnothi.recommend.acts import Prompt
from gnothi.recommend.catalogue import Catalogue
from gnothi.recommend.conversation import Conversation, End
from gnothi.recommend.features import MOMENT, NAMES
from gnothi.recommend.noise import Singles
from gnothi.recommend.policies import Choice


@dataclass(frozen=True, eq=False)
class Decision:
    """One choice of a prompt."""

    step: int
    """0 for the first one of a conversation."""
    action: str
    """The slot that was chosen: ``suggest.1``."""
    act: str
    """What it means, without what it names: ``suggest genre``."""
    propensity: float
    slots: tuple[str, ...]
    """All candidates."""
    chances: tuple[float, ...]
    """Their propensities."""
    features: Singles
    """Of all candidates, shape ``(candidates, features)``."""
    usual: tuple[float, ...] = ()
    """What the live policy would have chosen how probably, in a talk that tries other things;
    empty where it chose itself."""


@dataclass(frozen=True, eq=False)
class Logged:
    """The decisions of one conversation, and what came of it."""

    episode: str
    """Any key of the conversation; it does not leave as it is."""
    person: str
    """Any key of the person, likewise."""
    kind: str
    """Of the catalogue."""
    decisions: Sequence[Decision]
    rewards: Sequence[float]
    """One for each decision."""


def decision(conversation: Conversation) -> Decision | None:
    """Return how the open prompt was chosen; ``None`` where there was nothing to choose.

    Keep it at once: the next turn forgets it.
    """
    choice = conversation.choice
    if choice is None:
        return None
    return described(choice, conversation.decided - 1, conversation.recommender.catalogue)


def described(choice: Choice, step: int, catalogue: Catalogue) -> Decision:
    """Return a *choice* as the decision number *step* of a conversation."""
    return Decision(
        step=step,
        action=choice.menu.candidates[choice.place].slot,
        act=act(choice.prompt, catalogue),
        propensity=choice.propensity,
        slots=tuple(one.slot for one in choice.menu.candidates),
        chances=tuple(choice.chances.tolist()),
        features=choice.features.astype(np.float32),
    )


def act(prompt: Prompt, catalogue: Catalogue) -> str:
    """Return what a prompt does, and about which facets; neither value nor item."""
    facets = dict.fromkeys(catalogue.attributes[value].facet for value in prompt.values)
    return " ".join((prompt.ask.value, *facets))


def success_only(conversation: Conversation, decisions: int) -> list[float]:
    """Return the plainest rewards: 1 for the last decision if something was played, else 0."""
    rewards = [0.0] * decisions
    if rewards and conversation.end is End.PLAYED:
        rewards[-1] = 1.0
    return rewards


def table(logged: Iterable[Logged], *, key: bytes) -> Any:  # noqa: ANN401 - pyarrow has no types
    """Return conversations as an Arrow table, one row a decision; write it with ``pyarrow``.

    Persons and conversations become hashes under *key*. Take a fresh one for every export and
    throw it away: no two exports can then be joined, and nobody can be looked up.
    """
    rows = [
        _row(one, decided, reward, key)
        for one in logged
        for decided, reward in zip(one.decisions, one.rewards, strict=True)
    ]
    return import_module("pyarrow").Table.from_pylist(rows, schema=schema())


def schema() -> Any:  # noqa: ANN401 - pyarrow has no types
    """Return the columns of :func:`table`.

    ``usual`` holds what the live policy would have done: a target of off-policy evaluation.
    ``menu`` holds the features of all candidates (:data:`gnothi.recommend.features.NAMES`) one
    after another, ``names`` in the metadata says which; the columns of a moment stand by
    themselves too.
    """
    arrow = import_module("pyarrow")
    return arrow.schema(
        [
            ("episode", arrow.string()),
            ("step", arrow.int32()),
            ("person", arrow.string()),
            ("kind", arrow.string()),
            ("action", arrow.string()),
            ("act", arrow.string()),
            ("propensity", arrow.float64()),
            ("reward", arrow.float64()),
            ("candidates", arrow.list_(arrow.string())),
            ("chances", arrow.list_(arrow.float64())),
            ("usual", arrow.list_(arrow.float64())),
            ("menu", arrow.list_(arrow.float32())),
            *((name, arrow.float32()) for name in MOMENT),
        ],
        metadata={"names": " ".join(NAMES)},
    )


def _row(one: Logged, decided: Decision, reward: float, key: bytes) -> dict[str, object]:
    known = decided.features[0, : len(MOMENT)].tolist()
    return {
        "episode": _rotated(f"episode {one.episode}", key),
        "step": decided.step,
        "person": _rotated(f"person {one.person}", key),
        "kind": one.kind,
        "action": decided.action,
        "act": decided.act,
        "propensity": decided.propensity,
        "reward": reward,
        "candidates": list(decided.slots),
        "chances": list(decided.chances),
        "usual": list(decided.usual or decided.chances),
        "menu": decided.features.ravel().tolist(),
        **dict(zip(MOMENT, known, strict=True)),
    }


def _rotated(name: str, key: bytes) -> str:
    return hmac.new(key, name.encode(), sha256).hexdigest()[:24]
