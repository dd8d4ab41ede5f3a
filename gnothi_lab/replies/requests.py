"""Sentences that name what is wanted and what is not, and how well they are read."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gnothi.recommend.acts import Answer, Ask, Prompt
from gnothi.recommend.catalogue import Catalogue
from gnothi.recommend.replies import Replies

SENTENCES = Path(__file__).parent / "sentences.txt"
_VALUES = re.compile(r"\[(.+?)\] ")
_EXPECTED = re.compile(r"(?:^|\s)([-+@~^!?])([^\s@~^!?+-][^@~^!?+]*?)?(?=\s[-+@~^!?]|$)")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What was named, and how."""

    likes: frozenset[int]
    dislikes: frozenset[int]
    items: frozenset[int]
    similar: frozenset[int]
    refused: frozenset[int]
    chosen: int | None
    is_unsure: bool

    @classmethod
    def of(cls, answer: Answer) -> "Meaning":
        """Return what *answer* names."""
        return cls(
            frozenset(answer.likes),
            frozenset(answer.dislikes),
            frozenset(answer.items),
            frozenset(answer.similar),
            frozenset(answer.refused),
            answer.chosen,
            answer.is_unsure,
        )

    @property
    def parts(self) -> frozenset[tuple[str, int]]:
        """Everything that is named, one by one."""
        chosen = frozenset(() if self.chosen is None else (self.chosen,))
        kinds = {
            "+": self.likes,
            "-": self.dislikes,
            "@": self.items,
            "~": self.similar,
            "^": self.refused,
            "!": chosen,
        }
        return frozenset((kind, number) for kind, found in kinds.items() for number in found)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with what it means."""

    text: str
    prompt: Prompt
    meaning: Meaning


def read_sentences(catalogue: Catalogue, path: Path = SENTENCES) -> list[Sentence]:
    """Return the sentences in *path*; those at even places (from 0) are for development."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [_sentence(line, catalogue) for line in lines if not line.startswith("#")]


def development(sentences: Sequence[Sentence]) -> Sequence[Sentence]:
    """Return those that may be looked at."""
    return sentences[::2]


def locked(sentences: Sequence[Sentence]) -> Sequence[Sentence]:
    """Return those that nothing was tuned on."""
    return sentences[1::2]


def read_all(replies: Replies, sentences: Sequence[Sentence]) -> list[Meaning]:
    """Return what *replies* makes of each sentence."""
    return [Meaning.of(replies.read(one.text, one.prompt)) for one in sentences]


def _sentence(line: str, catalogue: Catalogue) -> Sentence:
    text, _, told = line.partition(" =>")
    prompt = Prompt(Ask.OPEN)
    if offered := _VALUES.match(text):
        values = tuple(_attribute(catalogue, name) for name in offered[1].split("|"))
        prompt, text = Prompt(Ask.CHOICE, values), text[offered.end() :]
    found = [(sign, name.strip()) for sign, name in _EXPECTED.findall(told)]
    facts = {
        wanted: [_attribute(catalogue, name) for sign, name in found if sign == wanted]
        for wanted in "+-!"
    }
    items, similar, refused = (
        frozenset(catalogue.titles.index(name) for sign, name in found if sign == wanted)
        for wanted in "@~^"
    )
    meaning = Meaning(
        frozenset(facts["+"]),
        frozenset(facts["-"]),
        items,
        similar,
        refused,
        next(iter(facts["!"]), None),
        any(sign == "?" for sign, _ in found),
    )
    return Sentence(text, prompt, meaning)


def _attribute(catalogue: Catalogue, value: str) -> int:
    return next(at for at, one in enumerate(catalogue.attributes) if one.value == value)
