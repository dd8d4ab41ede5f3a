"""From the words of one request to devices, an operation and its values."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from gnothi.home.grounding.amounts import NO_AMOUNT, Amount
from gnothi.home.grounding.commands import present_level
from gnothi.home.grounding.demand import Demand, read_demand
from gnothi.home.grounding.groups import Group, grouped
from gnothi.home.grounding.index import Entry, Index, index_of
from gnothi.home.grounding.limits import beyond
from gnothi.home.grounding.operations import LEVELS, Operation, operation_for
from gnothi.home.grounding.phrases import Naming, Phrase, read_naming, said
from gnothi.home.grounding.questions import is_question, read_question
from gnothi.home.grounding.result import Asking, Doing, Grounding, Problem, Telling
from gnothi.home.grounding.selection import Scene, Selection, Selector
from gnothi.home.grounding.words import Word, words
from gnothi.home.house import House
from gnothi.home.model import Device
from gnothi.text.durations import find_durations
from gnothi.text.numbers import find_numbers
from gnothi.text.tokenise import MAX_CHARACTERS


@dataclass(frozen=True, slots=True)
class Earlier:
    """What a follow-up builds on: the operation and targets of an earlier call."""

    operation: Operation
    targets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything but the words that decides what a request means."""

    area: str | None = None
    """The area of the device that hears."""
    focus: tuple[str, ...] = ()
    """Entity ids that were spoken of last, for "it"."""
    recent: tuple[str, ...] = ()
    """Devices that were spoken of, the newest last; the last two are "both"."""
    focus_areas: tuple[str, ...] = ()
    """Areas that were spoken of last, for "there"."""
    earlier: Earlier | None = None
    """The call that this request changes or repeats ("and the kitchen")."""
    told: Telling | None = None
    """The question that this request repeats ("and the kitchen?")."""
    among: tuple[str, ...] = ()
    """Entity ids of which one is chosen now ("the left one")."""
    answers: str = ""
    """What had been asked for: ``targets``, ``value`` or nothing."""


def ground(text: str, intent: str, house: House, situation: Situation | None = None) -> Grounding:
    """Return what *text* asks to be done in *house*.

    *intent* is a hint: what the words and the devices say counts for more.
    """
    now, text = situation or Situation(), text[:MAX_CHARACTERS]
    index = index_of(house)
    sentence = index.corrected(words(text))
    names = index.mentions(sentence)
    if now.told or is_question(sentence, text, intent, names, index):
        return read_question(sentence, text, names, index, scene_of(house, now), now.told)
    if put_off := _put_off(text, index):
        return Problem(put_off)
    imperial = house.home.units == "imperial"
    demand = read_demand(
        sentence, text, intent, names=names, imperial=imperial, lexicon=index.lexicon
    )
    if demand and demand.bare and index.lexicon.clock.search(text):
        return Problem("unclear")
    found = _Request(index, house, text, sentence, names, demand, now).ground()
    refused = beyond(found, house, index.lexicon) if isinstance(found, Doing) else None
    return refused or found


def _put_off(text: str, index: Index) -> str:
    """Say whether *text* wants something ``later`` or only ``awhile``; empty when it does not.

    Doing it now, or for good, would be wrong.
    """
    if index.lexicon.moments.search(text):
        return "later"
    before = {
        word for found in find_durations(text) for word in text[: found.start].lower().split()[-1:]
    }
    if before & index.lexicon.later:
        return "later"
    return "awhile" if before & index.lexicon.awhile else ""


