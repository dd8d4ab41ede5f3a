"""What is said after something else: values, pronouns, parts of names, questions about "it"."""

from typing import Any

import pytest

from gnothi.home.grounding.ground import Earlier, Situation, ground
from gnothi.home.grounding.operations import Operation
from gnothi.home.grounding.outdoors import outdoor_thermometer
from gnothi.home.grounding.result import Doing, Problem, Telling
from gnothi.home.house import House


def device(entity: str, name: str, area: str | None, **more: Any) -> dict[str, Any]:
    """Return a device of a home file."""
    known = {"id": entity, "domain": entity.partition(".")[0], "name": name, "area": area}
    attributes = {key: more.pop(key) for key in tuple(more) if key not in {"state", "aliases"}}
    return {"features": ["brightness", "color_temp"], **known, **more, "attributes": attributes}


HOME = {
    "areas": [
        {"id": "kitchen", "name": "Kitchen", "floor": "ground"},
        {"id": "living", "name": "Living Room", "floor": "ground"},
        {"id": "hall", "name": "Hallway", "aliases": ["hall"], "floor": "ground"},
        {"id": "study", "name": "Study", "floor": "upstairs"},
        {"id": "bedroom", "name": "Bedroom", "floor": "upstairs"},
        {"id": "terrace", "name": "Terrace", "floor": "outside"},
    ],
    "devices": [
        device("light.kitchen", "Kitchen Light", "kitchen", state="off"),
        device("light.hall", "Hallway Light", "hall", state="on", brightness=255),
        device("light.living", "Living Room Light", "living", state="on", brightness=102),
        device("light.reading", "Reading Lamp", "living", state="off"),
        device("light.study", "Study Light", "study", state="off"),
        device("cover.living", "Living Room Blinds", "living", state="open", device_class="blind"),
        device("cover.study", "Study Blinds", "study", state="closed", device_class="blind"),
        device("cover.garage", "Garage Door", None, state="closed", device_class="garage"),
        device("lock.front", "Front Door", "hall", state="locked"),
        device("lock.back", "Back Door", "kitchen", state="unlocked"),
        device(
            "climate.living",
            "Thermostat",
            "living",
            state="heat",
            temperature=20,
            aliases=["heating"],
        ),
        device("climate.bedroom", "Bedroom Heating", "bedroom", state="heat", temperature=18),
        device("fan.bedroom", "Bedroom Fan", "bedroom", state="off", percentage=0),
        device("humidifier.bedroom", "Humidifier", "bedroom", state="off", humidity=45),
        device("media_player.tv", "TV", "living", state="on", device_class="tv", aliases=["telly"]),
        device("media_player.kitchen", "Radio", "kitchen", state="playing", volume_level=0.4),
        device(
            "vacuum.robot",
            "Robot",
            "living",
            state="cleaning",
            battery_level=85,
            aliases=["hoover"],
        ),
        device("binary_sensor.smoke", "Smoke Detector", "hall", state="off", device_class="smoke"),
        device("sensor.front", "Front Door Battery", "hall", state="74", device_class="battery"),
        device(
            "sensor.kitchen",
            "Kitchen Temperature",
            "kitchen",
            state="21",
            device_class="temperature",
        ),
        device(
            "sensor.pool", "Pool Temperature", "terrace", state="24", device_class="temperature"
        ),
        device("sensor.weather", "Thermometer", "terrace", state="6.2", device_class="temperature"),
    ],
}


@pytest.fixture(scope="module")
def house() -> House:
    """A home with two of most things."""
    return House.from_json(HOME)


def done(found: object) -> tuple[str, list[str], dict[str, object]]:
    """Return the operation, its targets and its values."""
    assert isinstance(found, Doing), found
    return found.operation.name, list(found.targets), dict(found.operation.data)


def after(name: str, target: str, **data: object) -> Situation:
    """Return the situation after an operation on one device."""
    return Situation(
        focus=(target,), recent=(target,), earlier=Earlier(Operation(name, data), (target,))
    )


LIT = after("brightness", "light.reading", value=40.0)


