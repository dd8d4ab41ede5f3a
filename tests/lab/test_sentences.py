"""Perturbed twins, effects of Home Assistant's intents, and the baselines."""

from hypothesis import given
from hypothesis import strategies as st

from gnothi_lab.baselines.rules import Rules
from gnothi_lab.homes.build import build_home
from gnothi_lab.homes.requests import Request
from gnothi_lab.intents import Intent, effects
from gnothi_lab.peers.hassil import Recogniser
from gnothi_lab.sentences.perturb import twins

HOME = build_home(
    "example",
    (
        Request("example", "Kitchen Light", "light-dimmable", "Kitchen", "", ""),
        Request("example", "Table Lamp", "light", "Kitchen", "", ""),
        Request("example", "Bedroom Light", "light", "Bedroom", "", ""),
        Request("example", "Front Door", "smart-lock", "Hallway", "", ""),
    ),
    None,
)


def test_twins_are_the_same_every_time() -> None:
    """The same seed bends a sentence the same way."""
    assert twins("turn off the lights in the kitchen", seed=1) == twins(
        "turn off the lights in the kitchen", seed=1
    )


def test_a_question_is_wrapped_like_a_question() -> None:
    """Nobody says "please is the door locked right away"."""
    assert "right away" not in twins("is the front door locked?", seed=3)["wrapper"]


@given(st.text(max_size=80), st.integers(0, 9))
def test_any_sentence_can_be_bent(text: str, seed: int) -> None:
    """No text breaks the perturbations, and a twin always differs."""
    assert text not in twins(text, seed=seed).values()


def test_an_intent_for_a_room_moves_its_lamps() -> None:
    """Turning on the kitchen's lights leaves the bedroom dark."""
    moved = effects(Intent("HassTurnOn", {"area": "Kitchen", "domain": "light"}), HOME)
    assert set(moved) == {"light.kitchen_light", "light.table_lamp"}


def test_turning_a_lock_off_unlocks_it() -> None:
    """Home Assistant files unlocking under turning off."""
    moved = effects(Intent("HassTurnOff", {"name": "Front Door"}), HOME)
    assert moved == {"lock.front_door": {"state": "unlocked"}}


def test_the_peer_recognises_plain_sentences() -> None:
    """Hassil is set up as Home Assistant sets it up."""
    found = Recogniser(HOME).recognise("turn on the kitchen light")
    assert found == Intent("HassTurnOn", {"name": "Kitchen Light"})


def test_the_rules_find_the_device_that_shares_most_words() -> None:
    """The baseline is a serious one."""
    assert Rules(HOME).changes("please turn the table lamp on") == {
        "light.table_lamp": {"state": "on"}
    }


def test_the_rules_leave_questions_alone() -> None:
    """A question changes nothing."""
    assert not Rules(HOME).changes("is the kitchen light on?")
