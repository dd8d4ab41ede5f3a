"""Sentences from ``grammar.toml``: what the built-in ontology adds to MASSIVE."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gnothi_train.language.examples import Example, Span

GRAMMAR = Path(__file__).with_name("grammar.toml")

_PIECE = re.compile(r"\{(\w+)\}|<(\w+)>|\{#(\d+)-(\d+)(?:/(\d+))?\}|([(\[|\])])|([^{<(\[|\])]+)")
_DEEPEST = 12
INVENTED_SHARE = 0.12


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Values that may fill a place, and the slot that they are then labelled with."""

    slot: str
    values: tuple[str, ...]


class Grammar:
    """Samples labelled sentences; the same generator gives the same sentences."""

    def __init__(
        self, path: Path = GRAMMAR, *, more: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        """Read the grammar at *path*; *more* adds values to its lists (names from data)."""
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        more = more or {}
        self._lists = {
            name: Lexicon(entry["slot"], (*entry["values"], *more.get(name, ())))
            for name, entry in content["lists"].items()
        }
        self._rules: dict[str, list[str]] = content["rules"]
        self.intents: dict[str, list[str]] = content["intents"]

    @property
    def slots(self) -> set[str]:
        """The slots that the sentences carry."""
        return {entry.slot for entry in self._lists.values() if entry.slot}

    def sample(self, intent: str, rng: np.random.Generator) -> Example:
        """Return one sentence for *intent*."""
        templates = self.intents[intent]
        writer = _Writer(self._lists, self._rules, rng)
        writer.write(templates[rng.integers(len(templates))])
        return writer.example(intent)


class _Writer:
    """Writes one sentence and remembers where its slots are."""

    def __init__(
        self,
        lists: Mapping[str, Lexicon],
        rules: Mapping[str, Sequence[str]],
        rng: np.random.Generator,
    ) -> None:
        self._lists, self._rules, self._rng = lists, rules, rng
        self._text = ""
        self._spans: list[Span] = []
        self._depth = 0

    def write(self, template: str) -> None:
        """Append one expansion of *template*."""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise RecursionError(f"The rule '{template}' uses itself.")
        for match in _PIECE.finditer(self._choose(template)):
            name, rule, low, high, step, _, literal = match.groups()
            if name:
                self._fill(self._lists[name])
            elif rule:
                self.write(self._pick(self._rules[rule]))
            elif low:
                numbers = range(int(low), int(high) + 1, int(step or 1))
                self._say(str(numbers[self._rng.integers(len(numbers))]))
            elif literal:
                self._say(literal)
        self._depth -= 1

    def example(self, intent: str) -> Example:
        """Return what was written, with single spaces, as an example of *intent*."""
        text = self._text.rstrip()
        return Example(text, intent, tuple(self._spans), source="grammar")

    def _fill(self, lexicon: Lexicon) -> None:
        value = self._pick(lexicon.values)
        if lexicon.slot in OPEN and self._rng.random() < INVENTED_SHARE:
            value = invent(value, self._rng)
        start = len(self._text)
        self.write(value)
        if lexicon.slot:
            self._spans.append(Span(lexicon.slot, start, len(self._text)))

    def _say(self, words: str) -> None:
        if not self._text or self._text.endswith(" "):
            words = words.lstrip()
        self._text += words

    def _pick(self, values: Sequence[str]) -> str:
        return values[self._rng.integers(len(values))]

    def _choose(self, template: str) -> str:
        """Resolve ``(a|b)`` and ``[a]``, innermost first."""
        while found := re.search(r"\(([^()\[\]]*)\)|\[([^()\[\]]*)\]", template):
            if found[1] is not None:
                chosen = self._pick(found[1].split("|"))
            else:
                chosen = found[2] if self._rng.random() < 0.5 else ""
            template = template[: found.start()] + chosen + template[found.end() :]
        return template


OPEN = frozenset({"house_place", "device_type", "timer_name", "list_name"})
"""Slots whose values a household makes up."""

_ONSETS = "b br c ch d dr f fl g gr h j k kl l m n p pl qu r s sh sl st t tr v w z".split()
_VOWELS = "a e i o u oo ee ai".split()
_CODAS = ["", "", "n", "r", "x", "l", "m", "ck", "sh", "nd", "bo", "ra", "va", "ton", "ley"]


def invent(name: str, rng: np.random.Generator) -> str:
    """Return *name* with an unheard-of word before it, or the invented word alone."""
    syllables = [
        str(rng.choice(_ONSETS)) + str(rng.choice(_VOWELS)) + str(rng.choice(_CODAS))
        for _ in range(rng.integers(1, 3))
    ]
    word = "".join(syllables)
    return word if rng.random() < 0.35 else f"{word} {name.rsplit(maxsplit=1)[-1]}"