@dataclass(frozen=True, slots=True)
class _Request:
    index: Index
    house: House
    text: str
    sentence: Sequence[Word]
    names: frozenset[int]
    demand: Demand | None
    situation: Situation

    def ground(self) -> Grounding:
        earlier = self.situation.earlier
        if earlier and self.situation.answers:
            return self._answered(earlier)
        if earlier and self._repeats():
            return self._again(earlier, self._naming(self.demand or Demand("")))
        if self.demand is None:
            return Problem("unclear")
        if earlier and self.demand.weak and (named := self._called(earlier, self.demand)):
            return named
        return self._fresh(self.demand)

    def _repeats(self) -> bool:
        """Whether the words tell nothing new to be done: "the kitchen", "the lamp to the same"."""
        demand = self.demand
        if demand is None or not demand.spoken:
            return True
        return demand.bare and not demand.amount.told and self._says_same()

    def _says_same(self) -> bool:
        return any(word.stem in self.index.lexicon.same for word in self.sentence)

    def _called(self, earlier: Earlier, demand: Demand) -> Doing | None:
        """Return the earlier operation on what is called by the only "verb": "the dock".

        It is a name where it can't be done to what bears it, and the earlier operation can.
        """
        naming = self._naming(replace(demand, used=frozenset()))
        found = self._again(earlier, naming)
        if not isinstance(found, Doing) or not demand.used <= naming.whole.words:
            return None
        said = {self.sentence[place].stem for place in demand.used}
        entries = [self.index.by_id[one] for one in found.targets]
        names = all(
            said <= entry.name and operation_for(demand, entry.device) is None for entry in entries
        )
        return found if names else None

    def _fresh(self, demand: Demand) -> Grounding:
        naming = self._naming(demand)
        demand = self._in_context(demand, naming.whole)
        if _says_nothing(demand, naming.whole):
            return Problem("unclear")
        if unable := self._unable(demand, naming.whole):
            return unable
        selection = self._select(demand, naming)
        nothing = not selection.chosen and not selection.rivals
        if nothing and demand.property and not _is_room_heating(demand, naming.whole):
            looser = replace(demand, property="")
            # Degrees are no percent: without a thermostat there is nothing to set.
            told = looser.amount.told and looser.amount.unit != "degrees"
            if told or demand.action != "set":
                selection = self._select(looser, naming)
                demand = looser if selection.chosen else demand
        if selection.rivals:
            return self._which(demand, selection)
        if not selection.chosen:
            return self._problem(demand, naming, selection)
        return self._doing(demand, naming, selection)

    def _in_context(self, demand: Demand, whole: Phrase) -> Demand:
        """Return *demand* with what the words leave open as it was before, and not by the intent.

        After "the lamp to forty", "twenty" is a brightness; of the blinds in focus, "half" is
        their position.
        """
        earlier = self.situation.earlier
        if demand.bare and not demand.amount.told and self._says_same():
            demand = replace(demand, amount=self._same_amount(), property="", implied=False)
        if demand.property and not demand.implied:
            return demand
        if earlier and demand.bare and demand.amount.value is not None:
            wanted = _property_of(earlier.operation)
            return replace(demand, action="set", property=wanted, implied=False)
        recent, focus = self.situation.recent[-2:], self.situation.focus
        spoken_of = recent if "both" in whole.scope else focus
        if demand.implied and spoken_of and not whole.words and not whole.scope & _PLACES:
            loose = replace(demand, property="", implied=False)
            able = any(operation_for(loose, self.house.device(one)) for one in spoken_of)
            return loose if able else demand
        return demand

    def _same_amount(self) -> Amount:
        """Return the level of the device that was spoken of last."""
        for one in self.situation.focus:
            level = present_level(self.house.device(one), self.house.state(one))
            if level is not None:
                return Amount(value=level)
        return NO_AMOUNT

    def _unable(self, demand: Demand, whole: Phrase) -> Problem | None:
        """Say so where what was spoken of can't do it, rather than do it to something else.

        Only "turn it up", "pause it" and the like are said of what merely runs.
        """
        if whole.words or whole.scope & _PLACES or not self._is_about_it(demand, whole):
            return None
        earlier = self.situation.earlier
        meant = earlier.targets if earlier and demand.bare else self.situation.focus
        devices = [self.house.device(one) for one in meant]
        acting = [device for device in devices if device.domain not in _SENSORS]
        if not acting:
            guessed = whole.refers and demand.implied and not _is_room_temperature(demand)
            return Problem("unclear") if guessed and demand.amount.value is not None else None
        loose = replace(demand, property="" if demand.implied else demand.property)
        if any(operation_for(loose, device) for device in acting):
            return None
        targets = tuple(device.id for device in acting)
        return Problem("cannot", targets=targets, operation=demand.action)

    def _is_about_it(self, demand: Demand, whole: Phrase) -> bool:
        """Whether only what was spoken of can be meant."""
        if self.situation.earlier and demand.bare:
            return True
        said = demand.bare or not demand.spoken or demand.action in _PLAIN
        return whole.refers and said

    def _naming(self, demand: Demand) -> Naming:
        return read_naming(
            self.sentence,
            self.index,
            used=demand.used,
            optional=demand.optional,
            names=self.names,
        )

    def _select(self, demand: Demand, naming: Naming) -> Selection:
        heating = _is_room_heating(demand, naming.whole)
        selector = Selector(
            self.index,
            self.sentence,
            able=lambda device: (
                operation_for(demand, device) is not None
                and not (heating and device.domain == "light")
            ),
            usual=usual_domains(demand),
            certain=_CERTAIN.get(demand.action, frozenset()),
            scene=scene_of(self.house, self.situation, demand),
        )
        return selector.select(naming)

    def _doing(self, demand: Demand, naming: Naming, selection: Selection) -> Grounding:
        """Return the operations on what was chosen, first what most of it has in common.

        A value that is one thing for a lamp and another for a heater is not meant for both where
        no device was named: "everything to fifty".
        """
        operations = [(operation_for(demand, entry.device), entry) for entry in selection.chosen]
        groups = grouped([(own, entry) for own, entry in operations if own])
        if groups[0].operation.name in LEVELS.values() and _is_swept(naming.whole):
            groups = groups[:1]
        if len(groups) > 1 and any(group.operation.lacks for group in groups):
            return Problem("unclear")
        if groups[0].operation.lacks:
            return Asking("value", groups[0].operation, targets=groups[0].ids)
        return self._steps(groups, naming, selection)

    def _steps(self, groups: Sequence[Group], naming: Naming, selection: Selection) -> Doing:
        """Return what is to be done to all *groups*; each keeps the areas that it is in."""
        areas = self._areas(naming)
        first, *others = (
            Doing(
                group.operation,
                (lit := self._lit(group, selection)).ids,
                areas if len(groups) == 1 else lit.areas(areas),
                selection.group,
            )
            for group in groups
        )
        return replace(first, also=tuple(others))

    def _lit(self, group: Group, selection: Selection) -> Group:
        """In a group, make only those lights brighter or darker that are on, if any is."""
        operation = group.operation
        if operation.name != "brightness" or "step" not in operation.data or not selection.group:
            return group
        lit = [entry for entry in group.entries if self.house.state(entry.device.id).state == "on"]
        return replace(group, entries=tuple(lit)) if lit else group

    def _areas(self, naming: Naming) -> tuple[str, ...]:
        phrases = [naming.whole, *naming.parts]
        return tuple(
            dict.fromkeys(
                identity for one in phrases for hit in one.areas for identity in hit.meanings
            )
        )

    def _which(self, demand: Demand, selection: Selection) -> Asking:
        first = selection.rivals[0].device
        operation = operation_for(demand, first) or Operation(demand.action)
        return Asking(
            "targets", operation, choices=tuple(entry.device.id for entry in selection.rivals)
        )

    def _problem(self, demand: Demand, naming: Naming, selection: Selection) -> Problem:
        """Say why nothing was chosen: it can't do that, or it is not there."""
        if demand.amount.unit == "degrees" or _is_room_heating(demand, naming.whole):
            return Problem("no-thermostat")
        anything = Selector(self.index, self.sentence, able=lambda device: True)
        named = anything.phrase(naming.whole) if naming.whole.words else Selection()
        if named.chosen and len(named.chosen) <= _FEW:
            targets = tuple(entry.device.id for entry in named.chosen)
            return Problem("cannot", targets=targets, operation=demand.action)
        unknown = selection.unknown or named.unknown
        if not unknown:
            return Problem("unclear" if naming.whole.empty else "none-there")
        return Problem("no-such", self._said(naming))

    def _said(self, naming: Naming) -> str:
        return said(self.sentence, self.text, naming)

    def _answered(self, earlier: Earlier) -> Grounding:
        """Complete the earlier operation with what had been asked for."""
        operation = self._changed(earlier)
        if self.situation.answers == "value":
            if operation.lacks or operation == earlier.operation:
                return Asking("value", earlier.operation, targets=earlier.targets)
            return Doing(operation, earlier.targets, group=len(earlier.targets) > 1)
        chosen = self._chosen_among()
        if not chosen:
            return Asking("targets", operation, choices=self.situation.among)
        offered = replace(earlier, targets=self.situation.among[:1])
        entries = [self.index.by_id[one] for one in chosen]
        groups = grouped([(self._translated(operation, offered, one), one) for one in entries])
        return self._steps(groups, Naming(Phrase()), Selection(group=len(chosen) > 1))

    def _chosen_among(self) -> tuple[str, ...]:
        """Return which of the devices that were offered is meant: by name, place or position."""
        among = self.situation.among
        naming = self._naming(Demand(""))
        selector = Selector(
            self.index,
            self.sentence,
            able=lambda device: device.id in among,
            usual=frozenset(self.house.device(one).domain for one in among),
        )
        if naming.whole.words and (chosen := selector.select(naming).chosen):
            return tuple(entry.device.id for entry in chosen)
        if naming.whole.every:
            return among
        ordinals = [number for number in find_numbers(self.text) if number.ordinal]
        place = int(ordinals[0].value) if ordinals else 0
        in_range = 0 < abs(place) <= len(among)
        return (among[place - 1 if place > 0 else place],) if in_range else ()

    def _again(self, earlier: Earlier, naming: Naming) -> Grounding:
        """Do the earlier operation to what is named now; values that are told now count."""
        operation = self._changed(earlier)
        selection = self._select_again(naming, earlier)
        if selection.rivals:
            return Asking(
                "targets",
                operation,
                choices=tuple(entry.device.id for entry in selection.rivals),
            )
        if not selection.chosen:
            return self._problem(self.demand or Demand(""), naming, selection)
        able = [(self._translated(operation, earlier, one), one) for one in selection.chosen]
        return self._steps(grouped(able), naming, selection)

    def _translated(self, operation: Operation, earlier: Earlier, entry: Entry) -> Operation:
        """Return what *operation* is for another kind of device: a lock is closed by locking."""
        if entry.device.domain in {self.house.device(one).domain for one in earlier.targets}:
            return operation
        meanings = (operation.name, _LIKE.get(operation.name, ""))
        found = (operation_for(Demand(action), entry.device) for action in meanings)
        return next((own for own in found if own), operation)

    def _select_again(self, naming: Naming, earlier: Earlier) -> Selection:
        """Choose among devices of the same kind as before, then among all that can do the same."""
        before = [self.index.by_id[one] for one in earlier.targets if one in self.index.by_id]
        domains = frozenset(entry.device.domain for entry in before)
        kinds = [entry.kinds for entry in before]
        common = kinds[0].intersection(*kinds) if kinds else frozenset[str]()

        def alike(device: Device) -> bool:
            shared = self.index.by_id[device.id].kinds & common
            return device.domain in domains and bool(shared or not common)

        def able(device: Device) -> bool:
            return device.domain in domains or can(earlier.operation, device)

        scene = scene_of(self.house, self.situation)
        same = Selector(self.index, self.sentence, able=alike, usual=domains, scene=scene)
        selection = same.select(naming)
        if selection.chosen or selection.rivals:
            return selection
        return replace(same, able=able).select(naming)

    def _changed(self, earlier: Earlier) -> Operation:
        """Return the earlier operation, with the value that is told now."""
        demand = self.demand
        if demand is None or not demand.amount.told:
            return earlier.operation
        targets = earlier.targets or self.situation.among
        if not targets:
            return earlier.operation
        device = self.house.device(targets[0])
        asked = replace(demand, action="set", property=_property_of(earlier.operation))
        return operation_for(asked, device) or earlier.operation


