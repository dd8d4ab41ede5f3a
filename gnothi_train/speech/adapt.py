"""A recogniser learns a skill: from recordings of orders, from synthetic voices, or from both.

The shipped network is trained on, gently: few epochs, a lower rate, the same rooms, noises and
chunks. Where recordings say only what was meant, their words are found by alignment
(``gnothi_train.speech.weak``), first by the network as it is and once more after it has learned.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from gnothi.core.hearing import Pattern
from gnothi.speech.features import WIDTH, features
from gnothi.speech.graph import SentenceGraph
from gnothi_train.speech.augment import Floats, Places, at_home, noise
from gnothi_train.speech.learn import Batch, Item, batches, paced
from gnothi_train.speech.network import StreamingEncoder
from gnothi_train.speech.pieces import Speller
from gnothi_train.speech.voices import GROUPS, HELD_OUT, VOICES, speak
from gnothi_train.speech.weak import Clip, framed, spelled

CHUNK, RIGHT = 8, 4
"""What the product waits for, and what is therefore judged."""
_NOISE_DB = (-3.0, 15.0)
"""Loud noise lies so many decibels beneath the speech."""
_AT_ONCE = 16
"""Utterances that are scored together."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """Settings of an adaptation."""

    epochs: int = 7
    rate: float = 1e-3
    warmup: float = 0.06
    seconds: float = 25.0
    """Sound in one batch, padding included."""
    weight_decay: float = 0.01
    clip: float = 2.0
    middle: float = 0.3
    """Weight of the loss half-way."""
    average: float = 0.99
    dropped: float = 0.12
    """How often a long piece is spelled in shorter ones."""
    aligned_anew: tuple[int, ...] = (1, 3)
    """After so many epochs words are found anew."""
    as_recorded: float = 0.3
    """Share of recordings that are heard in their own room, without noise."""
    versions: int = 4
    """Other rooms and noises that each recording is heard in."""
    noisy: float = 0.5
    """Share of these with noise beneath that is as loud as an appliance nearby: a kitchen is
    noisier than the rooms that the network comes from."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A recording in several rooms."""

    sentences: SentenceGraph
    """Those that it may hold."""
    plain: NDArray[np.float16]
    """Features as it was recorded."""
    elsewhere: Sequence[NDArray[np.float16]]


def render(clip: Clip, places: Places, recipe: Recipe, rng: np.random.Generator) -> Heard:
    """Return the features of *clip*: as it is, and in the rooms and noises of *places*."""
    plain = features(framed(clip, rng)).astype(np.float16)
    versions = [
        features(elsewhere(framed(clip, rng), places, recipe, rng)).astype(np.float16)
        for _ in range(recipe.versions)
    ]
    return Heard(clip.sentences, plain, versions)


def elsewhere(sound: Floats, places: Places, recipe: Recipe, rng: np.random.Generator) -> Floats:
    """Return *sound* in another room, with loud noise as often as *recipe* says."""
    heard = at_home(sound, places, rng)
    if rng.random() < recipe.noisy:
        level = np.sqrt(np.mean(heard**2)) * 10 ** (-rng.uniform(*_NOISE_DB) / 20)
        heard = np.clip(heard + level * noise(len(heard), places, rng), -1, 1)
    return heard.astype(np.float32)


def sentences(patterns: Sequence[Pattern], count: int, rng: np.random.Generator) -> list[str]:
    """Return *count* sentences of *patterns*, each drawn with values of its own."""
    found: list[str] = []
    for _ in range(count):
        pattern = patterns[int(rng.integers(len(patterns)))]
        parts = [part[int(rng.integers(len(part)))] for part in pattern.parts if part]
        found.append(" ".join(" ".join(parts).split()))
    return found


def synthesised(
    texts: Iterable[str], places: Places, recipe: Recipe, rng: np.random.Generator
) -> Iterator[Item]:
    """Yield *texts* spoken by groups of voices in turn, each in some room."""
    groups = [group for group in GROUPS if group != HELD_OUT]
    for at, text in enumerate(texts):
        sound = speak_one(text, groups[at % len(groups)], rng)
        if len(sound):
            heard = elsewhere(sound, places, recipe, rng)
            yield Item(text, features(heard).astype(np.float16))


def speak_one(text: str, group: str, rng: np.random.Generator) -> Floats:
    """Return *text* spoken by a voice of *group*; nothing where the program says nothing."""
    voices = [voice for voice in VOICES if voice.group == group]
    [sound] = speak([text], voices[int(rng.integers(len(voices)))], rng)
    return sound.astype(np.float32) / 32768.0 if np.any(sound) else np.zeros(0, np.float32)


