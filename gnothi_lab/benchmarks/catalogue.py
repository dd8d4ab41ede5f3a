"""Our catalogue's facts against listeners' tags, and what listening tells of listening."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gnothi.core.errors import InputError
from gnothi.recommend.affinity import Affinity, Matrix, Plays, Popularity
from gnothi.recommend.blend import Blend
from gnothi.recommend.catalogue_file import shipped
from gnothi.recommend.ease import Ease
from gnothi.recommend.factors import AlternatingLeastSquares
from gnothi.recommend.neighbours import ItemNeighbours, RandomWalk
from gnothi_lab.catalogue.histories import Histories, Ranking, rank
from gnothi_lab.catalogue.support import ENOUGH, Support, claims, measure
from gnothi_lab.catalogue.tagging import normal, read_tagged
from gnothi_lab.progress import watched
from gnothi_lab.result import Result
from gnothi_lab.statistics import bootstrap

TEST = 0.12
"""Share of each listener's artists that is hidden: as many as in the withheld random test."""
Recipe = type[Popularity] | Blend | Ease | ItemNeighbours | RandomWalk | AlternatingLeastSquares

PLAIN = Ease(penalty=100, facts=0, by_plays=False, by_rarity=False, kept=0)
BASELINES: Mapping[str, Recipe] = {
    "popularity": Popularity,
    "item-kNN": ItemNeighbours(),
    "RP3beta": RandomWalk(),
    "ALS": AlternatingLeastSquares(factors=128, facts=0),
    "EASE, plays as yes or no": PLAIN,
    "our factors alone": AlternatingLeastSquares(),
    "our EASE alone": Ease(),
    "our EASE without facts": Ease(facts=0),
    "our EASE without play counts": Ease(by_plays=False),
    "our EASE, all weights kept": Ease(kept=0),
}
"""Each tuned on a part of the training data, as ours was."""
_SOURCE = "Measured for this project on the withheld random test of lastfm_star; other rows"
_PUBLISHED: Mapping[str, Mapping[str, float | str]] = {
    "EASE on the withheld test": {"ndcg_10": 0.245, "recall_10": 0.259, "source": _SOURCE},
    "item-kNN on the withheld test": {"ndcg_10": 0.223, "recall_10": 0.238, "source": _SOURCE},
    "ALS on the withheld test": {"ndcg_10": 0.203, "recall_10": 0.233, "source": _SOURCE},
}


@dataclass(frozen=True, slots=True)
class Fitted:
    """How a recipe did."""

    ranking: Ranking
    seconds: float
    """To fit, on one core."""

    @property
    def figures(self) -> dict[str, float]:
        """NDCG and recall at ten, and the seconds it took to fit."""
        return {
            "ndcg_10": float(self.ranking.ndcg.mean()),
            "recall_10": float(self.ranking.recall.mean()),
            "fit_seconds": self.seconds,
        }


def run(*, quick: bool, seed: int, data: Path | None) -> Result:
    """Measure the shipped music catalogue and the affinity that is the default."""
    if data is None:
        raise InputError("This benchmark needs GNOTHI_DATA, a folder with the public data sets.")
    rng = np.random.default_rng(seed)
    supports = supported(data, rng)
    recipes = {"ours": Blend()} | (dict(list(BASELINES.items())[:2]) if quick else dict(BASELINES))
    fits = ranked(data, recipes, seed)
    ours, plain = fits.pop("ours"), fits.get("EASE, plays as yes or no")
    figures, intervals = ours.figures, _ranking_intervals(ours.ranking, rng)
    if plain:
        gains = ours.ranking.ndcg - plain.ranking.ndcg
        figures["ndcg_10_over_ease"] = float(gains.mean() / plain.ranking.ndcg.mean())
        low, high = bootstrap(gains, rng)
        mean = plain.ranking.ndcg.mean()
        intervals["ndcg_10_over_ease"] = (low / mean, high / mean)
    for facet, support in supports.items():
        figures |= _support_figures(facet, support)
        intervals |= _support_intervals(facet, support, rng)
    figures |= _sizes(data)
    dealt = {f"{facet}_backed": support.shares[2] for facet, support in supports.items()}
    return Result(
        name="catalogue",
        figures=figures,
        intervals=intervals,
        baselines={
            **{label: fit.figures for label, fit in fits.items()},
            "the same facts dealt to other artists": dealt,
        },
        published=_PUBLISHED,
        notes=_notes(supports),
    )


