"""Which question to ask, on the page *What I learned*, in a real browser."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.learning.prompting_school import School
from tests.learning.talking_household import Household
from tests.serve.page.conftest import family, visit
from tests.serve.page.running import Running, settings_in

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

    from tests.serve.page.visitor import Page

_CONTRAST = Path(__file__).with_name("contrast.js").read_text(encoding="utf-8")
_UNNAMED = Path(__file__).with_name("unnamed.js").read_text(encoding="utf-8")
SECTION = "[data-group=prompting]"


@pytest.fixture
def compared(chromium: "Chrome", tmp_path: Path) -> Iterator["Page"]:
    """The page of a family that has talked for two years."""
    school = School(settings_in(tmp_path).folder, Household(seed=1))
    assert school.talk(600) == "prompts-better"
    yield from visit(chromium, Running(settings_in(tmp_path), family()))


def test_the_comparison_is_drawn_and_told(compared: "Page") -> None:
    """What questions are worth, with intervals; which are asked; and why the gate said yes."""
    page = compared
    page.open("learned")
    page.find(f"{SECTION} .because", "are better")
    page.find(f"{SECTION} .tag", "given to some talks")
    for who in ("live", "candidate"):
        page.find(f"{SECTION} [data-worth={who}] .whisker .reach")
    page.find(f"{SECTION} [data-asked=suggest] .share-words", "%")
    found = page.api("GET", "learning")["prompting"]
    assert found["gain"]["low"] > 0
    assert sum(one["candidate"] for one in found["asked"]) == pytest.approx(1)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_is_readable_and_fits_a_phone(compared: "Page", theme: str) -> None:
    """Contrast, names for screen readers, and no scrolling sideways."""
    page = compared
    with page.liking("prefers-color-scheme", theme), page.width(360, 700):
        page.open("learned")
        page.find(f"{SECTION} .because")
        assert page.script(_CONTRAST) == []
        assert page.script(_UNNAMED) == []
        assert page.script("return document.documentElement.scrollWidth") <= 360
        assert page.console() == []
