"""What people call things in a scene: "the small red mug", "something blue", and captions.

A phrase knows which things it fits: yes, no, or nobody can tell (a thing of many colours may or
may not be "the red one"). Size is absolute, as a share of the picture: which of two is the biggest
is told by rules over what was found.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gnothi_train.vision.scenes.composing import Placed
from gnothi_train.vision.scenes.paint import ALSO
from gnothi_train.vision.scenes.things import named, words

BIG, SMALL = 0.30, 0.17
"""Longer sides, as a share of the picture's, from which people say big, and up to which small."""
_BIG, _SMALL = ("big", "large", "huge"), ("small", "little", "tiny")
_ANYTHING = ("thing", "object", "item")
_OWN_NOUN = 0.6
"""How often a thing is called by the first of its words."""
_KIND = 0.12
"""How often a thing is called by what it is one of."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """What somebody may look for."""

    text: str
    nouns: frozenset[str]
    """What its noun may mean; empty for anything."""
    colour: str | None = None
    size: str | None = None
    """``big`` or ``small``."""

    def fits(self, thing: Placed, side: int) -> bool | None:
        """Return whether *thing* is meant, in a picture of *side* pixels; ``None``: unknown."""
        answers = (self._fits_noun(thing), self._fits_colour(thing), self._fits_size(thing, side))
        if False in answers:
            return False
        return None if None in answers else True

    def _fits_noun(self, thing: Placed) -> bool:
        return not self.nouns or thing.noun in self.nouns

    def _fits_colour(self, thing: Placed) -> bool | None:
        if self.colour is None:
            return True
        return None if thing.colour is None else thing.colour == self.colour

    def _fits_size(self, thing: Placed, side: int) -> bool | None:
        if self.size is None:
            return True
        share = thing.length / side
        if SMALL < share < BIG:
            return None
        return (self.size == "big") == (share >= BIG)


def phrase_for(
    thing: Placed,
    side: int,
    random: np.random.Generator,
    *,
    plain: bool = False,
    with_colour: bool | None = None,
) -> Phrase:
    """Return something that people may call *thing*; *plain* ones have its first word.

    *with_colour* says whether its colour is told, where it has one; by default it often is.
    """
    word = thing.noun if plain else _word(thing.noun, random)
    told = random.random() < 0.6 if with_colour is None else with_colour
    colour = thing.colour if told else None
    share = thing.length / side
    size = "big" if share >= BIG else "small" if share <= SMALL else None
    if plain or random.random() < 0.7:
        size = None
    nouns = words().get(word, frozenset[str]())
    return Phrase(_said(word, colour, size, random, plain=plain), nouns, colour, size)


def phrase_of(noun: str, colour: str | None = None) -> Phrase:
    """Return "the red mug" for *noun* and *colour*."""
    text = f"the {colour} {noun}" if colour else f"the {noun}"
    return Phrase(text, words()[noun], colour)


def caption(placed: Sequence[Placed], random: np.random.Generator) -> tuple[Phrase, ...]:
    """Return the phrases of a caption of *placed*: each noun once, some with a colour, no boxes.

    "a red mug, two keys and a lamp" is told as three phrases, as a parser of captions would.
    """
    first: dict[str, Placed] = {}
    for thing in placed:
        first.setdefault(thing.noun, thing)
    chosen = list(first.values())
    return tuple(
        Phrase(_said(thing.noun, colour, None, random, plain=True), words()[thing.noun], colour)
        for thing in chosen
        for colour in [thing.colour if random.random() < 0.4 else None]
    )


def _word(noun: str, random: np.random.Generator) -> str:
    thing = named()[noun]
    kind = random.random()
    if kind < _KIND:
        options: Sequence[str] = (*thing.kinds, *_ANYTHING)
        return options[int(random.integers(len(options)))]
    if kind < _KIND + _OWN_NOUN:
        return noun
    return thing.also[int(random.integers(len(thing.also)))]


def _said(
    word: str,
    colour: str | None,
    size: str | None,
    random: np.random.Generator,
    *,
    plain: bool,
) -> str:
    """Return the words in one of the orders that people say them in."""
    if colour and not plain and random.random() < 0.2:
        options = (colour, *ALSO.get(colour, ()))
        colour = options[int(random.integers(len(options)))]
    if size:
        sizes = _BIG if size == "big" else _SMALL
        size = sizes[int(random.integers(len(sizes)))]
    before = " ".join(part for part in (size, colour) if part)
    if plain or random.random() < 0.75:
        begin = ("the ", "the ", "a ", "my ", "")[int(random.integers(5))]
        return begin + " ".join(part for part in (before, word) if part)
    end = f" that is {colour}" if colour else ""
    return f"the {f'{size} ' if size else ''}{word}{end}"