@pytest.mark.parametrize(
    "intent", ["", "iot_temperature_set", "iot_position_set", "cooking_recipe"]
)
@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("twenty", 20.0),
        ("forty", 40.0),
        ("make it twenty", 20.0),
        ("no, make that 30", 30.0),
        ("half", 50.0),
        ("only half", 50.0),
        ("halfway", 50.0),
        ("full", 100.0),
        ("fully", 100.0),
        ("thirty percent", 30.0),
        ("the same", 40.0),
    ],
)
@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("brightness", "light.reading"),
        ("volume", "media_player.kitchen"),
        ("position", "cover.study"),
        ("speed", "fan.bedroom"),
        ("humidity", "humidifier.bedroom"),
    ],
)
def test_a_bare_value_is_one_of_the_earlier_kind(
    house: House, text: str, value: float, intent: str, name: str, target: str
) -> None:
    """After a call with a value, a number alone is the new value, whatever the intent."""
    earlier = after(name, target, value=40.0)
    assert done(ground(text, intent, house, earlier)) == (name, [target], {"value": value})


@pytest.mark.parametrize("text", ["21", "make it twenty one", "make it 21 degrees"])
def test_a_bare_number_is_a_temperature_after_one(house: House, text: str) -> None:
    """Degrees stay degrees."""
    earlier = after("temperature", "climate.bedroom", value=19.0)
    found = ground(text, "iot_brightness_set", house, earlier)
    assert done(found) == ("temperature", ["climate.bedroom"], {"value": 21.0})


def test_a_number_after_a_switch_is_the_level_of_the_device(house: House) -> None:
    """After "lamp on", a number is its brightness; after "open the blinds", how far."""
    lit = ground("twenty percent", "iot_temperature_set", house, after("on", "light.reading"))
    assert done(lit) == ("brightness", ["light.reading"], {"value": 20.0})
    for text in ("only halfway", "blinds only fifty percent open", "just half open", "half way"):
        opened = ground(text, "iot_position_set", house, after("open", "cover.study"))
        assert done(opened) == ("position", ["cover.study"], {"value": 50.0})


@pytest.mark.parametrize(
    ("text", "targets", "value"),
    [
        ("and the living room light to 80%", ["light.living"], 80.0),
        ("and the study at thirty", ["light.study"], 30.0),
        ("and the study to the same", ["light.study"], 40.0),
        ("the kitchen light too", ["light.kitchen"], 40.0),
    ],
)
def test_a_second_clause_names_another_device(
    house: House, text: str, targets: list[str], value: float
) -> None:
    """A follow-up may have its own device and its own value."""
    found = ground(text, "iot_temperature_set", house, LIT)
    assert done(found) == ("brightness", targets, {"value": value})


def test_the_same_is_the_level_spoken_of_last(house: House) -> None:
    """Without an earlier call, "the same" is the level of the device in focus."""
    found = ground(
        "set the reading lamp to the same",
        "iot_hue_lightchange",
        house,
        Situation(focus=("light.living",)),
    )
    assert done(found) == ("brightness", ["light.reading"], {"value": 40.0})


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("too bright half please", "iot_brightness_set"),
        ("half brightness", "iot_brightness_set"),
        ("dim it to half", "iot_position_set"),
        ("half", "iot_position_set"),
        ("halfway please", "iot_brightness_set"),
        ("dim it halfway", ""),
        ("brighten them to half", ""),
    ],
)
def test_half_is_brightness_where_a_light_is_meant(house: House, text: str, intent: str) -> None:
    """Shares are no property: the device in focus decides what is halved."""
    found = ground(text, intent, house, Situation(focus=("light.living",)))
    assert done(found) == ("brightness", ["light.living"], {"value": 50.0})


@pytest.mark.parametrize(
    ("text", "operation"),
    [
        ("dim them both to half", "brightness"),
        ("both to fifty percent", "brightness"),
        ("set them both to half", "brightness"),
        ("dim both lights to half", "brightness"),
    ],
)
@pytest.mark.parametrize("earlier", [None, Earlier(Operation("on"), ("light.hall",))])
def test_both_are_the_last_two(
    house: House, text: str, operation: str, earlier: Earlier | None
) -> None:
    """The word "both" means the last two devices that were spoken of."""
    now = Situation(focus=("light.hall",), recent=("light.kitchen", "light.hall"), earlier=earlier)
    found = ground(text, "iot_brightness_set", house, now)
    assert done(found) == (operation, ["light.kitchen", "light.hall"], {"value": 50.0})


