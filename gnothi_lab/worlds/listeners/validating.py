"""Is it like real conversations? Compared with those of ``cpcd_val`` that nothing was fitted to.

Seventeen conversations are few: every figure comes with its interval, and none of them shows that
the world is right, only where it is plainly wrong.
"""

import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gnothi_lab.worlds.listeners.calibrating import choice
from gnothi_lab.worlds.listeners.chance import Floats, unit
from gnothi_lab.worlds.listeners.goals import Goal
from gnothi_lab.worlds.listeners.records import TINY, Ints, dialogues
from gnothi_lab.worlds.listeners.world import Heard, Said, World

_PRAISE = re.compile(
    r"\b(love|great|nice|good|perfect|awesome|yes|like|thanks|thank|excellent|beautiful|cool)\b"
)
_WISH = re.compile(r"\b(can|could|want|some|more|add|how about|please|play|would)\b")
_DRAWS = 20
_LONGEST = 100


@dataclass(frozen=True, slots=True)
class Moment:
    """What somebody said, and how they liked what came then."""

    text: str
    liked: int
    disliked: int


Conversation = Sequence[Moment]


def report(world: World, data: str, sessions: int) -> Iterator[str]:
    """Yield lines of figures; with invented data, those that need no real conversations."""
    watched = Watched(world)
    simulated, exchanges = by_wizard(watched, sessions)
    calibration = world.calibration
    speed = 1e3 * watched.spent / exchanges
    yield f"sessions {sessions}, exchanges {exchanges}, ms of the world an exchange {speed:.3f}"
    yield (
        f"fitted: liked from closeness {calibration.like_from:.3f}, patience for a turn "
        f"{calibration.cost_of_a_turn:.3f}; a wizard is right in {calibration.wizard_right:.3f}"
    )
    yield from _of_goals(world)
    yield from _of_knowing(world, sessions)
    if data == TINY:
        yield "no real conversations to compare with"
        return
    known = Names.of(world)
    real = [_real(one) for one in dialogues(Path(data) / "recommend")[1::2]]
    yield from _of_moments(real, simulated)
    yield from _of_tags(known, real, simulated)
    for name, columns in (("behaviour", slice(0, 4)), ("words", slice(4, None))):
        areas = discriminated(known, real, simulated, columns)
        yield (
            f"discriminator by {name}: AUC {np.mean(areas):.3f} "
            f"[{np.quantile(areas, 0.025):.3f}, {np.quantile(areas, 0.975):.3f}] "
            f"over {_DRAWS} draws of {len(real)} simulated conversations"
        )


class Watched:
    """A world whose time is taken."""

    def __init__(self, world: World) -> None:
        """Watch *world*."""
        self.people, self.goals, self.sitting = world.people, world.goals, world.sitting
        self._world, self.spent = world, 0.0

    def open(self, sessions: Sequence[tuple[str, int]]) -> list[tuple[int, str]]:
        """Let listeners sit down."""
        started = time.process_time()
        opened = self._world.open(sessions)
        self.spent += time.process_time() - started
        return opened

    def say(self, prompts: Sequence[Said]) -> list[Heard]:
        """Put prompts."""
        started = time.process_time()
        heard = self._world.say(prompts)
        self.spent += time.process_time() - started
        return heard


