"""How long a recommender takes to believe an answer and to find the next question, by size.

Random catalogues of ten thousand and of a million items, 10 to 20 attributes each, popularity and
attributes by Zipf's law. Simulated answers of all kinds, one after another in conversations, on
one core. Times are those of the processor: others use the machine too.
"""

import gc
import os
import resource
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import numpy as np

from gnothi.core.plain import Json
from gnothi.recommend.acts import Answer, Ask, Prompt, Wish
from gnothi.recommend.catalogue import Attribute, Catalogue, starts_of
from gnothi.recommend.conversation import Conversation, Recommender
from gnothi.recommend.policies import Exploring
from gnothi.recommend.policies.gain import InformationGain
from gnothi.recommend.prior import personal
from gnothi.recommend.saved import resume, save
from gnothi_lab.progress import watched
from gnothi_lab.result import Result
from gnothi_lab.statistics import bootstrap

SIZES = {10_000: 500, 1_000_000: 2_000}
"""Items, and how many attributes there are."""
CONVERSATIONS = {10_000: 50, 1_000_000: 16}
TURNS = 12
FACETS = ("genre", "mood", "decade", "country", "language", "theme")


@dataclass
class Times:
    """Milliseconds of the processor."""

    update: list[float] = field(default_factory=list[float])
    """Believing an answer."""
    question: list[float] = field(default_factory=list[float])
    """Finding the next prompt: chances, menu, features, choice."""
    turn: list[float] = field(default_factory=list[float])
    """Both."""
    begin: list[float] = field(default_factory=list[float])
    """The first prompt of a conversation, the person's prior at hand."""
    back: list[float] = field(default_factory=list[float])
    """Taking an answer back and asking again."""
    resume: list[float] = field(default_factory=list[float])
    """Taking up a saved conversation after its last turn."""


def run(*, quick: bool, seed: int, data: Path | None) -> Result:
    """Measure; *quick* takes a tenth of the items and of the conversations."""
    del data
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:1])
    share = 10 if quick else 1
    figures: dict[str, float] = {}
    intervals: dict[str, tuple[float, float]] = {}
    rng = np.random.default_rng(seed)
    for size, attributes in SIZES.items():
        recommender = _recommender(random_catalogue(size // share, attributes, rng), rng)
        times = Times()
        for number in watched(range(max(2, CONVERSATIONS[size] // share)), f"{size} items"):
            _converse(recommender, np.random.default_rng([seed, number]), times)
        _tell(figures, intervals, times, size, rng)
        gc.collect()
    figures["rss_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Result(
        name="recommend-speed",
        figures=figures,
        intervals=intervals,
        notes=[
            "Random catalogues, 10 to 20 attributes an item; answers simulated.",
            f"{TURNS} turns a conversation; times of the processor, one core, one thread.",
            "Every menu with its features and with propensities over all candidates.",
            "Budgets for the next question: 20 ms at 10,000 items, 100 ms at 1,000,000.",
        ],
    )


def random_catalogue(items: int, attributes: int, rng: np.random.Generator) -> Catalogue:
    """Return a catalogue with 10 to 20 attributes an item, some of them on half of all items."""
    sizes = rng.integers(10, 21, items)
    commonness = 1 / (np.arange(attributes) + 2.0)
    drawn = rng.choice(attributes, int(sizes.sum()), p=commonness / commonness.sum())
    pairs = np.unique(np.repeat(np.arange(items), sizes) * attributes + drawn)
    owners, members = pairs // attributes, (pairs % attributes).astype(np.int32)
    names = tuple(
        Attribute(FACETS[at % len(FACETS)], f"value {at}", f"value {at}")
        for at in range(attributes)
    )
    ids = list(map(str, range(items)))
    weights = (1e6 / (rng.permutation(items) + 10.0)).astype(np.float32)
    starts = starts_of(np.bincount(owners, minlength=items))
    return Catalogue("song", ids, ids, [""] * items, weights, names, starts, members)


def _recommender(catalogue: Catalogue, rng: np.random.Generator) -> Recommender:
    history = personal(catalogue, rng.random(len(catalogue), np.float32))
    bare = Recommender.over(catalogue, Exploring(InformationGain()))
    return replace(bare, taste=lambda person: history)


def _converse(recommender: Recommender, rng: np.random.Generator, times: Times) -> None:
    conversation = Conversation(recommender, "somebody")
    times.begin.append(_timed(lambda: conversation.ask(rng)))
    goal = int(rng.integers(len(recommender.catalogue)))
    for _ in range(TURNS):
        _turn(conversation, goal, rng, times)
    back = Answer(wish=Wish.BACK)
    times.back.append(_timed(lambda: conversation.reply(back, rng)))
    kept: dict[str, Json] = save(conversation)
    times.resume.append(_timed(lambda: resume(recommender, kept).belief.chances))


def _turn(conversation: Conversation, goal: int, rng: np.random.Generator, times: Times) -> None:
    """Take the steps of a reply apart: believe, then choose."""
    assert conversation.prompt is not None
    answer = _answer(conversation, conversation.prompt, goal, rng)
    conversation.take(answer)
    update = _timed(lambda: conversation.belief)
    question = _timed(lambda: conversation.ask(rng))
    times.update.append(update)
    times.question.append(question)
    times.turn.append(update + question)


def _answer(
    conversation: Conversation, prompt: Prompt, goal: int, rng: np.random.Generator
) -> Answer:
    catalogue = conversation.recommender.catalogue
    mine = catalogue.facts(goal).tolist()
    if prompt.ask is Ask.OPEN:
        if rng.random() < 0.3:  # "something like …"
            return Answer(items=(int(rng.integers(len(catalogue))),))
        return Answer(likes=(int(rng.choice(mine)),))
    if prompt.item is not None:
        return Answer(degree=float(rng.uniform(-1, 1)))
    wanted = [value for value in prompt.values if value in mine]
    if rng.random() < 0.1:
        return Answer(is_unsure=True)
    if len(prompt.values) == 2:
        return Answer(chosen=wanted[0]) if wanted else Answer(degree=-0.8)
    return Answer(degree=0.8 if wanted else -0.8)


def _timed(work: Callable[[], object]) -> float:
    began = time.thread_time()
    work()
    return (time.thread_time() - began) * 1000


def _tell(
    figures: dict[str, float],
    intervals: dict[str, tuple[float, float]],
    times: Times,
    size: int,
    rng: np.random.Generator,
) -> None:
    for name, values, level in _quantiles(times):
        label = f"{name}_ms_p{level}_{size}"
        figures[label] = float(np.percentile(values, level))

        statistic = partial(np.percentile, q=level)
        intervals[label] = bootstrap(values, rng, statistic=statistic, draws=500)


def _quantiles(times: Times) -> Iterator[tuple[str, list[float], int]]:
    for name in ("update", "question", "turn"):
        for level in (50, 99):
            yield name, getattr(times, name), level
    for name in ("begin", "back", "resume"):
        yield name, getattr(times, name), 50
