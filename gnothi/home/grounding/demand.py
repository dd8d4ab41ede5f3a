"""What a request wants done, read from its words: action, property, direction.

The intent only decides where the words are silent: people say "kill the lights", and a
classifier may take "kitchen light off" for a question. What the action does to a device depends
on the device, and is decided in :mod:`gnothi.home.grounding.operations`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

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
    bare: bool = False
    """Whether the words tell no more than that a value is to be set ("make it twenty")."""
    weak: bool = False
    """Whether the only verb is a single word that is also a noun ("the back")."""


@dataclass(frozen=True, slots=True)
class _Verb:
    action: str
    words: frozenset[int]
    weak: bool = False


_GENERAL = frozenset({"set", "keep"})
"""Verbs that say nothing without what follows them."""
_VALUED = frozenset({"set", "up", "down", "on", "open", "close"})
"""Actions that may come with a value."""
_PARTICLES = frozenset({"on", "off", "up", "down"})
_CHORES = frozenset({"clean"})
"""Actions that are also done as nouns: "give the hall a hoover"."""
_BARE = frozenset({"open", "close", "closed", "shut", "out", "running", "going"})
_SAID = {"closed": "close", "shut": "close", "out": "off", "running": "on", "going": "on"}


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
    properties = [hit for hit in lexicon.properties.find(sentence) if hit.start not in names]
    amount = read_amount(sentence, text, names=names, imperial=imperial, lexicon=lexicon)
    directed = [hit for hit in lexicon.directions.find(sentence) if hit.start not in names]
    direction = directed[-1].meanings[0] if directed else ""
    implied = INTENTS.get(intent, ("", ""))
    action = verb.action if verb else ""
    bare = action in _GENERAL | {""} and (amount.absolute or not direction)
    if action in _GENERAL | {""} and direction and not amount.absolute:
        action = direction
    if action in _GENERAL and not amount.told and _changes_nothing(action, sentence):
        return None
    action = "set" if action == "keep" else action
    if action == "set" and not properties and not amount.told:
        action = implied[0] or action
    if not action and (amount.told or properties):
        action = implied[0] if not amount.told or implied[0] in _VALUED else "set"
        action = action or "set"
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
        bare=bare,
        weak=bool(verb and verb.weak),
    )


def _changes_nothing(action: str, sentence: Sequence[Word]) -> bool:
    """Whether "leave it" or "put them back" is said: they set nothing to anything."""
    return action == "keep" or any(word.form == "back" for word in sentence)


def _verb(sentence: Sequence[Word], names: frozenset[int], lexicon: Lexicon) -> _Verb | None:
    """Return the verb of *sentence*, with all words that name nothing for its sake."""
    verb = _deciding(sentence, names, lexicon)
    if errand := _errand(sentence, names, lexicon):
        before = verb and verb.words and min(verb.words) < min(errand.words) and not verb.weak
        return verb if before else errand
    return replace(verb, words=verb.words | _auxiliary(sentence, names, lexicon)) if verb else None


def _auxiliary(sentence: Sequence[Word], names: frozenset[int], lexicon: Lexicon) -> frozenset[int]:
    """Return the words of "make" and "leave", which name nothing beside another verb either."""
    return frozenset(
        place
        for hit in lexicon.actions.find(sentence)
        for place in range(hit.start, hit.end)
        if sentence[hit.start].form in lexicon.auxiliary and hit.meanings[0] in _GENERAL
        if hit.start not in names
        if not _is_settled(sentence, hit, lexicon)
    )


def _deciding(sentence: Sequence[Word], names: frozenset[int], lexicon: Lexicon) -> _Verb | None:
    """Return the verb that decides: a strong one, a bare particle, a weak one, then "set"."""
    hits = [hit for hit in lexicon.actions.find(sentence) if hit.start not in names]
    edges = _edges(sentence, lexicon)
    strong = [hit for hit in hits if not _is_weak(hit, sentence, lexicon)]
    weak = [
        hit
        for hit in hits
        if hit not in strong
        and (hit.start in edges or hit.end - 1 in edges or _is_told(sentence, hit, lexicon))
        and not _is_settled(sentence, hit, lexicon)
    ]
    special = [hit for hit in strong if hit.meanings[0] not in _GENERAL]
    split = _split_verb(sentence, names, lexicon)
    bare = _bare_particle(sentence, names, lexicon)
    first = min(special, key=lambda hit: hit.start, default=None)
    if split and (first is None or split[0] < first.start or first.end - first.start == 1):
        return split[1]
    if first:
        return _of(first)
    if weak and weak[0].start == edges[0] and weak[0].meanings[0] not in _GENERAL:
        return _of(weak[0], weak=True)
    return bare or _least(weak, strong)


def _least(weak: Sequence[Hit], strong: Sequence[Hit]) -> _Verb | None:
    """Return what is left when nothing decides: a weak verb, rather than "give" or "get"."""
    general = [hit for hit in [*weak, *strong] if hit.meanings[0] in _GENERAL]
    back = {"previous"} if general else set[str]()
    special = [hit for hit in weak if hit.meanings[0] not in _GENERAL | back]
    if special:
        return _of(special[0], weak=not general)
    return _of(general[0]) if general else None


def _of(hit: Hit, *, weak: bool = False) -> _Verb:
    single = hit.end - hit.start == 1
    return _Verb(hit.meanings[0], frozenset(range(hit.start, hit.end)), weak and single)


def _is_told(sentence: Sequence[Word], hit: Hit, lexicon: Lexicon) -> bool:
    """Whether a chore is what somebody is told to do: "have the robot clean the hall"."""
    before = {word.form for word in sentence[: hit.start]}
    return hit.meanings[0] in _CHORES and bool(before & (lexicon.auxiliary | {"to"}))


def _is_settled(sentence: Sequence[Word], hit: Hit, lexicon: Lexicon) -> bool:
    """Whether what stands before a weak verb tells that it is none: "the back", "too warm"."""
    before = sentence[hit.start - 1].form if hit.start else ""
    return before in lexicon.settling and not (before == "a" and hit.meanings[0] in _CHORES)


def _errand(sentence: Sequence[Word], names: frozenset[int], lexicon: Lexicon) -> _Verb | None:
    """Return what somebody is sent to do: to work, or back to the base."""
    hits = [hit for hit in lexicon.errands.find(sentence) if hit.start not in names]
    sent = next((hit for hit in hits if "send" in hit.meanings), None)
    if sent is None:
        return None
    told = [hit for hit in hits if hit.start > sent.start and not _is_sent(sentence, hit, lexicon)]
    used = frozenset(place for hit in (sent, *told) for place in range(hit.start, hit.end))
    meant = {meaning for hit in told for meaning in hit.meanings}
    if "clean" in meant or (not meant and _is_sent_somewhere(sentence, lexicon)):
        return _Verb("clean", used)
    return _Verb("dock", used)


def _is_sent(sentence: Sequence[Word], hit: Hit, lexicon: Lexicon) -> bool:
    """Whether "the vacuum" is what is sent, and not what it is sent to do."""
    return "clean" in hit.meanings and sentence[hit.start - 1].form in lexicon.articles


def _is_sent_somewhere(sentence: Sequence[Word], lexicon: Lexicon) -> bool:
    """Whether a vacuum is sent to a place: then it is to clean there."""
    vacuum = any("vacuum" in hit.meanings for hit in lexicon.nouns.find(sentence))
    to = any(word.form in {"to", "into", "around", "through"} for word in sentence)
    return vacuum and (to or bool(lexicon.floors.find(sentence)))


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
        particles = [p for p in _particles(sentence, hit.end, lexicon) if p not in names]
        if particles:
            chosen = next((p for p in particles if p == hit.end), particles[-1])
            used = frozenset({*range(hit.start, hit.end), chosen})
            return hit.start, _Verb(sentence[chosen].form, used)
    return None


def _particles(sentence: Sequence[Word], begin: int, lexicon: Lexicon) -> Iterator[int]:
    """Yield the places of particles that are no prepositions."""
    for place in range(begin, len(sentence)):
        if sentence[place].form not in _PARTICLES:
            continue
        follower = sentence[place + 1].form if place + 1 < len(sentence) else ""
        if sentence[place + 2 : place + 3] and sentence[place + 2].form in lexicon.portions:
            follower = ""
        if place == begin or not (follower in lexicon.articles or _is_noun_like(follower)):
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


def _bare_particle(
    sentence: Sequence[Word], names: frozenset[int], lexicon: Lexicon
) -> _Verb | None:
    """Return the action in "kitchen light on" and "garage door open"."""
    last: _Verb | None = None
    particles = set(_particles(sentence, 0, lexicon))
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
