"""From the words of one request to devices, an operation and its values."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from gnothi.home.grounding.demand import Demand, read_demand
from gnothi.home.grounding.index import Entry, Index, index_of
from gnothi.home.grounding.operations import LEVELS, Operation, operation_for
from gnothi.home.grounding.phrases import Naming, read_naming, said
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
    """The last two devices that were spoken of, for "both"."""
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
    if _is_put_off(text, index):
        return Problem("later")
    imperial = house.home.units == "imperial"
    demand = read_demand(
        sentence, text, intent, names=names, imperial=imperial, lexicon=index.lexicon
    )
    return _Request(index, house, text, sentence, names, demand, now).ground()


def _is_put_off(text: str, index: Index) -> bool:
    """Whether *text* wants something done later: doing it now would be wrong."""
    if index.lexicon.moments.search(text):
        return True
    before = [text[: found.start].lower().split()[-1:] for found in find_durations(text)]
    return any(word[0] in index.lexicon.later for word in before if word)


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
        if earlier and (self.demand is None or not self.demand.spoken):
            return self._again(earlier)
        if self.demand is None:
            return Problem("unclear")
        return self._fresh(self.demand)

    def _fresh(self, demand: Demand) -> Grounding:
        naming = self._naming(demand)
        if demand.implied and naming.whole.refers and self.situation.focus:
            demand = replace(demand, property="", implied=False)
        selection = self._select(demand, naming)
        if not selection.chosen and not selection.rivals and demand.property:
            looser = replace(demand, property="")
            if looser.amount.told or demand.action != "set":
                selection = self._select(looser, naming)
                demand = looser if selection.chosen else demand
        if selection.rivals:
            return self._which(demand, selection)
        if not selection.chosen:
            return self._problem(demand, naming, selection)
        return self._doing(demand, naming, selection)

    def _naming(self, demand: Demand) -> Naming:
        return read_naming(
            self.sentence,
            self.index,
            used=demand.used,
            optional=demand.optional,
            names=self.names,
        )

    def _select(self, demand: Demand, naming: Naming) -> Selection:
        selector = Selector(
            self.index,
            self.sentence,
            able=lambda device: operation_for(demand, device) is not None,
            usual=usual_domains(demand),
            certain=_CERTAIN.get(demand.action, frozenset()),
            scene=scene_of(self.house, self.situation, demand),
        )
        return selector.select(naming)

    def _doing(self, demand: Demand, naming: Naming, selection: Selection) -> Grounding:
        """Return the operation on what was chosen: the one that most of it has in common."""
        operations = [(operation_for(demand, entry.device), entry) for entry in selection.chosen]
        able = [(operation, entry) for operation, entry in operations if operation]
        names = Counter(operation.name for operation, _ in able)
        plain = next((name for name in ("on", "off") if name in names), "")
        common = plain or names.most_common(1)[0][0]
        operation = next(own for own, _ in able if own.name == common)
        targets = [
            entry for own, entry in able if own.name == operation.name or _same(own, operation)
        ]
        targets = self._lit(operation, targets, selection)
        ids = tuple(entry.device.id for entry in targets)
        if operation.lacks:
            return Asking("value", operation, targets=ids)
        return Doing(operation, ids, self._areas(naming), selection.group)

    def _lit(self, operation: Operation, targets: list[Entry], selection: Selection) -> list[Entry]:
        """In a group, make only those lights brighter or darker that are on, if any is."""
        if operation.name != "brightness" or "step" not in operation.data or not selection.group:
            return targets
        lit = [entry for entry in targets if self.house.state(entry.device.id).state == "on"]
        return lit or targets

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
        return Doing(operation, chosen, group=len(chosen) > 1)

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

    def _again(self, earlier: Earlier) -> Grounding:
        """Do the earlier operation to what is named now; values that are told now count."""
        demand = self.demand or Demand("")
        operation = self._changed(earlier)
        naming = self._naming(demand)
        selection = self._select_again(naming, earlier)
        if selection.rivals:
            return Asking(
                "targets",
                operation,
                choices=tuple(entry.device.id for entry in selection.rivals),
            )
        if not selection.chosen:
            return self._problem(demand, naming, selection)
        ids = tuple(entry.device.id for entry in selection.chosen)
        return Doing(operation, ids, self._areas(naming), selection.group)

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
        device = self.house.device(earlier.targets[0])
        asked = replace(demand, action="set", property=_property_of(earlier.operation))
        return operation_for(asked, device) or earlier.operation


def scene_of(house: House, situation: Situation, demand: Demand | None = None) -> Scene:
    """Return what the present state of *house* says about which device may be meant."""
    states = {device.id: house.state(device.id).state for device in house.devices()}
    ended = _ENDED.get(demand.action if demand else "", frozenset[str]())
    return Scene(
        area=situation.area,
        focus=situation.focus,
        focus_areas=situation.focus_areas,
        recent=situation.recent or situation.focus,
        carried=situation.earlier.targets if situation.earlier else (),
        busy=frozenset(one for one, state in states.items() if state in ended),
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


def _property_of(operation: Operation) -> str:
    return operation.name if operation.name in {*LEVELS.values(), "color", "color_temp"} else ""


def _same(own: Operation, operation: Operation) -> bool:
    return {own.name, operation.name} in _TOGETHER


_TOGETHER = ({"on", "open"}, {"off", "close"}, {"off", "dock"}, {"on", "clean"}, {"on", "play"})
_FEW = 3
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
