"""Learn how requests end: ``gnothi-train endings``.

Complete requests of the training part, and the same cut off at a random word; what is missing is
the slot of the next word that fills one. What happens to be a complete request elsewhere in the
data counts as complete wherever it comes from. The threshold is set on a slice of the training
part so that few complete requests are taken for cut off.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from itertools import product
from pathlib import Path

import click
import numpy as np
import torch
from torch import Tensor, nn

from gnothi.core.artifact import Card
from gnothi.core.settings import Settings
from gnothi.language.endings import (
    COMPLETE,
    FILE,
    GROUPS,
    NAME,
    REST,
    ROWS,
    SHIPPED,
    EndingNetwork,
    features,
)
from gnothi.text.tokenise import tokenise
from gnothi_train.artifact import sources, write_artifact
from gnothi_train.language.examples import Example, read_set
from gnothi_train.language.splits import in_tuning_slice
from gnothi_train.wording.fit import SLOTS, examples

SEED = 0
WIDTH, HIDDEN = 16, 160
EPOCHS = 5
_RATE, _SIZE = 3e-3, 512
_MARKED = 0.5
"""Share of sentences whose names are told by their kind alone."""
_DROPPED = 0.06
"""Share of words that nobody has heard before."""
_AT = (0.35, 0.97)
"""Where sentences are cut, as shares of their words."""
_SHARES = {"grammar": 70, "clinc150": 60, "snips": 60, "banking77": 15}
"""How many percent of the sentences of a source are learned from, where it is not all of them."""
_STRANDED = 3
"""How often a complete request that ends as if it did not is learned from."""
_GENERAL = ("hwu64", "clinc150", "snips", "banking77")
"""Sets of which only the words are read."""
_SOURCES = {
    "MASSIVE 1.0": "CC BY 4.0",
    "HWU64": "CC BY 4.0",
    "CLINC150": "CC BY 3.0",
    "SNIPS": "CC0 1.0",
    "BANKING77": "CC BY 4.0",
    "Home Assistant intents": "CC BY 4.0",
    "home-assistant-datasets, device actions": "Apache-2.0",
    "home-llm, phrase piles": "MIT",
    "sentences of the project": "Apache-2.0",
}
UNKNOWN_ROLE = -100
"""Class of what is known to be cut, but not of what."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A complete request as words, each with its role."""

    words: tuple[str, ...]
    roles: tuple[str | None, ...]
    spans: tuple[tuple[int, int, str], ...] = ()
    """Words that name something of a home, and the kind of it."""
    labelled: bool = True
    """Whether roles are known at all."""
    stranded: bool = False
    """Whether it ends as if it did not; cut off it would be nothing else."""

    def prefix(self, many: int, *, marked: bool) -> list[str]:
        """Return the first *many* words, names by their kind where *marked*."""
        found: list[str] = []
        place = 0
        for start, end, kind in self.spans if marked else ():
            if start < place or end > many:
                continue
            found += [*self.words[place:start], kind]
            place = end
        return [*found, *self.words[place:many]]

    def missing(self, many: int) -> str:
        """Return the role that is missing after the first *many* words."""
        return next((role for role in self.roles[many:] if role), REST)


@click.command()
@click.option("--version", default="2026-11-29.1", show_default=True, help="Version on the card.")
@click.option("--out", type=click.Path(path_type=Path), default=SHIPPED, help="Folder to write.")
def main(*, version: str, out: Path) -> None:
    """Learn, measure on the development part, and write the artifact with its card."""
    data = Settings.from_environment().data
    if data is None:
        raise click.UsageError("Set GNOTHI_DATA to the folder of the public data sets.")
    fit, tune = training_sentences(data)
    torch.set_num_threads(1)
    network = learn([*fit, *tune], np.random.default_rng(SEED), report=click.echo)
    figures = measure(network, development_sentences(data), np.random.default_rng(SEED))
    content = network.write()
    card = Card(
        name=NAME,
        version=version,
        kind="npz",
        files={},
        command=f"gnothi-train endings --version {version}",
        seed=SEED,
        data=sources(_SOURCES, [one.words for one in (*fit, *tune)]),
        figures=figures,
        notices=("The sha256 is that of all sentences together, as they were learned from.",),
    )
    write_artifact(out, card, {FILE: content})
    click.echo(json.dumps(figures))


