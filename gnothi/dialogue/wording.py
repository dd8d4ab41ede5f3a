"""Turns what is meant into sentences, with the language packs of the skills.

Sentences are Project Fluent messages; dates, durations, numbers and lists are spoken with the
locale data of CLDR (through Babel).
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from random import Random
from typing import Any, cast
from xml.sax.saxutils import escape

from babel import Locale
from babel.dates import format_date, format_time
from babel.lists import format_list
from babel.numbers import format_decimal
from babel.units import format_unit
from fluent.runtime import FluentBundle, FluentResource
from fluent.syntax.ast import Resource

from gnothi.core.acting import Act
from gnothi.core.errors import SkillError
from gnothi.recommend import tone

_log = logging.getLogger(__name__)

VARIANTS = 12
"""``$variant`` of a message is below this; packs select among equal wordings with it."""
WEEK = 7
MANY = 12
"""Things that are said one by one; more nobody remembers."""


@lru_cache(maxsize=128)
def _parsed(pack: str) -> Resource:
    """Parse a pack once for every wording; parsing is most of the cost of opening one."""
    return FluentResource(pack)


class Wording:
    """The language of one household."""

    def __init__(self, packs: Iterable[str], *, locale: str = "en-US", rng: Random) -> None:
        """Read the Fluent sources *packs*; later ones replace messages of earlier ones."""
        self._locale = Locale.parse(locale.replace("-", "_"))
        self._rng = rng
        self._bundle = FluentBundle([locale], use_isolating=False)
        for pack in packs:
            self._bundle.add_resource(_parsed(pack), allow_overrides=True)

    def has(self, key: str) -> bool:
        """Whether some pack can say *key*."""
        return self._bundle.has_message(key)

    def say(self, act: Act, now: datetime) -> str:
        """Return the sentence for *act*; *now* decides what "tomorrow" is.

        A value that the message needs and the act lacks is logged and left as its name: by now the
        work is done, and half a sentence about it is better than none.

        Raises:
            SkillError: no pack has the act's message.
        """
        text, faults = self._formatted(act, now)
        if faults:
            _log.error("The message %s can't be said whole: %s", act.key, faults[0])
        return text[:1].upper() + text[1:]

    def faults(self, act: Act, now: datetime) -> tuple[str, ...]:
        """Return what keeps *act* from being said whole, for the checks of skills.

        Raises:
            SkillError: no pack has the act's message.
        """
        return self._formatted(act, now)[1]

    def _formatted(self, act: Act, now: datetime) -> tuple[str, tuple[str, ...]]:
        if not self.has(act.key):
            raise SkillError(f"No language pack has the message '{act.key}'.")
        pattern = self._bundle.get_message(act.key).value
        text, errors = self._bundle.format_pattern(
            cast("Any", pattern), cast("Any", self._spoken_values(act.values, now))
        )
        return " ".join(str(text).split()), tuple(map(str, errors))

    def say_all(self, acts: Sequence[Act], now: datetime) -> str:
        """Return the sentences for *acts*, one after the other, each once."""
        sentences = dict.fromkeys(self.say(act, now) for act in acts)
        return " ".join(sentence for sentence in sentences if sentence)

    def spoken(self, value: object, now: datetime) -> str | int | float:
        """Return *value* the way a person says it; numbers stay numbers for plural rules."""
        match value:
            case None:
                return ""
            case bool():
                return "yes" if value else "no"
            case int() | str():
                return value
            case float():
                return int(value) if value.is_integer() else round(value, 2)
            case timedelta() | date() | time():
                return self._spoken_time(value, now)
            case Act():
                return self._within(value, now)
            case list() | tuple():
                return self.enumeration(cast("Sequence[object]", value), now)
            case _:
                return str(value)

    def _within(self, act: Act, now: datetime) -> str:
        """Say an act that stands in another; a whole sentence begins with a capital there, too."""
        text = self._formatted(act, now)[0]
        return text[:1].upper() + text[1:] if text.endswith((".", "!", "?")) else text

    def _spoken_time(self, value: timedelta | date | time, now: datetime) -> str:
        match value:
            case timedelta():
                return self.duration(value)
            case datetime():
                return self.moment(value, now)
            case date():
                return self.day(value, now.date())
            case time():
                return self.clock(value)

    def duration(self, value: timedelta) -> str:
        """Say a length of time, at most its two largest units ("1 hour and 5 minutes")."""
        seconds = round(abs(value.total_seconds()))
        parts: list[str] = []
        for unit, size in (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1)):
            amount, seconds = divmod(seconds, size)
            if amount:
                parts.append(format_unit(amount, f"duration-{unit}", "long", locale=self._locale))
        return self.join(parts[:2] or [format_unit(0, "duration-second", locale=self._locale)])

    def moment(self, value: datetime, now: datetime) -> str:
        """Say a point in time: only the clock when it is today."""
        clock = self.clock(value.timetz())
        if value.date() == now.date():
            return self._pattern("wording-today-at", clock=clock)
        return self._pattern("wording-day-at", day=self.day(value.date(), now.date()), clock=clock)

    def day(self, value: date, today: date) -> str:
        """Say a day, relative where that is how people say it."""
        distance = (value - today).days
        near = {-1: "wording-yesterday", 0: "wording-today", 1: "wording-tomorrow"}
        if distance in near:
            return self._pattern(near[distance])
        if 1 < distance < WEEK:
            return format_date(value, "EEEE", locale=self._locale)
        skeleton = "EEEE, MMMM d" if value.year == today.year else "MMMM d, y"
        return format_date(value, skeleton, locale=self._locale)

    def clock(self, value: time) -> str:
        """Say a time of day."""
        return format_time(value.replace(tzinfo=None), "short", locale=self._locale).replace(
            "\u202f", " "
        )

    def number(self, value: float) -> str:
        """Say a number with the separators of the locale."""
        return format_decimal(value, locale=self._locale)

    def enumeration(self, values: Sequence[object], now: datetime) -> str:
        """Say several things: "milk, eggs, and bread"; of many, how many more."""
        spoken = [str(self.spoken(value, now)) for value in values[:MANY]]
        if more := len(values) - len(spoken):
            spoken.append(self._pattern("wording-more", count=str(more)))
        return self.join(spoken)

    def join(self, parts: Sequence[str], *, style: str = "standard") -> str:
        """Join *parts* with the commas and the conjunction of the language (``or`` for choices)."""
        return format_list(parts, style=cast("Any", style), locale=self._locale) if parts else ""

    def ssml(self, text: str, warmth: float | None = None) -> str:
        """Return *text* as SSML, with everything in it escaped; livelier the more *warmth*."""
        return f"<speak>{escape(text)}</speak>" if warmth is None else tone.ssml(text, warmth)

    def _spoken_values(
        self, values: Mapping[str, object], now: datetime
    ) -> dict[str, str | int | float]:
        spoken = {name: self.spoken(value, now) for name, value in values.items()}
        for name, value in values.items():
            if isinstance(value, list | tuple):
                spoken[f"{name}_count"] = len(cast("Sequence[object]", value))
        if isinstance(choices := values.get("choices"), list | tuple):
            names = [str(self.spoken(c, now)) for c in cast("Sequence[object]", choices)]
            spoken["choices"] = self.join(names, style="or")
        spoken.setdefault("variant", self._rng.randrange(VARIANTS))
        return spoken

    def _pattern(self, key: str, **values: str) -> str:
        pattern = self._bundle.get_message(key).value
        text, _ = self._bundle.format_pattern(cast("Any", pattern), values)
        return str(text)
