"""The page's own sound, and what it says when there is no microphone."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.serve.page.visitor import Page

_SOUND = Path(__file__).with_name("sound.js").read_text(encoding="utf-8")
_UNNAMED = Path(__file__).with_name("unnamed.js").read_text(encoding="utf-8")
_CONTRAST = Path(__file__).with_name("contrast.js").read_text(encoding="utf-8")
_SHOW = """
const [values, done] = arguments;
import("/voice/voice.js").then(({ voice }) => {
  voice.set({ state: "off", text: "", muted: false, held: false, hint: "", ...values });
  done();
});
"""


def sound(page: "Page", what: str | int) -> dict[str, Any]:
    """Return what comes out of the page's sound."""
    return page.browser.execute_async_script(_SOUND, what)


def test_an_answer_that_is_stopped_is_silent_at_once(page: "Page") -> None:
    """A tenth of a second later nothing of it is left, however much had been sent ahead."""
    page.open()
    found = sound(page, "stopped")
    assert found["before"] == pytest.approx(0.488, abs=0.05)
    assert found["after"] == 0
    assert found["heard"] == pytest.approx(0.45, abs=0.05)


def test_a_microphone_of_any_rate_is_brought_to_that_of_speech(page: "Page") -> None:
    """Speech is as loud as before; what is above it is not folded into it."""
    page.open()
    speech = sound(page, 1_000)
    assert speech["frames"] == pytest.approx(49, abs=1)
    assert speech["size"] == 640
    assert speech["level"] == pytest.approx(0.5 / 2**0.5, abs=0.01)
    assert sound(page, 11_000)["level"] < 0.002


def test_a_missing_microphone_is_told(page: "Page") -> None:
    """The page says so in a sentence, and is not left half open."""
    page.open()
    page.click("#mic")
    page.find(".bubble.trouble", "microphone")
    page.find('#mic[aria-pressed="false"]')
    assert not page.all("#voice")


def test_a_page_without_https_says_what_to_do(page: "Page") -> None:
    """Browsers hide the microphone there; how it comes back is told."""
    page.open()
    page.script("Object.defineProperty(window, 'isSecureContext', { value: false })")
    page.click("#mic")
    page.find(".bubble.trouble", "--lan")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_what_the_microphone_shows_is_readable_and_named(page: "Page", theme: str) -> None:
    """Whatever it does, on a narrow phone, by day and by night."""
    states: list[dict[str, Any]] = [
        {"state": "listening"},
        {"state": "hearing", "text": "set the living room lights to fifty percent please"},
        {"state": "speaking"},
        {"state": "listening", "muted": True},
    ]
    with page.liking("prefers-color-scheme", theme), page.width(360, 700):
        page.open()
        for values in states:
            page.browser.execute_async_script(_SHOW, values)
            page.find("#voice")
            assert page.script(_CONTRAST) == [], values
            assert page.script(_UNNAMED) == [], values
            assert page.script("return document.documentElement.scrollWidth") <= 360


def test_who_wants_recordings_asks_for_them(page: "Page") -> None:
    """Off by default, for each person; guests are never recorded."""
    page.open("settings")
    page.find("#recordings", "guests")
    page.click("#faces .face[data-person=ana]")
    page.find("#keep-recordings:not(:checked)")
    page.click("#keep-recordings")
    page.until(lambda: page.api("GET", "people/ana/recordings")["kept"], "a wish that is kept")
