"""What learners see of a prompt and its moment: numbers, without ids and without words.

One row for each candidate. No item and no attribute has a column of its own: what is learned on
one catalogue means something on the next.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from gnothi.recommend import fitting
from gnothi.recommend.acts import Ask
from gnothi.recommend.moment import Candidate, Moment
from gnothi.recommend.noise import Floats

FACETS = 6
"""Facets with a column of their own: the first ones of the catalogue; the last stands for all
others."""
MOMENT: tuple[str, ...] = (
    "turn",  # in tens
    "entropy",  # of the belief, relative to a uniform one
    "best_mass",  # chance of the likeliest item
    "top_mass",  # chance of the 10 likeliest
    "refusals",  # in a row
    "same_facet",  # refusals in a row about one facet
    "unsure",  # answers without an opinion in a row
    "lost",  # answers in a row that were not understood
    "yes",  # answers that took something, in tens
    "no",  # refusals, in tens
    "samples",  # in tens
    "liked",  # whether a sample was liked
    "people",
    "is_guest",
    "has_history",
    "company",
    "wanted",  # values that were asked for
    "named",  # items that were named
    "best_success",  # of the candidates
)
CANDIDATE: tuple[str, ...] = (
    *(f"is_{ask.value}" for ask in Ask),
    "gain",  # expected information, in nats
    "relative_gain",  # as a share of the best candidate's
    "yes_chance",
    "success",  # chance that the item is liked
    "mass",
    "least_mass",  # of the two values
    "balance",  # 1 when the values split what is likely in halves, 0 when all or none has them
    "shrug",  # chance of no opinion
    "is_pair",
    "commonness",  # of the values in the catalogue, or of the item; logarithm
    "lift",  # how much likelier it became by what was said; logarithm
    "affinity",  # how much likelier than usual it is for these people; logarithm
    "facet_asked",  # how often its facet was asked about, in tens
    "facet_refused",
    "is_last_facet",
    "was_liked",  # how much a sample of the item was liked, from -1 to 1
    *(f"facet_{place}" for place in range(FACETS)),
    "relative_success",  # to the best candidate's; logarithm
    "relative_mass",  # to that of the likeliest item; logarithm
    *fitting.NAMES,
)
NAMES = MOMENT + CANDIDATE
"""The names of all features, in order."""

_OFFERS = len(NAMES) - len(fitting.NAMES) - 2
"""From this column on, features are those of candidates with an item; 0 for questions."""
_TINY = 1e-6


def features(moment: Moment, candidates: Sequence[Candidate]) -> Floats:
    """Return the features, shape ``(candidates, len(NAMES))``."""
    best = max((one.success for one in candidates), default=0.0)
    told = _of_moment(moment, best)
    top = max((one.gain for one in candidates), default=0.0)
    places = {facet: at for at, facet in enumerate(moment.belief.catalogue.facets)}
    known = [told + _of_candidate(moment, one, top, places) for one in candidates]
    table = np.zeros((len(candidates), len(NAMES)))
    table[:, :_OFFERS] = np.array(known).reshape(len(candidates), _OFFERS)
    offers = [at for at, one in enumerate(candidates) if one.prompt.item is not None]
    if offers:
        table[offers, _OFFERS:] = _of_offers(moment, [candidates[at] for at in offers], best)
    return table


def _of_offers(moment: Moment, offers: Sequence[Candidate], best: float) -> Floats:
    """Return what only candidates with an item have."""
    success = np.array([one.success for one in offers])
    mass = np.array([one.mass for one in offers])
    top = float(moment.belief.chances.max())
    relative = [np.log((success + _TINY) / (best + _TINY)), np.log((mass + 1e-12) / (top + 1e-12))]
    items = [one.prompt.item for one in offers if one.prompt.item is not None]
    return np.column_stack([*relative, fitting.fitting(moment, items)])


def _of_moment(moment: Moment, best_success: float) -> list[float]:
    belief, course = moment.belief, moment.course
    best = belief.chances[belief.best(10)]
    return [
        course.turns / 10,
        belief.entropy / max(float(np.log(len(belief.catalogue))), _TINY),
        float(best[0]),
        float(best.sum()),
        course.refusals,
        course.same_facet,
        course.unsure,
        course.lost,
        course.yes / 10,
        course.no / 10,
        course.samples / 10,
        float(bool(course.liked)),
        moment.people,
        float(moment.is_guest),
        float(moment.has_history),
        moment.company,
        len(course.wanted),
        len(course.named),
        best_success,
    ]


def _of_candidate(
    moment: Moment, one: Candidate, top: float, places: Mapping[str, int]
) -> list[float]:
    prompt, course = one.prompt, moment.course
    facet = _facet(moment, one)
    common, lift, affinity = _standing(moment, one)
    share = min(one.mass, 1.0)
    return [
        *(float(prompt.ask is ask) for ask in Ask),
        one.gain,
        one.gain / top if top else 0.0,
        one.yes,
        one.success,
        one.mass,
        one.least,
        1 - abs(2 * share - 1),
        one.shrug,
        float(len(prompt.values) == 2),
        common,
        lift,
        affinity,
        course.questions.get(facet, 0) / 10,
        course.rejections.get(facet, 0) if facet else 0.0,
        float(bool(facet) and facet == course.last_facet),
        course.degrees.get(prompt.item, 0.0) if prompt.item is not None else 0.0,
        *_one_hot(places.get(facet)),
    ]


def _facet(moment: Moment, one: Candidate) -> str:
    values = one.prompt.values
    return moment.belief.catalogue.attributes[values[0]].facet if values else ""


def _one_hot(place: int | None) -> list[float]:
    return [float(place is not None and min(place, FACETS - 1) == at) for at in range(FACETS)]


def _standing(moment: Moment, one: Candidate) -> tuple[float, float, float]:
    """Return how common it is, how much likelier it became, and how much these people play it."""
    prompt, belief = one.prompt, moment.belief
    if prompt.item is not None:
        usual = float(moment.popular[prompt.item])
        before = float(np.exp(belief.prior[prompt.item]))
        now = float(belief.chances[prompt.item])
        return (
            float(np.log(max(usual, 1e-12) * len(belief.catalogue))),
            _ratio(now, before, 1e-12),
            _ratio(before, usual, 1e-12),
        )
    if not prompt.values:
        return 0.0, 0.0, 0.0
    values = list(prompt.values)
    share = belief.catalogue.counts[values].mean() / len(belief.catalogue)
    before = float(moment.before[values].mean())
    return (
        float(np.log(share + _TINY)),
        _ratio(float(belief.values[values].mean()), before, _TINY),
        _ratio(before, float(moment.usual[values].mean()), _TINY),
    )


def _ratio(one: float, other: float, least: float) -> float:
    return float(np.log((one + least) / (other + least)))
