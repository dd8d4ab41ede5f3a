"""Real conversations replayed: are artists whom people come to like in our top ten, beside BM25.

The conversations of ``cpcd_val`` (CPCD, CC BY 4.0), over the artists of all tracks that anybody was
shown in any of them, with the facts that Gnothi ships. At every turn, before anything is found for
it, artists are ranked by what was said so far. Half of the conversations are for development.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from gnothi.recommend.catalogue_file import shipped
from gnothi.recommend.noise import Noise
from gnothi.recommend.replies import responses
from gnothi.text.encoder import SharedEncoder
from gnothi_lab.cpcd import made_up
from gnothi_lab.cpcd.dialogues import DEVELOPMENT, REPORTED, Corpus, Dialogue, corpus, read
from gnothi_lab.cpcd.measuring import TOP, Found, Wanted, measure
from gnothi_lab.cpcd.rankers import Bm25, Ours, Ranker, by_likes, by_popularity
from gnothi_lab.progress import watched
from gnothi_lab.result import Result
from gnothi_train.responses.fit import ENCODER

Figures = dict[str, float]
Intervals = dict[str, tuple[float, float]]
For = Callable[[Dialogue], Ranker]
"""Who ranks in a dialogue: what is learned from likes must not have seen its own."""
OURS, RIVAL = "ours", "BM25, last reply"


def run(*, quick: bool, seed: int, data: Path | None) -> Result:
    """Measure; *quick*, or without *data*, on a few conversations that are made up."""
    facts = shipped("music")
    real = data is not None and not quick
    talks = read(data, facts) if data is not None and real else corpus(made_up.dialogues(), facts)
    rankers, kinds = _rankers(talks, seed), _wanted(talks)
    halves = {"": talks.half(REPORTED), "development_": talks.half(DEVELOPMENT)}
    found = {
        (half, name, kind): measure(dialogues, rankers[name], wanted)
        for name in watched(tuple(rankers), "rankers")
        for half, dialogues in halves.items()
        for kind, wanted in kinds.items()
    }
    peers = [name for name in rankers if name.startswith("BM25")]
    rng = np.random.default_rng(seed)
    figures: Figures = {}
    intervals: Intervals = {}
    for kind in kinds:
        ours, rival = found["", OURS, kind], found["", RIVAL, kind]
        figures |= _figures(ours, kind)
        intervals |= dict(zip(_names(kind), ours.intervals(rng), strict=True))
        gains = [f"gain_{name}" for name in _names(kind)]
        figures |= dict(zip(gains, (ours.hit - rival.hit, ours.recall - rival.recall), strict=True))
        intervals |= dict(zip(gains, ours.intervals(rng, less=rival), strict=True))
    for kind in kinds:
        told = _figures(found["development_", OURS, kind], kind)
        figures |= {f"development_{name}": value for name, value in told.items()}
    return Result(
        name="cpcd-replay",
        figures={**figures, **coverage(talks, halves[""])},
        intervals=intervals,
        baselines={
            name: _all(found, name, kinds) for name in rankers if name != OURS and name not in peers
        },
        peers={name: _all(found, name, kinds) for name in peers},
        notes=_notes(talks, halves, is_real=real),
    )


def coverage(talks: Corpus, dialogues: Sequence[Dialogue]) -> Figures:
    """Return how much the shipped catalogue knows: of artists, and of what is liked."""
    liked = [one for talk in dialogues for turn in talk.turns for one in turn.liked]
    return {
        "known_artists": len(talks.known) / len(talks.catalogue),
        "known_liked": sum(one in talks.known for one in set(liked)) / len(set(liked)),
        "known_likes": sum(one in talks.known for one in liked) / len(liked),
    }


def _rankers(talks: Corpus, seed: int) -> Mapping[str, For]:
    encode = responses.shipped().encode_by(SharedEncoder(ENCODER))
    rng = np.random.default_rng([seed, 1])
    chance = rng.random(len(talks.catalogue))
    fixed: Mapping[str, Ranker] = {
        OURS: Ours(talks, encode=encode),
        RIVAL: Bm25(talks, is_last_only=True, has_titles=False),
        "BM25, all replies": Bm25(talks, is_last_only=False, has_titles=False),
        "BM25 with titles, last reply": Bm25(talks, is_last_only=True),
        "BM25 with titles, all replies": Bm25(talks, is_last_only=False),
        "ours, last reply": Ours(talks, encode=encode, is_last_only=True),
        "ours, without the encoder": Ours(talks),
        "ours, a name no more than its like": Ours(talks, encode=encode, noise=Noise(itself=1)),
        "popularity": by_popularity(talks),
        "chance": lambda said: chance,
    }
    return {
        **{name: lambda dialogue, ranker=ranker: ranker for name, ranker in fixed.items()},
        "liked in other conversations": lambda dialogue: by_likes(
            (one for one in talks.dialogues if one is not dialogue), len(talks.catalogue)
        ),
    }


def _wanted(talks: Corpus) -> Mapping[str, Wanted]:
    """Return whom to find: liked from a turn on, or in it; all of them, or those that are known."""
    return {
        "": lambda talk, turn: talk.wanted(turn),
        "now_": lambda talk, turn: talk.turns[turn].liked,
        "known_": lambda talk, turn: talk.wanted(turn) & talks.known,
        "known_now_": lambda talk, turn: talk.turns[turn].liked & talks.known,
    }


def _names(kind: str) -> tuple[str, str]:
    return f"{kind}hit_{TOP}", f"{kind}recall_{TOP}"


def _figures(found: Found, kind: str) -> Figures:
    return dict(zip(_names(kind), (found.hit, found.recall), strict=True))


def _all(
    found: Mapping[tuple[str, str, str], Found], name: str, kinds: Mapping[str, Wanted]
) -> Figures:
    told: Figures = {}
    for kind in kinds:
        told |= _figures(found["", name, kind], kind)
        developed = _figures(found["development_", name, kind], kind)
        told |= {f"development_{key}": value for key, value in developed.items()}
    return told


def _notes(
    talks: Corpus, halves: Mapping[str, Sequence[Dialogue]], *, is_real: bool
) -> Sequence[str]:
    told = ", ".join(
        f"{len(part)} conversations of {sum(len(one.turns) for one in part)} turns "
        f"{'for development' if half else 'reported'}"
        for half, part in halves.items()
    )
    return (
        f"{'CPCD' if is_real else 'Made up'}: {told}; {len(talks.catalogue)} artists.",
        (
            "All ids that can be seen are even, so the halves go by place in the file; the "
            "development half is that at odd places. Intervals by drawing conversations."
        ),
        (
            f"hit_{TOP}: turns at which any of the artists liked in that turn or later is in the "
            f"top {TOP}; recall_{TOP}: how many of them are. 'now': liked in that turn. 'known': "
            "only artists whom the shipped catalogue has count. Turns with nobody to find are left "
            "out."
        ),
        (
            "Only what the person said is read: neither what the helper said or found, nor which "
            "tracks were marked before. BM25 (bm25s) has names and facts, as ours, and titles of "
            "tracks where it says so. Its ties are in the order of popularity."
        ),
        f"gain: over '{RIVAL}', on development the best of the four, in the same conversations.",
    )
