"""The household's events: iCalendar in and out (RFC 5545), repetitions included.

Each event is kept as its own iCalendar text, so that nothing of an imported calendar is lost:
attendees, alarms, exceptions and whatever else we do not understand.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

from gnothi.core.errors import InputError
from gnothi.core.protocols import Store

if TYPE_CHECKING:
    from icalendar import Calendar, Component
    from recurring_ical_events import CalendarQuery  # pyright: ignore[reportMissingTypeStubs] # typed inline

PREFIX = "event/"
HOUR = timedelta(hours=1)
"""Length of an appointment when none was said."""
DAY = timedelta(days=1)
PRODUCT = "-//Gnothi//Calendar//EN"


@dataclass(frozen=True, slots=True)
class Event:
    """One occurrence of something in the calendar."""

    uid: str
    title: str
    start: datetime
    end: datetime
    all_day: bool = False
    place: str = ""
    rule: str = ""


class Agenda:
    """The events that a store keeps."""

    def __init__(self, store: Store, zone: tzinfo) -> None:
        """Read events from *store* when asked; times without a zone are those of *zone*."""
        self._store = store
        self._zone = zone

    def add(self, event: Event, now: datetime) -> str:
        """Keep *event* and return its text, for undo."""
        text = _component(event, now).to_ical().decode("utf-8")
        self.put(event.uid, text)
        return text

    def put(self, uid: str, text: str) -> None:
        """Keep the iCalendar *text* of one event."""
        self._store.put(PREFIX + uid, text)

    def text(self, uid: str) -> str:
        """Return the iCalendar text of one event, empty when there is none."""
        return str(self._store.get(PREFIX + uid) or "")

    def move(self, uid: str, start: datetime, end: datetime, *, all_day: bool) -> None:
        """Let an event that does not repeat begin and end at other times; the rest stays."""
        component = cast("Any", _calendar(self.text(uid))).walk("VEVENT")[0]
        for name, moment in (("DTSTART", start), ("DTEND", end)):
            component.pop(name, None)
            component.add(name, moment.date() if all_day else moment)
        component.pop("DURATION", None)
        self.put(uid, _text(component))

    def remove(self, uid: str) -> None:
        """Forget an event with all its repetitions."""
        self._store.delete(PREFIX + uid)

    def between(self, start: datetime, end: datetime) -> list[Event]:
        """Return what happens from *start* until *end*, in order, repetitions unrolled."""
        texts = (str(text) for _, text in self._store.items(PREFIX))
        found = (one for text in texts for one in _repetitions(text).between(start, end))
        events = [self._event(component) for component in found]
        return sorted(events, key=lambda event: (event.start, event.title))

    def first(self, uid: str) -> Event | None:
        """Return an event as it is the first time, ``None`` when there is none."""
        text = self.text(uid)
        if not text:
            return None
        return self._event(cast("Any", _calendar(text)).walk("VEVENT")[0])

    def conflicts(self, event: Event) -> list[Event]:
        """Return what happens at the same time as *event*; whole days are in nobody's way."""
        others = [] if event.all_day else self.between(event.start, event.end)
        return [one for one in others if one.uid != event.uid and not one.all_day]

    def read(self, data: bytes | str) -> int:
        """Take in the events of an iCalendar file; return how many there were.

        Events that are known already, by their UID, are replaced.

        Raises:
            InputError: *data* is no iCalendar file.
        """
        from icalendar import Calendar

        try:
            calendars = cast("list[Component]", Calendar.from_ical(data, multiple=True))
        except (ValueError, IndexError, KeyError) as error:
            raise InputError(f"This is no iCalendar file: {error}") from error
        found = (event for one in calendars for event in cast("Any", one).walk("VEVENT"))
        groups = _groups(event for event in found if _is_dated(event))
        for uid, components in groups.items():
            self.put(uid, "".join(_text(component) for component in components))
        return len(groups)

    def write(self) -> bytes:
        """Return all events as an iCalendar file."""
        return _calendar("".join(str(text) for _, text in self._store.items(PREFIX))).to_ical()

    def _event(self, component: "Component") -> Event:
        start = cast("Any", component)["DTSTART"].dt
        end = cast("Any", component)["DTEND"].dt if "DTEND" in component else start
        rule = cast("Any", component).get("RRULE")
        return Event(
            uid=str(component.get("UID", "")),
            title=str(component.get("SUMMARY", "")),
            start=self._moment(start),
            end=self._moment(end),
            all_day=not isinstance(start, datetime),
            place=str(component.get("LOCATION", "")),
            rule=rule.to_ical().decode() if rule else "",
        )

    def _moment(self, value: date) -> datetime:
        if not isinstance(value, datetime):
            return datetime.combine(value, time.min, self._zone)
        return (
            value.replace(tzinfo=self._zone)
            if value.tzinfo is None
            else value.astimezone(self._zone)
        )


@lru_cache(maxsize=4096)
def _repetitions(text: str) -> "CalendarQuery":
    """Return what unrolls the event in *text*; texts change seldom, reading them takes long."""
    import recurring_ical_events  # pyright: ignore[reportMissingTypeStubs] # typed inline

    return recurring_ical_events.of(_calendar(text))


def _calendar(events: str) -> "Calendar":
    from icalendar import Calendar

    head = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:{PRODUCT}\r\n"
    return Calendar.from_ical(f"{head}{events}END:VCALENDAR\r\n")


def _component(event: Event, now: datetime) -> "Component":
    from icalendar import Event as Component
    from icalendar import vRecur

    component = cast("Any", Component())
    component.add("UID", event.uid)
    component.add("DTSTAMP", now.astimezone(UTC))
    component.add("SUMMARY", event.title)
    component.add("DTSTART", event.start.date() if event.all_day else event.start)
    component.add("DTEND", event.end.date() if event.all_day else event.end)
    if event.place:
        component.add("LOCATION", event.place)
    if event.rule:
        component.add("RRULE", vRecur.from_ical(event.rule))
    return component


def _is_dated(component: "Component") -> bool:
    return isinstance(getattr(component.get("DTSTART"), "dt", None), date)


def _groups(components: Iterable["Component"]) -> dict[str, list["Component"]]:
    """Put an event and the exceptions of its repetitions, which share its UID, together."""
    groups: dict[str, list[Component]] = {}
    for component in components:
        groups.setdefault(str(component.get("UID", "")) or _text(component), []).append(component)
    return groups


def _text(component: "Component") -> str:
    return component.to_ical().decode("utf-8")
