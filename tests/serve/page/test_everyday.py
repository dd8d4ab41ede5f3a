"""Timers, lists and music in a real browser."""

import wave
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tests.serve.page.visitor import Page


def test_a_timer_is_started_and_counts_down(page: "Page") -> None:
    """One touch starts a timer that counts."""
    page.open("timers")
    page.click(".quick .suggestion", "10 minutes")
    first = page.find(".timer .countdown", "9:").text
    page.until(lambda: page.find(".timer .countdown").text != first, "the next second")


def test_a_timer_is_cancelled(page: "Page") -> None:
    """The cross takes it away, here and in the household."""
    page.open("timers")
    page.click(".quick .suggestion", "10 minutes")
    page.click(".timer .round")
    page.gone(".timer")
    assert page.api("GET", "alarms") == []


def test_what_rings_is_seen_and_stopped(page: "Page") -> None:
    """A timer that ends is shown at every place, with the keyboard on stop."""
    page.open("lists")
    page.api("POST", "turn", text="set a timer for one second")
    page.find("#ringing .ringer", "Timer")
    page.click("#ringing .primary", "Stop")
    page.gone("#ringing")
    assert page.api("GET", "alarms") == []


def test_what_rings_is_put_off(page: "Page") -> None:
    """Snooze silences it and lets it ring again later."""
    page.open("talk")
    page.say("set a timer for one second")
    page.click("#ringing .quiet", "Snooze")
    page.gone("#ringing")
    assert [alarm["phase"] for alarm in page.api("GET", "alarms")] == ["waiting"]


def test_something_is_put_on_a_list_and_checked_off(page: "Page") -> None:
    """What is added, ticked and removed on the page is so in the household."""
    from selenium.webdriver.common.keys import Keys

    page.open("lists")
    page.find("[id='add-todo.shopping']").send_keys("oat milk", Keys.ENTER)
    page.find(".item[data-done=false]", "oat milk")
    page.click(".item[data-done=false] label", "oat milk")
    page.find(".item[data-done=true]", "oat milk")
    page.click(".item[data-done=true] .round")
    page.until(lambda: len(page.all(".item")) == 2, "one item less")


def test_a_list_follows_what_is_said(page: "Page") -> None:
    """Milk that is asked for in the kitchen stands on every open list."""
    page.open("lists")
    page.api("POST", "turn", text="add butter to the shopping list")
    page.find(".item", "butter")


def test_music_plays_in_the_page(page: "Page", tmp_path: "Path") -> None:
    """The household's own files play in the browser, and pause at a touch."""
    _record(tmp_path / "music" / "Evening song.wav")
    page.open()
    page.say("play evening song")
    page.find("#player .track", "Evening song")
    page.find("#music-play[aria-label=Pause]")
    page.click("#music-play")
    page.find("#music-play[aria-label=Play]")
    assert page.api("GET", "player")["status"] == "paused"


def _record(file: "Path") -> None:
    with wave.open(str(file), "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", "not compressed"))
        sound.writeframes(bytes(16000 * 30))