def by_wizard(world: World | Watched, sessions: int) -> tuple[list[Conversation], int]:
    """Let somebody who knows the mood play samples until listeners leave, as the real ones did."""
    keys = world.people.keys
    titles = world.people.records.titles
    wanted = [(keys[at % len(keys)], at // len(keys)) for at in range(sessions)]
    opened = world.open(wanted)
    moments: dict[int, list[Moment]] = {handle: [] for handle, _ in opened}
    texts = dict(opened)
    waiting, turn, exchanges = [handle for handle, _ in opened], 0, 0
    while waiting:
        draws = unit(1, turn, np.array(waiting))
        prompts: list[Said] = []
        for handle, draw in zip(waiting, draws.tolist(), strict=True):
            sitting = world.sitting(handle)
            if turn == 0 and not sitting.told:
                prompts.append(Said(handle, "open"))
            else:
                item = choice(world.people, world.goals, sitting.goal, draw)
                prompts.append(Said(handle, "sample", (), titles[item]))
        heard = world.say(prompts)
        exchanges += len(prompts)
        for said, reaction in zip(prompts, heard, strict=True):
            degree = world.sitting(said.handle).degree if said.ask == "sample" else None
            liked = degree is not None and degree >= 0
            disliked = degree is not None and degree < 0
            moments[said.handle].append(Moment(texts[said.handle], int(liked), int(disliked)))
            texts[said.handle] = reaction.text
        waiting = [said.handle for said, one in zip(prompts, heard, strict=True) if not one.is_over]
        turn += 1
    return list(moments.values()), exchanges


def _real(dialogue: dict[str, object]) -> Conversation:
    turns: Iterable[dict[str, Sequence[object] | str]] = dialogue["turns"]  # type: ignore[assignment]
    return [
        Moment(str(turn["user_query"]), len(turn["liked_results"]), len(turn["disliked_results"]))
        for turn in turns
    ]


def _of_goals(world: World) -> Iterator[str]:
    goals = [sitting.goal for sitting in map(world.sitting, range(min(2000, world.opened)))]
    sizes = np.array([len(goal.items) for goal in goals])
    quarters = ", ".join(
        f"{size:.0f}" for size in np.quantile(sizes, (0.05, 0.25, 0.5, 0.75, 0.95))
    )
    yield f"acceptable items (5, 25, 50, 75, 95 %): {quarters}"
    yield f"nobody could help in {np.mean(sizes == 0):.3f}"
    moods = Counter(tag for goal in goals for tag in goal.mood)
    own = world.people.records.own_tags.sum(axis=0)
    counted = np.array([moods[tag] for tag in range(len(own))])
    yield f"moods and listeners' own tags: rank correlation {_ranked(counted, own):.3f}"


def _of_knowing(world: World, sessions: int) -> Iterator[str]:
    """Yield what somebody reaches who plays at once: what there is to learn, and from what."""
    people, goals = world.people, world.goals

    def famous(goal: Goal) -> Ints:
        del goal
        return np.argsort(-people.popularity)[:_LONGEST]

    def wizard(goal: Goal) -> Ints:
        items, _ = goals.items_with(goal.mood[0])
        scores = (people.popularity[items] + 0.5) * goals.fit(items, goal.mood) ** 2
        return items[np.argsort(-scores)[:_LONGEST]]

    def friend(goal: Goal) -> Ints:
        items, traits = goals.items_with(goal.mood[0])
        scores = (people.listening[goal.listener] @ traits) * goals.fit(items, goal.mood)
        return items[np.argsort(-scores)[:_LONGEST]]

    def oracle(goal: Goal) -> Ints:
        return goal.items[np.argsort(-goal.weights)]

    cap = world.parameters["cap"]
    for name, ranked in (
        ("nothing", famous),
        ("the mood", wizard),
        ("the mood and the taste", friend),
        ("the set", oracle),
    ):
        won, turns = _played(world, sessions, ranked)
        counted = np.where(won, np.minimum(turns, cap), cap)
        yield f"knowing {name}: success {won.mean():.3f}, turns {counted.mean():.2f}"


def _played(
    world: World, sessions: int, ranked: Callable[[Goal], Ints]
) -> tuple[NDArray[np.bool_], Ints]:
    """Play to each listener what is best, then what is next, until they leave."""
    keys, titles = world.people.keys, world.people.records.titles
    opened = world.open([(keys[at % len(keys)], at // len(keys)) for at in range(sessions)])
    handles = [handle for handle, _ in opened]
    left = {one: ranked(world.sitting(one).goal).tolist()[::-1] for one in handles}
    while left := {handle: items for handle, items in left.items() if items}:
        prompts = [Said(one, "play", (), titles[items.pop()]) for one, items in left.items()]
        for said, heard in zip(prompts, world.say(prompts), strict=True):
            if heard.is_over:
                del left[said.handle]
    ended = [world.sitting(handle) for handle in handles]
    world.close(handles)
    won, turns = zip(*[(one.is_success, one.prompts) for one in ended], strict=True)
    return np.array(won), np.array(turns)


def _of_moments(real: Sequence[Conversation], simulated: Sequence[Conversation]) -> Iterator[str]:
    from scipy.stats import ks_2samp

    for name, measure in (("turns", len), ("liked", like_rate)):
        ours = np.array([measure(one) for one in simulated], np.float64)
        theirs = np.array([measure(one) for one in real], np.float64)
        ours, theirs = ours[~np.isnan(ours)], theirs[~np.isnan(theirs)]
        test = ks_2samp(ours, theirs)
        yield (
            f"{name}: simulated {ours.mean():.3f} (sd {ours.std():.2f}), real {theirs.mean():.3f} "
            f"{_interval(theirs)} (sd {theirs.std(ddof=1):.2f}, n {len(theirs)}), "
            f"Kolmogorov-Smirnov {test.statistic:.3f} (p {test.pvalue:.3f})"
        )


def like_rate(conversation: Conversation) -> float:
    """Return the share of what was judged that was liked, nan where nothing was."""
    liked = sum(one.liked for one in conversation)
    judged = liked + sum(one.disliked for one in conversation)
    return liked / judged if judged else float("nan")


@dataclass(frozen=True, slots=True)
class Names:
    """What is looked for in texts."""

    tags: frozenset[str]
    titles: frozenset[str]

    @classmethod
    def of(cls, world: World) -> "Names":
        """Return the tags and artists of *world*, without those that are common words."""
        records = world.people.records
        tags = {name for one in records.attributes for name in (one.label, *one.also)}
        titles = {title.casefold() for title in records.titles if len(title) > 5}
        return cls(frozenset(tags), frozenset(titles - tags))

    def count(self, text: str) -> tuple[int, int]:
        """Return how many tags and artists *text* names."""
        said = re.findall(r"[\w'&+.-]+", text.casefold())
        grams = {
            " ".join(said[at : at + size])
            for size in (1, 2, 3)
            for at in range(len(said) - size + 1)
        }
        return len(grams & self.tags), len(grams & self.titles)


def _of_tags(
    known: Names, real: Sequence[Conversation], simulated: Sequence[Conversation]
) -> Iterator[str]:
    for name, part in (("opening", slice(0, 1)), ("later", slice(1, None))):
        for what, place in (("a tag", 0), ("an artist of the catalogue", 1)):
            ours, theirs = (
                np.array(
                    [known.count(one.text)[place] > 0 for each in group for one in each[part]],
                    np.float64,
                )
                for group in (simulated[:1000], real)
            )
            yield (
                f"{name} turns that name {what}: simulated {ours.mean():.3f}, "
                f"real {theirs.mean():.3f} {_interval(theirs)}"
            )


def discriminated(
    known: Names,
    real: Sequence[Conversation],
    simulated: Sequence[Conversation],
    columns: slice,
) -> list[float]:
    """Return AUCs of telling real moments from simulated ones, tested on unseen conversations."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import GroupKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    areas: list[float] = []
    for draw in range(_DRAWS):
        rng = np.random.default_rng(draw)
        some = [simulated[at] for at in rng.choice(len(simulated), len(real), replace=False)]
        rows = [(at, row) for at, one in enumerate([*real, *some]) for row in features(known, one)]
        groups = np.array([at for at, _ in rows])
        table = np.array([row for _, row in rows])[:, columns]
        is_real = groups < len(real)
        model = make_pipeline(StandardScaler(), LogisticRegression())
        scores = cross_val_predict(
            model, table, is_real, groups=groups, cv=GroupKFold(5), method="predict_proba"
        )
        areas.append(float(roc_auc_score(is_real, scores[:, 1])))
    return areas


def features(known: Names, conversation: Conversation) -> Iterator[list[float]]:
    """Yield of each moment: four features of behaviour, then features of words."""
    for at, one in enumerate(conversation):
        judged = one.liked + one.disliked
        text = one.text.casefold()
        tags, titles = known.count(text)
        yield [
            at,
            len(conversation),
            one.liked / judged if judged else 0.8,
            judged > 0,
            len(text.split()),
            "!" in text,
            "?" in text,
            bool(_PRAISE.search(text)),
            bool(_WISH.search(text)),
            tags > 0,
            titles > 0,
        ]


def _interval(values: Floats) -> str:
    """Return a 95 % bootstrap interval of the mean."""
    rng = np.random.default_rng(0)
    means = rng.choice(values, (2000, len(values))).mean(axis=1)
    low, high = np.quantile(means, (0.025, 0.975))
    return f"[{low:.3f}, {high:.3f}]"


def _ranked(left: Floats, right: Floats) -> float:
    from scipy.stats import spearmanr

    return float(spearmanr(left, right).statistic)
