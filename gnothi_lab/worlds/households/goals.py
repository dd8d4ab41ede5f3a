"""What can be wanted: an intent with values, known by its key."""

from collections.abc import Mapping
from dataclasses import dataclass

from gnothi_lab.worlds.households.catalogue import Catalogue, Song
from gnothi_lab.worlds.households.chance import Weighted, mix, zipf
from gnothi_lab.worlds.households.parameters import Intent, Parameters
from gnothi_lab.worlds.households.population import Home

_SCALE = 2.0**-64
UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True, eq=False)
class Goal:
    """Something that somebody wants done."""

    key: str
    intent: Intent | None = None
    """``None`` for what no skill serves."""
    values: tuple[str, ...] = ()
    """Canonical values of the intent's slots."""
    song: Song | None = None
    text: str = ""
    """The words for what no skill serves."""

    def doable(self, week: int) -> bool:
        """Whether any wording can be right in *week*."""
        return self.intent is not None and (self.song is None or self.song.served <= week)


def key_of(intent: Intent, labels: tuple[str, ...], values: tuple[str, ...]) -> str:
    """Return the key of an interpretation: domain, intent and canonical values."""
    implied = (f"{intent.implied[0]}={intent.implied[1]}",) if intent.implied[0] else ()
    told = ",".join(implied + tuple(f"{a}={b}" for a, b in zip(labels, values, strict=True)))
    return f"{intent.domain}|{intent.intent}|{told}"


class Goals:
    """Draws goals; the same goal is the same object."""

    def __init__(self, parameters: Parameters, catalogue: Catalogue) -> None:
        """Prepare what the draws need."""
        self._parameters, self._catalogue = parameters, catalogue
        self._known: dict[str, Goal] = {}
        self._intents: Mapping[str, Weighted[Intent]] = {
            group: Weighted(intents, [intent.weight for intent in intents])
            for group, intents in parameters.by_group.items()
        }
        self._no_robot = Weighted(
            home := [one for one in parameters.by_group["home"] if "robot" not in one.slots],
            [one.weight for one in home],
        )
        self._values: Mapping[str, Weighted[str]] = {
            name: Weighted([v.say for v in slot.values], [v.weight for v in slot.values])
            for name, slot in parameters.slots.items()
        } | {
            "artist": Weighted(
                catalogue.artists, zipf(len(catalogue.artists), parameters.catalogue.artist_zipf)
            ),
            "station": _falling(catalogue.stations, parameters.catalogue.other_zipf),
            "city": _falling(catalogue.cities, parameters.catalogue.other_zipf),
        }

    def get(self, key: str) -> Goal | None:
        """Return the goal with *key* if anybody has ever had it."""
        return self._known.get(key)

    def draw(self, group: str, home: Home, week: int, bits: int) -> Goal:
        """Return the goal of *group* that *bits* stand for in *home*."""
        choice = self._no_robot if group == "home" and not home.robot else self._intents[group]
        intent = choice.pick(mix(bits, 1) * _SCALE)
        if intent.slots == ("song",):
            return self.of_song(intent, self._catalogue.draw(mix(bits, 2) * _SCALE, week))
        values = tuple(
            self._value(slot, home, mix(bits, 2 + place) * _SCALE)
            for place, slot in enumerate(intent.slots)
        )
        return self._of(intent, values)

    def of_song(self, intent: Intent, song: Song) -> Goal:
        """Return the wish to hear *song*."""
        key = key_of(intent, ("track",), (song.value,))
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = Goal(key, intent, (song.title,), song)
        return found

    def nobody_can(self, uniform: float) -> Goal:
        """Return a wish that no skill serves; some are more frequent than others."""
        texts = self._parameters.unsupported
        place = int(uniform**self._parameters.taste.unsupported_skew * len(texts))
        key = f"{UNSUPPORTED}|{place}"
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = Goal(key, text=texts[place])
        return found

    def _of(self, intent: Intent, values: tuple[str, ...]) -> Goal:
        labels = tuple(map(self._parameters.label, intent.slots))
        key = key_of(intent, labels, values)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = Goal(key, intent, values)
        return found

    def _value(self, slot: str, home: Home, uniform: float) -> str:
        owned = home.things.get(slot)
        if owned:
            # The first rooms and devices of a home are used more than the last.
            return owned[int(uniform**self._parameters.population.favourites * len(owned))]
        return self._values[slot].pick(uniform)


def _falling(names: tuple[str, ...], exponent: float) -> Weighted[str]:
    return Weighted(names, zipf(len(names), exponent))