@pytest.mark.parametrize("intent", ["media_previous", "iot_open", ""])
@pytest.mark.parametrize("text", ["the back", "and the back.", "the back one too", "back door"])
@pytest.mark.parametrize("name", ["lock", "unlock"])
def test_a_word_of_a_name_is_no_verb(house: House, text: str, intent: str, name: str) -> None:
    """After "lock the front door", "the back" is a door, and not the song before."""
    assert done(ground(text, intent, house, after(name, "lock.front"))) == (name, ["lock.back"], {})


def test_the_front_is_one_too(house: House) -> None:
    """Any word of a name will do."""
    assert done(ground("the front", "iot_open", house, after("lock", "lock.back")))[1] == [
        "lock.front"
    ]
    assert done(ground("lock the back", "", house))[1] == ["lock.back"]


def test_verbs_stay_verbs(house: House) -> None:
    """Where the verb can be done to what is named, it is one."""
    assert done(ground("lock the back door", "", house, after("unlock", "lock.front")))[:2] == (
        "lock",
        ["lock.back"],
    )
    radio = after("volume", "media_player.kitchen", value=30.0)
    assert done(ground("go back", "", house, radio))[0] == "previous"


def test_an_operation_is_carried_to_another_kind(house: House) -> None:
    """What is closed is locked where it is a lock."""
    found = ground("and the back door", "", house, after("close", "cover.garage"))
    assert done(found)[:2] == ("lock", ["lock.back"])


@pytest.mark.parametrize(
    ("text", "focus", "targets", "attribute"),
    [
        ("how full is its battery?", "vacuum.robot", ["vacuum.robot"], "battery"),
        ("what's the battery of the front door lock", "", ["sensor.front"], "battery"),
        ("how much battery does it have left", "lock.front", ["sensor.front"], "battery"),
        ("battery level of the hoover", "", ["vacuum.robot"], "battery"),
        ("what's it set to now", "humidifier.bedroom", ["humidifier.bedroom"], "setpoint"),
        ("what's it set to now", "climate.bedroom", ["climate.bedroom"], "setpoint"),
        ("whats the temperature out there", "light.hall", ["sensor.weather"], "temperature"),
        ("how warm is it outside", "", ["sensor.weather"], "temperature"),
        ("what's the outside temperature", "", ["sensor.weather"], "temperature"),
        ("how warm is it in the kitchen", "light.hall", ["sensor.kitchen"], "temperature"),
    ],
)
def test_values_are_told_by_who_knows_them(
    house: House, text: str, focus: str, targets: list[str], attribute: str
) -> None:
    """A device tells its own values; else a sensor tells that bears its name."""
    now = Situation(focus=(focus,) if focus else ())
    found = ground(text, "iot_state_query", house, now)
    assert isinstance(found, Telling), found
    assert (found.question, list(found.targets), found.attribute) == ("value", targets, attribute)


def test_a_neighbour_knows_nothing_of_a_battery(house: House) -> None:
    """The battery of the door's lock is not that of the smoke detector in the same hall."""
    found = ground("battery of the smoke detector", "iot_state_query", house)
    assert isinstance(found, Telling)
    assert found.targets == ("binary_sensor.smoke",)


@pytest.mark.parametrize(
    "text", ["Garage door closed?", "light off in the hall?", "garage door open?"]
)
@pytest.mark.parametrize("intent", ["iot_close", "iot_hue_lightoff", "iot_state_query"])
def test_a_question_without_a_verb_moves_nothing(house: House, text: str, intent: str) -> None:
    """A question mark makes a question of a remark."""
    assert isinstance(ground(text, intent, house), Telling)


@pytest.mark.parametrize(
    ("text", "operation", "targets"),
    [
        ("send the robot out to clean", "clean", ["vacuum.robot"]),
        ("send the hoover to the kitchen", "clean", ["vacuum.robot"]),
        ("tell the robot to clean", "clean", ["vacuum.robot"]),
        ("hoover the kitchen", "clean", ["vacuum.robot"]),
        ("give the living room a quick hoover", "clean", ["vacuum.robot"]),
        ("send the hoover back to its dock", "dock", ["vacuum.robot"]),
        ("send the robot back", "dock", ["vacuum.robot"]),
        ("send the robot home", "dock", ["vacuum.robot"]),
        ("send it back to base", "dock", ["vacuum.robot"]),
        ("send the hoover off to charge", "dock", ["vacuum.robot"]),
        ("the humidifier running", "on", ["humidifier.bedroom"]),
        ("get the humidifier going", "on", ["humidifier.bedroom"]),
        ("turn the telly off", "off", ["media_player.tv"]),
        ("Actually the humidifier off again", "off", ["humidifier.bedroom"]),
        ("leave the hallway light on", "on", ["light.hall"]),
    ],
)
def test_verbs_and_remarks_name_nothing(
    house: House, text: str, operation: str, targets: list[str]
) -> None:
    """Words that do something are not taken for names."""
    now = Situation(focus=("vacuum.robot",))
    assert done(ground(text, "", house, now))[:2] == (operation, targets)