def _is_swept(whole: Phrase) -> bool:
    """Whether only a place is named, or everything, and no device."""
    return whole.only_place or "everything" in whole.scope


def scene_of(house: House, situation: Situation, demand: Demand | None = None) -> Scene:
    """Return what the present state of *house* says about which device may be meant."""
    states = {device.id: house.state(device.id).state for device in house.devices()}
    plain = demand.action if demand and not demand.property else ""
    reached = _REACHED.get(plain, frozenset[str]())
    ended = _ENDED.get(demand.action if demand else "", frozenset[str]())
    return Scene(
        area=situation.area,
        focus=situation.focus,
        focus_areas=situation.focus_areas,
        recent=situation.recent or situation.focus,
        carried=situation.earlier.targets if situation.earlier else (),
        busy=frozenset(one for one, state in states.items() if state in ended),
        idle=frozenset(one for one, state in states.items() if state in reached),
        playing=frozenset(one for one, state in states.items() if state == "playing"),
    )


def can(operation: Operation, device: Device) -> bool:
    """Whether *device* may take part in *operation*."""
    demand = Demand(operation.name)
    return operation_for(demand, device) is not None


def usual_domains(demand: Demand) -> frozenset[str]:
    """Return the domains that *demand* is about when only a room, or nothing, is named."""
    if demand.property in {"brightness", "color", "color_temp"}:
        return frozenset({"light"})
    if demand.property:
        domains = {domain for domain, level in LEVELS.items() if level == demand.property}
        return frozenset(domains or {"climate"})
    return _USUAL.get(demand.action, frozenset())


