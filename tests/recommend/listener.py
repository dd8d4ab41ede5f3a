"""A simulated listener for tests: wants something, and answers with errors."""

from dataclasses import dataclass

import numpy as np

from gnothi.recommend.acts import Answer, Ask, Prompt
from gnothi.recommend.catalogue import Catalogue
from gnothi.recommend.conversation import Conversation, End, Recommender


@dataclass
class Listener:
    """Wants items that share most facts of one; errs, shrugs, and loses patience."""

    catalogue: Catalogue
    rng: np.random.Generator
    error: float = 0.08
    shrug: float = 0.15
    patience: int = 15
    vague: float = 0.5

    def __post_init__(self) -> None:
        """Take a goal by popularity, and what is good enough."""
        chances = self.catalogue.prior
        self.goal = int(self.rng.choice(len(chances), p=chances))
        mine = self.catalogue.facts(self.goal).tolist()
        count = min(len(mine), int(self.rng.integers(2, 4)))
        self.mood = set(self.rng.choice(mine, count, replace=False).tolist()) if mine else set()
        self.facts = set(mine)

    def is_good(self, item: int) -> bool:
        """Whether an item would do."""
        return item == self.goal or (bool(self.mood) and self.mood <= self._of(item))

    def answer(self, prompt: Prompt) -> Answer:
        """Answer a prompt."""
        if prompt.item is not None:
            good = self.is_good(prompt.item) ^ (self.rng.random() < self.error / 2)
            return Answer(degree=0.9 if good else -0.8)
        if prompt.ask is Ask.COMPANY:
            return Answer(company=())
        if self.rng.random() < self.shrug:
            return Answer(is_unsure=True)
        if prompt.ask is Ask.OPEN:
            named = tuple(self.mood)[:1]
            return Answer(is_unsure=True) if self.rng.random() < self.vague else Answer(likes=named)
        wanted = [value for value in prompt.values if self._wants(value)]
        if not wanted:
            return Answer(degree=-0.8)
        return Answer(degree=0.7, chosen=wanted[0] if len(prompt.values) > 1 else None)

    def _wants(self, value: int) -> bool:
        known = value in self.facts
        return known ^ (self.rng.random() < self.error)

    def _of(self, item: int) -> set[int]:
        return set(self.catalogue.facts(item).tolist())


def converse(
    recommender: Recommender, seed: int, **options: float
) -> tuple[Conversation, Listener, bool]:
    """Let a listener converse; say whether something good was played in time."""
    listener = Listener(recommender.catalogue, np.random.default_rng([seed, 1]), **options)  # type: ignore[arg-type]
    rng = np.random.default_rng([seed, 2])
    conversation = recommender.begin(rng)
    while conversation.prompt is not None and len(conversation.turns) < listener.patience:
        conversation.reply(listener.answer(conversation.prompt), rng)
    good = conversation.end is End.PLAYED and listener.is_good(conversation.played or 0)
    return conversation, listener, good
