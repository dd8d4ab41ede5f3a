"""Sentences for the recogniser, with templates and slot values of each part kept apart.

A part is ``train``, ``dev`` or ``test``, told by the hash of the template, the phrase, the home or
the value, so that nobody has to remember it. What the benchmarks of language hold out is ``test``
here too. Commands of the development part are made of templates *and* of names that training never
sees; words of the language itself (numbers, colours, verbs) are common to all.
"""

import hashlib
import re
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from gnothi_train.language import homes
from gnothi_train.language.examples import read_records, read_set
from gnothi_train.language.grammar import GRAMMAR, OPEN, Grammar
from gnothi_train.language.splits import held_out, template
from gnothi_train.speech.wording import spoken

PARTS = ("train", "dev", "test")
SOURCES = ("massive_en", "ha_intents", "ha_device_actions", "home_llm_piles")
"""Public sets that sentences come from, all of licences that let a model be shipped."""

_OPEN = OPEN | {"item", "person"}
_LANGUAGE = Path(homes.__file__).parent
_MARK = re.compile(r"\[\w+ ([^\]]*)\]")
_LONGEST = 22
"""Words; longer sentences are left to the long-form recordings."""
_DIGITS = "zero one two three four five six seven eight nine oh".split()


def part(key: str) -> str:
    """Return the part that *key* (a template, a phrase, a home, a value) belongs to."""
    if held_out(key):
        return "test"
    return "dev" if hashlib.sha256(key.encode()).digest()[1] % 8 == 0 else "train"


class PartGrammar(Grammar):
    """The grammar of the built-in ontology, reduced to the templates and names of one part."""

    def __init__(self, name: str) -> None:
        """Keep what belongs to the part called *name*."""
        super().__init__()
        self.intents = {
            intent: kept
            for intent, templates in self.intents.items()
            if (kept := [one for one in templates if part(one) == name])
        }
        for key, lexicon in list(self._lists.items()):
            names = [value for value in lexicon.values if part(value) == name]
            if lexicon.slot in _OPEN and names:
                self._lists[key] = type(lexicon)(lexicon.slot, tuple(names))


def commands(name: str, data: Path, rng: np.random.Generator) -> list[str]:
    """Return distinct spoken commands of the part called *name*, in random order."""
    grammar = PartGrammar(name)
    intents = list(grammar.intents)
    made = [grammar.sample(intents[i % len(intents)], rng).text for i in range(20_000)]
    made += [row["text"] for row in _device_actions(data) if part(row["home"]) == name]
    made += [
        row["text"]
        for row, _ in homes.ha_sentences(data)
        if part(template(row["text"], _values(row["slots"]))) == name
    ]
    for _ in range(4):
        made += [text for phrase, text in _piles(data, rng) if part(phrase) == name]
    made += [text for text in _own_sentences() if part(text) == name]
    return _shuffled(made, rng)


def general(name: str, data: Path, rng: np.random.Generator) -> list[str]:
    """Return other things that are said to an assistant, in random order."""
    made = [
        example.text
        for example in read_set(data, "massive_en", "dev" if name == "dev" else "train")
        if name != "test"
    ]
    made += [text for text in _utterances() if part(text) == name]
    return _shuffled(made, rng)


def digits(rng: np.random.Generator, count: int) -> list[str]:
    """Return *count* strings of one to seven digits."""
    return [" ".join(rng.choice(_DIGITS, rng.integers(1, 8))) for _ in range(count)]


def read_sample(
    name: str, data: Path, rng: np.random.Generator, count: int, *, home: float = 0.6
) -> list[str]:
    """Return *count* sentences: the share *home* commands, the rest other talk and digits."""
    most = round(count * home)
    chosen = commands(name, data, rng)[:most]
    chosen += digits(rng, count // 33)
    chosen += general(name, data, rng)[: count - len(chosen)]
    return [chosen[i] for i in rng.permutation(len(chosen))]


def _shuffled(texts: Sequence[str], rng: np.random.Generator) -> list[str]:
    said = dict.fromkeys(spoken(text) for text in texts)
    kept = [text for text in said if text and len(text.split()) <= _LONGEST]
    return [kept[i] for i in rng.permutation(len(kept))]


def _device_actions(data: Path) -> Iterator[dict]:
    for row in read_records(data / "llm" / "ha_device_actions" / "device_actions_v2.jsonl.gz"):
        if "[" not in row["text"]:
            yield row


def _values(slots: dict) -> dict[str, object]:
    first = {name: value[0] if isinstance(value, list) else value for name, value in slots.items()}
    return {name: str(value).strip() for name, value in first.items()}


def _piles(data: Path, rng: np.random.Generator) -> Iterator[tuple[str, str]]:
    piles = homes.Piles(data)
    for row, example in zip(piles.phrases, piles.examples(rng), strict=True):
        yield row[0], example.text


def _own_sentences() -> Iterator[str]:
    text = (_LANGUAGE / "sentences.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if " | " in line and not line.startswith("#"):
            yield line.split(" | ", 1)[1]


def _utterances() -> Iterator[str]:
    for path in sorted((_LANGUAGE / "utterances").glob("*.txt")):
        if path.name == "tune.txt":
            continue
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.count(" | ") >= 1 and not line.startswith("#"):
                yield _MARK.sub(r"\1", line.rsplit(" | ", 1)[1])


def values(name: str) -> dict[str, list[str]]:
    """Return the names of rooms, devices and the like that the part called *name* uses."""
    lists = tomllib.loads(GRAMMAR.read_text(encoding="utf-8"))["lists"]
    return {
        key: [value for value in entry["values"] if part(value) == name]
        for key, entry in lists.items()
        if entry["slot"] in _OPEN
    }
