"""From words to devices."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gnothi.core.errors import GnothiError
from gnothi.home.grounding.ground import Earlier, Situation, ground
from gnothi.home.grounding.operations import Operation
from gnothi.home.grounding.result import Asking, Doing, Problem, Telling
from gnothi.home.grounding.several import ground_each
from gnothi.home.house import House

LIGHT = ["brightness", "color_temp", "rgb"]


def device(entity: str, name: str, area: str | None, **more: Any) -> dict[str, Any]:
    """Return a device of a home file."""
    domain = entity.partition(".")[0]
    known = {"id": entity, "domain": domain, "name": name, "area": area, "features": LIGHT}
    attributes = {key: more.pop(key) for key in tuple(more) if key not in {"state", "aliases"}}
    return {**known, "state": "off", **more, "attributes": attributes}


HOME = {
    "areas": [
        {"id": "kitchen", "name": "Kitchen", "floor": "ground"},
        {"id": "living", "name": "Living Room", "aliases": ["lounge"], "floor": "ground"},
        {"id": "rec", "name": "Rec Room", "floor": "ground"},
        {"id": "garage", "name": "Garage", "floor": "ground"},
        {"id": "bedroom", "name": "Bedroom", "floor": "upstairs"},
        {"id": "guest", "name": "Guest Bedroom", "floor": "upstairs"},
        {"id": "garden", "name": "Garden", "floor": "outside"},
    ],
    "devices": [
        device("light.kitchen", "Kitchen Light", "kitchen"),
        device("light.living", "Living Room Light", "living"),
        device("light.reading", "Reading Lamp", "living"),
        device("light.rec", "Rec Room Light", "rec"),
        device("light.bedroom", "Bedroom Light", "bedroom"),
        device("light.guest", "Guest Bedroom Light", "guest"),
        device("light.salt", "Salt and Pepper Lamp", "guest"),
        device("light.garage", "Garage Light", "garage"),
        device("cover.garage", "Garage Door", "garage", state="closed", device_class="garage"),
        device("cover.bedroom", "Blinds", "bedroom", state="open", device_class="blind"),
        device("cover.living", "Blinds", "living", state="open", device_class="blind"),
        device("switch.coffee", "Coffee Machine", "kitchen", device_class="outlet"),
        device("lock.front", "Front Door", "living", state="locked"),
        device("climate.living", "Thermostat", "living", state="heat", temperature=20),
        device("climate.bedroom", "Heater", "bedroom", state="heat", temperature=18),
        device("fan.bedroom", "Bedroom Fan", "bedroom", percentage=0),
        device("vacuum.robot", "Rosie", "living", state="docked", aliases=["robot"]),
        device("valve.sprinkler", "Sprinkler", "garden", state="closed"),
        device("media_player.tv", "TV", "living", state="playing", device_class="tv"),
        device("media_player.kitchen", "Kitchen Speaker", "kitchen", device_class="speaker"),
        device("alarm_control_panel.house", "House Alarm", None, state="disarmed"),
        device("binary_sensor.window", "Kitchen Window", "kitchen", device_class="window"),
        device("sensor.kitchen", "Kitchen Temperature", "kitchen", device_class="temperature"),
        device("assist_satellite.kitchen", "Kitchen Satellite", "kitchen"),
    ],
}
LIGHTS = (
    "light.kitchen light.living light.reading light.rec light.bedroom light.guest light.salt "
    "light.garage"
).split()


@pytest.fixture(scope="module")
def house() -> House:
    """A home with names that share words."""
    return House.from_json(HOME)


def done(found: object) -> tuple[str, list[str]]:
    """Return the operation and its targets."""
    assert isinstance(found, Doing), found
    return found.operation.name, list(found.targets)


@pytest.mark.parametrize(
    ("text", "operation", "targets"),
    [
        ("turn on the kitchen light", "on", ["light.kitchen"]),
        ("Kitchen light off, please", "off", ["light.kitchen"]),
        ("could you switch the reading lamp on", "on", ["light.reading"]),
        ("turn the light in the guest bedroom off", "off", ["light.guest"]),
        ("bedroom light on", "on", ["light.bedroom"]),
        ("kill the lights in the lounge", "off", ["light.living", "light.reading"]),
        ("turn on the salt and pepper lamp", "on", ["light.salt"]),
        ("turn on the sprinkler", "open", ["valve.sprinkler"]),
        ("turn off the sprinkler", "close", ["valve.sprinkler"]),
        ("open the garage", "open", ["cover.garage"]),
        ("shut the garage door", "close", ["cover.garage"]),
        ("turn off the garage light", "off", ["light.garage"]),
        ("close the blinds upstairs", "close", ["cover.bedroom"]),
        ("close all the blinds", "close", ["cover.bedroom", "cover.living"]),
        ("lock the front door", "lock", ["lock.front"]),
        ("open the front door", "unlock", ["lock.front"]),
        ("start the robot", "clean", ["vacuum.robot"]),
        ("vacuum the attic", "clean", ["vacuum.robot"]),
        ("send Rosie home", "dock", ["vacuum.robot"]),
        ("make me a coffee", "on", ["switch.coffee"]),
        ("pause", "pause", ["media_player.tv"]),
        ("next song on the kitchen speaker", "next", ["media_player.kitchen"]),
        ("arm the alarm", "arm", ["alarm_control_panel.house"]),
        ("turn off all the lights", "off", LIGHTS),
        (
            "turn off all the lights except the bedroom's and the reading lamp",
            "off",
            [one for one in LIGHTS if one not in {"light.bedroom", "light.reading"}],
        ),
        ("turn on the kitchen and bedroom lights", "on", ["light.kitchen", "light.bedroom"]),
        ("lights in the kitchen and the garage on", "on", ["light.kitchen", "light.garage"]),
        (
            "turn off everything in the living room",
            "off",
            ["light.living", "light.reading", "climate.living", "media_player.tv"],
        ),
        ("turn off the kitchen", "off", ["light.kitchen"]),
        ("lock everything", "lock", ["lock.front"]),
        ("turn on the wreck room light", "on", ["light.rec"]),
        ("turn on the livingroom light", "on", ["light.living"]),
        ("turn on the bed room fan", "on", ["fan.bedroom"]),
        ("trun on the kitchen ligth", "on", ["light.kitchen"]),
        ("turn on the kitchen light, it's so dark", "on", ["light.kitchen"]),
    ],
)
def test_words_decide_what_is_meant(
    house: House, text: str, operation: str, targets: list[str]
) -> None:
    """A request reaches the devices that a person would mean."""
    assert done(ground(text, "", house)) == (operation, targets)


@pytest.mark.parametrize(
    ("text", "operation"),
    [
        ("set the kitchen light to 40 %", Operation("brightness", {"value": 40.0})),
        ("make the kitchen light twenty percent brighter", Operation("brightness", {"step": 20.0})),
        ("dim the kitchen light a little", Operation("brightness", {"step": -10})),
        ("kitchen light to half", Operation("brightness", {"value": 50.0})),
        ("turn the kitchen light blue", Operation("color", {"rgb": [0, 0, 255]})),
        ("kitchen light warm white", Operation("color_temp", {"kelvin": 2700})),
        ("a bit warmer in the living room", Operation("temperature", {"step": 1})),
        ("much warmer in the living room", Operation("temperature", {"step": 3})),
        ("set the thermostat to 21.5", Operation("temperature", {"value": 21.5})),
        ("set the thermostat to 72 fahrenheit", Operation("temperature", {"value": 22.2})),
        ("lower the thermostat by 2 degrees", Operation("temperature", {"step": -2.0})),
        ("set the thermostat to auto", Operation("mode", {"mode": "auto"})),
        ("bedroom fan to 30 percent", Operation("speed", {"value": 30.0})),
        ("open the bedroom blinds halfway", Operation("position", {"value": 50.0})),
        ("turn the tv volume down", Operation("volume", {"step": -10})),
        ("mute the tv", Operation("mute")),
        ("more air", Operation("speed", {"step": 25})),
        ("a bit less air please", Operation("speed", {"step": -10})),
    ],
)
def test_values_are_read(house: House, text: str, operation: Operation) -> None:
    """Amounts, colours, modes and comparatives become what the device needs."""
    found = ground(text, "", house)
    assert isinstance(found, Doing), found
    assert found.operation == operation


@pytest.mark.parametrize(
    ("text", "operation"),
    [
        (
            "set the living room thermostat to 22 degrees I am freezing",
            Operation("temperature", {"value": 22.0}),
        ),
        (
            "set the living room thermostat to 22 degrees I'm freezing",
            Operation("temperature", {"value": 22.0}),
        ),
        ("set the reading lamp to 50, I am reading", Operation("brightness", {"value": 50.0})),
        (
            "set the kitchen light to 30 percent for the film program",
            Operation("brightness", {"value": 30.0}),
        ),
    ],
)
def test_i_am_is_no_time_of_day(house: House, text: str, operation: Operation) -> None:
    """Only a number before "am" makes a time of it."""
    found = ground(text, "", house)
    assert isinstance(found, Doing), found
    assert found.operation == operation


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        (
            "open the front door and the garage",
            [("unlock", ["lock.front"]), ("open", ["cover.garage"])],
        ),
        (
            "close the front door and the garage",
            [("lock", ["lock.front"]), ("close", ["cover.garage"])],
        ),
        (
            "turn off the kitchen light and the house alarm",
            [("off", ["light.kitchen"]), ("disarm", ["alarm_control_panel.house"])],
        ),
        (
            "kitchen light and bedroom fan to 50 percent",
            [("brightness", ["light.kitchen"]), ("speed", ["fan.bedroom"])],
        ),
        (
            "stop the tv and the robot",
            [("halt", ["media_player.tv"]), ("dock", ["vacuum.robot"])],
        ),
    ],
)
def test_one_word_for_different_things_does_all_of_them(
    house: House, text: str, steps: list[tuple[str, list[str]]]
) -> None:
    """What is named beside something of another kind is never dropped."""
    found = ground(text, "", house)
    assert isinstance(found, Doing), found
    assert [done(step) for step in found.steps] == steps


def test_the_answer_may_be_a_thing_of_another_kind(house: House) -> None:
    """Who is asked which door, a locked one or the garage's, may answer both."""
    earlier = Earlier(Operation("unlock"), ())
    answering = Situation(earlier=earlier, among=("lock.front", "cover.garage"), answers="targets")
    found = ground("both", "", house, answering)
    assert isinstance(found, Doing), found
    assert [done(step) for step in found.steps] == [
        ("unlock", ["lock.front"]),
        ("open", ["cover.garage"]),
    ]


