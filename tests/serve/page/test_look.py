"""How the page looks and is reached: sizes, themes, keyboard, names for screen readers."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.serve.page.visitor import Page

PLACES = ("talk", "home", "timers", "lists", "journal", "learned", "settings")
_UNNAMED = Path(__file__).with_name("unnamed.js").read_text(encoding="utf-8")
_CONTRAST = Path(__file__).with_name("contrast.js").read_text(encoding="utf-8")


def test_a_phone_never_scrolls_sideways(page: "Page") -> None:
    """Everything fits a narrow phone, and the places are at the thumb."""
    with page.width(360, 700):
        page.open()
        for place in PLACES:
            page.click(f"#go-{place}")
            page.find(f"#go-{place}[aria-current]")
            assert page.script("return document.documentElement.scrollWidth") <= 360, place
        assert page.find("#places").rect["y"] > 600


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_words_are_readable_in_light_and_dark(page: "Page", theme: str) -> None:
    """Every text has the contrast that WCAG asks for (4.5 to 1)."""
    with page.liking("prefers-color-scheme", theme):
        page.open()
        page.say("set a timer for ten minutes")
        page.click(".why summary")
        page.find(".stages")
        for place in PLACES:
            page.click(f"#go-{place}")
            page.find(f"#view-{place}")
            assert page.script(_CONTRAST) == [], place


def test_everything_that_can_be_used_has_a_name(page: "Page") -> None:
    """A screen reader can say what each control is."""
    page.open()
    page.say("set a timer for ten minutes")
    for place in PLACES:
        page.click(f"#go-{place}")
        page.find(f"#view-{place}")
        assert page.script(_UNNAMED) == [], place


def test_places_are_reached_by_keys(page: "Page") -> None:
    """Alt and a digit go to a place, a slash to the field, a question mark tells the keys."""
    from selenium.webdriver import ActionChains
    from selenium.webdriver.common.keys import Keys

    page.open("home")
    ActionChains(page.browser).key_down(Keys.ALT).send_keys("4").key_up(Keys.ALT).perform()
    page.find("#view-lists")
    page.script("document.activeElement.blur()")
    page.keys("/")
    page.until(lambda: page.focused() == "say", "the focus in the field")
    page.keys(Keys.ESCAPE)
    page.keys("?")
    page.find("#sheet .keys")
    page.keys(Keys.ESCAPE)
    page.gone("#sheet")


def test_the_first_stop_of_the_keyboard_skips_the_navigation(page: "Page") -> None:
    """Who goes by Tab reaches the content at once, and sees where they are."""
    from selenium.webdriver.common.keys import Keys

    page.open("lists")
    page.script("document.activeElement.blur()")
    page.keys(Keys.TAB)
    assert page.script("return document.activeElement.className") == "skip"
    assert page.script("return getComputedStyle(document.activeElement).outlineStyle") != "none"


def test_nothing_moves_for_those_who_asked_for_rest(page: "Page") -> None:
    """With reduced motion, animations end at once."""
    page.open()
    page.say("hello")
    duration = "return getComputedStyle(document.querySelector('.bubble')).animationDuration"
    assert page.script(duration) == "0.001s"


def test_the_browser_has_nothing_to_complain_about(page: "Page") -> None:
    """No error, and no breach of the content policy, on a walk through all places."""
    page.open()
    for place in PLACES:
        page.click(f"#go-{place}")
        page.find(f"#view-{place} h1, #view-{place} .conversation")
    assert page.console() == []


def test_the_first_evening_fits_a_phone(new_page: "Page") -> None:
    """A family can begin on a phone: no question is cut off."""
    page = new_page
    with page.width(360, 700):
        page.open()
        for _ in range(3):
            page.find("#wizard-form")
            overflow = "const one = document.getElementById('wizard-form'); "
            assert page.script(overflow + "return one.scrollWidth - one.clientWidth") <= 0
            page.click("#wizard-next")
        page.gone("#wizard")