@pytest.mark.parametrize(
    "text", ["leave them at thirty percent", "leave them thirty percent open", "keep them at 30%"]
)
def test_to_leave_at_is_to_set(house: House, text: str) -> None:
    """Leaving something at a value sets it."""
    found = ground(text, "iot_position_set", house, Situation(focus=("cover.living",)))
    assert done(found) == ("position", ["cover.living"], {"value": 30.0})


@pytest.mark.parametrize(
    ("text", "operation"),
    [("it's a bit too warm", "temperature"), ("too cold in here", "temperature")],
)
def test_too_much_wants_less(house: House, text: str, operation: str) -> None:
    """Complaints ask for the opposite."""
    now = Situation(focus=("climate.living",), area="living")
    name, targets, data = done(ground(text, "iot_temperature_down", house, now))
    assert (name, targets) == (operation, ["climate.living"])
    assert (float(str(data["step"])) < 0) == ("warm" in text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("turn the heating off completely", "off"),
        ("turn that heating off", "off"),
        ("heating to 21", "temperature"),
    ],
)
@pytest.mark.parametrize("target", ["climate.living", "climate.bedroom"])
def test_the_one_spoken_of_is_meant(house: House, text: str, name: str, target: str) -> None:
    """Of several that fit, the one in focus is meant."""
    assert done(ground(text, "", house, Situation(focus=(target,))))[:2] == (name, [target])


def test_a_full_name_is_meant_whatever_was_spoken_of(house: House) -> None:
    """A name of two nouns, as "Bedroom Heating" or "Extractor Fan", is no kind."""
    named = House.from_json(
        {
            "areas": [],
            "devices": [
                device("fan.a", "Desk Fan", None, state="on"),
                device("fan.b", "Extractor Fan", None, state="off"),
            ],
        }
    )
    assert done(ground("the extractor fan", "iot_speed_down", named, after("on", "fan.a")))[1] == [
        "fan.b"
    ]
    assert done(
        ground(
            "turn the heating down a bit",
            "",
            house,
            Situation(focus=("climate.living", "climate.bedroom")),
        )
    )[1] == ["climate.living", "climate.bedroom"]


def test_a_group_stays_a_group(house: House) -> None:
    """Nothing in focus makes "both" or "all" mean one device."""
    now = Situation(focus=("climate.bedroom",), recent=("climate.bedroom",))
    everything = ["climate.living", "climate.bedroom"]
    assert done(ground("turn both heatings off", "", house, now))[1] == everything
    assert done(ground("turn all the heating off", "", house, now))[1] == everything


def test_words_that_say_nothing_do_nothing(house: House) -> None:
    """A pronoun for what can't do what only the intent says changes nothing else."""
    now = Situation(area="kitchen", focus=("lock.back",), recent=("lock.back",))
    assert isinstance(ground("that one too", "iot_hue_lighton", house, now), Problem)
    nothing = Situation(area="kitchen")
    assert isinstance(ground("move it to six", "iot_humidity_set", house, nothing), Problem)


def test_the_outdoor_thermometer_is_known_by_name_or_place(house: House) -> None:
    """The pool is outside too, but it is not the weather."""
    found = outdoor_thermometer(house)
    assert found is not None
    assert found.id == "sensor.weather"
    named = House.from_json(
        {
            "areas": [],
            "devices": [
                device("sensor.a", "Fridge Temperature", None, device_class="temperature"),
                device("sensor.b", "Outdoor Temp", None, device_class="temperature"),
            ],
        }
    )
    assert (found := outdoor_thermometer(named)) is not None
    assert found.id == "sensor.b"
    assert outdoor_thermometer(House.from_json({"areas": [], "devices": []})) is None