def test_a_number_is_no_mode(house: House) -> None:
    """Whatever the intent says, twenty is a temperature."""
    found = ground("set the thermostat to 20", "iot_mode_set", house)
    assert isinstance(found, Doing), found
    assert found.operation == Operation("temperature", {"value": 20.0})


def test_the_room_that_hears_decides(house: House) -> None:
    """Saying "turn on the light" means the room where it is said."""
    assert done(ground("turn on the light", "", house, Situation(area="rec")))[1] == ["light.rec"]
    assert done(ground("lights off", "", house, Situation(area="living")))[1] == [
        "light.living",
        "light.reading",
    ]


def test_it_asks_when_several_fit(house: House) -> None:
    """Where nothing prefers one device, the question names the ones that fit."""
    found = ground("set the heating to 21", "", house)
    assert isinstance(found, Asking)
    assert found.choices == ("climate.living", "climate.bedroom")
    earlier = Earlier(found.operation, ())
    answering = Situation(earlier=earlier, among=found.choices, answers="targets")
    for answer, target in (
        ("the bedroom", ["climate.bedroom"]),
        ("the first one", ["climate.living"]),
        ("both", ["climate.living", "climate.bedroom"]),
    ):
        assert done(ground(answer, "", house, answering))[1] == target


def test_a_missing_value_is_asked_for(house: House) -> None:
    """Saying "set the thermostat" asks for the temperature, and takes it."""
    found = ground("change the temperature in the living room", "", house)
    assert isinstance(found, Asking)
    assert found.argument == "value"
    earlier = Earlier(found.operation, found.targets)
    answered = ground("21 degrees", "", house, Situation(earlier=earlier, answers="value"))
    assert isinstance(answered, Doing)
    assert answered.operation == Operation("temperature", {"value": 21.0})


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("turn on the disco ball", "no-such"),
        ("turn on the attic light", "no-such"),
        ("turn on the disco light", "no-such"),
        ("open the kitchen light", "cannot"),
        ("dim the coffee machine", "cannot"),
        ("turn off the kitchen light in ten minutes", "later"),
        ("turn off the kitchen light at 11 pm", "later"),
        ("turn off the kitchen light at ten a.m.", "later"),
        ("turn off the kitchen light at seven thirty pm", "later"),
        ("set it to seven o'clock", "unclear"),
        ("turn on the kitchen light tomorrow", "later"),
        ("turn on the kitchen light for 5 minutes", "awhile"),
        ("turn on the kitchen light for the next ten minutes", "awhile"),
    ],
)
def test_what_is_not_there_is_not_guessed(house: House, text: str, reason: str) -> None:
    """A device that does not exist, or can't do that, is never replaced by another."""
    found = ground(text, "", house)
    assert isinstance(found, Problem), found
    assert found.reason == reason


