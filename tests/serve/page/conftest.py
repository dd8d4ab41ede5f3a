"""A real Chromium before a running household."""

import json
import shutil
import tempfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gnothi.home.model import Home, read_home
from tests.serve.page.running import Running, settings_in
from tests.serve.page.visitor import Page

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

HOME = Path(__file__).with_name("home.json")
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--force-prefers-reduced-motion",
    "--autoplay-policy=no-user-gesture-required",
)


@pytest.fixture(scope="session")
def chromium() -> Iterator["Chrome"]:
    """One browser for all tests of the page."""
    if not (shutil.which("chromium") and shutil.which("chromedriver")):
        pytest.skip("needs a browser: apt-get install chromium chromium-driver")
    with browser() as one:
        yield one


@contextmanager
def browser() -> Generator["Chrome"]:
    """Open Debian's Chromium."""
    from selenium import webdriver

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        options = webdriver.ChromeOptions()
        options.binary_location = shutil.which("chromium") or ""
        for flag in (*FLAGS, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        one = webdriver.Chrome(options, webdriver.ChromeService(shutil.which("chromedriver")))
        try:
            yield one
        finally:
            one.quit()


@pytest.fixture
def page(chromium: "Chrome", tmp_path: Path) -> Iterator["Page"]:
    """The page of a family that has moved in."""
    yield from visit(chromium, Running(settings_in(tmp_path), family()))


@pytest.fixture
def new_page(chromium: "Chrome", tmp_path: Path) -> Iterator["Page"]:
    """The page of a household that was never used."""
    yield from visit(chromium, Running(settings_in(tmp_path), None))


def family() -> Home:
    """Return the home of the family of these tests."""
    return read_home(json.loads(HOME.read_text("utf-8")))


def visit(chromium: "Chrome", household: Running) -> Iterator["Page"]:
    """Yield the page of *household*, which is served until the test ends."""
    household.start()
    page = Page(chromium, household)
    page.console()
    try:
        yield page
    finally:
        chromium.get("about:blank")
        household.stop()
