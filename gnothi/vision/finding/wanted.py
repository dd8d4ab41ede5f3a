"""What somebody looks for, taken apart: what the network is asked, and what rules decide.

The network knows nouns, colours and sizes. It sees one thing at a time, so "leftmost", "on the
left" and "left of the laptop" are decided by rules over what it found. What people taught may be
called anything ("lamp by the door"), so those names are found before anything is taken apart.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from gnothi.text.normalise import fold
from gnothi.text.spelling import words
from gnothi.text.tokenise import MAX_CHARACTERS
from gnothi.vision.finding.nouns import THING, key, singular
from gnothi.vision.finding.words import listed, patterns, table

_ENDS = " ,.;:!?\t\n"
_AROUND = re.compile(r"\s+")
_BETWEEN = re.compile(r"\s*,\s*(?:and\s|or\s)?\s*|\s(?:and|or)\s")
_FIRST_MARK = 0xE000
"""First of the characters for private use: a taught name becomes one, a word like no other."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A phrase for things."""

    phrase: str
    """What the network is asked: "the red mug"."""
    noun: str
    """What kind of thing, as it was said: "mug"; "thing" for anything."""
    colour: str = ""
    place: str = ""
    """``left``, ``right``, ``top``, ``bottom`` or ``middle`` of the picture; empty for anywhere."""
    extreme: str = ""
    """Which of several: ``leftmost``, ``biggest`` …; empty for all."""
    relation: str = ""
    """``left``, ``right``, ``above``, ``below`` or ``beside`` the other; empty for none."""
    other: "Wanted | None" = None
    """What it stands in a relation to."""
    taught: str = ""
    """The taught name that the noun is; empty for none."""

    @property
    def name(self) -> str:
        """How people call it without an article: "red mug"."""
        return self.phrase.removeprefix("the ")

    @property
    def is_bare(self) -> bool:
        """Whether neither colour nor size was asked for."""
        return self.name == self.noun


def wanted(text: str, taught: Sequence[str] = ()) -> Wanted:
    """Return what *text* looks for: "my little red mug to the left of the laptop".

    *taught* are names that were given to things.
    """
    return _meant(*_marked(text, taught))


def each_wanted(text: str, taught: Sequence[str] = ()) -> tuple[Wanted, ...]:
    """Return what *text* looks for, one by one: "my keys and my wallet"."""
    said, marks = _marked(text, taught)
    parts = [part for part in _BETWEEN.split(said) if part]
    adjectives = {*listed("articles"), *listed("sizes"), *_colours()}
    if any(set(part.split()) <= adjectives for part in parts[:-1]):  # a black and white cat
        parts = [said]
    return tuple(_meant(part, marks) for part in parts)


def _meant(said: str, marks: Mapping[str, str]) -> Wanted:
    for relation, pattern in patterns("relations").items():
        before, found, after = _parted(pattern, said)
        if found and before and after:
            return replace(_meant(before, marks), relation=relation, other=_meant(after, marks))
    extreme, said = _taken("extremes", said)
    place, said = _taken("places", said)
    return replace(_plain(said, marks), extreme=extreme, place=place)


def _plain(said: str, marks: Mapping[str, str]) -> Wanted:
    """Return what *said* looks for, of which only articles, sizes, colours and a noun are left."""
    told = [word for word in _unwound(said.split()) if word not in listed("articles")]
    colours, sizes = _colours(), listed("sizes")
    last = len(told) - 1
    # "the orange" is a fruit: a colour or size at the end is the noun.
    colour = [colours[word] for at, word in enumerate(told) if word in colours and at < last]
    rest = [word for at, word in enumerate(told) if at == last or word not in (*colours, *sizes)]
    size = [word for at, word in enumerate(told) if word in sizes and at < last]
    if rest[:1] == ["and"]:
        rest = rest[1:]
    if rest and rest[-1] in listed("anything"):
        rest[-1] = THING
    noun = " ".join(rest)
    named = "".join(_ownerless(marks[one]) if one in marks else one for one in noun)
    phrase = " ".join(["the", *size[:1], *colour[:1], named])
    return Wanted(
        phrase if told else "", named, colour[0] if colour else "", taught=marks.get(noun, "")
    )


def _unwound(said: Sequence[str]) -> Sequence[str]:
    """Return the words "blue shoe" of "shoe that is blue", and "mug" of "mug that is"."""
    copulas, relatives = listed("copulas"), listed("relatives")
    for at, (word, after) in enumerate(pairwise(said)):
        if word in relatives and after in copulas:
            return [*said[at + 2 :], *said[:at]]
    return said[:-1] if said[-1:] and said[-1] in copulas else said


def _marked(text: str, taught: Sequence[str]) -> tuple[str, Mapping[str, str]]:
    """Return *text* in small letters with a mark for each *taught* name, and what marks mean.

    Of several names the longest is taken.
    """
    said = _AROUND.sub(" ", fold(text[:MAX_CHARACTERS]).casefold()).strip(_ENDS)
    names = {keys: name for name in taught if (keys := _keys(name))}
    marks = {name: chr(_FIRST_MARK + at) for at, name in enumerate(names.values())}
    there = words(said) if names else []
    keys = [singular(one.form) for one in there]
    longest, kept, end, at = max(map(len, names), default=0), "", 0, 0
    while at < len(there):
        lengths = range(min(longest, len(there) - at), 0, -1)
        length = next((one for one in lengths if tuple(keys[at : at + one]) in names), 0)
        if length:
            name = names[tuple(keys[at : at + length])]
            kept += said[end : there[at].start] + marks[name]
            end = there[at + length - 1].end
        at += length or 1
    said = (kept + said[end:]).replace("that's", "that is")
    return said, {mark: name for name, mark in marks.items()}


@lru_cache(maxsize=1024)
def _keys(name: str) -> tuple[str, ...]:
    return tuple(key(_ownerless(name)).split())


def _ownerless(name: str) -> str:
    """Return *name* without article and owner: "my mug" is asked for as "the mug" too."""
    first, _, rest = name.partition(" ")
    return rest if rest and first.casefold() in listed("articles") else name


def _colours() -> Mapping[str, str]:
    return {word: colour for colour, known in table("colours").items() for word in known}


def _taken(name: str, said: str) -> tuple[str, str]:
    """Return the meaning in the table *name* that *said* has a phrase of, and what else it says."""
    for meaning, pattern in patterns(name).items():
        before, found, after = _parted(pattern, said)
        if found:
            return meaning, f"{before} {after}".strip()
    return "", said


def _parted(pattern: re.Pattern[str], said: str) -> tuple[str, str, str]:
    match = pattern.search(said)
    if match is None:
        return said, "", ""
    return said[: match.start()].strip(), match.group(), said[match.end() :].strip()
