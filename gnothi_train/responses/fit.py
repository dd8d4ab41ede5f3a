"""Fit the model of responses: ``python -m gnothi_train.responses.fit``.

Logistic regressions on replies by several hands, with some of them joined to a request ("love it,
can I get some jazz"). What the card says of accuracy, and the calibration, come from fitting
without one hand at a time and reading that hand: people to come write in none of ours.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import click
import numpy as np

import gnothi
from gnothi.core.artifact import Card
from gnothi.recommend.replies.phrasing import features, spoken
from gnothi.recommend.replies.responses import (
    DIRECTIONS,
    FILE,
    NAME,
    REACTIONS,
    SHIPPED,
    WISHES,
    Encode,
    Floats,
    Line,
    Reaction,
    Response,
    ResponseModel,
    log_odds,
)
from gnothi.text.encoder import SharedEncoder
from gnothi_train.artifact import write_artifact
from gnothi_train.responses.hands import HANDS, Reply, read_hands

if TYPE_CHECKING:
    from scipy.sparse import csr_array

ENCODER = Path(gnothi.__file__).parent / "models" / "language"
LICENCE = "LICENSE-VADER.txt"
SEED = 0
JOINED = 600
"""Replies that are joined to a request."""
STRENGTH, HEAD_STRENGTH = 1.0, 5.0
"""Inverse weight of the penalty on words and on embeddings."""
_LEAST = 0.8
"""Valence below which a word of the lexicon is left out."""


@dataclass(frozen=True, slots=True)
class Read:
    """A reply, and how it was read by a model that had not seen its hand."""

    reply: Reply
    fast: Response
    full: Response


@click.command()
@click.option("--version", default="2026-11-29.1", show_default=True, help="Version on the card.")
@click.option("--out", type=click.Path(path_type=Path), default=SHIPPED, help="Folder to write.")
def main(*, version: str, out: Path) -> None:
    """Fit, measure hand by hand, and write the artifact with its card."""
    encoder = SharedEncoder(ENCODER)
    embedded = _remembering(encoder.encode)
    replies, lexicon = read_hands(), read_lexicon()
    read = read_unseen(replies, lexicon, embedded)
    lines = (line(read, full=False), line(read, full=True))
    model = fitted(replies, lexicon, embedded, lines)
    write(model, measured(read), version, out, encoder.card.label)
    click.echo(json.dumps(measured(read)))


def read_lexicon() -> dict[str, int]:
    """Return VADER's words of liking (MIT), in steps from -3 to 3."""
    path = resources.files("vaderSentiment") / "vader_lexicon.txt"
    rows = (line.split("\t")[:2] for line in path.read_text(encoding="utf-8").splitlines())
    valued = ((word.replace("'", ""), float(value)) for word, value in rows)
    return {
        word: int(np.sign(value)) * min(3, max(1, round(abs(value))))
        for word, value in valued
        if word.isascii() and word.isalpha() and abs(value) >= _LEAST
    }


def fitted(
    replies: Sequence[Reply],
    lexicon: dict[str, int],
    encode: Encode,
    lines: tuple[Line, Line] = ((1.0, 0.0), (1.0, 0.0)),
) -> ResponseModel:
    """Return the model that fits *replies*."""
    shown = [*replies, *joined(replies, Random(SEED))]
    found = [features(one.text, lexicon) for one in shown]
    names = _worth_keeping(found)
    weights = _weights(_matrix(found, names), shown, STRENGTH)
    head = _weights(encode([spoken(one.text) for one in replies]), replies, HEAD_STRENGTH)
    rows = {name: at + 1 for name, at in names.items()}
    return ResponseModel(rows, np.roll(weights, 1, axis=0), lexicon, head, lines)


def joined(replies: Sequence[Reply], rng: Random, size: int = JOINED) -> list[Reply]:
    """Return reactions that go on as requests, as people put them into one sentence."""
    reacting = [one for one in replies if one.reaction is not Reaction.NONE and not one.wish]
    asking = [one for one in replies if one.reaction is Reaction.NONE and "{" in one.text]
    return [_join(rng.choice(reacting), rng.choice(asking), rng) for _ in range(size)]


def read_unseen(replies: Sequence[Reply], lexicon: dict[str, int], encode: Encode) -> list[Read]:
    """Read each hand with a model of the other hands."""
    hands = sorted({one.hand for one in replies})
    return [read for hand in hands for read in _read_hand(hand, replies, lexicon, encode)]


def line(read: Sequence[Read], *, full: bool) -> Line:
    """Return slope and offset of log odds that calibrate sureness (Platt 1999)."""
    from sklearn.linear_model import LogisticRegression

    rows = [one.full if full else one.fast for one in read]
    known = [pair for pair in zip(rows, read, strict=True) if pair[0].is_known]
    odds = [[log_odds(row.chance)] for row, _ in known]
    model: Any = LogisticRegression(C=1e6).fit(odds, [_is_right(*pair) for pair in known])
    return round(float(model.coef_[0, 0]), 4), round(float(model.intercept_[0]), 4)


