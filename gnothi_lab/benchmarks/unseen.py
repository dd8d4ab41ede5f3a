"""Requests that nobody has said before: what is corrected beyond exact rewrites, and how surely.

Six weeks of simulated homes are lived without rewrites and learned from; the seventh is judged by
the truth, turn by turn: what exact rewrites correct, what the index of successful requests
corrects alone, and both together (exact ones first, as in a turn). Everybody in it is simulated.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import process_time

import numpy as np

from gnothi.core.risk import Risk
from gnothi.language.likeness import Habits
from gnothi.language.retrieval import Counted, Knowledge, Question, RequestIndex, Success
from gnothi.learning import retrieval
from gnothi.learning.retrieval import PRIOR
from gnothi_lab.learning_loop.fleet import EVERYONE, PERSONAL
from gnothi_lab.learning_loop.tally import Policy, Tally, total
from gnothi_lab.progress import watched
from gnothi_lab.result import Result
from gnothi_lab.statistics import wilson
from gnothi_lab.unseen import Exact, Unseen, read_turns, risks
from gnothi_lab.worlds.households import Parameters, World

LEARNED = 6
"""Weeks that are learned from; the next one judges."""
SIZES = (100, 10_000, 200_000)
"""Stored requests for which look-ups are timed."""
_ASKED = 300


@dataclass(frozen=True, slots=True)
class _Lived:
    """What came of one world."""

    exact: Tally
    alone: Tally
    both: Tally
    threshold: float


def run(*, quick: bool, seed: int, data: Path | None) -> Result:
    """Measure over worlds with several seeds."""
    del data  # everything is simulated
    size, seeds = ("tiny", 1) if quick else ("small", 5)
    lived = [
        _lived(World(Parameters.load(size), seed=one))
        for one in watched(range(seed, seed + seeds), "worlds")
    ]
    exact, alone, both = (
        total(getattr(one, name) for one in lived) for name in ("exact", "alone", "both")
    )
    right = [True] * (alone.rewritten - alone.wrong) + [False] * alone.wrong
    causes = {
        f"corrected_{cause}": alone.cured[cause] / count for cause, count in alone.causes.items()
    }
    timed = {f"us_{size}": microseconds(size) for size in SIZES[: 1 if quick else None]}
    corrected = [one.both.corrected for one in lived]
    return Result(
        name="unseen",
        figures={
            **_figures(both),
            "right": alone.right_rate,
            "alone_corrected": alone.corrected,
            "alone_win_loss": alone.win_loss,
            "beyond_exact": both.corrected - exact.corrected,
            "threshold": float(np.mean([one.threshold for one in lived])),
            **causes,
            **timed,
        },
        intervals={"right": wilson(right), "defects_corrected": _spread(corrected)},
        baselines={"exact rewrites only": _figures(exact), "retrieval only": _figures(alone)},
    )


def _figures(tally: Tally) -> dict[str, float]:
    return {
        "win_loss": tally.win_loss,
        "defect_reduction_on_rewritten": tally.defect_reduction,
        "defects_corrected": tally.corrected,
        "wrong_rewrite_share": tally.wrong_share,
    }


def _spread(values: Sequence[float]) -> tuple[float, float]:
    """Return mean and 95 % interval over worlds, by Student's t for five of them."""
    if len(values) < 2:
        return values[0], values[0]
    reach = 2.776 * float(np.std(values, ddof=1)) / len(values) ** 0.5
    return float(np.mean(values)) - reach, float(np.mean(values)) + reach


def _lived(world: World) -> _Lived:
    risk_of = risks(world.parameters)
    turns = [turn for week in range(LEARNED) for turn in read_turns(world.play(week).log)]
    known = retrieval.learn(turns, risk_of=risk_of)
    unseen = Unseen(RequestIndex(known), world, LEARNED, risk_of)
    with TemporaryDirectory() as folder:
        exact = Exact.learn(turns, Path(folder), EVERYONE, PERSONAL, risk_of)

    def both(person: str | None, household: str, text: str) -> str | None:
        return exact(person, household, text) or unseen(person, household, text)

    week = world.play(LEARNED)
    policies: tuple[Policy, ...] = (exact, unseen, both)
    return _Lived(*(Tally.imagined(world, week, one) for one in policies), known.threshold)


def microseconds(size: int, *, seed: int = 0) -> float:
    """Return the median time of a look-up in an index of *size* made-up requests."""
    random = Random(seed)
    known = made_up(size, random)
    index, texts = RequestIndex(known), [one.text for one in known.successes]
    asked = [_misheard(random.choice(texts), len(known.people), random) for _ in range(_ASKED)]
    index.rank(asked[0])
    times: list[float] = []
    for question in asked:
        begun = process_time()
        index.rank(question)
        times.append(process_time() - begun)
    return float(np.median(times)) * 1e6


def made_up(size: int, random: Random) -> Knowledge:
    """Return an index of *size* requests about made-up names, 80 of them each person's own."""
    parts = [a + b for a in "b d f g k l m n p r s t v z sh ch br tr".split() for b in "aeiou"]
    names = ["".join(random.choices(parts, k=random.choice((2, 3)))) for _ in range(size // 4 + 9)]
    forms = (
        "play {} {}", "play {} by {}", "put {} on the {} list", "turn on the {} light in the {}",
        "please play {} {}", "what is the weather in {} {}", "set the {} to {} degrees",
    )  # fmt: skip
    texts: set[str] = set()
    while len(texts) < size:
        texts.add(random.choice(forms).format(*random.choices(names, k=2)))
    people = {
        f"person {number}": _counted(random.sample(range(size), min(size, 80)))
        for number in range(size // 60 + 1)
    }
    habits = {name: {other: 1} for name, other in zip(names[::20], names[1::20], strict=False)}
    return Knowledge(
        [Success(text, text, Risk.FREE, random.randint(1, 5)) for text in sorted(texts)],
        people,
        {f"home {number}": people[f"person {number}"] for number in range(len(people))},
        {"": Habits(habits | {"please": {"": 9}})},
        PRIOR,
    )


def _counted(places: Sequence[int]) -> Counted:
    return Counted(tuple(sorted(places)), (1,) * len(places))


def _misheard(text: str, people: int, random: Random) -> Question:
    words, place, who = text.split(), random.randrange(len(text.split())), random.randrange(people)
    words[place] = words[place][:-1] + random.choice("aeioutr")
    return Question(" ".join(words), f"person {who}", f"home {who}")
