"""Times of the day: "half past six", "7:30 pm", "noon", "five in the morning", "tonight".

A spoken time often fits two hours; :class:`Clock` keeps both until a date or a preference
decides (see :mod:`gnothi.text.moments`).
"""

import re
from dataclasses import dataclass
from typing import Literal

from gnothi.text.durations import UNIT
from gnothi.text.reading import grammar, read

Prefer = Literal["next", "morning", "day", "evening"]
"""Which hour "at seven" means: the next to come, the one in the morning, the one when people
are up and about (appointments are not at three in the night), or the one after noon."""

WAKING = range(7, 19)
"""Hours that "at three" means on another day when nobody says which half."""

PREFERRED = {"day": WAKING, "evening": range(12, 24)}
"""Hours that come first with a preference, also today."""

PARTS = {
    "morning": (6, 12),
    "afternoon": (12, 18),
    "evening": (18, 22),
    "night": (20, 24),
    "breakfast": (7, 9),
    "lunch": (12, 14),
    "dinner": (18, 20),
    "noon": (12, 13),
}
"""Parts of the day and the hours that people mean by them."""

PART = (
    r"(?:(?:early|late|mid|earlier|later) )?(?:in the |in |at |during the |the |this )?"
    r"(?:(?:early|late|mid) )?"
    r"(?P<part>mornings?|afternoons?|evenings?|tonights?|tonite|nights?|overnight|nighttime"
    r"|breakfast(?: ?time)?|lunch(?: ?time)?|dinner(?: ?time)?|supper(?: ?time)?)"
)
_HOUR = r"(?P<hour>[01]?\d|2[0-4])"
_SIXTY = r"[0-5]\d"
_UNTIL = r"(?:\d|noon|midday|midnight|half|quarter)"
"""Begins the other end of a range: "10 to 11", but not "half past 10 to join the call"."""
_AFTER = r"_+|on|in|at|for|and|or|to|today|tomorrow|tonight|this|every|please|instead|then"
"""May follow "half 6" where it is a time."""
CLOCK = (
    rf"(?:(?P<minutes>half|(?:a |1 )?quarter|\d{{1,2}} minutes?|5|10|15|20|25) "
    rf"(?P<way>past|after|to|before|till|til) (?!\d{{1,2}}(?: am| pm)? (?:to|till|until) {_UNTIL})"
    rf"|(?P<british>half) (?=(?:1[0-2]|[1-9])(?: am| pm)?(?:$| (?:{_AFTER})(?!\S))))?"
    rf"(?:(?:12 )?(?P<named>noon|noontime|mid noon|midday|midnight)"
    rf"|{_HOUR}(?:(?P<point>:|\.)(?P<minute>{_SIXTY})(?::(?P<second>{_SIXTY}))?"
    rf"| (?:and )?(?P<spoken>[1-5]\d)| (?:oh|o|0) (?P<oh>\d))?(?!\d)"
    rf"|(?P<compact>[01]?\d{_SIXTY}|2[0-3]{_SIXTY})(?P<military> hours)?)"
    rf"(?P<oclock> oclock| o clock)?(?: sharp)?(?P<half> am| pm| a m| p m)?"
    rf"(?: {PART})?"
)
"""A time of the day in a reading."""

