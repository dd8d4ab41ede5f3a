"""What a request wants done, read from its words: action, property, direction.

The intent only decides where the words are silent: people say "kill the lights", and a
classifier may take "kitchen light off" for a question. What the action does to a device depends
on the device, and is decided in :mod:`gnothi.home.grounding.services`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gnothi.home.grounding.amounts import NO_AMOUNT, Amount, read_amount
from gnothi.home.grounding.lexicon import Lexicon
from gnothi.home.grounding.words import Hit, Word

Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Demand:
    """What is to be done, whatever it is done to."""

    action: str
    """A family of :mod:`gnothi.home.grounding.lexicon`: ``on``, ``open``, ``up``, ``set`` …"""
    property: str = ""
    """``brightness``, ``volume``, ``temperature`` …; empty when the device decides."""
    amount: Amount = NO_AMOUNT
    mode: str = ""
    """A mode of a thermostat, or an arming service of an alarm."""
    used: frozenset[int] = frozenset()
    """Words that express the action; they name no device."""
    optional: frozenset[int] = frozenset()
    """Words of property and amount; they may also be part of a name."""
    implied: bool = False
    """Whether the property comes from the intent and not from the words."""
    spoken: bool = True
    """Whether the words told the action, rather than the intent."""


@dataclass(frozen=True, slots=True)
class _Verb:
    action: str
    words: frozenset[int]


_GENERAL = frozenset({"set"})
"""Verbs that say nothing without what follows them."""
_PARTICLES = frozenset({"on", "off", "up", "down"})
_ARTICLES = frozenset({"the", "a", "an", "my", "our", "this", "that", "your", "all"})
_BARE = frozenset({"open", "close", "closed", "shut", "out"})
_SAID = {"closed": "close", "shut": "close", "out": "off"}


def read_demand(
    sentence: Sequence[Word],
    text: str,
    intent: str,
    *,
    names: frozenset[int],
    imperial: bool,
    lexicon: Lexicon,
) -> Demand | None:
    """Return what *sentence* demands; ``None`` when neither words nor *intent* demand anything.

    *names* are the words that belong to a name of the home ("Dim Sum Lamp"): they are no verbs,
    and their numbers ("Bedroom 2") no amounts.
    """
    verb = _verb(sentence, names, lexicon)
    properties = [
        hit
        for hit in lexicon.properties.find(sentence)
        if hit.start not in names and not _ends_number(sentence, hit)
    ]
    amount = read_amount(sentence, text, names=names, imperial=imperial, lexicon=lexicon)
    directed = [hit for hit in lexicon.directions.find(sentence) if hit.start not in names]
    direction = directed[-1].meanings[0] if directed else ""
    implied = INTENTS.get(intent, ("", ""))
    action = verb.action if verb else ""
    if action in _GENERAL | {""} and direction and not amount.absolute:
        action = direction
    if action == "set" and not properties and not amount.told:
        action = implied[0] or action
    if not action and (amount.told or properties):
        action = implied[0] or "set"
    spoken = bool(action)
    action = action or implied[0]
    if not action:
        return None
    mode = _mode(sentence, names, action, lexicon)
    wanted = _property(properties, implied, action, amount)
    return Demand(
        action=action,
        property=wanted,
        amount=amount,
        mode=mode[0],
        used=frozenset(verb.words if verb else ()),
        optional=frozenset(
            [place for hit in (*properties, *directed) for place in range(hit.start, hit.end)]
            + [*amount.words, *mode[1]]
        ),
        implied=bool(wanted) and not properties and amount.unit != "degrees",
        spoken=spoken,
    )


def _verb(sentence: Sequence[Word], names: frozenset[int], lexicon: Lexicon) -> _Verb | None:
    """Return the verb that decides: a strong one, a bare particle, a weak one, then "set"."""
    hits = [hit for hit in lexicon.actions.find(sentence) if hit.start not in names]
    edges = _edges(sentence, lexicon)
    strong = [hit for hit in hits if not _is_weak(hit, sentence, lexicon)]
    weak = [
        hit
        for hit in hits
        if hit not in strong
        and (hit.start in edges or hit.end - 1 in edges)
        and not (hit.start and sentence[hit.start - 1].form in _ARTICLES)
    ]
    special = [hit for hit in strong if hit.meanings[0] not in _GENERAL]
    split = _split_verb(sentence, names, lexicon)
    bare = _bare_particle(sentence, names)
    first = min(special, key=lambda hit: hit.start, default=None)
    if split and (first is None or split[0] < first.start or first.end - first.start == 1):
        return split[1]
    if first:
        return _of(first)
    if weak and weak[0].start == edges[0] and weak[0].meanings[0] not in _GENERAL:
        return _of(weak[0])
    if bare:
        return bare
    return next((_of(hit) for hit in [*weak, *strong]), None)


def _of(hit: Hit) -> _Verb:
    return _Verb(hit.meanings[0], frozenset(range(hit.start, hit.end)))


def _is_weak(hit: Hit, sentence: Sequence[Word], lexicon: Lexicon) -> bool:
    return tuple(word.stem for word in sentence[hit.start : hit.end]) in lexicon.weak


def _edges(sentence: Sequence[Word], lexicon: Lexicon) -> tuple[int, int]:
    """Return the first and the last word that carry content."""
    plain = lexicon.filler - _PARTICLES - {"back", "more", "les", "out"}
    content = [place for place, word in enumerate(sentence) if word.stem not in plain]
    return (content[0], content[-1]) if content else (0, len(sentence) - 1)


def _split_verb(
    sentence: Sequence[Word], names: frozenset[int], lexicon: Lexicon
) -> tuple[int, _Verb] | None:
    """Return a verb whose particle comes after its object: "turn the lamp on the desk off"."""
    for hit in lexicon.particle_verbs.find(sentence):
        if hit.start in names:
            continue
        particles = [place for place in _particles(sentence, hit.end) if place not in names]
        if particles:
            chosen = next((p for p in particles if p == hit.end), particles[-1])
            used = frozenset({*range(hit.start, hit.end), chosen})
            return hit.start, _Verb(sentence[chosen].form, used)
    return None


def _particles(sentence: Sequence[Word], begin: int) -> Iterator[int]:
    """Yield the places of particles that are no prepositions."""
    for place in range(begin, len(sentence)):
        if sentence[place].form not in _PARTICLES:
            continue
        follower = sentence[place + 1].form if place + 1 < len(sentence) else ""
        if place == begin or not (follower in _ARTICLES or _is_noun_like(follower)):
            yield place


def _is_noun_like(form: str) -> bool:
    return bool(form) and form.isalpha() and form not in _AFTER_PARTICLE


_AFTER_PARTICLE = frozenset(
    {
        *("in", "at", "to", "by", "please", "now", "for", "again", "and", "then", "until", "a"),
        *("with", "if", "when", "thanks", "immediately", "right", "too", "as", "from", "also"),
        *("upstairs", "downstairs", "outside", "inside", "everywhere", "here", "there", "full"),
        *("way", "slightly", "just", "but", "except", "plus", "or", "on", "off", "over", "half"),
        *("high", "low", "max", "maximum", "minimum", "completely", "all", "would", "will", "you"),
    }
)


def _bare_particle(sentence: Sequence[Word], names: frozenset[int]) -> _Verb | None:
    """Return the action in "kitchen light on" and "garage door open"."""
    last: _Verb | None = None
    particles = set(_particles(sentence, 0))
    for place, word in enumerate(sentence):
        if place in names:
            continue
        final = place == len(sentence) - 1 or sentence[place + 1].form in _AFTER_PARTICLE
        if place in particles or (word.form in _BARE and final and place):
            last = _Verb(_SAID.get(word.form, word.form), frozenset({place}))
    return last


def _property(hits: Sequence[Hit], implied: tuple[str, str], action: str, amount: Amount) -> str:
    """Return the property that the words name, or the intent where the action fits it."""
    found = [meaning for hit in hits for meaning in hit.meanings]
    for special in ("color_temp", "color", "humidity", "speed", "volume", "position"):
        if special in found:
            return special
    if amount.rgb:
        return "color"
    if amount.kelvin:
        return "color_temp"
    if found:
        return found[0]
    if amount.unit == "degrees":
        return "temperature"
    return implied[1] if action == implied[0] or action in {"set", "up", "down"} else ""


def _mode(
    sentence: Sequence[Word], names: frozenset[int], action: str, lexicon: Lexicon
) -> tuple[str, tuple[int, ...]]:
    """Return the mode that is named, where the action leaves room for one, and its words."""
    if action not in {"set", "arm"}:
        return "", ()
    phrases = lexicon.alarms if action == "arm" else lexicon.modes
    hits = [
        hit
        for hit in phrases.find(sentence)
        if hit.start not in names and (action == "arm" or _is_mode(sentence, hit))
    ]
    if not hits:
        return "", ()
    return hits[-1].meanings[0], tuple(range(hits[-1].start, hits[-1].end))


def _ends_number(sentence: Sequence[Word], hit: Hit) -> bool:
    """Whether "half" is part of a number: "21 and a half"."""
    before = [word.form for word in sentence[max(0, hit.start - 2) : hit.start]]
    return before == ["and", "a"]


def _is_mode(sentence: Sequence[Word], hit: Hit) -> bool:
    """Whether "heating" is what a thermostat is set to, and not what is set."""
    before = sentence[hit.start - 1].form if hit.start else ""
    after = sentence[hit.end].form if hit.end < len(sentence) else ""
    return before in {"to", "on", "into"} or "mode" in {after, sentence[hit.end - 1].form}


INTENTS = {
    "iot_hue_lighton": ("on", ""),
    "iot_hue_lightoff": ("off", ""),
    "iot_wemo_on": ("on", ""),
    "iot_wemo_off": ("off", ""),
    "iot_turn_on": ("on", ""),
    "iot_turn_off": ("off", ""),
    "iot_toggle": ("toggle", ""),
    "iot_hue_lightup": ("up", "brightness"),
    "iot_hue_lightdim": ("down", "brightness"),
    "iot_hue_lightchange": ("set", "color"),
    "iot_brightness_set": ("set", "brightness"),
    "iot_open": ("open", ""),
    "iot_close": ("close", ""),
    "iot_stop": ("stop", ""),
    "iot_position_set": ("set", "position"),
    "iot_lock": ("lock", ""),
    "iot_unlock": ("unlock", ""),
    "iot_arm": ("arm", ""),
    "iot_disarm": ("disarm", ""),
    "iot_temperature_set": ("set", "temperature"),
    "iot_temperature_up": ("up", "temperature"),
    "iot_temperature_down": ("down", "temperature"),
    "iot_mode_set": ("set", "mode"),
    "iot_speed_set": ("set", "speed"),
    "iot_speed_up": ("up", "speed"),
    "iot_speed_down": ("down", "speed"),
    "iot_humidity_set": ("set", "humidity"),
    "iot_cleaning": ("clean", ""),
    "iot_cleaning_stop": ("dock", ""),
    "iot_coffee": ("brew", ""),
    "media_pause": ("pause", ""),
    "media_resume": ("play", ""),
    "media_stop": ("stop", ""),
    "media_next": ("next", ""),
    "media_previous": ("previous", ""),
    "audio_volume_up": ("up", "volume"),
    "audio_volume_down": ("down", "volume"),
    "audio_volume_mute": ("mute", ""),
    "audio_volume_unmute": ("unmute", ""),
    "audio_volume_other": ("set", "volume"),
}
"""Action and property that an intent stands for, where the words are silent."""
