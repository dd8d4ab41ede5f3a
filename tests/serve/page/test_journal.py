"""The journal in a real browser: find, take along, erase."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np

from gnothi.core.hearing import RATE
from gnothi.core.understanding import Heard
from gnothi.journal.journal import Journal
from gnothi.serve.listening.recordings import Recordings
from tests.journal.journal_turns import turn
from tests.serve.page.running import settings_in

if TYPE_CHECKING:
    from tests.serve.page.visitor import Page


def _talk(page: "Page") -> None:
    page.api("POST", "turn", text="set a timer for ten minutes", user="ana")
    page.api("POST", "turn", text="tell me a joke", user="ben")


def test_what_was_said_is_found(page: "Page") -> None:
    """A word finds the turns that hold it."""
    _talk(page)
    page.open("journal")
    page.find(".entry", "joke")
    page.find("#journal-search").send_keys("timer")
    page.gone(".entry", "joke")
    page.find(".entry", "set a timer")


def test_one_person_is_looked_at(page: "Page") -> None:
    """The choice of a person hides the others."""
    _talk(page)
    page.open("journal")
    page.find(".entry", "joke")
    page.click("#journal-person option[value=ana]")
    page.gone(".entry", "joke")


def test_a_turn_shows_everything_that_is_known_of_it(page: "Page") -> None:
    """Opening a turn tells who, when, what was understood and with which artifact."""
    _talk(page)
    page.open("journal")
    page.click(".entry summary", "set a timer")
    page.find(".entry-detail .hint", "Ana")
    page.find(".entry-detail .slot", "ten minutes")
    page.find(".entry-detail .facts", "language/understand")


def test_who_was_heard_wrong_writes_down_what_they_said(page: "Page") -> None:
    """Beside the recording stands what was heard, to be put right."""
    spoken = turn(text="fees the dragon", at=datetime.now(UTC))
    spoken = replace(spoken, utterance=replace(spoken.utterance, heard=Heard("script", 1.0)))
    folder = page.household.folder
    with Journal.open(settings_in(folder.parent).journal_url) as journal:
        kept = Recordings(folder, journal)
        kept.want("ana", kept=True)
        journal.append(spoken)
        kept.keep("ana", spoken.id, np.full(RATE, 0.1, np.float32))
    page.open("journal")
    page.click(".entry summary", "fees the dragon")
    page.find(".entry-detail audio.recording")
    assert (
        page.script("return document.querySelector('.transcript input').value")
        == spoken.utterance.text
    )
    page.script("document.querySelector('.transcript input').value = 'feed the dragon'")
    page.click(".transcript button", "I said this")
    page.find("#notices", "I learn from it")
    [signal] = page.api("GET", f"journal/{spoken.id}")["signals"]
    assert (signal["name"], signal["detail"]) == ("transcript", {"text": "feed the dragon"})
    with page.width(360, 740):
        page.find(".transcript input")
        assert page.script("return document.documentElement.scrollWidth") <= 360


def test_erasing_asks_clearly_and_erases(page: "Page") -> None:
    """A person's turns go for good, only after a yes, and nobody else's."""
    _talk(page)
    page.open("journal")
    page.click("[data-person=ben] .round-danger")
    assert page.find("#sheet-no") and page.focused() == "sheet-no"
    page.click("#sheet-yes", "Erase for good")
    page.gone(".entry", "joke")
    page.find(".entry", "set a timer")
    assert [turn["user"] for turn in page.api("GET", "journal")] == ["ana"]


def test_everything_about_a_person_can_be_taken_along(page: "Page") -> None:
    """The download holds the person's turns."""
    _talk(page)
    page.open("journal")
    address = page.find("[data-person=ana] a[download]").get_attribute("href")
    assert "ten minutes" in page.script("return fetch(arguments[0]).then((x) => x.text())", address)
