"""Settings and the first evening in a real browser."""

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from gnothi.registry.registry import Registry
from gnothi.serve.understanding import NAME
from tests.serve.page.conftest import HOME

if TYPE_CHECKING:
    from pathlib import Path

    from tests.serve.page.visitor import Page


def test_who_speaks_is_chosen_and_remembered(page: "Page") -> None:
    """What is said afterwards belongs to that person, on the next visit too."""
    page.open("settings")
    page.click("#faces [data-person=ana]")
    page.find("#whoami", "Ana")
    page.open("talk")
    page.find("#whoami", "Ana")
    page.say("tell me a joke")
    page.until(lambda: page.api("GET", "journal"), "the turn in the journal")
    assert page.api("GET", "journal")[0]["user"] == "ana"


def test_the_theme_is_chosen_and_remembered(page: "Page") -> None:
    """Dark stays dark on the next visit, whatever the system likes."""
    page.open("settings")
    page.click(".segment", "Dark")
    page.open("talk")
    assert page.script("return getComputedStyle(document.body).colorScheme") == "dark"


def test_versions_of_what_was_learned_are_shown(page: "Page") -> None:
    """The version in use is marked."""
    page.open("settings")
    page.find("[data-name='language/understand'] .version[data-live=true]", "in use")


def test_a_backup_is_offered(page: "Page") -> None:
    """The backup is one touch away, and is a file."""
    page.open("settings")
    address = page.find("#backup").get_attribute("href")
    assert page.script("return fetch(arguments[0]).then((x) => x.status)", address) == 200


def test_the_first_evening_asks_who_lives_here(new_page: "Page") -> None:
    """A family names itself, keeps the simulated home, drops a room, and talks."""
    page = new_page
    page.open()
    page.find("#wizard h2", "Who lives here?")
    for row in page.all(".person-row .round")[1:]:
        row.click()
    name = page.find(".person-row input")
    name.clear()
    name.send_keys("Zoë")
    page.click("#wizard-next")
    page.find("#wizard h2", "Which home?")
    page.click("#wizard-next")
    page.find("#wizard h2", "Which rooms")
    page.click(".room-choice:last-child [type=checkbox]")
    page.click("#wizard-next")
    page.gone("#wizard")
    page.find("#whoami", "Zoë")
    assert page.api("GET", "setup")["done"]
    page.open()
    assert not page.all("#wizard")


def test_nobody_grown_up_is_told_in_a_sentence(new_page: "Page") -> None:
    """A home of children only is not accepted, and the page says why."""
    page = new_page
    page.open()
    for field in page.all(".person-row input"):
        field.clear()
    page.click("#wizard-next")
    page.find(".problem", "grown-up")


def test_an_own_home_is_brought_in(new_page: "Page", tmp_path: "Path") -> None:
    """A home file is checked first; what is wrong with it is said where it is chosen."""
    page = new_page
    bad = tmp_path / "bad.json"
    bad.write_text(json.dumps({"devices": [{"name": 3}]}), encoding="utf-8")
    page.open()
    page.click("#wizard-next")
    page.click(".choice:nth-of-type(2)")
    page.find("#home-file").send_keys(str(bad))
    page.click("#wizard-next")
    page.find(".problem")
    page.click(".choice:nth-of-type(2)")
    page.find("#home-file").send_keys(str(HOME))
    page.click("#wizard-next")
    page.find("#wizard h2", "Which rooms")
    page.click("#wizard-next")
    page.gone("#wizard")
    assert any(device["id"] == "lock.front_door" for device in page.api("GET", "devices"))


def test_the_room_of_the_device_is_meant(page: "Page") -> None:
    """On a device that stands in the bedroom, "the light" is the bedroom's."""
    page.open("settings")
    page.click("#device-room option[value=bedroom]")
    page.open("talk")
    page.say("turn on the light")
    page.find(".effect[data-active=true]", "Bedside lamp")


def test_another_version_is_used_and_the_way_back_stays_open(page: "Page") -> None:
    """What was learned is switched by a touch, and back by another."""
    _put_version("2026-12-01.1", page.household.folder / "registry")
    page.open("settings")
    page.click("[id='use-language/understand-2026-12-01.1']")
    page.click("#sheet-yes")
    page.find(".version[data-live=true]", "2026-12-01.1")
    page.click("[id='back-language/understand']")
    page.gone(".version[data-live=true]", "2026-12-01.1")


def _put_version(version: str, folder: "Path") -> None:
    registry = Registry.open(folder)
    shipped = registry.get(NAME, registry.live(NAME))
    registry.put(shipped.folder, replace(shipped.card, version=version))
