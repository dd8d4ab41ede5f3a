"""Rules: what a careful designer would write without data, all thresholds to be tuned.

The baseline that a learned policy has to beat, so it gets the same care: popularity first, one
open question, then the values that split best what is likely; a sample as soon as one is likely
to be liked or enough was asked; nothing twice; another facet after two refusals.
"""

from dataclasses import dataclass

import numpy as np

from gnothi.recommend.acts import Ask
from gnothi.recommend.moment import Candidate
from gnothi.recommend.noise import Floats
from gnothi.recommend.policies import Chooser, only
from gnothi.recommend.prompts import Menu


@dataclass(frozen=True)
class Rules(Chooser):
    """Thresholds of the rules."""

    is_open_first: bool = True
    """Whether the first question is open, unless they said something already."""
    sample_success: float = 0.4
    """Chance of being liked from which on an item is sampled …"""
    sample_turn: int = 1
    """… and the number of turns after which one is sampled in any case …"""
    rest: int = 1
    """… but after a sample so many questions come first, until it is likely again."""
    play_success: float = 0.5
    """Chance of being liked from which on an item is played without a sample."""
    play_turn: int = 3
    """After so many turns the best is played."""
    coarse: float = 0.03
    """Only values that at least this share of the catalogue has are asked, as long as there are."""
    refusals: int = 2
    """After so many refusals about one facet, in a row, another is asked."""
    choice_bonus: float = 1.0
    """How much more a choice of two values is worth than its balance says."""

    def chances(self, menu: Menu) -> Floats:
        """Return 1 for what the rules say."""
        return only(menu, self._place(menu))

    def _place(self, menu: Menu) -> int:
        course = menu.moment.course
        opening = menu.of(Ask.OPEN)
        if self.is_open_first and opening and not course.turns and not course.settled:
            return opening[0]
        if company := menu.of(Ask.COMPANY):
            return company[0]
        return self._item(menu) if self._is_time(menu) else self._question(menu)

    def _is_time(self, menu: Menu) -> bool:
        course = menu.moment.course
        likely = max((one.success for one in menu.candidates), default=0.0)
        if likely >= self.sample_success or course.turns >= self.play_turn:
            return True
        enough = self.sample_turn + course.samples * (self.rest + 1)
        return course.turns >= enough

    def _item(self, menu: Menu) -> int:
        samples, plays = menu.of(Ask.SAMPLE), menu.of(Ask.PLAY)
        course = menu.moment.course
        if not plays:
            return samples[0] if samples else self._question(menu)
        best = menu.candidates[plays[0]]
        is_liked = best.prompt.item in course.liked
        is_late = course.turns >= self.play_turn
        if is_liked or is_late or not samples or best.success >= self.play_success:
            return plays[0]
        return samples[0]

    def _question(self, menu: Menu) -> int:
        asks = (Ask.SUGGEST, Ask.CHOICE)
        places = [at for at, one in enumerate(menu.candidates) if one.prompt.ask in asks]
        for may in (self._is_fresh, self._is_coarse):
            places = [at for at in places if may(menu, menu.candidates[at])] or places
        if not places:
            return self._last_resort(menu)
        worth = [self._split(menu.candidates[at]) for at in places]
        return places[int(np.argmax(worth))]

    def _last_resort(self, menu: Menu) -> int:
        for ask in (Ask.SAMPLE, Ask.PLAY):
            if found := menu.of(ask):
                return found[0]
        return 0

    def _is_fresh(self, menu: Menu, one: Candidate) -> bool:
        course = menu.moment.course
        facet = menu.moment.belief.catalogue.attributes[one.prompt.values[0]].facet
        return course.same_facet < self.refusals or facet != course.last_facet

    def _is_coarse(self, menu: Menu, one: Candidate) -> bool:
        catalogue = menu.moment.belief.catalogue
        counts = catalogue.counts[list(one.prompt.values)]
        return bool(counts.min() >= self.coarse * len(catalogue))

    def _split(self, one: Candidate) -> float:
        balance = 1 - abs(2 * min(one.mass, 1.0) - 1)
        return balance * (self.choice_bonus if one.prompt.ask is Ask.CHOICE else 1.0)
