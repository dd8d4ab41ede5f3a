"""Labelled sentences, and the public data sets they are read from."""

import gzip
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from gnothi.core.understanding import Situation


@dataclass(frozen=True, slots=True)
class Span:
    """Characters ``start:end`` fill the slot *name*."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Example:
    """One sentence with what is known of it; ``None`` where nothing is known."""

    text: str
    intent: str | None
    spans: tuple[Span, ...] | None = ()
    in_scope: bool | None = True
    moves: tuple[Span, ...] | None = None
    """The moves of the sentence, named by ``gnothi.core.understanding.Kind``."""
    situation: Situation = Situation.IDLE
    source: str = ""


def read_records(path: Path) -> Iterator[dict]:
    """Yield the records of a gzipped file with one JSON object a line."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def read_set(data: Path, name: str, part: str) -> list[Example]:
    """Return *part* (``train`` or ``dev``) of the single-turn set called *name*."""
    records = read_records(data / "nlu" / name / f"{part}.jsonl.gz")
    return [_example(record, name) for record in records]


def _example(record: dict, source: str) -> Example:
    spans = tuple(Span(name, start, end) for name, _, start, end in record.get("slots", ()))
    intent = record["intent"]
    if intent == "oos":
        return Example(record["text"], None, None, in_scope=False, source=source)
    known = spans if "slots" in record else None
    return Example(record["text"], intent, known, source=source)


def without(examples: Sequence[Example], texts: set[str]) -> list[Example]:
    """Return the *examples* whose text is not among *texts*, each text once."""
    seen = set(texts)
    return [e for e in examples if not (e.text in seen or seen.add(e.text))]
