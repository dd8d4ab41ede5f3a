"""Devices in a real browser: state as it is, and orders that reach the home."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.serve.page.visitor import Page


def _state(page: "Page", device: str) -> str:
    return next(one["state"] for one in page.api("GET", "devices") if one["id"] == device)


def test_devices_are_shown_by_room(page: "Page") -> None:
    """Each room has its devices, with their state in words."""
    page.open("home")
    page.find("[data-area=living_room] [data-id='light.living_lamp'] .device-state", "on, 55")
    page.find("[data-area=kitchen] .reading", "closed")


def test_a_lamp_is_switched_by_a_touch(page: "Page") -> None:
    """The switch of a card turns the device, and glows when it is on."""
    page.open("home")
    page.click("[id='toggle-light.kitchen_main']")
    page.find("[data-id='light.kitchen_main'][data-active=true]")
    assert _state(page, "light.kitchen_main") == "on"


def test_what_happens_elsewhere_is_seen_at_once(page: "Page") -> None:
    """A lamp that somebody else turns on lights up on every page."""
    page.open("home")
    page.api("POST", "devices/light.bedroom/call", service="light.turn_on")
    page.find("[data-id='light.bedroom'][data-active=true]")


def test_brightness_follows_the_slider(page: "Page") -> None:
    """Letting the slider go sets the brightness."""
    from selenium.webdriver.common.keys import Keys

    page.open("home")
    page.find("[id='brightness-light.living_lamp']").send_keys(Keys.HOME)
    page.find("[data-id='light.living_lamp'][data-active=false]")
    assert _state(page, "light.living_lamp") == "off"


def test_warmer_by_a_touch(page: "Page") -> None:
    """The thermostat goes up by half a degree."""
    page.open("home")
    page.click("[id='plus-climate.thermostat']")
    page.find(".degrees", "21.5")


def test_a_lock_asks_first(page: "Page") -> None:
    """Unlocking waits for a yes; no leaves the door locked."""
    page.open("home")
    page.click("[id='unlock-lock.front_door']")
    page.click("#sheet-no")
    page.gone("#sheet")
    assert _state(page, "lock.front_door") == "locked"
    page.click("[id='unlock-lock.front_door']")
    page.find("#sheet h2", "Front door")
    page.click("#sheet-yes")
    page.find("[data-id='lock.front_door'][data-active=true]")
    assert _state(page, "lock.front_door") == "unlocked"


def test_opening_the_garage_asks_first_and_closing_does_not(page: "Page") -> None:
    """Only the dangerous direction is guarded."""
    page.open("home")
    page.click("[id='open_cover-cover.garage']")
    page.click("#sheet-yes")
    page.find("[data-id='cover.garage'][data-active=true]")
    page.click("[id='close_cover-cover.garage']")
    page.find("[data-id='cover.garage'][data-active=false]")


def test_a_device_is_found_by_its_name(page: "Page") -> None:
    """In a large home, some letters are enough."""
    page.open("home")
    page.find("#home-filter").send_keys("robby")
    page.find("[data-id='vacuum.robot']")
    page.gone("[data-id='light.kitchen_main']")


def test_a_name_like_markup_stays_a_name(page: "Page") -> None:
    """Whoever names a device cannot put code on the page."""
    page.open("home")
    page.find("[data-id='vacuum.robot'] .device-name", "<b>Robby</b><img")
    assert not page.script("return document.querySelector('.device-name img, .device-name b')")


def test_the_keyboard_keeps_its_place_when_a_card_changes(page: "Page") -> None:
    """After a switch was pressed with the keyboard it still has the focus."""
    from selenium.webdriver.common.keys import Keys

    page.open("home")
    page.find("[id='toggle-light.kitchen_main']").send_keys(Keys.SPACE)
    page.find("[data-id='light.kitchen_main'][data-active=true]")
    page.until(lambda: page.focused() == "toggle-light.kitchen_main", "the focus")
