"""What is said in one home, learned from recordings: sentences, and which names are said how often.

The artifact ``hearing/usage``. A name of the home within a sentence stands for all of its kind, so
that "tuck in the moon lamp" says something about every lamp (Brown et al. 1992); words that are no
names stay as they are, and those that no language model knew become possible. All of it is counted
on top of what is said to assistants in general (``gnothi.speech.wording``).
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from gnothi.core.errors import ArtifactError
from gnothi.core.hearing import Usage
from gnothi.core.protocols import Name
from gnothi.speech.wording import CLASSES
from gnothi.speech.words import said

NAME = "hearing/usage"
FILE = "usage.json"
WEIGHT = 10.0
"""How often a sentence that was said once counts beside those of the language model: of 3, 10 and
30 it did best where it was tuned (docs/decisions/0032)."""
_OFTEN = 5
"""A sentence counts as if it was said no more often than this: nobody's favourite takes all."""
_MOST = 500
"""Sentences that are kept, those that were said most often."""
_LONGEST = 40

Gram = tuple[str, ...]


def usage_of(texts: Iterable[str], names: Sequence[Name], *, weight: float = WEIGHT) -> Usage:
    """Count what is said in *texts*, in a home with these *names*."""
    kinds = _kinds(names)
    sentences: Counter[Gram] = Counter()
    used: Counter[Gram] = Counter()
    for text in texts:
        symbols, found = classed(said(text)[:_LONGEST], kinds)
        used.update(found)
        if symbols:
            sentences[symbols] += 1
    counted = sorted(sentences.items(), key=lambda one: (-one[1], one[0]))[:_MOST]
    return Usage(
        tuple((symbols, weight * min(times, _OFTEN)) for symbols, times in counted),
        tuple(sorted((name, float(times)) for name, times in used.items())),
    )


def classed(words: Gram, kinds: Mapping[Gram, str]) -> tuple[Gram, list[Gram]]:
    """Return *words* with the names in *kinds* replaced by their class, and those names.

    The longest name wins, from left to right.
    """
    longest = max(map(len, kinds), default=0)
    symbols: list[str] = []
    names: list[Gram] = []
    at = 0
    while at < len(words):
        for size in range(min(longest, len(words) - at), 0, -1):
            name = words[at : at + size]
            if name in kinds:
                symbols.append(kinds[name])
                names.append(name)
                at += size
                break
        else:
            symbols.append(words[at])
            at += 1
    return tuple(symbols), names


def common(usage: Usage, other: Usage) -> Usage:
    """Return what is in *usage* and in *other*, each thing as often as where it counts less."""

    def shared(
        these: tuple[tuple[Gram, float], ...], those: tuple[tuple[Gram, float], ...]
    ) -> tuple[tuple[Gram, float], ...]:
        known = dict(those)
        return tuple((what, min(times, known[what])) for what, times in these if what in known)

    return Usage(shared(usage.sentences, other.sentences), shared(usage.names, other.names))


def packed(usage: Usage) -> bytes:
    """Return the content of ``FILE``: the same bytes for the same usage."""
    told = {
        "sentences": [[" ".join(symbols), times] for symbols, times in usage.sentences],
        "names": [[" ".join(name), times] for name, times in usage.names],
    }
    return json.dumps(told, indent=1).encode("ascii")


def read_usage(folder: Path) -> Usage:
    """Read the artifact in *folder*, whose hashes were checked.

    Raises:
        ArtifactError: it holds no usage.
    """
    try:
        told: dict[str, Any] = json.loads((folder / FILE).read_bytes())
        sentences, names = (
            tuple((tuple(str(text).split()), float(times)) for text, times in told[part])
            for part in ("sentences", "names")
        )
        return Usage(sentences, names)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ArtifactError(f"{folder / FILE} can't be read: {error!r}") from error


def _kinds(names: Sequence[Name]) -> dict[Gram, str]:
    return {
        words: CLASSES[name.kind]
        for name in names
        if name.kind in CLASSES and (words := said(name.text))
    }
