"""A person before the page: looks, clicks, keys."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx

from tests.serve.page.running import PATIENCE, Running

if TYPE_CHECKING:
    from selenium.webdriver import Chrome
    from selenium.webdriver.remote.webelement import WebElement


@dataclass
class Page:
    """The page as a person meets it: looks, clicks, keys."""

    browser: "Chrome"
    household: Running

    @property
    def address(self) -> str:
        """Where the page is."""
        return self.household.address

    def open(self, place: str = "talk") -> None:
        """Open a place and wait until the page lives."""
        self.browser.get("about:blank")
        self.browser.get(f"{self.address}#{place}")
        self.find("body[data-ready][data-connection=open]")

    def find(self, css: str, text: str = "") -> "WebElement":
        """Wait for something that is seen, with *text* in it."""
        return self.until(lambda: next(iter(self.all(css, text)), None), f"{css} {text!r}")

    def all(self, css: str, text: str = "") -> list["WebElement"]:
        """Return everything that is seen there now."""
        from selenium.common.exceptions import StaleElementReferenceException

        try:
            found = self.browser.find_elements("css selector", css)
            return [one for one in found if one.is_displayed() and text in one.text]
        except StaleElementReferenceException:
            return []

    def gone(self, css: str, text: str = "") -> None:
        """Wait until nothing of this is seen any more."""
        self.until(lambda: not self.all(css, text), f"no {css} {text!r}")

    def until(self, look: Callable[[], Any], what: str, *, patience: float = PATIENCE) -> Any:
        """Wait until *look* finds something."""
        until = time.monotonic() + patience
        while time.monotonic() < until:
            if found := look():
                return found
            time.sleep(0.02)
        raise AssertionError(f"not seen: {what}; console: {self.console()}")

    def patiently(self, look: Callable[[], Any], what: str) -> Any:
        """Wait for something that another process does."""
        return self.until(look, what, patience=8 * PATIENCE)

    def click(self, css: str, text: str = "") -> None:
        """Click on something, however often it is drawn anew meanwhile."""
        from selenium.common.exceptions import WebDriverException

        def try_it() -> bool:
            try:
                self.find(css, text).click()
            except WebDriverException:
                return False
            return True

        self.until(try_it, f"clickable {css} {text!r}")

    def say(self, text: str) -> None:
        """Type a sentence into the conversation and send it."""
        from selenium.webdriver.common.keys import Keys

        self.find("#say").send_keys(text, Keys.ENTER)
        self.find(".bubble.said", text)

    def keys(self, *keys: str) -> None:
        """Press keys wherever the focus is."""
        from selenium.webdriver import ActionChains

        ActionChains(self.browser).send_keys(*keys).perform()

    def script(self, code: str, *given: Any) -> Any:
        """Run a piece of JavaScript."""
        return self.browser.execute_script(code, *given)

    def focused(self) -> str:
        """Return the id of what has the focus."""
        return self.script("return document.activeElement.id")

    def console(self) -> list[str]:
        """Return the complaints of the browser since the last look."""
        return [entry["message"] for entry in self.browser.get_log("browser")]

    def api(self, method: str, path: str, **body: Any) -> Any:
        """Talk to the server as another device would."""
        answer = httpx.request(method, f"{self.address}api/{path}", json=body or None)
        return answer.json() if answer.content else None

    @contextmanager
    def width(self, width: int, height: int) -> Iterator[None]:
        """Look at it on another screen for a while."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        self.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        try:
            yield
        finally:
            self.browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})

    @contextmanager
    def liking(self, feature: str, value: str) -> Iterator[None]:
        """Let the system like something, as *prefers-color-scheme: dark*."""
        liked = {"features": [{"name": feature, "value": value}]}
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", liked)
        try:
            yield
        finally:
            self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
