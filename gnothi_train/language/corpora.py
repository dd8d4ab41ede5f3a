"""What each flavour of the language network is trained on."""

import hashlib
import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from importlib import resources
from itertools import pairwise
from pathlib import Path

import numpy as np

from gnothi.core.understanding import Kind
from gnothi_train.language import augment, homes, moves
from gnothi_train.language.encoding import Labels
from gnothi_train.language.examples import Example, Span, read_set, without
from gnothi_train.language.grammar import Grammar
from gnothi_train.language.moves import TUNE, Recombined, read_marked
from gnothi_train.language.splits import in_tuning_slice

LICENCES = {
    "massive_en": "CC BY 4.0",
    "hwu64": "CC BY 4.0",
    "clinc150": "CC BY 3.0",
    "snips": "CC0 1.0",
    "banking77": "CC BY 4.0",
    "ha_intents": "CC BY 4.0",
    "atis": "none stated: research only, never shipped",
    "ha_device_actions": "Apache-2.0",
    "home_llm_piles": "MIT",
}
_FOLDERS = {"ha_device_actions": "llm", "home_llm_piles": "llm"}


@dataclass(frozen=True, slots=True)
class Corpus:
    """Everything that a training run needs to know of its data."""

    labels: Labels
    tune: Sequence[Example]
    """A slice of the training data that is only measured on."""
    epoch: Callable[[np.random.Generator], list[Example]]
    """The examples of one epoch; augmentation makes each epoch different."""
    texts: Sequence[str]
    """Clean texts: for the vocabulary and the sentence embedding."""
    sets: tuple[str, ...]
    marked: Sequence[Example] = ()
    """Utterances in context, by an author of their own, on which moves are measured."""
    embeds: bool = False
    """Whether the sentence embedding is trained along."""
    thinned: Mapping[str, float] = field(default_factory=dict[str, float])
    """By how much intents are rarer in an epoch than among what people ask: natural logarithm."""


def hashes(data: Path, sets: Sequence[str]) -> tuple[dict[str, str], ...]:
    """Return name, hash and licence of the training part of each of *sets*, for the card."""
    public = tuple(
        {
            "name": name,
            "sha256": _hash(data / _FOLDERS.get(name, "nlu") / name),
            "licence": LICENCES[name],
        }
        for name in sets
    )
    own = {"name": "gnothi sentences and moves", "sha256": _own_hash(), "licence": "Apache-2.0"}
    return (*public, own) if len(sets) > 1 else public


def _own_hash() -> str:
    here = Path(__file__).parent
    files = [here / "grammar.toml", here / "sentences.txt", *sorted(here.glob("utterances/*.txt"))]
    total = hashlib.sha256()
    for path in files:
        if path.name != TUNE:
            total.update(path.read_bytes())
    return total.hexdigest()


def _hash(folder: Path) -> str:
    total = hashlib.sha256()
    for path in sorted(folder.glob("*.gz")):
        if not path.name.startswith("dev"):
            total.update(path.read_bytes())
    return total.hexdigest()


def corpus(name: str, data: Path) -> Corpus:
    """Return the corpus called *name*: massive, shipped, snips, atis or clinc150."""
    if name == "shipped":
        return _shipped(data)
    known = {"massive": "massive_en", "snips": "snips", "atis": "atis", "clinc150": "clinc150"}
    return _single(data, known[name])


FLAVOURS = ("massive", "shipped", "snips", "atis", "clinc150")
_VOCABULARY = ("massive_en", "hwu64", "clinc150", "snips", "banking77")


def general_texts(data: Path) -> list[str]:
    """Return the requests of all public training sets: what an assistant hears."""
    texts = [example.text for name in _VOCABULARY for example in read_set(data, name, "train")]
    texts += [example.text for example in homes.device_actions(data)]
    texts += [row["text"] for row, apart in homes.ha_sentences(data) if not apart]
    rng = np.random.default_rng(0)
    return texts + [example.text for example in homes.Piles(data).examples(rng)]


def _split(examples: Sequence[Example]) -> tuple[list[Example], list[Example]]:
    fit = [example for example in examples if not in_tuning_slice(example.text)]
    tune = [example for example in examples if in_tuning_slice(example.text)]
    return fit, tune


def _single(data: Path, name: str) -> Corpus:
    fit, tune = _split(read_set(data, name, "train"))
    known = [e for e in tune if e.intent is not None]
    values = augment.Values(fit)
    share = _SWAPPED if name == "massive_en" else 0.0
    return Corpus(
        labels=_labels(fit + tune),
        tune=known,
        epoch=lambda rng: [values.swap(e, rng) if rng.random() < share else e for e in fit],
        texts=[*general_texts(data), *(example.text for example in fit)],
        sets=(name,),
    )


