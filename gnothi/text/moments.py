"""Moments: a date, a time, or both, or "in ten minutes", resolved against the present.

The grammar is our own, because general parsers stumble over "next friday" and never say what
was left open. What was not said is chosen as a person would: the next time that fits.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from gnothi.text.dates import WEEKDAY, Days, Grain, find_days
from gnothi.text.durations import DURATION, Duration, measure
from gnothi.text.reading import Reading, blank, grammar, join, read
from gnothi.text.times import (
    PART,
    PARTS,
    PREFERRED,
    WAKING,
    Clock,
    Prefer,
    in_part,
    next_clock,
    next_part,
    part_name,
    whole_clock,
)

_NUMBER = r"\d{1,4}(?::\d\d)?"
_END = rf"(?:{_NUMBER}(?: oclock)?(?: am| pm)?|noon|midnight)"
_RANGE = grammar(
    rf"(?:(?:from|between) )?(?P<from>{_END}|{_NUMBER} \d\d(?: am| pm)?) "
    rf"(?P<to>to|until|till|til|and|-|through) (?P<until>{_END}|{_NUMBER} \d\d(?: am| pm)?)"
    rf"(?: {PART})?"
)
_MINUTES_TO = re.compile(
    r"(?P<minutes>5|10|20) (?:to|till|until|til) (?P<hour>\d\d?|noon|midnight)\b(?! ?:)"
)
"""A range that may as well be one time: "ten to seven in the morning"."""
_AT = re.compile(r"(?<!\S)(?:at|by|before|after|until|till|around|about|since|past)(?: about)? $")
_FOR = re.compile(r"(?<!\S)for $")
_BARE_UNIT = r"(?P<unit>second|minute|hour|day|week|month|year)"
_RELATIVE = grammar(
    rf"(?P<span>(?:in |for |over |within |during )?(?:the )?"
    rf"(?P<way>next|coming|following|last|past|previous) "
    rf"(?:(?P<during>{DURATION})|(?P<one>second|minute|hour)))"
    rf"|(?:in |after |within )(?P<ahead>{DURATION})(?: time| from now)?"
    rf"(?! (?:before|after|past|to))"
    rf"|(?P<later>{DURATION}|{_BARE_UNIT}) (?P<how>from now|from today|hence|later|ago|back)"
    rf"|(?P<now>right now|just now|(?<!from )now|this (?:moment|minute|instant)|immediately)"
)
_WEEKDAY = grammar(WEEKDAY)
_BESIDE = ("", "the", "on", "on the")
_TO = ("to", "until", "till", "through", "-")


@dataclass(frozen=True, slots=True)
class Moment:
    """When something is, and how exactly it was said."""

    when: datetime
    """In the time zone of the present; midnight where only a day is known."""
    until: datetime | None
    """Where it ends, exclusive, for days, parts of a day and spans."""
    grain: Grain
    date_known: bool
    """Whether the day was said; otherwise it is the next that fits."""
    time_known: bool
    """Whether the clock time was said."""
    spans: tuple[tuple[int, int], ...]
    """Characters of the text that say it, in order."""
    or_today: bool = False
    """A day of the week, said on that very day: a question may mean today."""

    @property
    def start(self) -> int:
        """First character that belongs to it."""
        return self.spans[0][0]

    @property
    def end(self) -> int:
        """One past the last character that belongs to it."""
        return self.spans[-1][1]


@dataclass(slots=True)
class _Scene:
    """What was found in a text before it is put together; places are in the reading."""

    left: str
    """The reading, with what was understood blanked out."""
    places: list[tuple[int, int]]
    shift: Duration | None = None
    """How far from now."""
    span: Duration | None = None
    """How long from now, backwards when negative."""
    days: Days | None = None
    last_days: Days | None = None
    clock: Clock | None = None
    last_clock: Clock | None = None
    part: str = ""
    this: bool = False
    """Whether it is the part of today ("tonight", "this evening")."""
    backwards: bool = False

    def take(self, start: int, end: int) -> None:
        self.left = blank(self.left, start, end)
        self.places.append((start, end))


def parse_moment(text: str, now: datetime, *, prefer: Prefer = "next") -> Moment | None:
    """Return the moment that *text* says, ``None`` when it says none.

    *now* is the present in the home's time zone. A bare time is the next that comes, with
    *prefer* "morning" the next in the morning; a bare day has no time (``time_known`` is false).
    Date and time may stand apart ("tomorrow remind me … at five").
    """
    reading = read(text)
    scene = _scan(reading, now.date())
    if not scene.places:
        return None
    try:
        joined = join(reading.text, sorted(scene.places))
        spans = tuple(reading.place(*place) for place in joined)
        return _Resolver(scene, now, prefer).resolve(spans)
    except (OverflowError, ValueError):
        return None  # beyond the calendar


def _scan(reading: Reading, today: date) -> _Scene:
    scene = _Scene(reading.text, [])
    _take_relative(scene)
    _take_days(scene, today)
    _take_range(scene)
    if scene.clock is None and (found := next_clock(scene.left)):
        match, scene.clock = found
        if match["part"]:
            scene.part, scene.this = part_name(match["part"]), _is_this(match)
        scene.take(*match.span())
    if not scene.part and (match := next_part(scene.left)):
        scene.part, scene.this = part_name(match["part"]), _is_this(match)
        scene.take(*match.span())
    return scene


def _is_this(match: re.Match[str]) -> bool:
    return match["part"].startswith("toni") or "this" in match.group().split()


def _take_relative(scene: _Scene) -> None:
    match = _RELATIVE.search(scene.left)
    if match is None:
        return
    if match["now"]:
        scene.shift = Duration()
    elif match["span"]:
        scene.span = measure(match["during"] or f"1 {match['one']}")
        scene.backwards = match["way"] in ("last", "past", "previous")
    else:
        words = match["ahead"] or match["later"]
        scene.shift = measure(words if words[-1].isdigit() or " " in words else f"1 {words}")
        scene.backwards = match["how"] in ("ago", "back")
    if scene.shift or scene.span:
        scene.take(*match.span())


def _take_days(scene: _Scene, today: date) -> None:
    found = sorted(find_days(scene.left, today), key=lambda place: place[0])[:2]
    if not found:
        return
    gap = scene.left[found[0][1] : found[-1][0]].strip()
    if len(found) > 1 and gap in _TO:
        scene.last_days = _later_days(scene.left[slice(*found[1][:2])], found[0][2])
    elif len(found) > 1 and gap in _BESIDE:
        found.sort(key=lambda place: _is_weekday(scene.left[slice(*place[:2])]))
    else:
        del found[1:]
    scene.days = found[0][2]
    for start, end, _ in found:
        scene.take(start, end)


def _later_days(words: str, first: Days) -> Days | None:
    """Read the end of a span as it follows its beginning: "december 30 to january 2"."""
    found = [days for _, _, days in find_days(words, first.first) if days.stop > first.first]
    return found[0] if found else None


def _is_weekday(words: str) -> bool:
    """Whether *words* only name a day of the week, which a date beside it makes exact."""
    return _WEEKDAY.fullmatch(words) is not None


def _take_range(scene: _Scene) -> None:
    """Take "from three to five", where one end lends the other its half of the day."""
    for match in _RANGE.finditer(scene.left):
        first, last = whole_clock(match["from"]), whole_clock(match["until"])
        explicit = match.group().startswith(("from", "between")) or match["to"] == "-"
        if not explicit and _is_minutes_to(match):
            continue
        if first and last and (explicit or last.certain or match["part"]):
            if match["part"]:
                last = in_part(last, part_name(match["part"]))
            scene.clock, scene.last_clock = _before(first, last), last
            scene.take(*match.span())
            return


def _is_minutes_to(match: re.Match[str]) -> bool:
    """Tell "at ten to seven am", one time, from "open ten to eleven am", two."""
    one = _MINUTES_TO.match(match.group())
    if one is None:
        return False
    before, part = match.string[: match.start()], bool(match["part"])
    if _AT.search(before) or (part and _FOR.search(before)):
        return True
    forward = not one["hour"].isdigit() or int(one["minutes"]) < int(one["hour"])
    return not forward and (part or match["until"].endswith("am"))


def _before(first: Clock, last: Clock) -> Clock:
    """Choose the half of the day of *first* that is the nearest before *last*."""
    if first.certain or not last.certain:
        return first
    earlier = [hour for hour in first.hours if first.at(hour) < last.at(last.hours[0])]
    hour = max(earlier, default=first.hours[-1])
    return Clock((hour,), first.minute, first.second, first.carry)


class _Resolver:
    """Puts the pieces of one text together."""

    def __init__(self, scene: _Scene, now: datetime, prefer: Prefer) -> None:
        self.scene, self.now, self.prefer = scene, now, prefer

    def resolve(self, spans: tuple[tuple[int, int], ...]) -> Moment:
        scene = self.scene
        if scene.span is not None and scene.clock is None:
            return self._during(scene.span, spans)
        if scene.shift is not None and scene.clock is None and not scene.days:
            return self._shifted(scene.shift, spans)
        if scene.clock is not None:
            return self._timed(scene.clock, spans)
        if scene.part:
            return self._part(spans)
        assert scene.days is not None
        return self._days(scene.days, spans)

    def _during(self, span: Duration, spans: tuple[tuple[int, int], ...]) -> Moment:
        ends = (self.now, span.before(self.now) if self.scene.backwards else span.after(self.now))
        known = bool(span.seconds)
        grain = Grain.MINUTE if known else Grain.DAY
        return Moment(min(ends), max(ends), grain, True, known, spans)

    def _shifted(self, shift: Duration, spans: tuple[tuple[int, int], ...]) -> Moment:
        when = shift.before(self.now) if self.scene.backwards else shift.after(self.now)
        if shift.seconds or not (shift.days or shift.months):
            return Moment(when, None, Grain.SECOND, True, True, spans)
        if self.scene.part:
            return self._part_of(when.date(), spans, known=True)
        day = Days(when.date(), when.date() + timedelta(days=1))
        return self._days(day, spans)

    def _days(self, days: Days, spans: tuple[tuple[int, int], ...]) -> Moment:
        stop = (self.scene.last_days or days).stop
        when, until = self._at(days.first, 0), self._at(stop, 0)
        return Moment(when, until, days.grain, True, False, spans, days.or_today)

    def _part(self, spans: tuple[tuple[int, int], ...]) -> Moment:
        day = self._day()
        if day is None:
            over = self.now.hour >= PARTS[self.scene.part][1]
            late = timedelta(days=over and not self.scene.this)
            return self._part_of(self.now.date() + late, spans, known=self.scene.this)
        return self._part_of(day, spans, known=True)

    def _part_of(self, day: date, spans: tuple[tuple[int, int], ...], *, known: bool) -> Moment:
        first, stop = PARTS[self.scene.part]
        when, until = self._at(day, first * 3600), self._at(day, stop * 3600)
        return Moment(when, until, Grain.PART, known, False, spans)

    def _timed(self, clock: Clock, spans: tuple[tuple[int, int], ...]) -> Moment:
        if self.scene.part:
            clock = in_part(clock, self.scene.part)
        day = self._day()
        when = self._on_this_weekday(clock)
        when = when or (self._next(clock) if day is None else self._on(day, clock))
        until = self._end(when, self.scene.last_clock)
        grain = Grain.SECOND if clock.second else Grain.MINUTE
        return Moment(when, until, grain, day is not None, True, spans)

    def _day(self) -> date | None:
        """Return the day that was said, if any."""
        if self.scene.days:
            return self.scene.days.first
        if self.scene.shift is not None:
            return self.scene.shift.after(self.now).date()
        return self.now.date() if self.scene.this else None

    def _next(self, clock: Clock) -> datetime:
        """Return the next occurrence of *clock* after the present."""
        hours = clock.hours[:1] if self.prefer == "morning" else clock.hours
        today = self.now.date()
        days = (today + timedelta(days=days) for days in range(3))
        candidates = [self._at(day, clock.at(hour)) for day in days for hour in hours]
        ahead = [when for when in candidates if when > self.now]
        late = PREFERRED.get(self.prefer, range(24)).start
        return next((when for when in ahead if when.hour >= late), ahead[0])

    def _on(self, day: date, clock: Clock) -> datetime:
        candidates = [self._at(day, clock.at(hour)) for hour in clock.hours]
        if self.prefer == "morning":
            return candidates[0]
        if day == self.now.date():
            return self._today(candidates) or candidates[-1]
        liked = PREFERRED.get(self.prefer, WAKING)
        return next((when for when in candidates if when.hour in liked), candidates[0])

    def _today(self, candidates: list[datetime]) -> datetime | None:
        """Return which of the *candidates* of today is meant, if one is still to come."""
        ahead = [when for when in candidates if when > self.now]
        liked = PREFERRED.get(self.prefer, range(24))
        return next((when for when in ahead if when.hour in liked), next(iter(ahead), None))

    def _on_this_weekday(self, clock: Clock) -> datetime | None:
        """Return the time today when today's day of the week was said and it is to come."""
        if self.scene.days is None or not self.scene.days.or_today:
            return None
        hours = clock.hours[:1] if self.prefer == "morning" else clock.hours
        return self._today([self._at(self.now.date(), clock.at(hour)) for hour in hours])

    def _end(self, when: datetime, last: Clock | None) -> datetime | None:
        if last is None:
            return None
        days = (when.date() + timedelta(days=days) for days in range(2))
        ends = (self._at(day, last.at(hour)) for day in days for hour in last.hours)
        return next((end for end in ends if end > when), None)

    def _at(self, day: date, seconds: int) -> datetime:
        """Return a wall-clock time; one that a change of clocks skips is moved on by the gap."""
        days, rest = divmod(seconds, 86400)
        naive = datetime.combine(day + timedelta(days=days), time.min) + timedelta(seconds=rest)
        aware = naive.replace(tzinfo=self.now.tzinfo)
        return aware.astimezone(UTC).astimezone(self.now.tzinfo)
