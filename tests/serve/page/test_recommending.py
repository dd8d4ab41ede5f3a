"""Being helped with choosing, in a real browser."""

import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gnothi.skills.builtin.recommend import leading
from tests.recommend.files import record_library

if TYPE_CHECKING:
    from tests.serve.page.visitor import Page

_UNNAMED = Path(__file__).with_name("unnamed.js").read_text(encoding="utf-8")
_CONTRAST = Path(__file__).with_name("contrast.js").read_text(encoding="utf-8")


@pytest.fixture
def musical(page: "Page", tmp_path: Path) -> "Page":
    """The page of a family with some music."""
    record_library(tmp_path / "music", seconds=61)
    page.open()
    return page


def test_a_sample_is_shown_heard_and_accepted(musical: "Page") -> None:
    """What is suggested is a card with facts; a touch plays all of it."""
    musical.say("help me find some music")
    musical.say("how about Air")
    musical.find(".offer[data-kind=sample] strong", "Air")
    assert "France" in [one.text for one in musical.all(".offer .facts li")]
    musical.find("#player .track", "Air")
    assert musical.api("GET", "player")["track"]["limit"] == 30
    musical.click("#suggestions .button", "Play it")
    musical.find(".offer[data-kind=playing] strong", "Air")
    assert musical.api("GET", "player")["track"]["limit"] == 0


def test_a_sample_ends_after_its_time(musical: "Page", monkeypatch: pytest.MonkeyPatch) -> None:
    """The page stops where the limit is: here after two seconds, from second 20 on."""
    monkeypatch.setattr(leading, "SAMPLE_SECONDS", 2.0)
    musical.say("help me find some music")
    musical.say("how about Air")
    musical.find("#player .track", "Air")
    began = time.monotonic()
    musical.gone("#player .track")
    assert 1 < time.monotonic() - began < 8
    assert musical.api("GET", "player")["status"] == "idle"


def test_answers_are_reached_by_keys_and_read_in_any_light(musical: "Page") -> None:
    """Each button has a name and a place for Tab; words keep their contrast."""
    from selenium.webdriver.common.keys import Keys

    musical.say("suggest a film")
    musical.say("surprise me")
    musical.find(".offer strong")
    assert musical.script(_UNNAMED) == []
    for theme in ("light", "dark"):
        with musical.liking("prefers-color-scheme", theme):
            assert musical.script(_CONTRAST) == [], theme
    with musical.width(360, 700):
        assert musical.script("return document.documentElement.scrollWidth") <= 360
    musical.find("#suggestions .primary").send_keys(Keys.ENTER)
    musical.find(".bubble.said", "Yes, I like it")
