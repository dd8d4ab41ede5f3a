"""What somebody looks for, taken apart: what the network is asked, and what rules decide.

The network knows nouns, colours and sizes. It sees one thing at a time, so "leftmost", "on the
left" and "left of the laptop" are decided by rules over what it found.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import cast

_ENDS = " ,.;:!?\t\n"
_AROUND = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A phrase for things."""

    phrase: str
    """What the network is asked: "the red mug"."""
    noun: str
    """What kind of thing, as it was said: "mug"; empty for anything."""
    colour: str = ""
    place: str = ""
    """``left``, ``right``, ``top``, ``bottom`` or ``middle`` of the picture; empty for anywhere."""
    extreme: str = ""
    """Which of several: ``leftmost``, ``biggest`` …; empty for all."""
    relation: str = ""
    """``left``, ``right``, ``above``, ``below`` or ``beside`` the other; empty for none."""
    other: "Wanted | None" = None
    """What it stands in a relation to."""

    @property
    def name(self) -> str:
        """How people call it without an article: "red mug"."""
        words = self.phrase.split()
        return " ".join(words[1:] if words[:1] == ["the"] else words)


def wanted(text: str) -> Wanted:
    """Return what *text* looks for: "my little red mug to the left of the laptop"."""
    said = _AROUND.sub(" ", text.casefold().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'"))
    said = said.strip(_ENDS)
    for relation, pattern in _patterns("relations").items():
        before, found, after = _parted(pattern, said)
        if found and before and after:
            return replace(wanted(before), relation=relation, other=wanted(after))
    extreme, said = _taken("extremes", said)
    place, said = _taken("places", said)
    return replace(_plain(said), extreme=extreme, place=place)


def _plain(said: str) -> Wanted:
    """Return what *said* looks for, of which only articles, sizes, colours and a noun are left."""
    words = [word for word in said.split() if word not in _list("articles") or word == "that"]
    if words[-3:-1] == ["that", "is"]:
        words = [words[-1], *words[:-3]]
    words = [word for word in words if word != "that"]
    colours = {word: colour for colour, known in _table("colours").items() for word in known}
    sizes = _list("sizes")
    last = len(words) - 1
    # "the orange" is a fruit: a colour or size at the end is the noun.
    told = [colours[word] for at, word in enumerate(words) if word in colours and at < last]
    rest = [word for at, word in enumerate(words) if at == last or word not in (*colours, *sizes)]
    size = [word for at, word in enumerate(words) if word in sizes and at < last]
    phrase = " ".join(["the", *size[:1], *told[:1], *rest])
    return Wanted(phrase if words else "", " ".join(rest), told[0] if told else "")


def _taken(table: str, said: str) -> tuple[str, str]:
    """Return the meaning in *table* that *said* has a phrase of, and what else it says."""
    for meaning, pattern in _patterns(table).items():
        before, found, after = _parted(pattern, said)
        if found:
            return meaning, f"{before} {after}".strip()
    return "", said


def _parted(pattern: re.Pattern[str], said: str) -> tuple[str, str, str]:
    match = pattern.search(said)
    if match is None:
        return said, "", ""
    return said[: match.start()].strip(), match.group(), said[match.end() :].strip()


@cache
def _patterns(table: str) -> Mapping[str, re.Pattern[str]]:
    return {
        meaning: re.compile(
            rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(words, key=len, reverse=True)))})(?!\w)"
        )
        for meaning, words in _table(table).items()
    }


@cache
def _words() -> Mapping[str, object]:
    return tomllib.loads(files("gnothi.vision.finding").joinpath("en.toml").read_text("utf-8"))


def _list(name: str) -> Sequence[str]:
    return cast("Sequence[str]", _words()[name])


def _table(name: str) -> Mapping[str, Sequence[str]]:
    return cast("Mapping[str, Sequence[str]]", _words()[name])
