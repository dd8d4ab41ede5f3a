"""Count how assistants are spoken to: ``python -m gnothi_train.wording.fit``.

Sentences of the training part (``gnothi_train.speech.corpus.part``) are cut into words, names are
replaced by their kind, and triples are counted. The card's figure is the perplexity on the
development part, whose templates and names are others.
"""

import json
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import click
import numpy as np

from gnothi.core.artifact import Card
from gnothi.core.settings import Settings
from gnothi.speech.ngrams import BEGIN, END, Gram, Ngrams, count, estimate
from gnothi.speech.wording import AREA, DEVICE, FILE, LIST, NAME, PERSON, SHIPPED, Wording
from gnothi.speech.words import said
from gnothi_train.artifact import sources, write_artifact
from gnothi_train.language import homes
from gnothi_train.language.examples import Example, Span, read_records, read_set
from gnothi_train.language.splits import template
from gnothi_train.speech.corpus import PartGrammar, part

SEED = 0
SLOTS = {"device_type": DEVICE, "house_place": AREA, "list_name": LIST, "person": PERSON}
_LANGUAGE = Path(homes.__file__).parent
_MARK = re.compile(r"\[\w+ ([^\]]*)\]")
_SAMPLES = 30_000
_RARE = 2
"""Names said less often are left out: other homes have others."""
_SOURCES = {
    "MASSIVE 1.0": "CC BY 4.0",
    "Home Assistant intents": "CC BY 4.0",
    "home-assistant-datasets, device actions": "Apache-2.0",
    "home-llm, phrase piles": "MIT",
    "sentences of the project": "Apache-2.0",
}


@click.command()
@click.option("--version", default="2026-11-29.1", show_default=True, help="Version on the card.")
@click.option("--out", type=click.Path(path_type=Path), default=SHIPPED, help="Folder to write.")
def main(*, version: str, out: Path) -> None:
    """Count, measure on the development part, and write the artifact with its card."""
    data = Settings.from_environment().data
    if data is None:
        raise click.UsageError("Set GNOTHI_DATA to the folder of the public data sets.")
    sentences, names = _symbols(examples("train", data))
    wording = Wording(count((one, 1.0) for one in sentences), _shares(names))
    unseen, _ = _symbols(examples("dev", data))
    figures = {
        "dev_perplexity": round(perplexity(estimate(wording.counts), unseen), 1),
        "sentences": float(len(sentences)),
        "triples": float(len(wording.counts)),
    }
    write(wording, figures, version, out, sentences)
    click.echo(json.dumps(figures))


def examples(name: str, data: Path) -> Iterator[Example]:
    """Yield what people say in the part called *name*, with the places of names where known."""
    rng = np.random.default_rng(SEED)
    if name != "test":
        yield from read_set(data, "massive_en", name)
    grammar = PartGrammar(name)
    intents = list(grammar.intents)
    samples = _SAMPLES if name == "train" else _SAMPLES // 10
    yield from (grammar.sample(intents[i % len(intents)], rng) for i in range(samples))
    for row in read_records(data / "llm" / "ha_device_actions" / "device_actions_v2.jsonl.gz"):
        if part(row["home"]) == name and "[" not in row["text"]:
            spans = homes.label(row["text"], "", area=row["area"], device=row["device"])
            yield Example(row["text"], "", spans, source="ha_device_actions")
    for row, _ in homes.ha_sentences(data):
        values = {key: _first(value) for key, value in row["slots"].items()}
        if part(template(row["text"], values)) == name:
            area = str(values.get("area") or values.get("floor") or "")
            device = str(values.get("name", "")).removeprefix("all")
            spans = homes.label(row["text"], "", area=area, device=device)
            yield Example(row["text"], "", spans, source="ha_intents")
    piles = homes.Piles(data)
    piles.phrases = [row for row in piles.phrases if part(row[0]) == name]
    yield from piles.examples(rng)
    yield from (Example(text, "") for text in _own() if part(text) == name)


def perplexity(ngrams: Ngrams, sentences: Iterable[Sequence[str]]) -> float:
    """Return 2 to the mean surprise of a symbol, over sentences whose every symbol is known."""
    known, surprise, length = ngrams.symbols, 0.0, 0
    for symbols in sentences:
        if not known.issuperset(symbols):
            continue
        framed = (BEGIN, *symbols, END)
        for at in range(1, len(framed)):
            surprise -= math.log2(ngrams.chance(framed[at], framed[max(0, at - 2) : at]))
        length += len(framed) - 1
    return 2 ** (surprise / length)


def write(
    wording: Wording,
    figures: dict[str, float],
    version: str,
    folder: Path,
    sentences: Sequence[Gram],
) -> None:
    """Write the artifact of what was counted in *sentences*, and its card, to *folder*."""
    content = wording.packed()
    card = Card(
        name=NAME,
        version=version,
        kind="npz",
        files={},
        command=f"python -m gnothi_train.wording.fit --version {version}",
        seed=SEED,
        data=sources(_SOURCES, sentences),
        figures=figures,
        notices=("The sha256 is that of all sentences together, as they were counted.",),
    )
    write_artifact(folder, card, {FILE: content})


def _symbols(found: Iterable[Example]) -> tuple[list[Gram], dict[str, Counter[Gram]]]:
    """Return sentences as symbols, each once, and how often each name was said."""
    names: dict[str, Counter[Gram]] = defaultdict(Counter)
    sentences: dict[Gram, None] = {}
    for example in found:
        symbols: list[str] = []
        end = 0
        for span in sorted(_named(example), key=lambda one: one.start):
            words = said(example.text[span.start : span.end])
            if span.start < end or not words:
                continue
            symbols += [*said(example.text[end : span.start]), SLOTS[span.name]]
            names[SLOTS[span.name]][words] += 1
            end = span.end
        symbols += said(example.text[end:])
        if symbols:
            sentences[tuple(symbols)] = None
    return list(sentences), names


def _named(example: Example) -> list[Span]:
    return [span for span in example.spans or () if span.name in SLOTS]


def _shares(names: dict[str, Counter[Gram]]) -> dict[str, dict[Gram, float]]:
    kept = {
        kind: {name: times for name, times in counted.items() if times >= _RARE}
        for kind, counted in names.items()
    }
    return {
        kind: {name: times / sum(counted.values()) for name, times in counted.items()}
        for kind, counted in kept.items()
    }


def _first(value: object) -> object:
    return str(value[0] if isinstance(value, list) else value).strip()


def _own() -> Iterator[str]:
    for line in (_LANGUAGE / "sentences.txt").read_text(encoding="utf-8").splitlines():
        if " | " in line and not line.startswith("#"):
            yield line.split(" | ", 1)[1]
    for path in sorted((_LANGUAGE / "utterances").glob("*.txt")):
        if path.name == "tune.txt":
            continue
        for line in path.read_text(encoding="utf-8").splitlines():
            if " | " in line and not line.startswith("#"):
                yield _MARK.sub(r"\1", line.rsplit(" | ", 1)[1])


if __name__ == "__main__":
    main()
