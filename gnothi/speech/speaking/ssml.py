"""SSML, as much of it as voices at home can do, read strictly and in bounded size.

``speak p s break emphasis prosody say-as sub phoneme`` of the W3C, and Amazon's
``amazon:effect name="whispered"`` and ``amazon:emotion``. Elements that are not known say what is
in them; entities and declarations are refused, so that nothing is expanded or fetched.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from math import log2
from typing import Any
from xml.parsers.expat import ExpatError, ParserCreate

from gnothi.core.errors import InputError
from gnothi.core.speaking import Emphasis, Manner, Speech
from gnothi.speech.speaking import composing
from gnothi.speech.speaking.composing import PARAGRAPH_S, SENTENCE_S, Run
from gnothi.speech.speaking.interpreting import interpreted

_LONGEST = 100_000
_DEEPEST = 64
_RATES = {"x-slow": 0.5, "slow": 0.75, "medium": 1.0, "fast": 1.3, "x-fast": 1.7}
_PITCHES = {"x-low": -6.0, "low": -3.0, "medium": 0.0, "high": 3.0, "x-high": 6.0}
_VOLUMES = {
    "silent": -60.0,
    "x-soft": -12.0,
    "soft": -6.0,
    "medium": 0.0,
    "loud": 4.0,
    "x-loud": 8.0,
}
_BREAKS = {
    "none": 0.0,
    "x-weak": 0.1,
    "weak": 0.2,
    "medium": 0.4,
    "strong": 0.8,
    "x-strong": 1.2,
}
_SEMITONES = re.compile(r"([+-]?\d+(?:\.\d+)?)st")
_SHARE = re.compile(r"([+-]?)(\d+(?:\.\d+)?)%")
_DECIBELS = re.compile(r"([+-]?\d+(?:\.\d+)?)dB")
_TIME = re.compile(r"\+?(\d+(?:\.\d+)?)(ms|s)")
_GAPS = {"p": PARAGRAPH_S, "s": SENTENCE_S}
_EMOTIONS = frozenset({"excited", "disappointed"})
Attributes = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Inside:
    """What holds inside an element."""

    name: str
    manner: Manner
    kind: str = ""
    """How its text is read: ``interpret-as`` of a say-as."""
    format: str = ""
    instead: str = ""
    """What is said instead of its text."""
    phonemes: str = ""


@dataclass(slots=True)
class _Reader:
    language: str
    open: list[_Inside] = field(default_factory=lambda: [_Inside("", Manner())])
    runs: list[Run] = field(default_factory=list[Run])
    text: list[str] = field(default_factory=list[str])

    def begin(self, name: str, attributes: Attributes) -> None:
        self.flush()
        if len(self.open) > _DEEPEST:
            raise InputError("This SSML is nested too deeply.")
        around, name = self.open[-1], name.lower()
        if len(self.open) == 1 and name != "speak":
            raise InputError("SSML begins with <speak>.")
        if name == "speak":
            self.language = attributes.get("xml:lang", self.language)
        if name == "break":
            self.runs.append(_break(attributes, around.manner))
        self.open.append(_opened(name, attributes, around))

    def end(self, name: str) -> None:
        self.flush()
        inside = self.open.pop()
        if inside.instead or inside.phonemes:
            self.runs.append(Run(inside.instead, inside.manner, inside.phonemes))
        if gap := _GAPS.get(name.lower()):
            self.runs.append(Run("", inside.manner, gap_s=gap))

    def take(self, text: str) -> None:
        self.text.append(text)

    def flush(self) -> None:
        """Close the run of text before a tag."""
        text, self.text = "".join(self.text), []
        inside = self.open[-1]
        if not text.strip() or inside.instead:
            return
        if inside.phonemes:
            # Voices that know no phonemes say the text.
            self.open[-1] = replace(inside, instead=text.strip())
        elif inside.kind:
            said = interpreted(text, inside.kind, inside.format, self.language)
            self.runs.append(Run(said, inside.manner, is_spoken=True))
        else:
            self.runs.append(Run(text, inside.manner))


def read_ssml(text: str, language: str = "en") -> Speech:
    """Return what the SSML in *text* says.

    Raises:
        InputError: it is no SSML, is too long or too deep, or declares entities.
    """
    if len(text) > _LONGEST:
        raise InputError(f"This SSML is too long: {_LONGEST} characters are read at most.")
    reader = _Reader(language)
    parser = ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse("a document type")
    parser.EntityDeclHandler = _refuse("entities")
    parser.StartElementHandler = reader.begin
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.take
    try:
        parser.Parse(text.strip(), True)
    except (ExpatError, ValueError, UnicodeError) as error:
        raise InputError(f"This is no SSML: {error}.") from error
    return composing.compose(reader.runs, reader.language)


def is_ssml(text: str) -> bool:
    """Whether *text* means to be SSML."""
    return text.lstrip().startswith(("<speak", "<?xml"))


def _refuse(what: str) -> Callable[..., None]:
    def refuse(*_told: object) -> None:
        raise InputError(f"This SSML declares {what}, which is not read.")

    return refuse


def _opened(name: str, attributes: Attributes, around: _Inside) -> _Inside:
    changes: dict[str, Any] = {}
    match name:
        case "prosody":
            changes = _prosody(attributes)
        case "emphasis":
            changes = {"emphasis": _emphasis(attributes.get("level", "moderate"))}
        case "amazon:effect" if attributes.get("name") == "whispered":
            changes = {"is_whispered": True}
        case "amazon:emotion" if attributes.get("name") in _EMOTIONS:
            changes = {"emotion": attributes["name"]}
        case _:
            pass
    manner = composing.changed(around.manner, changes)
    if name == "say-as":
        kind = attributes.get("interpret-as", "")
        return _Inside(name, manner, kind=kind, format=attributes.get("format", ""))
    if name == "sub" and attributes.get("alias"):
        return _Inside(name, manner, instead=attributes["alias"])
    if name == "phoneme" and attributes.get("alphabet", "ipa") == "ipa":
        return _Inside(name, manner, phonemes=attributes.get("ph", ""))
    return _Inside(name, manner, around.kind, around.format, around.instead, around.phonemes)


def _prosody(attributes: Attributes) -> dict[str, float]:
    found = {
        "rate": _rate(attributes.get("rate", "")),
        "pitch": _pitch(attributes.get("pitch", "")),
        "volume": _volume(attributes.get("volume", "")),
    }
    return {key: value for key, value in found.items() if value is not None}


def _rate(text: str) -> float | None:
    """Read ``fast``, ``120%`` (of the usual) or ``+20%``."""
    if found := _SHARE.fullmatch(text):
        sign, share = found[1], float(found[2]) / 100
        return share if not sign else 1 + share if sign == "+" else max(0.1, 1 - share)
    return _RATES.get(text)


def _pitch(text: str) -> float | None:
    """Read ``high``, ``+2st`` or a share of the frequency, ``+10%``, in semitones."""
    if found := _SEMITONES.fullmatch(text):
        return float(found[1])
    if found := _SHARE.fullmatch(text):
        share = _rate(text) or 1.0
        return 12 * log2(max(share, 0.5))
    return _PITCHES.get(text)


def _volume(text: str) -> float | None:
    if found := _DECIBELS.fullmatch(text):
        return float(found[1])
    return _VOLUMES.get(text)


def _emphasis(level: str) -> Emphasis:
    try:
        return Emphasis(level)
    except ValueError:
        return Emphasis.NONE


def _break(attributes: Attributes, manner: Manner) -> Run:
    if found := _TIME.fullmatch(attributes.get("time", "")):
        return Run("", manner, pause_s=float(found[1]) / (1000 if found[2] == "ms" else 1))
    return Run("", manner, pause_s=_BREAKS.get(attributes.get("strength", "medium"), 0.4))