@torch.no_grad()
def scores(
    network: StreamingEncoder, sounds: Sequence[NDArray[np.float16]], *, right: int = RIGHT
) -> list[Floats]:
    """Return the logarithms of probabilities of pieces for *sounds* (features), as served."""
    network.eval()
    found: list[Floats] = [np.zeros((0, 0), np.float32)] * len(sounds)
    order = np.argsort([len(one) for one in sounds], kind="stable")
    for start in range(0, len(order), _AT_ONCE):
        chosen: list[int] = order[start : start + _AT_ONCE].tolist()
        lengths = [math.ceil(len(sounds[i]) / 2) for i in chosen]
        count = math.ceil(max(lengths) / CHUNK) * CHUNK
        frames = np.zeros((len(chosen), 2 * count, WIDTH), np.float32)
        for row, i in zip(frames, chosen, strict=True):
            row[: len(sounds[i])] = sounds[i]
        logits, _ = network(
            torch.from_numpy(frames), torch.tensor(lengths), chunk=CHUNK, right=right
        )
        told = logits.log_softmax(-1).numpy()
        for row, i, length in zip(told, chosen, lengths, strict=True):
            found[i] = row[:length].copy()
    return found


Progress = Callable[[float, float], None]
"""Takes the share that is done and the loss a piece."""


class Adaptation:
    """One network learning one skill."""

    def __init__(
        self, network: StreamingEncoder, pieces: Sequence[str], recipe: Recipe, *, seed: int
    ) -> None:
        """Train *network* in place; *pieces* are what it spells with."""
        self.network, self.recipe = network, recipe
        self._speller = Speller(pieces)
        self._rng = np.random.default_rng((seed, 4))
        torch.manual_seed(seed)
        self._average = {n: p.detach().clone() for n, p in network.named_parameters()}
        decayed = [p for p in network.parameters() if p.ndim > 1]
        plain = [p for p in network.parameters() if p.ndim <= 1]
        self._optimiser = torch.optim.AdamW(
            [{"params": decayed, "weight_decay": recipe.weight_decay},
             {"params": plain, "weight_decay": 0.0}],
            lr=recipe.rate, betas=(0.9, 0.98), fused=True,
        )  # fmt: skip
        self._step = 0

    def learn(
        self, heard: Sequence[Heard], spoken: Sequence[Item] = (), progress: Progress | None = None
    ) -> StreamingEncoder:
        """Learn from recordings (*heard*) and from sound of known words (*spoken*).

        Returns the network with averaged weights, ready to serve.
        """
        texts = self._aligned(heard, trained=False)
        done, total = 0.0, self.recipe.epochs
        for epoch in range(total):
            if epoch in self.recipe.aligned_anew:
                texts = self._aligned(heard, trained=True)
            items = [*self._items(heard, texts), *spoken]
            cut = list(batches(items, self.recipe.seconds, self._rng))
            for number, chosen in enumerate(cut):
                done = (epoch + number / len(cut)) / total
                loss = self._learn(chosen, done)
                if progress:
                    progress(done, loss)
        return self.averaged()

    def averaged(self) -> StreamingEncoder:
        """Return a network with the averaged weights."""
        network = StreamingEncoder(self.network.head.out_features, self.network.shape)
        network.load_state_dict(self._average)
        return network.eval()

    def _aligned(self, heard: Sequence[Heard], *, trained: bool) -> list[str]:
        found = scores(self.averaged(), [one.plain for one in heard])
        return [
            spelled(one.sentences, told, trained=trained)
            for one, told in zip(heard, found, strict=True)
        ]

    def _items(self, heard: Sequence[Heard], texts: Sequence[str]) -> Iterator[Item]:
        for one, text in zip(heard, texts, strict=True):
            as_recorded = not one.elsewhere or self._rng.random() < self.recipe.as_recorded
            number = int(self._rng.integers(max(1, len(one.elsewhere))))
            if text:
                yield Item(text, one.plain if as_recorded else one.elsewhere[number])

    def _learn(self, chosen: Sequence[Item], done: float) -> float:
        recipe, rng = self.recipe, self._rng
        batch, chunk, right = paced(chosen, self._speller, rng, recipe.dropped)
        self.network.train()
        with torch.autocast("cpu", dtype=torch.bfloat16):
            end, middle = self.network(batch.frames, batch.lengths, chunk=chunk, right=right)
        loss = ctc(end, batch) + recipe.middle * ctc(middle, batch)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), recipe.clip)
        rate = min(done / recipe.warmup, 1.0, (1 - done) / 0.75)
        for group in self._optimiser.param_groups:
            group["lr"] = recipe.rate * max(rate, 0.02)
        self._optimiser.step()
        self._optimiser.zero_grad()
        self._step += 1
        decay = min(recipe.average, self._step / (self._step + 20))
        with torch.no_grad():
            for name, parameter in self.network.named_parameters():
                self._average[name].lerp_(parameter, 1 - decay)
        return float(loss.detach())


def ctc(logits: Tensor, batch: Batch) -> Tensor:
    """Return the loss of CTC for each piece of *batch*."""
    told = logits.float().log_softmax(-1).transpose(0, 1)
    return functional.ctc_loss(
        told, batch.targets, batch.lengths, batch.target_lengths, reduction="sum",
        zero_infinity=True,
    ) / batch.target_lengths.sum()  # fmt: skip