def _says_nothing(demand: Demand, whole: Phrase) -> bool:
    """Whether only the intent says what is to be done, and nothing to what."""
    told = demand.amount.told or demand.mode or (demand.property and not demand.implied)
    return whole.empty and not told and (demand.bare or not demand.spoken)


def _is_room_heating(demand: Demand, whole: Phrase) -> bool:
    """Whether a room shall be warmer or cooler: no shade of its lights is meant."""
    return demand.property == "temperature" and whole.only_place


def _is_room_temperature(demand: Demand) -> bool:
    """Whether a value is most likely a temperature, so that "it" needs nothing before it."""
    return demand.property == "temperature" and (demand.amount.value or 0) >= _COLDEST_ROOM


def _property_of(operation: Operation) -> str:
    """Return the level that *operation* sets; none for a colour, of which no number is told."""
    return operation.name if operation.name in LEVELS.values() else ""


_LIKE = {"unlock": "open", "lock": "close"}
"""What one does to a door that has no lock of its own."""
_FEW = 3
_COLDEST_ROOM = 10
_PLACES = frozenset({"here", "there", "everything", "house"})
"""Scopes that mean more than what was spoken of."""
_SENSORS = frozenset({"sensor", "binary_sensor"})
_PLAIN = frozenset({"on", "off", "open", "close", "toggle", "lock", "unlock"})
"""Actions that are done to one thing, and never to just what runs."""
_LIGHT = frozenset({"light"})
_PLAYER = frozenset({"media_player"})
_USUAL = {
    **dict.fromkeys(("on", "off", "toggle", "up", "down", "set"), _LIGHT),
    **dict.fromkeys(("play", "pause", "next", "previous", "mute", "unmute"), _PLAYER),
    **dict.fromkeys(("lock", "unlock"), frozenset({"lock"})),
    **dict.fromkeys(("open", "close"), frozenset({"cover"})),
    **dict.fromkeys(("clean", "dock"), frozenset({"vacuum"})),
    **dict.fromkeys(("arm", "disarm"), frozenset({"alarm_control_panel"})),
    "stop": frozenset({"media_player", "cover", "vacuum"}),
    "start": frozenset({"media_player", "vacuum"}),
    "water": frozenset({"valve"}),
}
_CERTAIN = {
    "clean": frozenset({"vacuum"}),
    "dock": frozenset({"vacuum", "lawn_mower"}),
    "water": frozenset({"valve"}),
}
"""Actions that only one kind of device does, whatever they are done to."""
_ENDED = {
    "off": frozenset({"on", "playing", "open", "cleaning", "heat", "cool", "auto"}),
    "stop": frozenset({"on", "playing", "open", "cleaning", "opening", "closing"}),
    "close": frozenset({"open"}),
    "lock": frozenset({"unlocked"}),
    "pause": frozenset({"playing", "cleaning"}),
    "dock": frozenset({"cleaning", "paused"}),
    "mute": frozenset({"playing"}),
    "play": frozenset({"paused"}),
}
"""Action to the states that it ends: of several devices, one that is in such a state is meant."""
_REACHED = {
    "on": frozenset({"on", "playing"}),
    "off": frozenset({"off"}),
    "open": frozenset({"open"}),
    "close": frozenset({"closed"}),
    "lock": frozenset({"locked"}),
    "unlock": frozenset({"unlocked"}),
}
"""Action to the states that it leads to."""
