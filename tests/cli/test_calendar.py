"""The calendar from the command line."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from gnothi.cli import cli
from gnothi.core.errors import InputError

ICS = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Somebody//Else//EN
BEGIN:VEVENT
UID:choir@example.org
DTSTAMP:20260101T000000Z
DTSTART;TZID=Europe/Berlin:20261103T193000
RRULE:FREQ=WEEKLY
SUMMARY:Choir
ATTENDEE:mailto:ana@example.org
END:VEVENT
END:VCALENDAR
"""


def run(*arguments: str) -> str:
    """Run the command line and return what it prints."""
    return CliRunner().invoke(cli, ["calendar", *arguments], catch_exceptions=False).output


def test_a_calendar_goes_in_and_out(tmp_path: Path) -> None:
    """What is imported comes out again whole; importing it twice makes no second event."""
    given, back = tmp_path / "given.ics", tmp_path / "back.ics"
    given.write_text(ICS, encoding="utf-8")
    assert run("import", str(given)) == "1 event is in the calendar.\n"
    run("import", str(given))
    assert run("export", str(back)) == f"The calendar is in {back}.\n"
    written = back.read_text(encoding="utf-8")
    assert written.count("SUMMARY:Choir") == 1
    assert "ATTENDEE:mailto:ana@example.org" in written


def test_files_that_are_no_calendars_are_refused(tmp_path: Path) -> None:
    """A missing file, and a file that is no calendar, are told in a sentence."""
    other = tmp_path / "other.ics"
    with pytest.raises(InputError, match="can't be read"):
        run("import", str(other))
    other.write_text("hello", encoding="utf-8")
    with pytest.raises(InputError, match="no iCalendar file"):
        run("import", str(other))
