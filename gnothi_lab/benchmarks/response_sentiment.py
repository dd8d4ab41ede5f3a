"""Replies to prompts: how much is liked, what is wished and named, beside VADER.

Two sources, reported apart: replies of three hands that nothing was fitted on or chosen by, and
the turns of real conversations (CPCD), labelled from their text. Everything goes through
``Replies.read``, as in the product. ``macro_f1`` is the lower of the two sources.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import process_time

import numpy as np

from gnothi.recommend.acts import Answer, Ask, Prompt, Wish
from gnothi.recommend.catalogue_file import shipped
from gnothi.recommend.replies import Replies, responses
from gnothi.recommend.replies.responses import Direction
from gnothi.text.encoder import SharedEncoder
from gnothi_lab.baselines.ngrams import fit_ngrams
from gnothi_lab.peers.vader import Vader
from gnothi_lab.replies.measuring import calibration_error, macro_f1, macro_f1_interval
from gnothi_lab.replies.requests import development, locked, read_all, read_sentences
from gnothi_lab.replies.spoken import Spoken, degree_of, direction_of, real, unlike, written
from gnothi_lab.result import Result
from gnothi_lab.statistics import rate, wilson
from gnothi_train.responses.fit import ENCODER
from gnothi_train.responses.hands import HANDS

SAMPLE = Prompt(Ask.SAMPLE)
Figures = dict[str, float]
Intervals = dict[str, tuple[float, float]]
Reader = Callable[[str], Direction]


@dataclass(frozen=True, slots=True)
class Source:
    """Replies of one origin, and how they were read."""

    name: str
    spoken: Sequence[Spoken]
    answers: Sequence[Answer]

    @property
    def figures(self) -> Figures:
        """Macro-F1 by direction and by degree, and F1 of telling that there is a liking."""
        liking, found = self._liking()
        return {
            f"{self.name}_macro_f1": macro_f1(_truth(liking), [*map(direction_of, found)]),
            f"{self.name}_macro_f1_degrees": macro_f1(
                [one.reaction for one in liking], [*map(degree_of, found)]
            ),
            f"{self.name}_reacts_f1": reacts_f1(self.spoken, self.answers),
            f"{self.name}_replies": float(len(liking)),
        }

    def intervals(self, rng: np.random.Generator) -> Intervals:
        """Return the intervals of :attr:`figures`."""
        liking, found = self._liking()
        groups = [one.group for one in liking]
        rows = {
            "macro_f1": (_truth(liking), [*map(direction_of, found)], groups),
            "macro_f1_degrees": (
                [one.reaction for one in liking],
                [*map(degree_of, found)],
                groups,
            ),
        }
        return {f"{self.name}_{key}": macro_f1_interval(*row, rng) for key, row in rows.items()}

    def _liking(self) -> tuple[list[Spoken], list[Answer]]:
        pairs = zip(self.spoken, self.answers, strict=True)
        kept = [(one, answer) for one, answer in pairs if one.is_liking]
        return [one for one, _ in kept], [answer for _, answer in kept]


def run(*, quick: bool, seed: int, data: Path | None) -> Result:
    """Measure; *quick* takes every fourth reply, and real ones need *data*."""
    rng = np.random.default_rng(seed)
    hands = written()[:: 4 if quick else 1]
    turns, mixed = real(data) if data else ([], 0)
    encode = responses.shipped().encode_by(SharedEncoder(ENCODER))
    replies = Replies(shipped("music"), encode=encode)
    words = Replies(shipped("music"))
    sources = [Source("hands", hands, answers(replies, hands))]
    fresh = unlike(hands, written(HANDS))
    sources += [Source("hands_new", fresh, answers(replies, fresh))]
    sources += [Source("cpcd", turns, answers(replies, turns))] if turns else []
    figures = {key: value for one in sources for key, value in one.figures.items()}
    intervals = {key: value for one in sources for key, value in one.intervals(rng).items()}
    worst = min((one.name for one in sources), key=lambda name: figures[f"{name}_macro_f1"])
    named, named_intervals = naming(replies)
    return Result(
        name="response-sentiment",
        figures={
            "macro_f1": figures[f"{worst}_macro_f1"],
            **figures,
            "wish_macro_f1": wishes(sources[0]),
            "calibration_error": calibration(sources[0]),
            **named,
            "ms": milliseconds(replies, hands),
            "words_ms": milliseconds(Replies(shipped("music"), is_fuzzy=False), hands),
        },
        intervals={"macro_f1": intervals[f"{worst}_macro_f1"], **intervals, **named_intervals},
        baselines={
            "without the encoder": _without(words, sources),
            "n-grams": _simply(_ngrams(seed), sources),
            "all for": _simply(lambda _: Direction.FOR, sources),
        },
        peers={"VADER, cuts tuned": _simply(Vader(written(HANDS)).read, sources)},
        notes=_notes(mixed, sources),
    )


def answers(replies: Replies, spoken: Sequence[Spoken]) -> list[Answer]:
    """Return how *replies* reads what was *spoken*, after a sample."""
    return [replies.read(one.text, SAMPLE) for one in spoken]


def reacts_f1(spoken: Sequence[Spoken], found: Sequence[Answer]) -> float:
    """Return F1 of telling replies that say how much is liked from those that don't."""
    pairs = [(one.is_liking, a.degree is not None) for one, a in zip(spoken, found, strict=True)]
    right = sum(true and read for true, read in pairs)
    return 2 * right / sum(true + read for true, read in pairs)