def _labels(examples: Sequence[Example], *more: Grammar) -> Labels:
    intents = {example.intent for example in examples if example.intent}
    slots = {span.name for example in examples for span in example.spans or ()}
    for grammar in more:
        intents |= set(grammar.intents)
        slots |= grammar.slots
    return Labels(tuple(sorted(intents)), tuple(sorted(slots)))


def domains(labels: Labels) -> dict[str, str]:
    """Return the domain of every intent; extensions of MASSIVE are named as its domains are."""
    prefixes = {"media": "music", "timer": "timer"}
    return {name: prefixes.get(first := name.split("_")[0], first) for name in labels.intents}


@dataclass(frozen=True, slots=True)
class _Sources:
    """The parts that the shipped network is trained on."""

    massive: list[Example]
    values: augment.Values
    related: list[Example]
    written: list[Example]
    grammar: Grammar
    homes: list[Example]
    piles: homes.Piles
    known: list[Example]
    outside: list[str]
    foreign: list[str]
    words: list[str]
    moves: Recombined


GRAMMAR_EACH = 75
_JOINED, _KNOWN, _OUTSIDE, _FOREIGN, _GIBBERISH, _HOMES = 2000, 700, 2400, 500, 300, 1500
_SWAPPED = 0.12
"""Share of sentences in which one slot takes another value of its kind."""
_MIXED = 6000
"""Utterances made from the marked ones, in an epoch."""
_SLIPS = 0.01
"""Share of neighbouring values up to which those of one slot are slips."""
_MARKED_SHARE = 0.35
"""Share of plain requests from which the moves' head learns that they are one request."""


def _shipped(data: Path) -> Corpus:
    fit, tune = _split(read_set(data, "massive_en", "train"))
    dev = {example.text for example in read_set(data, "massive_en", "dev")}
    fit = [example for example in fit if not _contradicts(example) and example.text not in dev]
    related = _related(data, dev | {example.text for example in (*fit, *tune)})
    piles = homes.Piles(data)
    grammar = Grammar(more={"room": _areas(data), "lamp": piles.names["light"][:150]})
    clinc = read_set(data, "clinc150", "train")
    sources = _Sources(
        massive=fit,
        values=augment.Values(fit),
        related=related,
        written=without(_written(), dev),
        grammar=grammar,
        homes=[*homes.device_actions(data)],
        piles=piles,
        known=_known(clinc, dev),
        outside=_outside(clinc, related_outside(data)),
        foreign=homes.foreign(data),
        words=sorted({word for example in fit for word in example.text.split()}),
        moves=Recombined(read_marked(tune=False), [example.text for example in (*fit, *related)]),
    )
    ha = list(homes.ha_examples(data))
    epoch = partial(_shipped_epoch, sources, ha)
    texts = [*general_texts(data), *(example.text for example in sources.written)]
    texts += [*(moves.example(line).text for line in sources.moves.lines)]
    return Corpus(
        labels=_labels([*fit, *tune, *related, *sources.homes, *ha], grammar),
        tune=tune,
        epoch=epoch,
        thinned=_thinned(epoch(np.random.default_rng(0)), fit),
        texts=texts,
        sets=(
            "massive_en",
            "hwu64",
            "clinc150",
            "banking77",
            "ha_intents",
            "ha_device_actions",
            "home_llm_piles",
        ),
        marked=[moves.example(line) for line in read_marked(tune=True)],
        embeds=True,
    )


def values_touch(examples: Sequence[Example]) -> bool:
    """Whether values of one slot stand side by side, beyond slips of annotation."""
    same = [
        before.name == after.name
        for example in examples
        for before, after in pairwise(sorted(example.spans or (), key=lambda span: span.start))
        if not example.text[before.end : after.start].strip()
    ]
    return sum(same) > _SLIPS * len(same)


def _thinned(epoch: Sequence[Example], asked: Sequence[Example]) -> dict[str, float]:
    """Return by how much intents are rarer in an *epoch* than among what people *asked*.

    What was written for the home and for skills of our own thins the rest, by no merit of its own.
    Intents of the home keep their larger share: where there are devices, that is what is asked.
    """
    taught = Counter(example.intent for example in epoch if example.intent)
    wanted = Counter(example.intent for example in asked)
    shares = {
        intent: math.log(count / len(asked)) - math.log(taught[intent] / taught.total())
        for intent, count in wanted.items()
        if intent
    }
    return {intent: share for intent, share in shares.items() if share > 0}


