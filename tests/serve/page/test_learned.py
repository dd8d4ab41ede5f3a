"""What I learned, in a real browser: look, switch off and on, forget, learn now."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gnothi.registry.registry import Registry
from gnothi.serve.understanding import NAME
from tests.serve.page.conftest import family, visit
from tests.serve.page.running import Running, settings_in
from tests.serve.schooling import ANAS, EVERYBODYS, RIGHT, WRONG

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

    from tests.serve.page.visitor import Page

_CONTRAST = Path(__file__).with_name("contrast.js").read_text(encoding="utf-8")
_UNNAMED = Path(__file__).with_name("unnamed.js").read_text(encoding="utf-8")
MAJ = "*/maj and=imagine"
PHRASE = f".lesson[data-id='{MAJ}']"
SHARED = f".lesson[data-id='{EVERYBODYS}']"


@pytest.fixture
def learned(chromium: "Chrome", tmp_path: Path, learned_folder: Path) -> Iterator["Page"]:
    """The page of a family whose assistant learned for two weeks."""
    shutil.copytree(learned_folder, tmp_path / "gnothi")
    yield from visit(chromium, Running(settings_in(tmp_path), family()))


def test_a_lesson_shows_before_after_and_why(learned: "Page") -> None:
    """What is said, what it is taken for, the reasons in sentences, and how often each works."""
    page = learned
    page.open("learned")
    page.find(f"{SHARED} .lesson-said", WRONG)
    page.find(f"{SHARED} .lesson-becomes", RIGHT)
    page.click(f"{SHARED} summary")
    page.find(f"{SHARED} .because", "I take")
    page.find(f"{SHARED} [data-measure=said] .whisker")
    page.find(f"{SHARED} [data-measure=meant]", "%")


def test_a_phrase_is_decided_like_any_lesson(learned: "Page") -> None:
    """Between dots, with how often it was meant so; off, on, and forgotten by its name."""
    page = learned
    page.open("learned")
    page.find(f"{PHRASE} .lesson-said", "…maj and…")
    page.find(f"{PHRASE} .lesson-becomes", "…imagine…")
    page.click(f"{PHRASE} summary")
    page.find(f"{PHRASE} .because", "meant “imagine” by it")
    page.find(f"{PHRASE} [data-measure=so] .whisker")
    page.click(f"[id='off-{MAJ}']")
    page.click(f"[data-group=off] [id='on-{MAJ}']")
    page.find(f"[data-group=live] {PHRASE}")
    page.click(f"[id='forget-{MAJ}']")
    page.click("#sheet-yes")
    page.find(f"[data-group=gone] {PHRASE}", "forgotten")
    assert page.console() == []


def test_what_is_switched_off_can_be_switched_on(learned: "Page") -> None:
    """It goes to the switched off ones, says who did it, and comes back."""
    page = learned
    page.open("learned")
    page.script("localStorage.setItem('gnothi.speaker', 'ana')")
    page.open("learned")
    page.click(f"{SHARED} summary")
    page.click(f"[id='off-{EVERYBODYS}']")
    page.find(f"[data-group=off] {SHARED} .hint", "by Ana")
    page.click(f"[id='on-{EVERYBODYS}']")
    page.find(f"[data-group=live] {SHARED}")


def test_forgetting_asks_first_and_is_for_good(learned: "Page") -> None:
    """The keyboard is on the way out; after a yes only that it was forgotten remains."""
    page = learned
    page.open("learned")
    page.click(f"{SHARED} summary")
    page.click(f"[id='forget-{EVERYBODYS}']")
    assert page.find("#sheet-no") and page.focused() == "sheet-no"
    page.click("#sheet-yes", "Forget it")
    page.find(f"[data-group=gone] {SHARED}", "forgotten")
    page.gone(f"[id='forget-{EVERYBODYS}']")


def test_learning_now_tells_how_it_goes(learned: "Page") -> None:
    """The button rests while a round is under way, and the end is told."""
    page = learned
    page.open("learned")
    page.click("#learn-now")
    page.find("#learning-step", "I ")
    assert not page.find("#learn-now").is_enabled()
    page.patiently(lambda: page.find("#learn-now").is_enabled(), "the end of the round")
    page.find(".last-round p")


def test_the_nights_are_chosen(learned: "Page") -> None:
    """A switch, and the server keeps it."""
    page = learned
    page.open("learned")
    page.find("#nights-on[aria-checked=true]")
    page.click("#nights-on")
    page.find("#nights-on[aria-checked=false]")
    assert page.api("GET", "learning")["nights"]["on"] is False


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_lessons_are_readable_and_fit_a_phone(learned: "Page", theme: str) -> None:
    """Unfolded, too: contrast, names for screen readers, and no scrolling sideways."""
    page = learned
    with page.liking("prefers-color-scheme", theme), page.width(360, 700):
        page.open("learned")
        for name in (EVERYBODYS, ANAS):
            page.click(f".lesson[data-id='{name}'] summary")
            page.find(f".lesson[data-id='{name}'] .evidence")
        assert page.script(_CONTRAST) == []
        assert page.script(_UNNAMED) == []
        assert page.script("return document.documentElement.scrollWidth") <= 360
        assert page.console() == []


def test_a_new_household_is_told_how_to_begin(page: "Page") -> None:
    """Nothing was learned yet, and the page says how that changes."""
    page.open("learned")
    page.find("#lessons .empty", "nothing yet")


def test_a_change_of_a_model_is_told(learned: "Page") -> None:
    """Which model, which version, why, and what its figures were before and after."""
    page = learned
    registry = Registry.open(page.household.folder / "registry")
    shipped = registry.get(NAME, registry.live(NAME))
    better = {name: value + 0.01 for name, value in shipped.card.figures.items()}
    card = replace(shipped.card, version="2026-12-01.1", figures=better)
    registry.put(shipped.folder, card)
    registry.make_live(NAME, "2026-12-01.1", reason="Approved: it gets more right.")
    page.open("learned")
    page.find("[data-group=models] .model-change", "2026-12-01.1")
    page.find(".model-change .because", "Approved")
    page.find(".model-change .facts dd", "→")
