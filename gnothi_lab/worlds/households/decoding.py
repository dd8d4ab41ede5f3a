"""From sounds to words: the words of a vocabulary that explain best what was heard."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from math import log

from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import extract

from gnothi_lab.worlds.households.parameters import Hearings
from gnothi_lab.worlds.households.sounds import SHORT, Spelling


class Decoder:
    """Finds the words of the vocabulary that explain sounds best."""

    def __init__(self, numbers: Hearings, spelling: Spelling, weights: Mapping[str, float]) -> None:
        """Index the vocabulary by its sounds and by its sounds with one left out."""
        self._numbers = numbers
        self._classes = str.maketrans(
            {sound: group[0] for group in numbers.classes for sound in group}
        )
        self._vocabulary = frozenset(weights)
        self._words: dict[str, tuple[str, float]] = {}
        for word in sorted(weights, key=lambda word: (-weights[word], word)):
            sounds = spelling.sounds(word)
            self._words.setdefault(sounds, (word, -log(weights[word]) * numbers.prior_weight))
        self._near: dict[str, list[str]] = defaultdict(list)
        for sounds in self._words:
            for key in _neighbours(sounds):
                self._near[key].append(sounds)
        self._all = list(self._words)
        self._known: dict[str, str] = {}

    def __contains__(self, word: str) -> bool:
        """Whether *word* is in the vocabulary."""
        return word in self._vocabulary

    def decode(self, sounds: str) -> str:
        """Return the word or the two words that *sounds* are taken for; "" for silence."""
        found = self._known.get(sounds)
        if found is None:
            found = self._known[sounds] = self._decode(sounds)
        return found

    def _decode(self, sounds: str) -> str:
        if not sounds:
            return ""
        candidates = {near for key in _neighbours(sounds) for near in self._near.get(key, ())}
        rated = [self._rate(sounds, candidate) for candidate in candidates]
        rated += self._two_words(sounds)
        if not rated:
            closest = extract(sounds, self._all, scorer=Levenshtein.distance, limit=5)
            rated = [self._rate(sounds, candidate) for candidate, _, _ in closest]
        return min(rated)[1]

    def _rate(self, sounds: str, candidate: str) -> tuple[float, str]:
        """Return what it costs to take *sounds* for *candidate*; likely words are cheap."""
        numbers = self._numbers
        exact = Levenshtein.distance(sounds, candidate)
        rough = Levenshtein.distance(
            sounds.translate(self._classes), candidate.translate(self._classes)
        )
        distance = numbers.class_discount * exact + (1 - numbers.class_discount) * rough
        word, prior = self._words[candidate]
        return numbers.edit_cost * distance + prior, word

    def _two_words(self, sounds: str) -> Iterator[tuple[float, str]]:
        for cut in range(SHORT, len(sounds) - 1):
            left, right = self._words.get(sounds[:cut]), self._words.get(sounds[cut:])
            if left and right:
                yield self._numbers.split_cost + left[1] + right[1], f"{left[0]} {right[0]}"


def _neighbours(sounds: str) -> set[str]:
    """Return *sounds*, and *sounds* with one left out."""
    return {sounds, *(sounds[:place] + sounds[place + 1 :] for place in range(len(sounds)))}