def _shipped_epoch(sources: _Sources, ha: list[Example], rng: np.random.Generator) -> list[Example]:
    grammar = [
        sources.grammar.sample(intent, rng)
        for intent in sources.grammar.intents
        for _ in range(GRAMMAR_EACH * (5 if intent == "iot_state_query" else 1))
    ]
    home = [*_some(sources.homes, _HOMES, rng), *ha, *sources.piles.examples(rng)]
    labelled = [
        *sources.massive,
        *sources.related,
        *sources.written,
        *grammar,
        *home,
        *_some(sources.known, _KNOWN, rng),
    ]
    varied = [_vary(_as_move(example, rng), sources.values, rng) for example in labelled]
    outside = [
        *_some(sources.outside, _OUTSIDE, rng),
        *_some(sources.foreign, _FOREIGN, rng),
        *(augment.gibberish(rng, sources.words) for _ in range(_GIBBERISH)),
    ]
    strangers = [Example(text, None, None, in_scope=False, source="outside") for text in outside]
    told = sources.moves.epoch(rng, more=_MIXED)
    single = [e for e in (*sources.massive, *grammar, *home) if 2 <= len(e.text.split()) <= 9]
    joined = [_joined(single, grammar, rng) for _ in range(_JOINED)]
    return [*varied, *strangers, *joined, *told]


def _as_move(example: Example, rng: np.random.Generator) -> Example:
    """Return *example*, sometimes with the knowledge that all of it is one request."""
    if rng.random() >= _MARKED_SHARE:
        return example
    return replace(example, moves=(Span(Kind.REQUEST.value, 0, len(example.text)),))


def _joined(
    single: Sequence[Example], grammar: Sequence[Example], rng: np.random.Generator
) -> Example:
    many = 2 if rng.random() < 0.8 else 3
    chosen = [_one(grammar if rng.random() < 0.6 else single, rng) for _ in range(many)]
    chosen = [replace(example, text=example.text.rstrip(" .?!")) for example in chosen]
    sentence = augment.join(chosen, rng)
    return augment.wrap(sentence, rng) if rng.random() < 0.3 else sentence


def _vary(example: Example, values: augment.Values, rng: np.random.Generator) -> Example:
    if rng.random() < _SWAPPED and example.source == "massive_en":
        example = values.swap(example, rng)
    if rng.random() < 0.28:
        example = augment.wrap(example, rng)
    if rng.random() < 0.06:
        example = augment.shorten(example, rng)
    return augment.mistype(example, rng) if rng.random() < 0.16 else example


def _contradicts(example: Example) -> bool:
    """Tell rows that the extended ontology labels differently: "set lights to ten percent"."""
    amounts = [
        example.text[s.start : s.end] for s in example.spans or () if s.name == "change_amount"
    ]
    absolute = any(amount.startswith(("to ", "at ")) for amount in amounts)
    light = example.intent and example.intent.startswith("iot_hue_light")
    return bool(absolute and (light or example.intent == "audio_volume_up"))


def _related(data: Path, known: set[str]) -> list[Example]:
    table = homes.mapping()["hwu64"]
    rows = without(read_set(data, "hwu64", "train"), known)
    named = [replace(row, intent=table.get(row.intent, row.intent)) for row in rows]
    return [row for row in named if row.intent not in table["unsure"]]


def related_outside(data: Path) -> list[str]:
    """Return answers and judgements ("yes", "no that is wrong"): no requests by themselves."""
    unsure = homes.mapping()["hwu64"]["unsure"]
    return [row.text for row in read_set(data, "hwu64", "train") if row.intent in unsure]


def _written() -> list[Example]:
    """Return sentences of our own, of which only the intent is known."""
    file = resources.files("gnothi_train.language").joinpath("sentences.txt")
    rows = [line.split("|", 1) for line in file.read_text(encoding="utf-8").splitlines()]
    return [Example(text.strip(), intent.strip(), None, source="written") for intent, text in rows]


def _known(clinc: Sequence[Example], dev: set[str]) -> list[Example]:
    table = homes.mapping()["clinc150"]
    return [
        replace(row, intent=table[row.intent], spans=None)
        for row in clinc
        if row.intent in table and row.text not in dev
    ]


def _outside(clinc: Sequence[Example], more: list[str]) -> list[str]:
    table = homes.mapping()["clinc150"]
    known = set(table) | set(table["unsure"])
    return [row.text for row in clinc if row.intent and row.intent not in known] + more


def _areas(data: Path) -> list[str]:
    found = {
        example.text[span.start : span.end].lower()
        for example in homes.device_actions(data)
        for span in example.spans or ()
        if span.name == "house_place"
    }
    return sorted(found)


def _some(values: Sequence, many: int, rng: np.random.Generator) -> list:
    chosen = rng.choice(len(values), min(many, len(values)), replace=False)
    return [values[number] for number in chosen]


def _one(values: Sequence[Example], rng: np.random.Generator) -> Example:
    return values[rng.integers(len(values))]