KITCHEN = Earlier(Operation("brightness", {"value": 40.0}), ("light.kitchen",))


@pytest.mark.parametrize(
    ("text", "targets", "data"),
    [
        ("and the bedroom", ["light.bedroom"], {"value": 40.0}),
        ("the reading lamp", ["light.reading"], {"value": 40.0}),
        ("60 percent", ["light.kitchen"], {"value": 60.0}),
        ("the rec room at 70 percent", ["light.rec"], {"value": 70.0}),
    ],
)
def test_follow_ups_keep_what_they_do_not_change(
    house: House, text: str, targets: list[str], data: dict[str, float]
) -> None:
    """A follow-up "and the bedroom" repeats the operation, "60 percent" keeps the device."""
    found = ground(text, "", house, Situation(earlier=KITCHEN))
    assert isinstance(found, Doing), found
    assert (list(found.targets), found.operation.data) == (targets, data)


def test_it_means_what_was_spoken_of(house: House) -> None:
    """The word "it" is the device of the turn before, whatever the intent says."""
    after_fan = Situation(focus=("fan.bedroom",))
    assert done(ground("turn it off", "iot_hue_lightoff", house, after_fan)) == (
        "off",
        ["fan.bedroom"],
    )
    assert done(ground("set it to 30 percent", "iot_brightness_set", house, after_fan)) == (
        "speed",
        ["fan.bedroom"],
    )


