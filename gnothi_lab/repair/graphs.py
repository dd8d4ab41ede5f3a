"""Semantic graphs of cut-off utterances (``semantics/top_truncated``), and simple ways to guess.

A row is right if the graph is, or if the question that would be asked names the missing role; the
role is in the graph, so that the second always holds where the first does. The strict figures say
how often the whole graph is right, and how often the intent.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from rapidfuzz import fuzz, process
from rich.progress import track

from gnothi.language.graph import Node, read_graph
from gnothi_train.language.examples import read_records
from gnothi_train.language.graphs import Names, Parser, Read, Reader, Roles, cuts, tagged

FOLDER = Path("semantics") / "top_truncated"
EPOCHS, QUICK = 8, 300
OTHER_CUTS = 0.5
"""Weight of complete training utterances cut off at other places than the derived set has them."""
_CACHE = Path("build") / "repair"


@dataclass(frozen=True, slots=True)
class Measured:
    """Hits by name: ours, and those of each baseline."""

    ours: Mapping[str, list[bool]]
    baselines: Mapping[str, Mapping[str, list[bool]]]


def measure(data: Path, seed: int, *, quick: bool) -> Measured:
    """Learn from the training part, parse the development part."""
    learned, asked = graphs(data, "train"), graphs(data, "dev")
    more = other_cuts(data, learned)
    if quick:
        learned, asked, more = learned[:QUICK], asked[:QUICK], more[:QUICK]
    reader = _Cached(Reader)
    read = reader.read([*learned, *more])
    seen = reader.read(asked)
    found = parsed(read, [*learned, *more], len(learned), seen, seed)
    names = {
        "majority role of the intent, which is told": majority(learned, asked),
        "nearest beginning": nearest(learned, asked),
    }
    unspecific = [False] * len(asked)
    return Measured(
        hits(found, asked),
        {
            **{name: {"right": _same(roles, asked)} for name, roles in names.items()},
            "“What did you mean?”": {"right": unspecific, "graph_right": unspecific},
        },
    )


def graphs(data: Path, part: str) -> list[Node]:
    """Return the graphs of *part* with their unknown nodes."""
    rows = read_records(data / FOLDER / f"{part}.jsonl.gz")
    return [read_graph(row["underspecified_parse"]) for row in rows]


def other_cuts(data: Path, known: Sequence[Node]) -> list[Node]:
    """Return complete utterances of the training part cut off at every slot, but for *known*."""
    rows = read_records(data / "nlu" / "hinglish_top" / "train.jsonl.gz")
    whole = [read_graph(row[key]) for row in rows for key in ("parse_en", "parse")]
    found = dict.fromkeys(cut for tree in whole for cut in cuts(tree))
    return [cut for cut in found if cut not in set(known)]


def parsed(
    read: Sequence[Read], trees: Sequence[Node], derived: int, asked: Sequence[Read], seed: int
) -> list[Node]:
    """Return the graphs of *asked*; the first *derived* of *trees* are of the set itself."""
    roles = Roles()
    weights = [1.0] * derived + [OTHER_CUTS] * (len(trees) - derived)
    roles.fit(read, [tree.unknown_role or "" for tree in trees], weights)
    marked = [tagged(tree) for tree in trees]
    parser = Parser(Names.of(marked), seed)
    for _ in track(parser.fit(read, marked, epochs=EPOCHS, seed=seed), "graphs", EPOCHS):
        pass
    return parser.parse(asked, roles.find(asked))


def hits(found: Sequence[Node], asked: Sequence[Node]) -> dict[str, list[bool]]:
    """Return which of *found* are right, wholly or in part."""
    pairs = list(zip(found, asked, strict=True))
    whole = [one == other for one, other in pairs]
    role = [one.unknown_role == other.unknown_role for one, other in pairs]
    return {
        "right": [one or other for one, other in zip(whole, role, strict=True)],
        "graph_right": whole,
        "role_right": role,
        "intent_right": [one.label == other.label for one, other in pairs],
        "role_and_intent_right": [
            one.label == other.label and one.unknown_role == other.unknown_role
            for one, other in pairs
        ],
    }


def majority(learned: Sequence[Node], asked: Sequence[Node]) -> list[str]:
    """Return the role that is missing most often in the intent of each of *asked*."""
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    for tree in learned:
        counted[tree.label][tree.unknown_role or ""] += 1
    everywhere = sum(counted.values(), Counter[str]()).most_common(1)[0][0]
    return [
        counted[tree.label].most_common(1)[0][0] if tree.label in counted else everywhere
        for tree in asked
    ]


def nearest(learned: Sequence[Node], asked: Sequence[Node]) -> list[str]:
    """Return the role that is missing in the most similar beginning of a request."""
    texts = [" ".join(tree.words[:-1]).lower() for tree in learned]
    found: list[str] = []
    for tree in asked:
        text = " ".join(tree.words[:-1]).lower()
        best = process.extractOne(text, texts, scorer=fuzz.ratio)
        found.append(learned[best[2]].unknown_role or "")
    return found


def _same(roles: Sequence[str], asked: Sequence[Node]) -> list[bool]:
    return [role == tree.unknown_role for role, tree in zip(roles, asked, strict=True)]


class _Cached:
    """Reads once what the pre-trained network makes of sentences: minutes on one busy core."""

    def __init__(self, make: type[Reader]) -> None:
        self._make = make

    def read(self, trees: Sequence[Node]) -> list[Read]:
        words = [tree.words for tree in trees]
        name = hashlib.sha256(repr(words).encode()).hexdigest()[:16]
        path = _CACHE / f"{name}.npz"
        if not path.exists():
            torch.set_num_threads(1)
            found = self._make().read(words)
            _CACHE.mkdir(parents=True, exist_ok=True)
            np.savez(
                path,
                states=np.concatenate([one.states for one in found]).astype(np.float16),
                means=np.stack([one.mean for one in found]),
            )
        with np.load(path, allow_pickle=False) as kept:
            ends = np.cumsum([len(one) for one in words])
            states = np.split(kept["states"].astype(np.float32), ends[:-1])
            means = kept["means"]
        return [Read.of(*one) for one in zip(words, states, means, strict=True)]
