"""The names of one home, ready to be compared with what is said."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from weakref import WeakKeyDictionary

from rapidfuzz.distance import OSA

from gnothi.home.grounding.lexicon import Lexicon, lexicon
from gnothi.home.grounding.words import Hit, Phrases, Word, stem, stems
from gnothi.home.house import House
from gnothi.home.model import Area, Device
from gnothi.text.phonetics import sound, sounds_like

_SHORTEST_TYPO = 4
_LONG = 8
_ARTICLES = frozenset({"the", "a", "an", "my", "our"})
_ALIKE = 0.82
"""How alike words with the same sound must be: "rec" and "wreck", but not "rack"."""


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """A device, with the words that point to it."""

    device: Device
    variants: tuple[frozenset[str], ...]
    """The words of each of its names."""
    name: frozenset[str]
    """The words of all its names."""
    area: frozenset[str]
    """The words of all names of its area."""
    areas: tuple[frozenset[str], ...]
    """The words of each name of its area."""
    classes: frozenset[str]
    """The words of its device class ("carbon monoxide")."""
    kinds: frozenset[str]


class Index:
    """The devices, areas and floors of one home by their words."""

    def __init__(self, devices: Sequence[Device], areas: Sequence[Area], words: Lexicon) -> None:
        """Index *devices* and *areas* for the language of *words*."""
        self.lexicon = words
        areas = _also_called(areas, words)
        self.areas = {area.id: area for area in areas}
        self.entries = [self._entry(device) for device in devices]
        self.by_id = {entry.device.id: entry for entry in self.entries}
        self.area_names = Phrases({area.id: area.names for area in areas})
        self.device_names = Phrases({device.id: device.names for device in devices})
        floors = dict.fromkeys(area.floor for area in areas if area.floor)
        self._floor_names = Phrases({floor: _floor_names(floor) for floor in floors})
        self._floor_classes = {floor: _floor_classes(floor, words) for floor in floors}

    def mentions(self, sentence: Sequence[Word]) -> frozenset[int]:
        """Return the words of *sentence* that belong to a name of two words or more."""
        hits = [*self.device_names.find(sentence), *self.area_names.find(sentence)]
        return frozenset(
            place for hit in hits if hit.end - hit.start > 1 for place in range(hit.start, hit.end)
        )

    def floors(self, sentence: Sequence[Word]) -> list[tuple[Hit, frozenset[str]]]:
        """Return where floors are mentioned, and which floors of this home those are.

        A floor that is called so comes before one that another word for it means.
        """
        named = [(hit, frozenset(hit.meanings)) for hit in self._floor_names.find(sentence)]
        taken = {place for hit, _ in named for place in range(hit.start, hit.end)}
        meant = [
            (hit, self._floors_meant(hit.meanings))
            for hit in self.lexicon.floors.find(sentence)
            if not taken.intersection(range(hit.start, hit.end))
        ]
        return [*named, *((hit, floors) for hit, floors in meant if floors)]

    def _floors_meant(self, meanings: Sequence[str]) -> frozenset[str]:
        return frozenset(f for f, classes in self._floor_classes.items() if classes & {*meanings})

    def classes_of(self, floor: str) -> frozenset[str]:
        """Return what kind of floor *floor* is: upstairs, outside and so on."""
        return self._floor_classes.get(floor, frozenset())

    def corrected(self, sentence: Sequence[Word]) -> list[Word]:
        """Return *sentence* with misspelt and misheard words put right, as this home has them."""
        joined = self._joined(sentence)
        before = ["", *(word.form for word in joined)]
        return [
            word if self._known(word) else self._mended(word, noun=previous in _ARTICLES)
            for word, previous in zip(joined, before, strict=False)
        ]

    def _known(self, word: Word) -> bool:
        return (
            word.stem in self.lexicon.known or word.stem in self._words or not word.stem.isalpha()
        )

    def _joined(self, sentence: Sequence[Word]) -> list[Word]:
        """Write "bed room" as this home does, and "livingroom" too."""
        found: list[Word] = []
        for word in sentence:
            if found and self._belong_together(found[-1], word):
                before = found.pop()
                form = before.form + word.form
                found.append(Word(form, stem(form), before.start, word.end))
            else:
                found.extend(self._parted(word))
        return found

    def _belong_together(self, left: Word, right: Word) -> bool:
        both = left.stem in self._words and right.stem in self._words
        return not both and stem(left.form + right.form) in self._words

    def _parted(self, word: Word) -> list[Word]:
        if self._known(word):
            return [word]
        for place in range(3, len(word.form) - 2):
            left, right = word.form[:place], word.form[place:]
            if left in self._words and stem(right) in self._words:
                middle = word.start + place
                return [
                    Word(left, left, word.start, middle),
                    Word(right, stem(right), middle, word.end),
                ]
        return [word]

    def _mended(self, word: Word, *, noun: bool) -> Word:
        """Return the word that is meant; a *noun*, "the bins", is never just a filler, "been"."""
        meant = self._meant(word)
        if meant is None or (noun and meant in self.lexicon.filler):
            return word
        return replace(word, form=meant, stem=meant)

    def _meant(self, word: Word) -> str | None:
        """Return the word of this home, or else of the language, that *word* stands for."""
        if word.form not in self._mended_before:
            said = (word.stem, word.form)
            language = _mendable(self.lexicon)
            self._mended_before[word.form] = (
                _mistyped(said, self._words, shortest=_SHORTEST_TYPO)
                or _mistyped(said, language, shortest=_SHORTEST_TYPO + 1)
                or _misheard(word.stem, self._words)
                or _misheard(word.stem, self.lexicon.known - self.lexicon.interjections)
            )
        return self._mended_before[word.form]

    @cached_property
    def _mended_before(self) -> dict[str, str | None]:
        """What was mended before; typing errors repeat."""
        return {}

    def is_named(self, word: Word) -> bool:
        """Whether *word* is part of a name in this home."""
        return word.stem in self._words

    @cached_property
    def _words(self) -> frozenset[str]:
        """Every word of a name in this home."""
        area_words = (word for area in self.areas.values() for word in _stems_of(area.names))
        return frozenset(area_words).union(*(entry.name for entry in self.entries))

    def _entry(self, device: Device) -> Entry:
        variants = tuple(frozenset(stems(name)) for name in device.names)
        name = frozenset[str]().union(*variants)
        area = self.areas.get(device.area or "")
        kinds = self.lexicon.kinds.values()
        return Entry(
            device=device,
            variants=variants,
            name=name,
            area=frozenset(_stems_of(area.names)) if area else frozenset(),
            areas=tuple(frozenset(stems(name)) for name in area.names) if area else (),
            classes=frozenset(stems(device.device_class.replace("_", " "))),
            kinds=frozenset(kind.name for kind in kinds if kind.has(device, name)),
        )


def _also_called(areas: Sequence[Area], words: Lexicon) -> list[Area]:
    """Return *areas* with the other words for the same room, unless another area bears them.

    "The living room" is the great room of a home that has no living room.
    """
    taken = {tuple(stems(name)) for area in areas for name in area.names}
    found: list[Area] = []
    for area in areas:
        own = {tuple(stems(name)) for name in area.names}
        others = [
            name
            for group in words.rooms
            if own & {tuple(stems(name)) for name in group}
            for name in group
            if tuple(stems(name)) not in taken
        ]
        taken |= {tuple(stems(name)) for name in others}
        found.append(replace(area, aliases=(*area.aliases, *others)) if others else area)
    return found


def _stems_of(names: Iterable[str]) -> list[str]:
    return [word for name in names for word in stems(name)]


def _floor_names(floor: str) -> tuple[str, ...]:
    """Return how people call *floor*: "ground" is also "the ground floor"."""
    name = floor.replace("_", " ")
    return (name, f"{name} floor")


def _floor_classes(floor: str, words: Lexicon) -> frozenset[str]:
    """Return what kind of floor *floor* is: upstairs, ground, outside and so on."""
    return frozenset(
        meaning
        for name in _floor_names(floor)
        for hit in words.floors.find(_as_words(name))
        for meaning in hit.meanings
    )


def _as_words(name: str) -> list[Word]:
    return [Word(word, word, 0, 0) for word in stems(name)]


@lru_cache(maxsize=4)
def _mendable(words: Lexicon) -> frozenset[str]:
    """Return words of the lexicon that are long enough to be recognised when misspelt."""
    return frozenset(word for word in words.known if len(word) >= _SHORTEST_TYPO)


def _mistyped(said: Sequence[str], words: Iterable[str], *, shortest: int) -> str | None:
    """Return the word of nearly the same letters as one of the spellings *said*.

    The first letter is hardly ever mistyped. Words below the *shortest* are too much alike for
    anything but swapped letters ("trun").
    """
    found = [
        (distance, word)
        for word in words
        for one in said
        if len(one) >= _SHORTEST_TYPO and len(word) >= _SHORTEST_TYPO and word[0] == one[0]
        if len(one) >= shortest or sorted(word) == sorted(one)
        if (distance := OSA.distance(one, word, score_cutoff=2)) <= (2 if len(one) >= _LONG else 1)
    ]
    return min(found)[1] if found else None


def _misheard(said: str, words: Iterable[str]) -> str | None:
    """Return the word that sounds the same as *said* ("wreck", "rec"; "inn", "in")."""
    key = sound(said)
    alike = [
        (likeness, word)
        for word in words
        if word.isalpha() and word.isascii() and _sound(word) == key
        if (likeness := sounds_like(said, word)) >= _ALIKE
    ]
    return max(alike)[1] if alike else None


_sound = lru_cache(maxsize=8192)(sound)


_indexes: "WeakKeyDictionary[House, tuple[Sequence[Device], Sequence[Area], Index]]" = (
    WeakKeyDictionary()
)


def index_of(house: House) -> Index:
    """Return the index of *house*, made again when its devices or areas are others."""
    known = _indexes.get(house)
    if known and known[0] is house.home.devices and known[1] is house.home.areas:
        return known[2]
    index = Index(house.home.devices, house.home.areas, lexicon())
    _indexes[house] = (house.home.devices, house.home.areas, index)
    return index
