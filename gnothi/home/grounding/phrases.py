"""The parts of a request that name devices: "the lamp and the blinds, but not the bedroom's"."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from gnothi.home.grounding.index import Index
from gnothi.home.grounding.words import Hit, Word


@dataclass(frozen=True, slots=True)
class Phrase:
    """One phrase that names devices; its words are places in the sentence."""

    words: frozenset[int] = frozenset()
    """Words that must be explained by the devices that are meant."""
    optional: frozenset[int] = frozenset()
    """Words of property or amount that may also belong to a name."""
    kinds: tuple[Hit, ...] = ()
    areas: tuple[Hit, ...] = ()
    """Areas that are named in full."""
    floors: frozenset[str] = frozenset()
    floor_words: frozenset[int] = frozenset()
    scope: frozenset[str] = frozenset()
    """``all``, ``everything``, ``pronouns``, ``here``, ``there``, ``house``, ``other``."""
    plural: bool = False

    @property
    def every(self) -> bool:
        """Whether all of a group are meant in so many words."""
        return bool(self.scope & {"all", "everything"})

    @property
    def group(self) -> bool:
        """Whether more than one device may be meant."""
        return self.every or self.plural

    @property
    def place_words(self) -> frozenset[int]:
        """The words that name an area or a floor."""
        areas = {place for hit in self.areas for place in range(hit.start, hit.end)}
        return frozenset(areas) | self.floor_words

    @property
    def kind_words(self) -> frozenset[int]:
        """The words that name a kind of device."""
        return frozenset(place for hit in self.kinds for place in range(hit.start, hit.end))

    @property
    def only_place(self) -> bool:
        """Whether nothing but an area or a floor is named."""
        return bool(self.words) and self.words <= self.place_words and not self.own_kinds

    @property
    def own_kinds(self) -> tuple[Hit, ...]:
        """Kinds named by words that are no area and no property ("garage", "temperature")."""
        others = self.place_words | self.optional
        return tuple(hit for hit in self.kinds if not set(range(hit.start, hit.end)) <= others)

    @property
    def refers(self) -> bool:
        """Whether nothing but a pronoun says what is meant."""
        return not self.words and "pronouns" in self.scope

    @property
    def names_someone(self) -> bool:
        """Whether a pronoun stands for devices."""
        return bool(self.scope & {"pronouns", "everything", "other"})

    @property
    def empty(self) -> bool:
        """Whether it names nothing at all."""
        return not self.words and not self.scope - {"house"}


@dataclass(frozen=True, slots=True)
class Naming:
    """What a request is about: phrases that add devices, and phrases that take them away."""

    whole: Phrase
    """Everything before "except", read as one phrase."""
    parts: tuple[Phrase, ...] = ()
    """The same, split at "and"; one or none where there is nothing to split."""
    excluded: tuple[Phrase, ...] = ()
    spans: tuple[tuple[int, int], ...] = field(default=())


def read_naming(
    sentence: Sequence[Word],
    index: Index,
    *,
    used: frozenset[int],
    optional: frozenset[int],
    names: frozenset[int],
) -> Naming:
    """Return what *sentence* names, leaving out the words that express the action (*used*)."""
    sentence_end = _clause_end(sentence, index)
    cut, skip = _exception(sentence, sentence_end, index, used)
    reader = _Reader(sentence, index, used, optional)
    joints = [
        (hit.start, hit.end)
        for hit in index.lexicon.joints.find(sentence[:cut])
        if "and" in hit.meanings and not set(range(hit.start, hit.end)) <= names
    ]
    commas = [(p, p + 1) for p in range(cut) if sentence[p].form in {",", ";"}]
    parts = [reader.read(*span) for span in _between(sorted([*joints, *commas]), 0, cut)]
    excluded = [reader.read(*span) for span in _exclusions(sentence, skip, sentence_end, index)]
    return Naming(
        whole=reader.read(0, cut),
        parts=tuple(_shared([part for part in parts if part.words or part.names_someone])),
        excluded=tuple(part for part in excluded if not part.empty),
    )


def said(sentence: Sequence[Word], text: str, naming: Naming) -> str:
    """Return the part of *text* that names devices, as it was said."""
    places = sorted(naming.whole.words)
    return text[sentence[places[0]].start : sentence[places[-1]].end] if places else ""


def _clause_end(sentence: Sequence[Word], index: Index) -> int:
    hits = index.lexicon.joints.find(sentence)
    clauses = [hit.start for hit in hits if "clause" in hit.meanings]
    clauses += [p for p, word in enumerate(sentence) if word.form in index.lexicon.contracted]
    opened = [p for p, word in enumerate(sentence) if word.stem not in index.lexicon.filler]
    begin = next((p for p in opened if sentence[p].stem.isalnum()), len(sentence))
    commas = [p for p, word in enumerate(sentence) if word.form in {",", ";"} and p > begin]
    asides = [place for place in commas if _is_aside(sentence[place + 1 :], index)]
    begun = [place for place in clauses if place > begin]
    return min([len(sentence), *begun, *asides])


def _is_aside(words: Sequence[Word], index: Index) -> bool:
    """Whether *words* talk, and name nothing of this home ("…, that should help")."""
    names_something = any(
        phrases.find(words)
        for phrases in (index.area_names, index.device_names, index.lexicon.nouns)
    )
    return not names_something and any(word.stem in index.lexicon.says for word in words)


def _exception(
    sentence: Sequence[Word], end: int, index: Index, used: frozenset[int]
) -> tuple[int, int]:
    """Return where an exception begins, and where what it excepts begins."""
    for hit in index.lexicon.joints.find(sentence[:end]):
        if "except" in hit.meanings and hit.start and hit.start not in used:
            return hit.start, hit.end
    return end, end


def _exclusions(
    sentence: Sequence[Word], begin: int, end: int, index: Index
) -> Iterator[tuple[int, int]]:
    hits = index.lexicon.joints.find(sentence[begin:end])
    joints = [(begin + hit.start, begin + hit.end) for hit in hits if "and" in hit.meanings]
    yield from _between(joints, begin, end)


def _between(joints: Sequence[tuple[int, int]], begin: int, end: int) -> Iterator[tuple[int, int]]:
    for start, stop in joints:
        if begin < start:
            yield begin, start
        begin = max(begin, stop)
    if begin < end:
        yield begin, end


def _shared(parts: Sequence[Phrase]) -> Iterator[Phrase]:
    """Share what is said once: "kitchen and bedroom lights", "lamps in the kitchen and hall"."""
    for place, part in enumerate(parts):
        if part.only_place and not part.every:
            others = [*parts[place + 1 :], *reversed(parts[:place])]
            giver = next((other for other in others if other.own_kinds), None)
            if giver and giver.areas:
                yield _given(part, giver)
                continue
        yield part


def _given(part: Phrase, giver: Phrase) -> Phrase:
    """Return *part*, a place, with the kind of device that *giver* names."""
    kinds = giver.own_kinds
    return replace(
        part,
        kinds=(*part.kinds, *kinds),
        words=part.words | {place for hit in kinds for place in range(hit.start, hit.end)},
        plural=part.plural or giver.plural,
        scope=part.scope | giver.scope,
    )


_DETERMINERS = frozenset({"the", "my", "our"})


@dataclass(frozen=True, slots=True)
class _Reader:
    sentence: Sequence[Word]
    index: Index
    used: frozenset[int]
    optional: frozenset[int]

    def read(self, begin: int, end: int) -> Phrase:
        """Return the phrase in the words from *begin* to *end*."""
        inside = range(begin, end)
        scope = self._scope(begin, end)
        floors = [(h, f) for h, f in self.index.floors(self.sentence) if h.start in inside]
        areas = self._hits(self.index.area_names.find(self.sentence), inside)
        kinds = [*self._kinds(inside)]
        named = {
            p
            for hit in [
                *areas,
                *kinds,
                *self._hits(self._devices(), inside),
                *(h for h, f in floors if f),
            ]
            for p in range(hit.start, hit.end)
        }
        content = frozenset(p for p in inside if self._is_content(p) or p in named) - self.used
        return Phrase(
            words=content - self.optional,
            optional=content & self.optional,
            kinds=tuple(kinds),
            areas=tuple(areas),
            floors=frozenset[str]().union(*(found for _, found in floors)),
            floor_words=frozenset(
                p for hit, found in floors if found for p in range(hit.start, hit.end)
            ),
            scope=scope,
            plural=self._is_plural(kinds),
        )

    def _kinds(self, inside: range) -> Iterator[Hit]:
        """Yield the nouns; "garage door" is also a door."""
        nouns = self.index.lexicon.nouns
        for hit in self._hits(nouns.find(self.sentence), inside):
            yield hit
            for place in range(hit.start, hit.end) if hit.end - hit.start > 1 else ():
                meanings, _ = nouns.at(self.sentence[place : place + 1], 0)
                if meanings:
                    yield Hit(meanings, place, place + 1)

    def _devices(self) -> list[Hit]:
        return self.index.device_names.find(self.sentence)

    def _hits(self, hits: Sequence[Hit], inside: range) -> list[Hit]:
        return [
            hit
            for hit in hits
            if hit.start in inside and not self.used.intersection(range(hit.start, hit.end))
        ]

    def _is_content(self, place: int) -> bool:
        word = self.sentence[place]
        if word.stem in self.index.lexicon.filler:
            return self._is_position(place)
        return word.stem.isalpha()

    def _is_position(self, place: int) -> bool:
        """Whether a filler is all that is said of a name: "the back", "the right one"."""
        word = self.sentence[place]
        if word.stem not in self.index.lexicon.positions or not self.index.is_named(word):
            return False
        before = self.sentence[place - 1].form if place else ""
        after = self.sentence[place + 1].form if place + 1 < len(self.sentence) else ""
        return before in _DETERMINERS or after in {"one", "ones"}

    def _scope(self, begin: int, end: int) -> frozenset[str]:
        hits = self.index.lexicon.scope.find(self.sentence[begin:end])
        return frozenset(
            meaning
            for hit in hits
            if begin + hit.start not in self.used | self.optional
            for meaning in hit.meanings
        )

    def _is_plural(self, kinds: Sequence[Hit]) -> bool:
        return any(self.sentence[hit.end - 1].plural for hit in kinds)
