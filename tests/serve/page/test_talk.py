"""The conversation in a real browser: what is said, understood, done, and why."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.serve.page.visitor import Page


def test_an_answer_comes_with_what_it_changed(page: "Page") -> None:
    """Whoever turns on a light reads that it is on, and which one."""
    page.open()
    page.say("turn on the kitchen light")
    page.find(".bubble.answer .effect[data-active=true]", "Kitchen Light")
    assert page.find("#say").get_attribute("value") == ""


def test_an_answer_says_why(page: "Page") -> None:
    """Each answer unfolds to what was understood, considered and done, and how long it took."""
    page.open()
    page.say("set a timer for ten minutes")
    page.click(".why summary")
    page.find(".slot[data-hue]", "ten minutes")
    assert len(page.all(".bar-row")) >= 2
    page.find(".bar-row.chosen", "set a timer")
    page.find(".deed.done", "Timers")
    page.find(".stages code", "language/understand@")


def test_words_that_decided_are_coloured(page: "Page") -> None:
    """On demand, each word shows how much it spoke for the intent."""
    page.open()
    page.say("set a timer for ten minutes")
    page.click(".why summary")
    page.click(".explanation .button")
    page.find(".word.for", "timer")


def test_screen_readers_hear_the_answer(page: "Page") -> None:
    """The answer is put where a screen reader announces it."""
    page.open()
    page.say("set a timer for ten minutes")
    heard = "return document.getElementById('announcer').textContent"
    page.until(lambda: "10 minutes" in page.script(heard), "an announcement")


def test_a_suggestion_is_said_by_one_touch(page: "Page") -> None:
    """Nobody has to guess what can be said."""
    page.open()
    page.click("#suggestions .suggestion", "Set a timer for ten minutes")
    page.find(".bubble.said", "Set a timer for ten minutes")
    page.find(".bubble.answer", "10 minutes")


def test_what_else_can_be_said_is_shown(page: "Page") -> None:
    """All skills are listed with sentences that work by a touch."""
    page.open()
    page.click("#more-ideas")
    page.click("#sheet .ability .suggestion")
    page.find(".bubble.said")


def test_a_guarded_request_is_confirmed_by_a_button(page: "Page") -> None:
    """The front door opens only after a yes."""
    page.open()
    page.say("unlock the front door")
    page.find("#suggestions .primary")
    assert page.api("GET", "devices")
    page.click("#suggestions .primary")
    page.find(".effect", "unlocked")


def test_earlier_sentences_come_back_with_the_arrow_keys(page: "Page") -> None:
    """A sentence is said again without typing it again."""
    from selenium.webdriver.common.keys import Keys

    page.open()
    page.say("tell me a joke")
    field = page.find("#say")
    field.send_keys(Keys.ARROW_UP)
    assert field.get_attribute("value") == "tell me a joke"
    field.send_keys(Keys.ARROW_DOWN)
    assert field.get_attribute("value") == ""


def test_markup_that_is_said_stays_text(page: "Page") -> None:
    """Nothing that is said becomes part of the page's code."""
    page.open()
    page.say("<img src=x onerror=document.title='broken'>")
    page.find(".bubble.said", "<img src=x")
    page.until(lambda: len(page.all(".bubble.answer")) >= 2, "an answer")
    assert not page.script("return document.querySelector('.messages img')")
    assert "broken" not in page.browser.title


def test_a_lost_server_is_told_calmly_and_found_again(page: "Page") -> None:
    """When the server is away the page says so, and goes on by itself afterwards."""
    page.open()
    household = page.household
    household.stop()
    page.find("#banner", "reconnects by itself")
    household.again()
    page.gone("#banner")
    page.say("set a timer for ten minutes")
    page.find(".bubble.answer", "10 minutes")


def test_a_question_offers_its_answers_as_buttons(page: "Page") -> None:
    """When two lamps fit, one touch says which."""
    page.open()
    page.api("POST", "devices/light.living_lamp/call", service="light.turn_off")
    page.say("turn on the lamp")
    page.click("#suggestions .suggestion", "Floor lamp")
    page.find(".effect", "Floor lamp")
