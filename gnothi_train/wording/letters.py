"""Grow the tree that reads unknown words: ``python -m gnothi_train.wording.letters``.

Letters of the dictionary are aligned with phones (each letter says none, one or two) by Viterbi
training, and a tree over contexts keeps what is said most. The card's figures are of one word in
ten that the tree did not see; the shipped tree has seen all.
"""

import hashlib
import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

import click
from rapidfuzz.distance import Levenshtein

from gnothi.core.artifact import Card
from gnothi.speech.pronounce import FILE, NAME, SHIPPED, Letters, Phones, contexts
from gnothi.speech.sphinx import dictionary_file, read_dictionary
from gnothi_train.artifact import write_artifact

Pair = tuple[str, Phones]
_MOST = 2
_ROUNDS = 4
_PRUNED = 1
"""A longer context must have been seen so often to change what is said."""
_NOTICE = "LICENSE-CMUDICT.txt"


@click.command()
@click.option("--version", default="2026-11-29.1", show_default=True, help="Version on the card.")
@click.option("--out", type=click.Path(path_type=Path), default=SHIPPED, help="Folder to write.")
def main(*, version: str, out: Path) -> None:
    """Grow, measure on words that were kept apart, and write the artifact with its card."""
    source = dictionary_file()
    words = [(w, p[0]) for w, p in read_dictionary(source).items() if w.isalpha() and w.isascii()]
    seen = [pair for pair in words if not _apart(pair[0])]
    unseen = [pair for pair in words if _apart(pair[0])]
    figures = measured(grown(seen), unseen)
    letters = grown(words)
    figures["contexts"] = float(len(letters))
    _write(letters, figures, version, out, source)
    click.echo(json.dumps(figures))


def grown(words: Sequence[Pair]) -> Letters:
    """Return the tree of *words* with their phones."""
    spoken: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for (word, _), phones in zip(words, aligned(words), strict=True):
        if phones is None:
            continue
        for context, said in zip(contexts(word), phones, strict=True):
            for end in range(1, len(context) + 1):
                spoken[context[:end]][said] += 1
    kept: dict[str, str] = {}
    for context in sorted(spoken, key=len):
        (best, times), *_ = spoken[context].most_common(1)
        before = _said(kept, context[:-1])
        if before is None or (best != before and times - spoken[context][before] >= _PRUNED):
            kept[context] = best
    return Letters(kept)


def aligned(words: Sequence[Pair]) -> list[list[str] | None]:
    """Return what each letter of each word says; ``None`` for words that can't be aligned."""
    scores: dict[tuple[str, str], float] = {}
    found: list[list[str] | None] = []
    for step in range(_ROUNDS):
        chosen = words if step == _ROUNDS - 1 else words[:: 8 // (step + 1)]
        found = [_align(word, phones, scores) for word, phones in chosen]
        times: Counter[tuple[str, str]] = Counter()
        for (word, _), parts in zip(chosen, found, strict=True):
            times.update(zip(word, parts or (), strict=False))
        letters: Counter[str] = Counter()
        for (letter, _), count in times.items():
            letters[letter] += count
        scores = {pair: math.log(count / letters[pair[0]]) for pair, count in times.items()}
    return found


def measured(letters: Letters, words: Iterable[Pair]) -> dict[str, float]:
    """Return the share of words and of phones that *letters* gets wrong."""
    wrong, errors, length, total = 0, 0, 0, 0
    for word, phones in words:
        distance = Levenshtein.distance(letters.sound(word), phones)
        wrong, errors = wrong + (distance > 0), errors + distance
        length, total = length + len(phones), total + 1
    return {
        "unseen_words": float(total),
        "word_error_rate": round(wrong / total, 4),
        "phone_error_rate": round(errors / length, 4),
    }


def _align(word: str, phones: Phones, scores: dict[tuple[str, str], float]) -> list[str] | None:
    """Return the best way to part *phones* over the letters of *word*."""
    width = len(phones)
    best: list[dict[int, tuple[float, int]]] = [{0: (0.0, 0)}]
    for at, letter in enumerate(word):
        row: dict[int, tuple[float, int]] = {}
        left = len(word) - at - 1
        for done, (score, _) in best[-1].items():
            for taken in range(_MOST + 1):
                end = done + taken
                if end > width or width - end > _MOST * left:
                    continue
                new = score + _score(letter, " ".join(phones[done:end]), taken, scores)
                if end not in row or new > row[end][0]:
                    row[end] = (new, taken)
        best.append(row)
    if width not in best[-1]:
        return None
    parts, end = list[str](), width
    for row in reversed(best[1:]):
        taken = row[end][1]
        parts.append(" ".join(phones[end - taken : end]))
        end -= taken
    return parts[::-1]


def _score(letter: str, said: str, taken: int, scores: dict[tuple[str, str], float]) -> float:
    if not scores:
        alike = letter in said.lower() or (letter in "aeiouy" and said[:1] in set("AEIOU"))
        return (0.0 if alike else -2.0) - abs(taken - 1)
    return scores.get((letter, said), -12.0)


def _said(kept: dict[str, str], context: str) -> str | None:
    for end in range(len(context), 0, -1):
        if context[:end] in kept:
            return kept[context[:end]]
    return None


def _apart(word: str) -> bool:
    return hashlib.sha256(word.encode()).digest()[0] % 10 == 0


def _write(
    letters: Letters, figures: dict[str, float], version: str, folder: Path, source: Path
) -> None:
    content, notice = letters.packed(), (SHIPPED / _NOTICE).read_bytes()
    card = Card(
        name=NAME,
        version=version,
        kind="npz",
        files={},
        command=f"python -m gnothi_train.wording.letters --version {version}",
        data=(
            {
                "name": "CMU Pronouncing Dictionary, as pocketsphinx has it",
                "sha256": hashlib.sha256(source.read_bytes()).hexdigest(),
                "licence": "BSD-2-Clause",
            },
        ),
        figures=figures,
        notices=(
            "Figures are of one word in ten that the tree did not see; stress is not told apart.",
            f"The licence of the dictionary is {_NOTICE}.",
        ),
    )
    write_artifact(folder, card, {FILE: content, _NOTICE: notice})


if __name__ == "__main__":
    main()