def test_several_things_at_once(house: House) -> None:
    """Two actions in one sentence are two steps; two devices of one action are one."""
    steps = ground_each("reading lamp off and kitchen light to 50 percent", "", house, Situation())
    assert [(step.operation.name, step.targets) for step in steps] == [
        ("off", ("light.reading",)),
        ("brightness", ("light.kitchen",)),
    ]
    assert ground_each("turn on the kitchen and bedroom lights", "", house, Situation()) == ()
    assert ground_each("turn on the salt and pepper lamp", "", house, Situation()) == ()


@pytest.mark.parametrize(
    ("text", "question", "targets"),
    [
        ("is the garage open?", "check", ["cover.garage"]),
        ("which windows are open", "which", ["binary_sensor.window"]),
        (
            "how many lights are on upstairs",
            "count",
            ["light.bedroom", "light.guest", "light.salt"],
        ),
        ("are all the doors locked", "all", ["lock.front"]),
        ("what's the temperature in the kitchen", "value", ["sensor.kitchen"]),
        ("how long has the bedroom heater been on", "how_long", ["climate.bedroom"]),
        ("when was the garage door last opened", "when", ["cover.garage"]),
        ("is anyone home", "presence", []),
        ("did we lock the front door", "check", ["lock.front"]),
        ("so is the reading lamp off", "check", ["light.reading"]),
        ("can you tell me if the tv is on", "check", ["media_player.tv"]),
        ("kitchen light status", "status", ["light.kitchen"]),
        ("is the kitchen light whirling away", "status", ["light.kitchen"]),
    ],
)
@pytest.mark.parametrize("intent", ["iot_state_query", "iot_hue_lighton", "iot_open"])
def test_questions_are_answered_and_never_obeyed(
    house: House, text: str, question: str, targets: list[str], intent: str
) -> None:
    """A question is a question, even where the intent says that it is a command."""
    found = ground(text, intent, house)
    assert isinstance(found, Telling), found
    assert (found.question, list(found.targets)) == (question, targets)


def test_a_question_is_repeated_for_another_room(house: House) -> None:
    """The question "and the bedroom light?" asks the same of another device."""
    first = ground("is the kitchen light on", "", house)
    assert isinstance(first, Telling)
    again = ground("and the bedroom light", "", house, Situation(told=first))
    assert again == replace(first, targets=("light.bedroom",), areas=("bedroom",))


@given(st.text(max_size=80))
def test_nothing_said_is_an_error(text: str) -> None:
    """Whatever is said, grounding finds something, asks, or says that it does not know."""
    house = House.from_json(HOME)
    try:
        ground(text, "iot_turn_on", house, Situation(area="kitchen"))
        ground_each(text, "iot_turn_on", house, Situation())
    except GnothiError:
        pytest.fail("grounding raised an error")


@given(
    st.lists(
        st.sampled_from(
            "turn on off the light lights kitchen bedroom and all except to 40 percent it open "
            "garage door is which , . warmer blue half".split()
        ),
        max_size=12,
    )
)
def test_a_group_never_opens_the_house(said: list[str]) -> None:
    """No mixture of ordinary words unlocks a door that is not named."""
    found = ground(" ".join(said), "iot_hue_lighton", House.from_json(HOME))
    if isinstance(found, Doing):
        targets = {target for step in found.steps for target in step.targets}
        assert "lock.front" not in targets or {"door", "open"} & {*said}


@pytest.mark.parametrize("text", ["set the bathroom to 20 degrees", "make the office 21 degrees"])
def test_degrees_are_no_percent(house: House, text: str) -> None:
    """Where there is no thermostat, a temperature does not become a brightness."""
    assert not isinstance(ground(text, "iot_temperature_set", house), Doing)


def test_a_warmer_room_is_no_warmer_light(house: House) -> None:
    """Only where a lamp is named does "warmer" mean its shade."""
    for text in ("make the bedroom warmer", "make the kitchen cooler"):
        found = ground(text, "iot_temperature_up", house)
        targets = found.targets if isinstance(found, Doing) else ()
        assert not any(one.startswith("light.") for one in targets), (text, found)
