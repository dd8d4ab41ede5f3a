"""How well items fit what was said in a conversation: what learners see of each offer."""

from collections.abc import Sequence

import numpy as np

from gnothi.recommend.belief import rows
from gnothi.recommend.catalogue import Numbers
from gnothi.recommend.moment import Moment
from gnothi.recommend.noise import Floats

NAMES: tuple[str, ...] = (
    "typical",  # of the item is what was asked for: logarithm, mean
    "least_typical",  # the smallest of them
    "has_wanted",  # share of what was asked for that the item has
    "like_named",  # likeness to an item that was named, the largest
    "is_named",
    "like_refused",  # likeness to an item that was refused, the largest
    "like_liked",  # likeness to an item whose sample was liked, the largest
    "facts",  # how much is known of it: logarithm
)
_LEAST = 0.05
_LACKS = 0.02
"""Typicality that counts for a value that the item has not."""
_MOST = 8
"""How many of the values and items that were said count, the last ones."""


def fitting(moment: Moment, items: Sequence[int]) -> Floats:
    """Return the features of *items*, shape ``(items, len(NAMES))``."""
    numbers = np.array(items, np.int32)
    course, catalogue = moment.course, moment.belief.catalogue
    named = course.named[:_MOST]
    told = np.zeros((len(items), len(NAMES)))
    told[:, 0], told[:, 1], told[:, 2] = _typical(moment, numbers)
    told[:, 3] = _nearest(moment, numbers, named)
    told[:, 4] = np.isin(numbers, np.array(named, np.int32))
    told[:, 5] = _nearest(moment, numbers, course.refused[:_MOST])
    told[:, 6] = _nearest(moment, numbers, course.liked[:_MOST])
    told[:, 7] = np.log1p(catalogue.starts[numbers + 1] - catalogue.starts[numbers])
    return told


def _typical(moment: Moment, items: Numbers) -> tuple[Floats, Floats, Floats]:
    """Return mean and least typicality, and the share of values that items have."""
    values = list(moment.course.wanted[:_MOST])
    if not values:
        blank = np.zeros(len(items))
        return blank, blank, blank
    has = rows(moment.belief.catalogue, items)[:, values].toarray() > 0
    typical = moment.belief.likeness.typicality.of(items, values)
    logs = np.log(np.where(has, _LEAST + typical, _LACKS))
    return logs.mean(1), logs.min(1), has.mean(1)


def _nearest(moment: Moment, items: Numbers, others: Sequence[int]) -> Floats:
    """Return the largest likeness of each item to one of *others*."""
    if not others:
        return np.zeros(len(items))
    belief = moment.belief
    numbers = np.array(others, np.int32)
    facts = rows(belief.catalogue, items)
    alike = belief.likeness.between(facts, belief.likeness.norms[items], numbers)
    same = items[:, None] == numbers[None, :]
    return np.asarray(np.where(same, 1.0, alike).max(1), np.float64)