def measured(read: Sequence[Read]) -> dict[str, float]:
    """Return macro-F1 over reactions and over wishes, by words alone and with the encoder."""
    from sklearn.metrics import f1_score

    def score(truth: Iterable[str], found: Iterable[str]) -> float:
        return round(float(f1_score(list(truth), list(found), average="macro")), 4)

    reactions = [one.reply.reaction for one in read]
    wishes = [one.reply.wish for one in read]
    return {
        "dev_reaction_f1": score(reactions, (one.full.reaction for one in read)),
        "dev_reaction_f1_words": score(reactions, (one.fast.reaction for one in read)),
        "dev_wish_f1": score(wishes, (one.full.wish for one in read)),
        "dev_wish_f1_words": score(wishes, (one.fast.wish for one in read)),
    }


def write(
    model: ResponseModel, figures: dict[str, float], version: str, folder: Path, encoder: str
) -> None:
    """Write the artifact and its card to *folder*."""
    content, licence = model.dump(), (SHIPPED / LICENCE).read_bytes()
    replies = b"".join(path.read_bytes() for path in sorted(HANDS.glob("*.txt")))
    lexicon = (resources.files("vaderSentiment") / "vader_lexicon.txt").read_bytes()
    card = Card(
        name=NAME,
        version=version,
        kind="npz",
        files={},
        parents=(encoder,),
        command=f"python -m gnothi_train.responses.fit --version {version}",
        seed=SEED,
        data=(
            _source("replies written for it", replies, "Apache-2.0"),
            _source("VADER lexicon (Hutto and Gilbert 2014)", lexicon, "MIT"),
        ),
        figures=figures,
        notices=(
            "The replies were written for it, in several styles, by few authors.",
            "Figures: each hand read by a model of the other hands.",
            f"Words of liking are those of VADER, whose licence is {LICENCE}.",
        ),
    )
    write_artifact(folder, card, {FILE: content, LICENCE: licence})


def _source(name: str, content: bytes, licence: str) -> dict[str, str]:
    return {"name": name, "sha256": hashlib.sha256(content).hexdigest(), "licence": licence}


def _remembering(encode: Encode) -> Encode:
    """Return *encode* that computes each sentence once."""
    known: dict[str, Floats] = {}

    def remembered(texts: Sequence[str]) -> Floats:
        new = [text for text in dict.fromkeys(texts) if text not in known]
        known.update(zip(new, encode(new), strict=True) if new else ())
        return np.stack([known[text] for text in texts])

    return remembered


def _read_hand(
    hand: str, replies: Sequence[Reply], lexicon: dict[str, int], encode: Encode
) -> list[Read]:
    model = fitted([one for one in replies if one.hand != hand], lexicon, encode)
    return [
        Read(one, model.read(one.text), model.read(one.text, encode))
        for one in replies
        if one.hand == hand
    ]


def _join(reply: Reply, request: Reply, rng: Random) -> Reply:
    between = rng.choice([" ", ", ", " and ", ", "])
    text = f"{reply.text.rstrip('.!')}{between}{request.text}"
    return Reply(reply.hand, text, reply.reaction, reply.wish)


def _worth_keeping(found: Iterable[Sequence[str]]) -> dict[str, int]:
    """Return features with their columns: single words, and what else occurs more than once."""
    counts = Counter(name for one in found for name in set(one))
    kept = [
        name for name, count in counts.items() if count > 1 or not (name[0] in "+=" or " " in name)
    ]
    return {name: at for at, name in enumerate(sorted(kept))}


def _matrix(found: Sequence[Sequence[str]], names: dict[str, int]) -> "csr_array":
    from scipy.sparse import csr_array

    columns = [[names[name] for name in one if name in names] for one in found]
    ends = np.cumsum([0, *map(len, columns)])
    flat = np.concatenate([np.asarray(one, np.int32) for one in columns])
    matrix = csr_array((np.ones(len(flat)), flat, ends), (len(found), len(names)))
    matrix.sum_duplicates()
    return matrix


def _weights(rows: Any, replies: Sequence[Reply], strength: float) -> Floats:  # noqa: ANN401
    """Return a column for each reaction and wish; the last row is the bias."""
    reactions = _regression(rows, [REACTIONS.index(one.reaction) for one in replies], strength)
    wishes = _regression(rows, [WISHES.index(one.wish) for one in replies], strength)
    return np.hstack([reactions, wishes]).astype(np.float32)


def _regression(rows: Any, labels: Sequence[int], strength: float) -> Floats:  # noqa: ANN401
    from sklearn.linear_model import LogisticRegression

    model: Any = LogisticRegression(C=strength, max_iter=500).fit(rows, labels)
    return np.vstack([model.coef_.T, model.intercept_])


def _is_right(row: Response, read: Read) -> bool:
    reply = read.reply
    return row.direction is DIRECTIONS[reply.reaction] and row.wish == reply.wish


if __name__ == "__main__":
    main()
