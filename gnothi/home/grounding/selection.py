"""Which devices a phrase means.

A device is a candidate when its own names, its area, its floor and the kind of thing it is
explain every word of the phrase. Among candidates the one wins whose area and name leave the
fewest words unsaid: "bedroom light" is the light of the bedroom, not of the guest bedroom.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from gnothi.home.grounding.index import Entry, Index
from gnothi.home.grounding.phrases import Naming, Phrase
from gnothi.home.grounding.words import Word
from gnothi.home.model import Device

Able = Callable[[Device], bool]


@dataclass(frozen=True, slots=True)
class Scene:
    """Where and after what something is said."""

    area: str | None = None
    """The area of the device that hears."""
    focus: tuple[str, ...] = ()
    """Devices that were spoken of last."""
    focus_areas: tuple[str, ...] = ()
    recent: tuple[str, ...] = ()
    """Devices that were spoken of, the newest last; the last two are "both"."""
    carried: tuple[str, ...] = ()
    """Targets of an earlier call that this request changes."""
    busy: frozenset[str] = frozenset()
    """Devices for which the action would end something: lit, open, playing."""
    playing: frozenset[str] = frozenset()
    idle: frozenset[str] = frozenset()
    """Devices that are already as the action would leave them."""

    def changes(self, device: str) -> bool:
        """Whether the action would do anything to *device*."""
        return device not in self.idle


@dataclass(frozen=True, slots=True)
class Selection:
    """The outcome of a selection."""

    chosen: tuple[Entry, ...] = ()
    rivals: tuple[Entry, ...] = ()
    """Devices of which one is meant, when nothing tells which."""
    unknown: frozenset[int] = frozenset()
    """Words that no device explains, when that is why nothing was chosen."""
    group: bool = False


@dataclass(frozen=True, slots=True)
class Selector:
    """Chooses devices of one home for the phrases of one request."""

    index: Index
    sentence: Sequence[Word]
    able: Able
    """Whether a device can do what is asked."""
    usual: frozenset[str] = frozenset()
    """Domains that the action is about where only a room is named."""
    certain: frozenset[str] = frozenset()
    """Domains that the action is about whatever is named with it."""
    scene: Scene = field(default_factory=Scene)

    def select(self, naming: Naming) -> Selection:
        """Return the devices that *naming* means."""
        selection = self._with_parts(naming)
        if naming.excluded and selection.chosen:
            selection = self._without(selection, naming.excluded)
        return selection

    def _with_parts(self, naming: Naming) -> Selection:
        whole = self.phrase(naming.whole)
        if len(naming.parts) < 2 or (whole.chosen and not whole.group and self._covers(naming)):
            return whole
        selections = [self.phrase(part) for part in self._placed(naming.parts)]
        for selection in selections:
            if not selection.chosen:
                return selection if not whole.chosen else whole
        chosen = dict.fromkeys(entry for one in selections for entry in one.chosen)
        return Selection(tuple(chosen), group=True)

    def _covers(self, naming: Naming) -> bool:
        """Whether one device is called what stands on both sides of the "and"."""
        said = {self.sentence[place].stem for place in naming.whole.words}
        return any(said <= variant for entry in self.index.entries for variant in entry.variants)

    def _placed(self, parts: Sequence[Phrase]) -> list[Phrase]:
        """Let "the fan and the light in the bedroom" both be in the bedroom, where they can."""
        last = parts[-1]
        if not last.areas or not last.own_kinds:
            return list(parts)
        placed: list[Phrase] = []
        for part in parts[:-1]:
            there = replace(
                part, areas=last.areas, words=part.words | (last.place_words - last.kind_words)
            )
            bare = not part.areas and bool(part.own_kinds)
            placed.append(there if bare and self.phrase(there).chosen else part)
        return [*placed, last]

    def _without(self, selection: Selection, excluded: Iterable[Phrase]) -> Selection:
        """Take away what the exception names, in the kinds that are chosen."""
        domains = {entry.device.domain for entry in selection.chosen}
        out: set[str] = set()
        for phrase in excluded:
            every = replace(phrase, scope=phrase.scope | {"all"})
            inner = replace(self, able=_of_domains(domains))
            named = inner.phrase(every if phrase.only_place or phrase.plural else phrase)
            out.update(entry.device.id for entry in (*named.chosen, *named.rivals))
        left = tuple(entry for entry in selection.chosen if entry.device.id not in out)
        return replace(selection, chosen=left, group=True)

    def phrase(self, phrase: Phrase) -> Selection:
        """Return the devices that one *phrase* means."""
        if "other" in phrase.scope and self.scene.carried:
            return self._other(phrase)
        if not phrase.words:
            return self._unnamed(phrase)
        entries = [entry for entry in self.index.entries if self.able(entry.device)]
        if "everything" in phrase.scope and not phrase.own_kinds:
            return self._everything(phrase, entries)
        if phrase.only_place:
            exact = self._exactly(phrase, entries)
            return Selection(tuple(exact)) if exact else self._in_place(phrase, entries)
        return self._named(phrase, entries)

    def _named(self, phrase: Phrase, entries: Sequence[Entry]) -> Selection:
        fits = [(self._explained(phrase, entry), entry) for entry in entries]
        whole = [entry for explained, entry in fits if phrase.words <= explained]
        whole = self._in_named_places(phrase, whole) or self._nearly(phrase, fits)
        if not whole:
            return self._unexplained(phrase, fits)
        whole = self._first_kinds(phrase, whole)
        if exact := self._exactly(phrase, whole):
            return Selection(tuple(exact))
        if spoken_of := self._spoken_of(phrase, whole):
            return spoken_of
        if not phrase.group and phrase.words <= phrase.kind_words:
            whole = self._here(whole) or whole
        if phrase.group:
            return self._group(phrase, whole)
        if self._only_kind(phrase, whole) and not phrase.place_words and _one_each(whole):
            return self._one(phrase, whole)
        return self._one(phrase, self._best(phrase, whole))

    def _spoken_of(self, phrase: Phrase, entries: Sequence[Entry]) -> Selection | None:
        """Return which of *entries* were spoken of, where only their kind is named.

        The room where something is said counts for more, unless it is "that" heating.
        """
        if phrase.place_words or not self._only_kind(phrase, entries):
            return None
        if "both" in phrase.scope:
            last = self._last_two(entries)
            return Selection(tuple(last), group=True) if len(last) == _BOTH else None
        if phrase.group or not ("pronouns" in phrase.scope or not self._here(entries)):
            return None
        salient = self._salient(entries)
        if len(salient) > 1 and {entry.device.id for entry in salient} == {*self.scene.focus}:
            return Selection(tuple(salient), group=True)
        return Selection(tuple(salient)) if len(salient) == 1 else None

    def _unexplained(
        self, phrase: Phrase, fits: Sequence[tuple[frozenset[int], Entry]]
    ) -> Selection:
        """Some actions mean their device whatever they are done to: "vacuum the attic"."""
        own = [entry for _, entry in fits if entry.device.domain in self.certain]
        if len(own) == 1:
            return Selection(tuple(own))
        return Selection(unknown=self._unknown(phrase, fits))

    def _first_kinds(self, phrase: Phrase, entries: list[Entry]) -> list[Entry]:
        """Where a noun names several kinds, keep those of the first: "music" is on speakers."""
        for hit in phrase.kinds:
            if len(hit.meanings) > 1:
                entries = [e for e in entries if hit.meanings[0] in e.kinds] or entries
        return entries

    def _explained(self, phrase: Phrase, entry: Entry) -> frozenset[int]:
        """Return the words of *phrase* that point to *entry*."""
        own = entry.name | entry.area | entry.classes
        places = phrase.words | phrase.optional
        said = {place for place in places if self.sentence[place].stem in own}
        for hit in phrase.kinds:
            if entry.kinds.intersection(hit.meanings):
                said.update(range(hit.start, hit.end))
        if phrase.floor_words and self._floor_of(entry) in phrase.floors:
            said.update(phrase.floor_words)
        return frozenset(said & places)

    def _floor_of(self, entry: Entry) -> str | None:
        area = self.index.areas.get(entry.device.area or "")
        return area.floor if area else None

    def _in_named_places(self, phrase: Phrase, entries: list[Entry]) -> list[Entry]:
        """Keep devices in the areas that are named in full, or that carry their names."""
        if not phrase.areas:
            return entries
        ids = {identity for hit in phrase.areas for identity in hit.meanings}
        there = [entry for entry in entries if entry.device.area in ids]
        called = [entry for entry in entries if self._bears_place(phrase, entry)]
        if phrase.group:
            return there or called or entries
        return list(dict.fromkeys([*there, *called])) or entries

    def _bears_place(self, phrase: Phrase, entry: Entry) -> bool:
        said = {self.sentence[place].stem for place in phrase.place_words}
        return bool(said) and said <= entry.name

    def _exactly(self, phrase: Phrase, entries: Sequence[Entry]) -> list[Entry]:
        """Return the one device whose full name is what is said, unless all are asked for."""
        if phrase.every:
            return []
        said = {self.sentence[place].stem for place in phrase.words}
        exact = [entry for entry in entries if said in map(set, entry.variants)]
        generic = len(said) == 1 and said <= self._kind_stems(phrase)
        if len(exact) != 1 or (generic and len(entries) > 1):
            return []
        if phrase.areas and exact[0].device.area not in phrase.areas[0].meanings:
            there = [e for e in entries if e.device.area in phrase.areas[0].meanings]
            return [] if there else exact
        return exact

    def _kind_stems(self, phrase: Phrase) -> set[str]:
        return {self.sentence[place].stem for place in phrase.kind_words}

    def _best(self, phrase: Phrase, entries: Sequence[Entry]) -> list[Entry]:
        """Return the devices that fit best."""
        scored = [(self._fit(phrase, entry), entry) for entry in entries]
        best = max(score for score, _ in scored)
        return [entry for score, entry in scored if score == best]

    def _fit(self, phrase: Phrase, entry: Entry) -> tuple[int, int, int, int, bool]:
        """Rank by words explained, words named, and what area and name leave unsaid."""
        said = {self.sentence[place].stem for place in phrase.words | phrase.optional}
        explained = len(self._explained(phrase, entry))
        named = len(said & (entry.name | entry.area))
        area_left = len(entry.area - said) if entry.area & said else 0
        spoken = [words for words in entry.variants if words & said - entry.area]
        name_left = min((len(words - said - entry.area) for words in spoken), default=0)
        return explained, named, -area_left, -name_left, frozenset(said) in entry.variants

    def _nearly(self, phrase: Phrase, fits: Sequence[tuple[frozenset[int], Entry]]) -> list[Entry]:
        """Return devices that leave only a describing word unexplained ("old hall lamp")."""
        most = max((len(explained) for explained, _ in fits), default=0)
        best = [(explained, entry) for explained, entry in fits if len(explained) == most]
        kept: list[Entry] = []
        for explained, entry in best:
            left = phrase.words - explained
            named = {p for p in explained if self.sentence[p].stem in entry.name | entry.area}
            tolerable = named and most > 1 and not self._essential(left, phrase, entry)
            if (
                tolerable
                or (most and self._describing(left))
                or self._called(entry, left, explained)
            ):
                kept.append(entry)
        return kept

    def _called(self, entry: Entry, left: frozenset[int], explained: frozenset[int]) -> bool:
        """Whether *entry* is called by a full name, and the words *left* mean nothing here."""
        said = {self.sentence[place].stem for place in explained}
        full = any(len(variant) > 1 and variant <= said for variant in entry.variants)
        words = {self.sentence[place].stem for place in left}
        return full and not any(words & (one.name | one.area) for one in self.index.entries)

    def _describing(self, left: frozenset[int]) -> bool:
        """Whether the words *left* over are adjectives that no name of this home has."""
        words = {self.sentence[place].stem for place in left}
        return words <= self.index.lexicon.describing and not any(
            words & entry.name for entry in self.index.entries
        )

    def _essential(self, left: frozenset[int], phrase: Phrase, entry: Entry) -> bool:
        """Whether the words *left* over name something: another place, or the thing itself."""
        if left & (phrase.place_words | phrase.kind_words):
            return True
        like = [one for one in self.index.entries if one.device.domain == entry.device.domain]
        words = {self.sentence[place].stem for place in left}
        return max(phrase.words) in left or any(words & one.name for one in like)

    def _unknown(
        self, phrase: Phrase, fits: Sequence[tuple[frozenset[int], Entry]]
    ) -> frozenset[int]:
        best = max((explained for explained, _ in fits), key=len, default=frozenset[int]())
        return (phrase.words - best) or phrase.words

    def _group(self, phrase: Phrase, entries: Sequence[Entry]) -> Selection:
        """Return all of *entries*, or those in the room where it is said."""
        if called := self._called_in_plural(phrase, entries):
            return Selection((called,))
        placed = bool(phrase.place_words) or "house" in phrase.scope
        if not placed and self._only_kind(phrase, entries):
            here = self._here(entries)
            local = "here" in phrase.scope or not phrase.every
            if here and local:
                return Selection(tuple(here), group=True)
        return Selection(tuple(entries), group=True)

    def _called_in_plural(self, phrase: Phrase, entries: Sequence[Entry]) -> Entry | None:
        """Return the blinds spoken of last, when just "the blinds" are meant."""
        if phrase.every or phrase.place_words or not self._only_kind(phrase, entries):
            return None
        said = {self.sentence[place].stem for place in phrase.words}
        earlier = ((one,) for one in reversed(self.scene.recent))
        for spoken_of in (self.scene.carried, self.scene.focus, *earlier):
            last = [entry for entry in entries if entry.device.id in spoken_of]
            plural = [entry for entry in last if said <= entry.name and _is_pair(entry)]
            if last:
                return plural[0] if len(last) == len(plural) == 1 else None
        return None

    def _only_kind(self, phrase: Phrase, entries: Sequence[Entry]) -> bool:
        return phrase.words <= phrase.kind_words

    def _here(self, entries: Iterable[Entry]) -> list[Entry]:
        area = self.scene.area
        return [entry for entry in entries if area and entry.device.area == area]

    def _one(self, phrase: Phrase, entries: Sequence[Entry]) -> Selection:
        """Return the one of *entries* that is meant, or all where a room's light is meant."""
        if len(entries) == 1:
            return Selection(tuple(entries))
        for preferred in (self._there(phrase, entries), self._here(entries)):
            if len(preferred) == 1:
                return Selection(tuple(preferred))
            if preferred:
                entries = preferred
        if self._is_mass(phrase, entries):
            if phrase.floors:
                return Selection(tuple(entries), group=True)
            if len({entry.device.area for entry in entries}) == 1:
                return self._main(entries)
        return self._likely(phrase, entries) or Selection(rivals=tuple(entries))

    def _likely(self, phrase: Phrase, entries: Sequence[Entry]) -> Selection | None:
        """Return the one of *entries* that the conversation, the state or a name speaks for."""
        reasons = (
            self._salient(entries),
            self._playing(entries),
            self._busy(entries),
            [entry for entry in entries if entry.device.area in self.scene.focus_areas],
            self._so_called(phrase, entries),
        )
        return next((Selection(tuple(one)) for one in reasons if len(one) == 1), None)

    def _so_called(self, phrase: Phrase, entries: Sequence[Entry]) -> list[Entry]:
        """Return which of *entries* the household just calls "the heating"."""
        said = {self.sentence[place].stem for place in phrase.words}
        return [entry for entry in entries if said in map(set, entry.variants)]

    def _salient(self, entries: Sequence[Entry]) -> list[Entry]:
        """Return which of *entries* were spoken of last: "that heating" is the one before.

        One for which nothing would change is not meant, where another one is left.
        """
        last = [entry for entry in entries if entry.device.id in self.scene.focus]
        if not last:
            newest = (one for one in reversed(self.scene.recent) if one in self.index.by_id)
            mentioned = [self.index.by_id[one] for one in newest]
            last = [entry for entry in mentioned if entry in entries][:1]
        return [entry for entry in last if self.scene.changes(entry.device.id)]

    def _last_two(self, entries: Sequence[Entry]) -> list[Entry]:
        """Return the last two of *entries* that were spoken of, if possible such as would change.

        After "which lights are on" those are "both", and not the ones that are off.
        """
        known = {entry.device.id: entry for entry in entries}
        spoken_of = [known[one] for one in self.scene.recent if one in known]
        changing = [entry for entry in spoken_of if self.scene.changes(entry.device.id)]
        return (changing if len(changing) >= _BOTH else spoken_of)[-_BOTH:]

    def _there(self, phrase: Phrase, entries: Iterable[Entry]) -> list[Entry]:
        areas = self.scene.focus_areas if "there" in phrase.scope else ()
        return [entry for entry in entries if entry.device.area in areas]

    def _playing(self, entries: Iterable[Entry]) -> list[Entry]:
        return [entry for entry in entries if entry.device.id in self.scene.playing]

    def _busy(self, entries: Iterable[Entry]) -> list[Entry]:
        return [entry for entry in entries if entry.device.id in self.scene.busy]

    def _is_mass(self, phrase: Phrase, entries: Sequence[Entry]) -> bool:
        """Whether "the light" of a room may be several lamps."""
        lights = all(entry.device.domain == "light" for entry in entries)
        said = {self.sentence[place].stem for place in phrase.words}
        return lights and "lamp" not in said

    def _main(self, entries: Sequence[Entry]) -> Selection:
        """Return the light that is called like its room, or all of them."""
        light = frozenset({"light"})
        main = [e for e in entries if any(area | light in e.variants for area in e.areas)]
        plain = [e for e in entries if light in e.variants]
        for named in (main, plain):
            if len(named) == 1:
                return Selection(tuple(named))
        return Selection(tuple(entries), group=True)

    def _everything(self, phrase: Phrase, entries: Sequence[Entry]) -> Selection:
        """Return every device of a place that may be switched in one go."""
        domains = self.usual if self.usual & _NAMED_SWEPT else _SWEPT
        safe = [entry for entry in entries if entry.device.domain in domains]
        if phrase.words - phrase.place_words:
            return self._named(phrase, safe)
        if not phrase.place_words and "house" not in phrase.scope:
            here = self._here(safe) if "here" in phrase.scope else []
            return Selection(tuple(here or safe), group=True)
        return Selection(tuple(self._at(phrase, safe)), group=True)

    def _at(self, phrase: Phrase, entries: Iterable[Entry]) -> list[Entry]:
        """Return the devices in the areas and on the floors of *phrase*."""
        ids = {identity for hit in phrase.areas for identity in hit.meanings}
        return [
            entry
            for entry in entries
            if entry.device.area in ids or self._floor_of(entry) in phrase.floors
        ]

    def _in_place(self, phrase: Phrase, entries: Sequence[Entry]) -> Selection:
        """Return what the action is usually about, in the room that is named."""
        there = self._at(phrase, entries) if phrase.place_words else list(entries)
        usual = [entry for entry in there if entry.device.domain in self.usual]
        if not usual:
            usual = [entry for entry in there if entry.device.domain in _SWEPT]
        if not usual:
            own = [entry for entry in entries if entry.device.domain in self.certain]
            return Selection(tuple(own)) if len(own) == 1 else Selection(unknown=phrase.words)
        one_each = any(entry.device.domain in _ONE_EACH for entry in usual)
        if (counterpart := self._counterpart(usual)) and not phrase.every:
            return Selection((counterpart,))
        if phrase.every or not one_each:
            return Selection(tuple(usual), group=len(usual) > 1)
        return self._one(phrase, usual)

    def _counterpart(self, there: Sequence[Entry]) -> Entry | None:
        """Return what corresponds elsewhere to the one device before.

        After "bathroom light on", "no, the bedroom" means the Bedroom Light, and not every lamp.
        """
        before = [self.index.by_id[one] for one in self.scene.carried if one in self.index.by_id]
        if len(before) != 1:
            return None
        wanted = _own_words(before[0])
        alike = [entry for entry in there if _own_words(entry) & wanted]
        return alike[0] if len(alike) == 1 else None

    def _unnamed(self, phrase: Phrase) -> Selection:
        """Return what is meant when no device is named at all."""
        entries = [entry for entry in self.index.entries if self.able(entry.device)]
        last = [entry for entry in entries if entry.device.id in self.scene.focus]
        carried = [entry for entry in entries if entry.device.id in self.scene.carried]
        if "both" in phrase.scope and len(both := self._last_two(entries)) == _BOTH:
            return Selection(tuple(both), group=True)
        if carried and not phrase.scope & {"here", "there"}:
            return Selection(tuple(carried), group=len(carried) > 1)
        if last and not phrase.scope & {"here", "there"} and "everything" not in phrase.scope:
            return Selection(tuple(last), group=len(last) > 1)
        if "everything" in phrase.scope:
            return self._everything(phrase, entries)
        usual = [entry for entry in entries if entry.device.domain in self.usual]
        if "there" in phrase.scope and self.scene.focus_areas:
            usual = [e for e in usual if e.device.area in self.scene.focus_areas] or usual
        elif self.scene.area and (here := self._here(usual)):
            usual = here
        if not usual:
            return Selection()
        if phrase.every or "house" in phrase.scope:
            return Selection(tuple(usual), group=True)
        return self._one(phrase, usual)

    def _other(self, phrase: Phrase) -> Selection:
        """Return the device beside the one that was taken: "not that one, the other one"."""
        before = [self.index.by_id[one] for one in self.scene.carried if one in self.index.by_id]
        domains = {entry.device.domain for entry in before}
        areas = {entry.device.area for entry in before}
        rest = [
            entry
            for entry in self.index.entries
            if entry.device.domain in domains and entry not in before and self.able(entry.device)
        ]
        near = [entry for entry in rest if entry.device.area in areas] or rest
        return Selection(tuple(near)) if len(near) == 1 else Selection(rivals=tuple(near))


def _own_words(entry: Entry) -> frozenset[frozenset[str]]:
    """Return what each name of a device says besides its room."""
    return frozenset(variant - entry.area for variant in entry.variants) - {frozenset()}


_BOTH = 2


def _is_pair(entry: Entry) -> bool:
    """Whether one device bears a name in the plural: blinds, curtains, shutters."""
    return entry.device.domain == "cover"


_NAMED_SWEPT = frozenset({"lock", "cover"})
"""Domains of "lock everything" and "close everything", where the verb tells what is meant."""
_ONE_EACH = frozenset({"media_player", "lock", "vacuum", "alarm_control_panel"})
"""Domains of which a room's only one is meant, where a room is all that is named."""


def _one_each(entries: Sequence[Entry]) -> bool:
    """Whether names say nothing on which of *entries* "the door" is, where one is as good."""
    return all(entry.device.domain in _ONE_EACH for entry in entries)


def _of_domains(domains: set[str]) -> Able:
    return lambda device: device.domain in domains


_SWEPT = frozenset(
    {"light", "switch", "fan", "media_player", "climate", "humidifier", "input_boolean"}
)
"""Domains of "everything in the kitchen": never locks, alarms, covers or valves."""
