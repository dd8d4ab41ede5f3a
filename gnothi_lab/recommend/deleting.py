"""True usefulness of a prompt: what was reached with it, less what is reached without it.

Sessions are played again in the world under the same chance up to the prompt, which is left out;
then the same policy goes on. Its own draws are fresh in each of several replays.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from gnothi.recommend.conversation import Conversation, Recommender
from gnothi.recommend.noise import Floats
from gnothi.recommend.policies import Choice, Chooser, Policy
from gnothi.recommend.prompts import Menu
from gnothi_lab.recommend.hearing import heard
from gnothi_lab.recommend.sessions import LONGEST, Played, Room, Way

_MANY = 500


@dataclass(frozen=True, slots=True)
class Deleted:
    """One prompt of a session, to be left out."""

    played: Played
    place: int
    """Among the session's turns."""


@dataclass(frozen=True, eq=False)
class Avoiding(Chooser):
    """A policy that does not choose one prompt, as long as there is another."""

    policy: Policy
    key: str

    def chances(self, menu: Menu) -> Floats:
        """Return the policy's chances over all others."""
        kept = [at for at, one in enumerate(menu.candidates) if one.prompt.key != self.key]
        chances = np.zeros(len(menu.candidates))
        places = kept or list(range(len(menu.candidates)))
        rest = replace(menu, candidates=tuple(menu.candidates[at] for at in places))
        chances[places] = self.policy.chances(rest)
        return chances


def reached_without(
    room: Room, policy: Policy, way: Way, deleted: Sequence[Deleted], *, seed: int, draws: int = 2
) -> Floats:
    """Return how often each session succeeds without one of its prompts, shape ``(deleted,)``."""
    total = np.zeros(len(deleted))
    for draw in range(draws):
        for start in range(0, len(deleted), _MANY):
            part = deleted[start : start + _MANY]
            rngs = [np.random.default_rng([seed, draw, start + at]) for at in range(len(part))]
            total[start : start + len(part)] += _replayed(room, policy, way, part, rngs)
    return total / draws


def _replayed(
    room: Room,
    policy: Policy,
    way: Way,
    deleted: Sequence[Deleted],
    rngs: Sequence[np.random.Generator],
) -> Floats:
    listeners = room.listeners
    opened = listeners.open(
        [(one.played.session.key, one.played.session.number) for one in deleted]
    )
    handles = [session.handle for session in opened]
    conversations = [
        _gone_on(room.recommender(policy, way), one, rng)
        for one, rng in zip(deleted, rngs, strict=True)
    ]
    _repeat(room, handles, deleted)
    said = [one.place - one.played.is_led for one in deleted]
    waiting = [at for at in range(len(deleted)) if conversations[at].prompt is not None]
    while waiting:
        prompts = {handles[at]: conversations[at].prompt for at in waiting}
        told = {handle: prompt for handle, prompt in prompts.items() if prompt is not None}
        going: list[int] = []
        for at, (prompt, reaction) in zip(
            waiting, zip(told.values(), listeners.say(told), strict=True), strict=True
        ):
            said[at] += 1
            if reaction.is_over or said[at] >= LONGEST:
                continue
            conversations[at].reply(heard(room.replies, prompt, reaction), rngs[at])
            if conversations[at].prompt is not None:
                going.append(at)
        waiting = going
    truths = room.judge.truths(handles)
    listeners.forget(handles)
    return np.array([truth.is_success for truth in truths], np.float64)


def _gone_on(recommender: Recommender, one: Deleted, rng: np.random.Generator) -> Conversation:
    """Return the conversation as it is without the prompt, with another prompt open."""
    turns = one.played.turns[: one.place]
    conversation = Conversation(recommender, one.played.session.key, turns=turns)
    left_out = one.played.turns[one.place].prompt
    choice: Choice = Avoiding(recommender.policy, left_out.key).choose(conversation.menu(), rng)
    conversation.choice, conversation.prompt = choice, choice.prompt
    return conversation


def _repeat(room: Room, handles: Sequence[int], deleted: Sequence[Deleted]) -> None:
    """Say in the world what was said before the prompt, and leave the prompt out."""
    firsts = [int(one.played.is_led) for one in deleted]
    for turn in range(max(one.place for one in deleted) + 1):
        said = {
            handle: one.played.turns[turn].prompt
            for handle, one, first in zip(handles, deleted, firsts, strict=True)
            if first <= turn < one.place
        }
        if said:
            room.listeners.say(said)
    room.listeners.request({"op": "skip", "handles": list(handles)})