def wishes(source: Source) -> float:
    """Return macro-F1 over wishes, none among them."""
    return macro_f1(
        [one.wish or Wish.NONE for one in source.spoken], [a.wish for a in source.answers]
    )


def calibration(source: Source) -> float:
    """Return how far sureness is from being right, over replies of which anything was read."""
    kept = [
        (answer.sureness, direction_of(answer) is one.direction and answer.wish == one.wish)
        for one, answer in zip(source.spoken, source.answers, strict=True)
        if not answer.is_empty
    ]
    return calibration_error([sure for sure, _ in kept], [right for _, right in kept])


def naming(replies: Replies) -> tuple[Figures, Intervals]:
    """Return how often all that a sentence names is read, on locked and development ones."""
    sentences = read_sentences(replies.catalogue)
    parts = {"named_right": locked(sentences), "named_right_development": development(sentences)}
    hits = {
        name: [
            found == one.meaning for found, one in zip(read_all(replies, part), part, strict=True)
        ]
        for name, part in parts.items()
    }
    figures = {name: rate(found) for name, found in hits.items()}
    return figures, {name: wilson(found) for name, found in hits.items()}


def milliseconds(replies: Replies, spoken: Sequence[Spoken]) -> float:
    """Return the median time of a reply that was never read before, of one thread."""
    return median(_timed(replies, f"{one.text} ") for one in spoken) * 1000


def _timed(replies: Replies, text: str) -> float:
    start = process_time()
    replies.read(text, SAMPLE)
    return process_time() - start


def _truth(spoken: Sequence[Spoken]) -> list[Direction]:
    return [one.direction for one in spoken]


def _without(words: Replies, sources: Sequence[Source]) -> Figures:
    read = [Source(one.name, one.spoken, answers(words, one.spoken)) for one in sources]
    figures = {key: value for one in read for key, value in one.figures.items()}
    return {**figures, "calibration_error": calibration(read[0]), "wish_macro_f1": wishes(read[0])}


def _simply(reader: Reader, sources: Sequence[Source]) -> Figures:
    liking = {one.name: [spoken for spoken in one.spoken if spoken.is_liking] for one in sources}
    return {
        f"{name}_macro_f1": macro_f1(_truth(spoken), [reader(one.text) for one in spoken])
        for name, spoken in liking.items()
    }


def _ngrams(seed: int) -> Reader:
    learned = [one for one in written(HANDS) if one.is_liking]
    model = fit_ngrams([one.text for one in learned], _truth(learned), seed=seed)
    return lambda text: Direction(model.predict([text])[0])


def _notes(mixed: int, sources: Sequence[Source]) -> Sequence[str]:
    counts = {
        one.name: {
            direction.value: sum(spoken.direction is direction for spoken in one.spoken)
            for direction in Direction
        }
        for one in sources
    }
    told = "; ".join(f"{name}: {_counted(count)}" for name, count in counts.items())
    return (
        f"Replies: {told}. Mixed turns of CPCD left out: {mixed}.",
        (
            "The hands are styles written by the project. Nothing was fitted on, or chosen by, "
            "the held-out ones or CPCD, but whoever wrote the others had read both; 'hands_new' "
            "leaves out replies that a hand for training has word for word."
        ),
        "CPCD has few replies against or between: its interval is wide.",
        (
            "Macro-F1 over against, between and for among replies that react; '_degrees' over five "
            "degrees; '_reacts_f1' says how well those are told from the rest."
        ),
        "VADER, n-grams and 'all for' are told which replies react; ours is not.",
    )


def _counted(count: dict[str, int]) -> str:
    return ", ".join(f"{number} {name}" for name, number in count.items())
