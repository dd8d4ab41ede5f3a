"""Talking by voice, in a real browser whose microphone plays a recording."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import soundfile

from tests.serve.page.conftest import FLAGS, family, visit
from tests.serve.page.running import Running, settings_in
from tests.serve.page.visitor import Page

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

RATE = 48_000


def recording(folder: Path, sentence: str) -> Path:
    """Return a recording of *sentence* in a room, to be said again and again."""
    flite = shutil.which("flite")
    if flite is None:
        pytest.skip("needs a voice: apt-get install flite")
    spoken = folder / "spoken.wav"
    subprocess.run([flite, "-voice", "slt", "-t", sentence, "-o", str(spoken)], check=True)
    samples, rate = soundfile.read(spoken, dtype="float32")
    moments = np.arange(0, len(samples) / rate, 1 / RATE)
    speech = np.interp(moments, np.arange(len(samples)) / rate, samples)
    room = 0.001 * np.random.default_rng(0).standard_normal(12 * RATE)
    room[3 * RATE : 3 * RATE + len(speech)] += speech
    file = folder / "microphone.wav"
    soundfile.write(file, room, RATE, subtype="PCM_16")
    return file


@pytest.fixture(scope="module")
def listening() -> Iterator["Chrome"]:
    """A browser whose microphone hears somebody ask for the light in the kitchen."""
    program, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not (program and driver):
        pytest.skip("needs a browser: apt-get install chromium chromium-driver")
    from selenium import webdriver

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        sound = recording(Path(profile), "turn on the kitchen light")
        options = webdriver.ChromeOptions()
        options.binary_location = program
        for flag in (
            *FLAGS,
            f"--user-data-dir={profile}/browser",
            "--use-fake-device-for-media-stream",
            "--use-fake-ui-for-media-stream",
            f"--use-file-for-fake-audio-capture={sound}",
        ):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        browser = webdriver.Chrome(options, webdriver.ChromeService(driver))
        try:
            yield browser
        finally:
            browser.quit()


@pytest.fixture
def heard(listening: "Chrome", tmp_path: Path) -> Iterator[Page]:
    """The page of a family that has a microphone."""
    settings = replace(settings_in(tmp_path), recogniser="gnothi")
    yield from visit(listening, Running(settings, family()))


def test_a_lamp_goes_on_when_somebody_says_so(heard: Page) -> None:
    """From the microphone to the lamp; meanwhile the page shows what it hears."""
    heard.open()
    heard.click("#mic")
    heard.patiently(lambda: heard.all("#voice[data-state=listening]"), "an open microphone")
    heard.patiently(lambda: heard.all("#heard", "turn"), "what is heard so far")
    heard.patiently(lambda: heard.all(".bubble.said", "turn on the kitchen light"), "the sentence")
    heard.find(".bubble.answer .effect[data-active=true]", "Kitchen Light")
    turn = heard.api("GET", "journal")[0]
    kept = heard.api("GET", f"journal/{turn['id']}")
    assert [stage["stage"] for stage in kept["trace"]][:2] == ["endpoint", "transcript"]
    assert heard.console() == []


def test_a_line_that_breaks_comes_back(heard: Page) -> None:
    """While the server is away the page says so; then it listens again."""
    heard.open()
    heard.click("#mic")
    heard.patiently(lambda: heard.all("#voice[data-state=listening]"), "an open microphone")
    heard.household.stop()
    heard.find("#voice-state", "connection was lost")
    heard.household.again()
    heard.patiently(lambda: heard.all("#voice[data-state=listening]"), "an open microphone again")
    heard.click("#voice-close")
    heard.gone("#voice")
    assert (
        heard.script("return document.getElementById('mic').getAttribute('aria-pressed')")
        == "false"
    )


def test_a_button_that_is_held_while_the_line_comes_back_is_told(heard: Page) -> None:
    """Else a pause would end the sentence, though the page says that it waits."""
    heard.open()
    heard.script(
        """
        window.told = [];
        const send = WebSocket.prototype.send;
        WebSocket.prototype.send = function (what) {
          if (typeof what === "string") window.told.push(JSON.parse(what).type);
          send.call(this, what);
        };
        """
    )
    heard.click("#mic")
    heard.patiently(lambda: heard.all("#voice[data-state=listening]"), "an open microphone")
    heard.household.stop()
    heard.find("#voice-state", "connection was lost")
    heard.script('document.dispatchEvent(new KeyboardEvent("keydown", { key: "t" }))')
    heard.household.again()
    heard.patiently(lambda: heard.all("#voice[data-state=listening]"), "an open microphone again")
    assert "hold" in heard.script("return told.slice(told.lastIndexOf('begin'))")
    heard.script('document.dispatchEvent(new KeyboardEvent("keyup", { key: "t" }))')


def test_who_is_impatient_opens_one_microphone(heard: Page) -> None:
    """Touched three times while the browser still asks: what it then allows is opened once."""
    heard.open()
    heard.browser.execute_script(
        """
        const devices = navigator.mediaDevices, real = devices.getUserMedia.bind(devices);
        window.streams = [];
        devices.getUserMedia = async (wanted) => {
          await new Promise((done) => setTimeout(done, 600));
          const stream = await real(wanted);
          window.streams.push(stream);
          return stream;
        };
        """
    )
    for _ in range(3):
        heard.click("#mic")
    heard.patiently(lambda: heard.all("#voice[data-state=listening]"), "an open microphone")
    live = "return streams.filter((one) => one.getTracks().some((t) => t.readyState === 'live'))"
    heard.patiently(
        lambda: heard.browser.execute_script("return streams.length") == 2, "both answers"
    )
    assert len(heard.browser.execute_script(live)) == 1
    heard.click("#mic")
    heard.patiently(lambda: not heard.browser.execute_script(live), "a closed microphone")
