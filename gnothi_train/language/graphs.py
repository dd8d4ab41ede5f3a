"""A parser of cut-off utterances: a sequence labeller over words, and a mask for what is missing.

The words and, at the end, one mask are read by the pre-trained network, which stays as it is; the
mask is what it once learned to guess words from. A small head on its states and on hashed n-grams
gives every word one tag for each level of the tree: a slot, with the intent that is all it holds,
then the slots of that intent, and so on. The tag of the mask is the role of the unknown node; where
it continues a slot, the words before belong to its value.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile
from warnings import catch_warnings, simplefilter
from zlib import crc32

import numpy as np
import torch
from scipy.sparse import csr_array, hstack
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction import FeatureHasher
from sklearn.linear_model import LogisticRegression
from torch import Tensor, nn
from transformers import AutoTokenizer, BertModel

from gnothi.language.decoder import decode, log_softmax, spans
from gnothi.language.graph import UNKNOWN, Child, Node
from gnothi_train.language import pretrained

LEVELS = 3
LAYERS = (4, 6)
"""Layers of the pre-trained network whose states are read."""
_ROWS, _WIDTH, _HIDDEN = 1 << 13, 32, 128
_STATES = 384
LEADING = frozenset("for the at on to next every in my a by from of until".split())
"""Words that a value may begin with, and be cut off after."""
_WITH = "/"
"""Between a slot and the intent that is all it holds, in a tag."""
_MASK, _PAD = "[MASK]", -100
_EDGE = "<s>"


@dataclass(frozen=True, slots=True)
class Tagged:
    """A tree as tags: for each level, the label of the span that each word is in, and if it begins.

    Spans are ``(label, first word, one past the last word)``.
    """

    words: tuple[str, ...]
    intent: str
    levels: tuple[tuple[tuple[str, int, int], ...], ...]


def tagged(tree: Node) -> Tagged:
    """Return *tree* as tags. What no tag can tell is left out: see :func:`tree_of`."""
    levels: list[list[tuple[str, int, int]]] = [[] for _ in range(LEVELS)]

    def walk(intent: Node, start: int, level: int) -> None:
        for child in intent.children:
            size = len(child.words) if isinstance(child, Node) else 1
            if isinstance(child, Node) and level < LEVELS:
                only = child.children[0] if len(child.children) == 1 else None
                inner = only if isinstance(only, Node) else None
                label = f"{child.label}{_WITH}{inner.label}" if inner else child.label
                levels[level].append((label, start, start + size))
                if inner:
                    walk(inner, start, level + 1)
            start += size

    walk(tree, 0, 0)
    return Tagged(tree.words, tree.label, tuple(map(tuple, levels)))


def tree_of(found: Tagged) -> Node:
    """Return the tree of *found*."""

    def build(level: int, first: int, last: int) -> Iterator[Child]:
        place = first
        inside = found.levels[level] if level < LEVELS else ()
        for label, start, end in inside:
            if start < place or end > last:
                continue
            yield from found.words[place:start]
            slot, _, inner = label.partition(_WITH)
            children = tuple(build(level + 1, start, end)) if inner else found.words[start:end]
            yield Node(slot, (Node(inner, children),) if inner else children)
            place = end
        yield from found.words[place:last]

    return Node(found.intent, tuple(build(0, 0, len(found.words))))


@dataclass(frozen=True, slots=True)
class Names:
    """What the outputs stand for."""

    intents: tuple[str, ...]
    labels: tuple[tuple[str, ...], ...]
    """Of each level."""

    @classmethod
    def of(cls, trees: Sequence[Tagged]) -> "Names":
        """Return the names that occur in *trees*."""
        intents = sorted({tree.intent for tree in trees})
        labels = [
            tuple(sorted({label for tree in trees for label, _, _ in tree.levels[level]}))
            for level in range(LEVELS)
        ]
        return cls(tuple(intents), tuple(labels))


@dataclass(frozen=True, slots=True)
class Read:
    """A sentence as the pre-trained network reads it."""

    words: tuple[str, ...]
    states: np.ndarray
    """Words by states of all ``LAYERS``."""
    mean: np.ndarray
    """States of the last layer, averaged over the sentence."""
    near: list[np.ndarray]
    """Numbers of the n-grams around each word."""
    far: np.ndarray
    """Those of the n-grams of the sentence."""

    @classmethod
    def of(cls, words: tuple[str, ...], states: np.ndarray, mean: np.ndarray) -> "Read":
        """Return a sentence with its n-grams."""
        near = [_around(words, at) for at in range(len(words))]
        return cls(words, states, mean, near, _everywhere(words))


class Reader:
    """Reads sentences with the pre-trained network, once and for all."""

    def __init__(self) -> None:
        """Load the network."""
        self._tokeniser = AutoTokenizer.from_pretrained(pretrained.folder())
        self._encoder = BertModel.from_pretrained(pretrained.folder(), add_pooling_layer=False)
        self._encoder.eval()

    @torch.inference_mode()
    def read(self, sentences: Sequence[Sequence[str]], *, size: int = 64) -> list[Read]:
        """Return *sentences* in their order; ``UNKNOWN`` is read as a mask."""
        order = sorted(range(len(sentences)), key=lambda at: len(sentences[at]))
        found: dict[int, Read] = {}
        for start in range(0, len(order), size):
            batch = order[start : start + size]
            found |= zip(batch, self._batch([sentences[at] for at in batch]), strict=True)
        return [found[at] for at in range(len(sentences))]

    def _batch(self, sentences: Sequence[Sequence[str]]) -> Iterator[Read]:
        masked = [[_MASK if word == UNKNOWN else word for word in words] for words in sentences]
        encoded = self._tokeniser(
            masked, is_split_into_words=True, padding=True, return_tensors="pt"
        )
        layers = self._encoder(**encoded, output_hidden_states=True).hidden_states
        for row, words in enumerate(sentences):
            owners = encoded.word_ids(row)
            firsts = [owners.index(at) for at in range(len(words))]
            last = len(owners) - owners[::-1].index(len(words) - 1)
            states = torch.cat([layers[layer][row, firsts] for layer in LAYERS], -1)
            yield Read.of(tuple(words), states.numpy(), layers[-1][row, 1:last].mean(0).numpy())


class _Head(nn.Module):
    def __init__(self, names: Names) -> None:
        super().__init__()
        tags = sum(1 + 2 * len(level) for level in names.labels)
        self.sizes = [1 + 2 * len(level) for level in names.labels]
        self.near = nn.EmbeddingBag(_ROWS, _WIDTH, mode="sum")
        self.far = nn.EmbeddingBag(_ROWS, _WIDTH, mode="mean")
        self.direct = nn.EmbeddingBag(_ROWS, tags, mode="sum")
        nn.init.zeros_(self.direct.weight)
        self.drop = nn.Dropout(0.3)
        self.norm = nn.LayerNorm(len(LAYERS) * _STATES)
        self.whole = nn.LayerNorm(_STATES)
        self.hidden = nn.Linear((len(LAYERS) + 1) * _STATES + 2 * _WIDTH, _HIDDEN)
        self.tags = nn.Linear(_HIDDEN, tags)
        self.intent = nn.Linear(2 * _STATES + _WIDTH, len(names.intents))

    def forward(self, batch: "_Batch") -> tuple[Tensor, list[Tensor]]:
        """Return logits of intents, and of the tags of all words at each level."""
        far = self.far(*batch.far)
        mean = self.whole(batch.means)
        states = self.norm(batch.states)
        words = [states, mean[batch.owners], self.near(*batch.near), far[batch.owners]]
        inside = torch.relu(self.hidden(self.drop(torch.cat(words, -1))))
        tags = self.tags(self.drop(inside)) + self.direct(*batch.near)
        whole = torch.cat([mean, states[batch.lasts, -_STATES:], far], -1)
        return self.intent(self.drop(whole)), list(tags.split(self.sizes, -1))


@dataclass(frozen=True, slots=True)
class _Batch:
    """Sentences side by side, all words in one row."""

    states: Tensor
    means: Tensor
    owners: Tensor
    """The sentence of each word."""
    lasts: Tensor
    """The last word of each sentence."""
    near: tuple[Tensor, Tensor]
    """Rows of n-grams around each word, and where those of each begin."""
    far: tuple[Tensor, Tensor]
    """Those of each sentence."""

    @classmethod
    def of(cls, some: Sequence[Read]) -> "_Batch":
        lengths = [len(one.words) for one in some]
        return cls(
            torch.from_numpy(np.concatenate([one.states for one in some])),
            torch.from_numpy(np.stack([one.mean for one in some])),
            torch.from_numpy(np.repeat(np.arange(len(some)), lengths)),
            torch.from_numpy(np.cumsum(lengths) - 1),
            _bags([rows for one in some for rows in one.near]),
            _bags([one.far for one in some]),
        )


def _bags(rows: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
    offsets = np.cumsum([0, *map(len, rows[:-1])])
    return torch.from_numpy(np.concatenate(rows)), torch.from_numpy(offsets)


def _around(words: Sequence[str], at: int) -> np.ndarray:
    """Return the rows of the n-grams around the word *at* this place."""
    framed = [_EDGE] * 3 + [word.lower() for word in words] + [_EDGE] * 2
    here = at + 3
    parts = [framed[here + away] for away in (-3, -2, -1, 0, 1, 2)]
    wide = [*parts[1:5], "_".join(parts[1:3]), "_".join(parts[2:4]), "_".join(parts[3:5])]
    wide += ["_".join(parts[:3]), "_".join(parts[1:4]), parts[3][-3:], parts[0]]
    if words[at] == UNKNOWN:
        wide += [f"{UNKNOWN} {word}" for word in framed[3:-3]]
        wide.append("_".join(framed[3:5]))
    return np.array([crc32(f"{place} {text}".encode()) % _ROWS for place, text in enumerate(wide)])


def _everywhere(words: Sequence[str]) -> np.ndarray:
    small = [word.lower() for word in words]
    pairs = ["_".join(pair) for pair in pairwise((_EDGE, *small))]
    return np.array([crc32(text.encode()) % _ROWS for text in (*small, *pairs)])


class Parser:
    """Parses utterances, whole or cut off."""

    def __init__(self, names: Names, seed: int) -> None:
        """Make a parser that knows nothing yet."""
        torch.manual_seed(seed)
        self._names = names
        self._head = _Head(names)

    def fit(
        self,
        read: Sequence[Read],
        trees: Sequence[Tagged],
        *,
        epochs: int,
        seed: int,
        rate: float = 2e-3,
        size: int = 64,
    ) -> Iterator[float]:
        """Learn that *read* are *trees*; yields the mean loss after each epoch."""
        rng = np.random.default_rng(seed)
        optimiser = torch.optim.Adam(self._head.parameters(), lr=rate)
        steps = epochs * -(-len(trees) // size)
        schedule = torch.optim.lr_scheduler.LinearLR(optimiser, 1.0, 0.02, total_iters=steps)
        for _ in range(epochs):
            self._head.train()
            order, total = rng.permutation(len(trees)), 0.0
            for start in range(0, len(order), size):
                some = order[start : start + size]
                loss = self._loss([read[at] for at in some], [trees[at] for at in some])
                optimiser.zero_grad()
                loss.backward()
                optimiser.step()
                schedule.step()
                total += float(loss.detach()) * len(some)
            yield total / len(order)

    @torch.inference_mode()
    def parse(self, read: Sequence[Read], roles: Sequence[str | None]) -> list[Node]:
        """Return the tree of each sentence; one that is cut off ends with ``UNKNOWN``.

        *roles* are those of the unknown nodes, where they are known.
        """
        self._head.eval()
        intents, levels = self._head(_Batch.of(read))
        found: list[Node] = []
        at = 0
        for row, (one, role) in enumerate(zip(read, roles, strict=True)):
            chosen = self._names.intents[int(intents[row].argmax())]
            scores = [level[at : at + len(one.words)].numpy() for level in levels]
            found.append(tree_of(self._decoded(one.words, chosen, scores, role)))
            at += len(one.words)
        return found

    def _decoded(
        self, words: tuple[str, ...], intent: str, scores: Sequence[np.ndarray], role: str | None
    ) -> Tagged:
        levels: list[tuple[tuple[str, int, int], ...]] = []
        for labels, level in zip(self._names.labels, scores, strict=True):
            likelihoods = log_softmax(level)
            if words[-1] == UNKNOWN and not levels:
                likelihoods[-1, 0] = -np.inf  # what is missing is something
                if role in labels:
                    others = [tag for tag, label in enumerate((*labels, *labels)) if label != role]
                    likelihoods[-1, 1 + np.array(others)] = -np.inf
            path, _ = decode(likelihoods[None])
            cut = spans(path[0], len(labels))
            levels.append(tuple((labels[label], first, last) for label, first, last in cut))
        return Tagged(words, intent, tuple(levels))

    def _loss(self, read: Sequence[Read], trees: Sequence[Tagged]) -> Tensor:
        intents, levels = self._head(_Batch.of(read))
        wanted = torch.tensor([self._names.intents.index(tree.intent) for tree in trees])
        loss = nn.functional.cross_entropy(intents, wanted)
        for level, scores in enumerate(levels):
            targets = torch.tensor([tag for tree in trees for tag in self._tags(tree, level)])
            each = nn.functional.cross_entropy(scores, targets, reduction="none")
            loss = loss + each.sum() / len(trees) / 2
        return loss

    def _tags(self, tree: Tagged, level: int) -> list[int]:
        labels = self._names.labels[level]
        tags = [0] * len(tree.words)
        for label, first, last in tree.levels[level]:
            begin = 1 + labels.index(label)
            tags[first:last] = [begin] + [begin + len(labels)] * (last - first - 1)
        return tags


class Roles:
    """What is missing at the end: logistic regression on n-grams and on what the mask became."""

    def __init__(self, *, strength: float = 3.0, states: float = 0.1) -> None:
        """Penalise by the inverse of *strength*; *states* scales those against n-grams."""
        self._model = LogisticRegression(C=strength, max_iter=40)
        self._hasher = FeatureHasher(1 << 14, input_type="string", alternate_sign=False)
        self._states = states
        self._centre, self._spread = np.zeros(0), np.ones(0)

    def fit(self, read: Sequence[Read], roles: Sequence[str], weights: Sequence[float]) -> None:
        """Learn that *roles* are missing in *read*."""
        dense = _ends(read)
        self._centre, self._spread = dense.mean(0), dense.std(0) + 1e-6
        with catch_warnings():
            simplefilter("ignore", ConvergenceWarning)  # a few steps more change nothing
            self._model.fit(self._features(read), roles, sample_weight=weights)

    def find(self, read: Sequence[Read]) -> list[str]:
        """Return the likeliest role that is missing in each of *read*."""
        return [str(role) for role in self._model.predict(self._features(read))]

    def _features(self, read: Sequence[Read]) -> csr_array:
        sparse = self._hasher.transform(map(_phrases, read))
        dense = (_ends(read) - self._centre) / self._spread * self._states
        return csr_array(hstack([sparse, dense]))


def _ends(read: Sequence[Read]) -> np.ndarray:
    """Return the states of the last words, those of all layers, and of the sentences."""
    return np.stack([np.concatenate([one.states[-1], one.mean]) for one in read])


def _phrases(one: Read) -> list[str]:
    """Return n-grams of what was said, by their place."""
    words = [word.lower() for word in one.words if word != UNKNOWN]
    framed = [_EDGE] * 3 + words
    found = [f"{away} {framed[-away]}" for away in (1, 2, 3)]
    found += ["_".join(framed[-many:]) for many in (2, 3, 4)]
    found += [f"first {framed[3]}", "first " + "_".join(framed[3:5])]
    found += [f"{framed[3]} + {framed[-1]}", f"{'_'.join(framed[3:5])} + {framed[-1]}"]
    found += [f"any {word}" for word in words]
    found += [f"any {'_'.join(pair)}" for pair in pairwise(words)]
    return [*found, f"long {min(len(words), 8)}", f"end {framed[-1][-3:]}"]


def cuts(tree: Node) -> Iterator[Node]:
    """Yield *tree* cut off in each slot of its intent that something comes before.

    Words that lead to a value ("for the next") stay where they are.
    """
    for place, child in enumerate(tree.children):
        if isinstance(child, Node) and place:
            kept = tuple(takewhile(lambda word: word.lower() in LEADING, child.words[:-1]))
            yield Node(tree.label, (*tree.children[:place], Node(child.label, (*kept, UNKNOWN))))