_PAST = grammar(
    r"(?P<minutes>half|(?:a )?quarter|5|10|20|25|\d{1,2} minutes?) (?P<way>past|after|to|before)"
    r"(?= please| instead| then|$)"
)
"""The minutes of a time whose hour is known: "no, twenty past"."""
_CLOCK = grammar(CLOCK)
_WRITTEN = grammar(r"\d{1,2}:\d{2}|\d+ (?:oclock|o clock|am|pm)")
_PART = grammar(PART)
_MEALS = ("breakfast", "lunch", "dinner", "supper")
_BLOCKED = re.compile(rf" (?:{UNIT}|percent|per|%|degrees?|°|people|times|x|and a half)(?!\S)")
_AT_MEAL = re.compile(r"(?<!\S)(?:at|after|before|by|around|during|until)(?: the)? [bdls]")
_EVENT = re.compile(
    r"(?<!\S)(?:the|a|an|my|our|your|his|her|their|this|that|about|of|for|to)"
    r"(?: (?!(?:_|early|late|mid|next|following|same|whole|entire|other|coming|good|at|on|in|by"
    r"|every|each)(?!\S))[a-z]+){1,2}$"
    r"|(?<!\S)(?:parents?|school|quiz|games?|date|movie|film|poker|bingo|open|family|team|coffee)$"
)
"""Makes an event of a part of the day: "the parents evening", "about quiz night"."""
_LEADING = re.compile(
    r"(?:^|\s)(?:at|until|till|before|after|around|about|for|from|since|to|past|@|_+"
    r"|(?<!divided )(?<!divisible )(?<!multiplied )by)\s$"
)


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of the day."""

    hours: tuple[int, ...]
    """The hours that it may be, from 0; from 24 on they belong to the night after the day."""
    minute: int = 0
    second: int = 0
    carry: int = 0
    """Minutes to add: "quarter to nine" is nine and -15."""

    @property
    def certain(self) -> bool:
        """Whether morning or evening is known."""
        return len(self.hours) == 1

    def at(self, hour: int) -> int:
        """Return the seconds from midnight when the hour is *hour*."""
        return hour * 3600 + (self.minute + self.carry) * 60 + self.second


def next_clock(reading: str, at: int = 0) -> tuple[re.Match[str], Clock] | None:
    """Return the first time of the day in *reading* from *at* on."""
    for match in _CLOCK.finditer(reading, at):
        if _is_meant(match):
            return match, clock(match)
    return None


def next_part(reading: str) -> re.Match[str] | None:
    """Return the first part of the day in *reading*; a dinner or a date night is an event."""
    return next(filter(_is_time, _PART.finditer(reading)), None)


def whole_clock(words: str) -> Clock | None:
    """Return the time that *words*, all of them, say."""
    match = _CLOCK.fullmatch(words)
    return clock(match) if match else None


def clock(match: re.Match[str]) -> Clock:
    """Return the time that a match of ``CLOCK`` says."""
    parts = match.groupdict()
    hour, minute = _hour_and_minute(parts)
    padded = (parts["hour"] or parts["compact"] or "").startswith("0")
    half = (parts["half"] or "").replace(" ", "")
    part = part_name(parts["part"]) if parts["part"] else ""
    hours = _hours(hour, half, part, fixed=padded or bool(parts["named"] or parts["military"]))
    return Clock(hours, minute, int(parts["second"] or 0), _carry(parts))


def parse_minutes_past(text: str) -> tuple[int, tuple[int, int]] | None:
    """Return the minutes past an hour that goes unsaid, and where *text* says them.

    "Twenty past" is 20, "quarter to" is -15.
    """
    reading = read(text)
    match = _PAST.search(reading.text)
    return (_carry(match.groupdict()), reading.span(match)) if match else None


def impossible_clock(text: str) -> str:
    """Return the words of *text* that are written like a time and are none: "25:00", "9:75"."""
    reading = read(text)
    for match in _WRITTEN.finditer(reading.text):
        if not whole_clock(match.group()):
            start, end = reading.span(match)
            return text[start:end]
    return ""


def part_name(words: str) -> str:
    """Return the key in ``PARTS`` for a spoken part of the day."""
    if "night" in words or words == "tonite":
        return "night"
    return next((name for name in PARTS if words.startswith(name)), "dinner")


def in_part(clock: Clock, part: str) -> Clock:
    """Return *clock* with the hours that belong to *part* of the day ("tonight" at eight)."""
    if clock.certain and clock.hours != (0,):
        return clock
    return Clock(_hours(clock.hours[0], "", part), clock.minute, clock.second, clock.carry)


def _is_meant(match: re.Match[str]) -> bool:
    """Tell a time from any other number: by its shape, the word before, or being alone."""
    if _BLOCKED.match(match.string, match.end()):
        return False
    shape = ("minutes", "british", "named", "spoken", "oh", "military", "oclock", "half", "part")
    if match["point"] == ":" or any(match[name] for name in shape):
        return True
    before = match.string[max(0, match.start() - 16) : match.start()]
    return bool(_LEADING.search(before)) or match.span() == (0, len(match.string))


def _is_time(match: re.Match[str]) -> bool:
    """Tell "in the evening" and "after lunch" from "good evening" and "lunch with Ana"."""
    before = match.string[: match.start()].rstrip()
    if not before and match.end() == len(match.string):
        return True
    part = match["part"]
    if part.startswith(_MEALS):
        return part.endswith("time") or bool(_AT_MEAL.search(before[-7:] + " " + match.group()))
    bare = match.start("part") == match.start()
    if bare and not part.startswith(("toni", "over")) and _EVENT.search(before):
        return False
    led = not bare or part not in ("night", "nights")
    return (led or not before or before.endswith(("_", "every"))) and not before.endswith("good")


def _hour_and_minute(parts: dict[str, str | None]) -> tuple[int, int]:
    if named := parts["named"]:
        return (0 if named == "midnight" else 12), 0
    if compact := parts["compact"]:
        return int(compact[:-2]), int(compact[-2:])
    minute = parts["minute"] or parts["spoken"] or parts["oh"] or 0
    return int(parts["hour"] or 0) % 24, int(minute)


def _carry(parts: dict[str, str | None]) -> int:
    if parts.get("british"):
        return 30
    if not (words := parts["minutes"]):
        return 0
    size = 30 if words == "half" else 15 if "quarter" in words else int(words.split()[0])
    return size if parts["way"] in ("past", "after") else -size


def _hours(hour: int, half: str, part: str, *, fixed: bool = False) -> tuple[int, ...]:
    """Return the hours of the day that a spoken *hour* may mean."""
    if part == "night" and (hour % 12 < 5):
        return (hour % 12 + 24,) if hour <= 12 else (hour,)
    if not 1 <= hour <= 12 or (fixed and not (half or part)):
        return (hour,)
    if half == "am" or part in ("morning", "breakfast"):
        return (hour % 12,)
    if half == "pm" or part:
        return (hour % 12 + 12,)
    return (hour % 12, hour % 12 + 12)