def training_sentences(data: Path) -> tuple[list[Sentence], list[Sentence]]:
    """Return the sentences of the training part, and the slice of them to tune on."""
    found: dict[tuple[str, ...], Sentence] = {}
    for name in _GENERAL:
        for example in filter(_is_drawn, read_set(data, name, "train")):
            one = sentence(example, labelled=False)
            found.setdefault(one.words, one)
    found |= {one.words: one for one in map(sentence, stranded())}
    labelled = filter(_is_drawn, examples("train", data))
    found |= {one.words: one for one in map(sentence, labelled)}
    dev = {words_of(one.text) for one in read_set(data, "massive_en", "dev")}
    kept = [one for one in found.values() if one.words and one.words not in dev]
    sliced = [in_tuning_slice(" ".join(one.words)) for one in kept]
    return (
        [one for one, tune in zip(kept, sliced, strict=True) if not tune],
        [one for one, tune in zip(kept, sliced, strict=True) if tune],
    )


def stranded() -> Iterator[Example]:
    """Yield complete requests that end as if they did not: "what should I listen to"."""
    text = resources.files(__package__).joinpath("stranded.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            parts = [part.split("|") for part in re.split(r"[()]", line)]
            yield from (
                Example(" ".join("".join(chosen).split()), None, None, source="stranded")
                for chosen in product(*parts)
            )


def _is_drawn(example: Example) -> bool:
    """Whether *example* is among those that are learned from: of what is plentiful, a part."""
    share = _SHARES.get(example.source, 100)
    return hashlib.sha256(example.text.encode()).digest()[0] * 100 < 256 * share


def development_sentences(data: Path) -> list[Sentence]:
    """Return the sentences of the development part, each once."""
    return unique(map(sentence, examples("dev", data)))


def unique(sentences: Iterable[Sentence]) -> list[Sentence]:
    """Return *sentences* that say something, each once."""
    return list({one.words: one for one in sentences if one.words}.values())


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of *text* in the forms that endings are judged by."""
    return tuple(part for word in tokenise(text) for part in word.form.split())


def sentence(example: Example, *, labelled: bool = True) -> Sentence:
    """Return *example* as words with their roles."""
    words: list[str] = []
    roles: list[str | None] = []
    named: dict[tuple[int, int], list[int]] = {}
    for word in tokenise(example.text):
        span = next(
            (s for s in example.spans or () if s.start <= word.start and word.end <= s.end), None
        )
        for part in word.form.split():
            if span and span.name in SLOTS:
                named.setdefault((span.start, span.end), []).append(len(words))
            words.append(part)
            roles.append(span.name if span else None)
    kinds = {(s.start, s.end): SLOTS[s.name] for s in example.spans or () if s.name in SLOTS}
    spans = sorted((at[0], at[-1] + 1, kinds[place]) for place, at in named.items())
    known = labelled and example.spans is not None
    return Sentence(
        tuple(words), tuple(roles), tuple(spans), known, stranded=example.source == "stranded"
    )


@dataclass(frozen=True, slots=True)
class Case:
    """Words, and what is missing after them: a class, or ``None`` where nobody knows."""

    words: tuple[str, ...]
    missing: str | None


def cases(
    sentences: Sequence[Sentence], known: frozenset[tuple[str, ...]], rng: np.random.Generator
) -> Iterator[Case]:
    """Yield each of *sentences* complete and, if it is long enough, cut off.

    *known* are words that are complete wherever they come from.
    """
    for one in sentences:
        marked = rng.random() < _MARKED
        size = len(one.words)
        if one.stranded:
            yield from [Case(_worn(list(one.words), rng), COMPLETE)] * _STRANDED
            continue
        yield Case(_worn(one.prefix(size, marked=marked), rng), COMPLETE)
        if size > 1:
            many = min(size - 1, max(1, round(size * rng.uniform(*_AT))))
            complete = one.words[:many] in known
            missing = COMPLETE if complete else one.missing(many) if one.labelled else None
            yield Case(_worn(one.prefix(many, marked=marked), rng), missing)


def _worn(words: list[str], rng: np.random.Generator) -> tuple[str, ...]:
    """Return *words*, some of them replaced by what nobody has heard."""
    drawn = rng.random(len(words))
    return tuple(
        "?" if chance < _DROPPED else word for word, chance in zip(words, drawn, strict=True)
    )


class _Network(nn.Module):
    def __init__(self, classes: int) -> None:
        super().__init__()
        self.table = nn.EmbeddingBag(ROWS, WIDTH, mode="mean")
        self.hidden = nn.Linear(GROUPS * WIDTH, HIDDEN)
        self.out = nn.Linear(HIDDEN, classes)
        self.drop = nn.Dropout(0.2)

    def forward(self, rows: Tensor, offsets: Tensor) -> Tensor:
        """Return logits; *rows* of all groups of all cases, one bag after the other."""
        means = self.table(rows, offsets).view(-1, GROUPS * WIDTH)
        return self.out(self.drop(torch.relu(self.hidden(self.drop(means)))))


def learn(
    sentences: Sequence[Sentence], rng: np.random.Generator, report: object = None
) -> EndingNetwork:
    """Return a network that has learned from *sentences*."""
    roles = sorted({role for one in sentences if one.labelled for role in one.roles if role})
    classes = (COMPLETE, REST, *roles)
    known = frozenset(one.words for one in sentences)
    torch.manual_seed(SEED)
    network = _Network(len(classes)).train()
    optimiser = torch.optim.Adam(network.parameters(), lr=_RATE)
    for epoch in range(EPOCHS):
        drawn = list(cases(sentences, known, rng))
        order = rng.permutation(len(drawn))
        for group in optimiser.param_groups:
            group["lr"] = _RATE * (1 - epoch / EPOCHS)
        losses = [
            _step(network, optimiser, [drawn[at] for at in order[start : start + _SIZE]], classes)
            for start in range(0, len(order), _SIZE)
        ]
        if callable(report):
            report(f"{epoch + 1} of {EPOCHS}: {np.mean(losses):.3f} over {len(drawn)} cases")
    return _packed(network.eval(), classes)


def _step(
    network: _Network,
    optimiser: torch.optim.Optimizer,
    some: Sequence[Case],
    classes: tuple[str, ...],
) -> float:
    logits = network(*_bags(some))
    likelihoods = torch.log_softmax(logits, -1)
    cut = torch.log1p(-likelihoods[:, 0].exp().clamp(max=1 - 1e-6))  # any class but complete
    wanted = torch.tensor([classes.index(one.missing) if one.missing else 0 for one in some])
    chosen = likelihoods[torch.arange(len(some)), wanted]
    vague = torch.tensor([one.missing is None for one in some])
    loss = -torch.where(vague, cut, chosen).mean()
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    return float(loss.detach())


def _bags(some: Sequence[Case]) -> tuple[Tensor, Tensor]:
    bags = [rows for one in some for rows in features(one.words)]
    offsets = np.cumsum([0, *map(len, bags[:-1])])
    rows = np.concatenate([np.array(bag) for bag in bags])
    return torch.from_numpy(rows), torch.from_numpy(offsets)


def _packed(network: _Network, classes: tuple[str, ...]) -> EndingNetwork:
    weights = {key: value.detach().numpy() for key, value in network.state_dict().items()}
    scale = float(np.abs(weights["table.weight"]).max()) / 127
    return EndingNetwork(
        classes=classes,
        table=np.round(weights["table.weight"] / scale).astype(np.int8),
        scale=scale,
        hidden=weights["hidden.weight"].T.astype(np.float32),
        hidden_bias=weights["hidden.bias"],
        out=weights["out.weight"].T.astype(np.float32),
        out_bias=weights["out.bias"],
    )


def measure(
    network: EndingNetwork, sentences: Sequence[Sentence], rng: np.random.Generator
) -> dict[str, float]:
    """Return what the network makes of *sentences* that it has not seen, whole and cut."""
    whole, cut, role = judged(network, sentences, rng)
    found: dict[str, float] = {"dev_sentences": float(len(sentences))}
    for rate in (0.01, 0.02, 0.05):
        least = float(np.quantile(whole, 1 - rate))
        found[f"found_at_{rate:g}_false"] = round(float(np.mean(cut > least)), 4)
        found[f"least_at_{rate:g}_false"] = round(least, 4)
    found["dev_role_right"] = round(float(np.mean(role)), 4)
    return found


def judged(
    network: EndingNetwork, sentences: Sequence[Sentence], rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the chances of being cut of whole and of cut sentences, and where roles are right."""
    whole = [network.judge(one.words).cut for one in sentences]
    known = frozenset(one.words for one in sentences)
    cut, role = list[float](), list[bool]()
    for one in sentences:
        if len(one.words) < 2:
            continue
        many = min(len(one.words) - 1, max(1, round(len(one.words) * rng.uniform(0.6, 0.9))))
        if one.words[:many] in known:
            continue
        found = network.judge(one.words[:many])
        cut.append(found.cut)
        if one.labelled:
            role.append(found.roles[0][0] == one.missing(many))
    return np.array(whole), np.array(cut), np.array(role)


if __name__ == "__main__":
    main()
