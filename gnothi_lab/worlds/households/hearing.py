"""The recogniser: sounds that are taken for one another, decoded into words of a vocabulary.

A word is spelt out in sounds. Accent, person and noise decide how often one sound is heard as
another of its kind, dropped or inserted; the result is decoded to the word, or the two words, of
the recogniser's vocabulary that explain it best (distance of sounds, minus the log of a unigram
prior). Rare words therefore turn into frequent ones that sound alike, mostly the same way for the
same person, and often the same way for people of one accent. New words are not in the vocabulary.
"""

from collections.abc import Sequence
from math import exp
from typing import NamedTuple

from gnothi_lab.worlds.households.catalogue import Catalogue
from gnothi_lab.worlds.households.chance import NORMAL, Weighted, hash_of, mix, stir
from gnothi_lab.worlds.households.decoding import Decoder
from gnothi_lab.worlds.households.parameters import Parameters
from gnothi_lab.worlds.households.population import Person
from gnothi_lab.worlds.households.sounds import Accent, Edit, Spelling, edited
from gnothi_lab.worlds.households.vocabulary import priors

WORDS = 14
"""Uniform numbers that one hearing takes; a longer text uses them again."""
_SCALE = 2.0**-64
_HABIT_BITS = 64 - (len(NORMAL).bit_length() - 1)


class _Word(NamedTuple):
    """A word of one accent."""

    text: str
    likely: str
    """What its sounds are decoded to."""
    known: bool
    rate: float
    """Probability that a sound goes wrong, at a noise scale of one."""
    sounds: str
    edits: Weighted[Edit] | None
    bits: int


class _Text(NamedTuple):
    """A text of one accent: its words, and what is heard of them at their best."""

    words: tuple[_Word, ...]
    best: tuple[str, ...]
    whole: str


class Hearing:
    """Hears what the people of a world say. *scale* is the world's noise scale."""

    def __init__(
        self, parameters: Parameters, catalogue: Catalogue, scale: float, seed: int
    ) -> None:
        """Draw the accents of the world with *seed* and collect the vocabulary."""
        self._numbers, self._scale = parameters.hearing, scale
        self._spelling = Spelling(parameters.hearing)
        self._decoder = Decoder(parameters.hearing, self._spelling, priors(parameters, catalogue))
        count = self._numbers.accents
        self._accents = [Accent(self._numbers, seed, number) for number in range(count)]
        self._words: list[dict[str, _Word]] = [{} for _ in range(count)]
        self._texts: list[dict[str, _Text]] = [{} for _ in range(count)]
        spread = self._numbers.word_spread
        self._habits = [
            min(self._numbers.word_most, exp(spread * quantile - spread * spread / 2))
            for quantile in NORMAL
        ]

    def rescaled(self, scale: float) -> "Hearing":
        """Return the same recogniser at another noise scale; what is known of words is shared."""
        other = object.__new__(Hearing)
        texts: list[dict[str, _Text]] = [{} for _ in self._accents]
        other.__dict__.update(self.__dict__, _scale=scale, _texts=texts)
        return other

    def hear(self, person: Person, text: str, loudness: float, draws: Sequence[float]) -> str:
        """Return what is heard of *text*; *draws* are uniform, one a word.

        *loudness* is how much worse than usual the conditions are.
        """
        known = self._texts[person.accent].get(text)
        if known is None:
            known = self._texts[person.accent][text] = self._learn_text(person.accent, text)
        level = loudness * person.mishaps * self._scale
        most = level * self._numbers.word_most
        heard = None
        for place, word in enumerate(known.words):
            uniform = draws[place % WORDS]
            if uniform < word.rate * most and (wrong := self._wrong(person, word, level, uniform)):
                heard = heard or list(known.best)
                heard[place] = wrong[0]
        return known.whole if heard is None else " ".join(filter(None, heard))

    def _wrong(
        self, person: Person, word: _Word, level: float, uniform: float
    ) -> tuple[str] | None:
        """Return what *word* turns into, at the rate that this person has with it."""
        bits = stir(person.seed, word.bits)
        rate = min(self._numbers.most, word.rate * level * self._habits[bits >> _HABIT_BITS])
        if uniform >= rate:
            return None
        left, share = uniform / rate, self._numbers.persistence
        if left < share:
            return self._mistaken(word, mix(bits) * _SCALE)
        return self._mistaken(word, (left - share) / (1 - share))

    def _mistaken(self, word: _Word, uniform: float) -> tuple[str] | None:
        """Return what *word* becomes with one sound wrong, or two."""
        if word.edits is None:
            return None
        bits = mix(word.bits, int(uniform * 2**40))
        edits = [word.edits.pick(uniform)]
        if bits * _SCALE < self._numbers.second_edit:
            edits.append(word.edits.pick(mix(bits) * _SCALE))
        return (self._decoder.decode(edited(word.sounds, edits)),)

    def _learn_text(self, accent: int, text: str) -> _Text:
        known = self._words[accent]
        words = tuple(known.get(word) or self._learn(accent, word) for word in text.split())
        best = tuple(map(self._best, words))
        return _Text(words, best, " ".join(best))

    def _best(self, word: _Word) -> str:
        """Return what is heard of *word* when it is spoken well: mostly the word."""
        share = self._numbers.outsounded * self._scale
        return word.text if word.known and word.bits * _SCALE >= share else word.likely

    def _learn(self, accent: int, word: str) -> _Word:
        sounds = self._spelling.sounds(word)
        rows = list(self._accents[accent].edits(sounds))
        keep = 1.0
        for _, rate in rows:
            keep *= 1 - rate
        found = self._words[accent][word] = _Word(
            text=word,
            likely=self._decoder.decode(sounds),
            known=word in self._decoder,
            rate=1 - keep,
            sounds=sounds,
            edits=Weighted([e for e, _ in rows], [r for _, r in rows]) if rows else None,
            bits=hash_of(word),
        )
        return found