def supported(data: Path, rng: np.random.Generator) -> dict[str, Support]:
    """Return for each facet how much of a sample of our facts is backed."""
    tagged = read_tagged(data)
    music = shipped("music")
    return {facet: measure(list(claims(music, tagged, facet)), rng) for facet in ENOUGH}


def ranked(data: Path, recipes: Mapping[str, Recipe], seed: int) -> dict[str, Fitted]:
    """Fit every recipe on the training part and judge it on what is hidden."""
    histories = Histories.read(data)
    everything = np.arange(len(histories.people))
    hidden = histories.held_out(everything, TEST, seed)
    seen, test = histories.part(everything[~hidden]), histories.part(everything[hidden])
    facts = histories.facts(everything[hidden])
    return {
        label: _fitted(recipe, seen, test, facts)
        for label, recipe in watched(list(recipes.items()), "affinity")
    }


def _fitted(recipe: Recipe, seen: Plays, test: Plays, facts: Matrix) -> Fitted:
    began = time.process_time()
    model: Affinity = recipe.fit(seen, facts)
    seconds = time.process_time() - began
    return Fitted(rank(model, seen, test), seconds)


def _ranking_intervals(
    ranking: Ranking, rng: np.random.Generator
) -> dict[str, tuple[float, float]]:
    return {
        "ndcg_10": bootstrap(ranking.ndcg, rng),
        "recall_10": bootstrap(ranking.recall, rng),
    }


def _support_figures(facet: str, support: Support) -> dict[str, float]:
    backed, on_top, _ = support.shares
    return {f"{facet}_backed": backed, f"{facet}_in_top_tags": on_top}


def _support_intervals(
    facet: str, support: Support, rng: np.random.Generator
) -> dict[str, tuple[float, float]]:
    return {
        f"{facet}_backed": support.interval(support.backed, rng),
        f"{facet}_in_top_tags": support.interval(support.on_top, rng),
    }


def _sizes(data: Path) -> dict[str, float]:
    music, tagged = shipped("music"), read_tagged(data)
    return {
        "artists": len(music),
        "artists_tagged": sum(normal(title) in tagged for title in music.titles),
        "facts": len(music.members),
        "films": len(shipped("films")),
        "dishes": len(shipped("dinner")),
        "stations": len(shipped("radio")),
    }


def _notes(supports: Mapping[str, Support]) -> tuple[str, ...]:
    sizes = ", ".join(
        f"{facet} {len(one.backed)} of {one.claims}" for facet, one in supports.items()
    )
    return (
        f"Facts drawn at random from those on which listeners had their say: {sizes}.",
        "Backed: some listener's tag means the same; near words are in gnothi_lab/catalogue.",
        "What is not backed need not be wrong: nobody may have thought of it.",
        "Their say: 20 taggings of an artist for genres; of decades 3, of moods 5, of countries 1.",
        "Facts come from general knowledge. After the first run those that nobody backed were",
        "looked at, and some 20 of 12,000 changed, where we had been wrong: the sample is not",
        "quite independent of them. Films, dishes and stations have no such check.",
        "Histories: 12 % of each listener's artists hidden, at random (seeded), among the pairs",
        "that are not withheld; what listeners called hidden artists is left out of the facts.",
        "The published split is biased: it tests on each listener's highest artist ids, which are",
        "rare artists, 38 % of them unseen in training; it is not used.",
        "The withheld random test is another sample, with more training pairs and 4.3 hidden",
        "artists a listener: its figures are not comparable; compare with EASE here, tuned alike.",
        "The aim of 0.257 belongs to that test (EASE 0.245 there); here it is not reached.",
        "Tuned on 12 % of the training part, never on what is hidden; fit_seconds on one core.",
        "Intervals: bootstrap over listeners, over artists for facts.",
    )
