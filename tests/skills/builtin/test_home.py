"""The home skill, from words to effects and sentences."""

from datetime import UTC, datetime, timedelta
from random import Random
from types import SimpleNamespace
from typing import Any, cast

import pytest

from gnothi.core.acting import Act, Call, Outcome, Status
from gnothi.core.clock import FixedClock
from gnothi.core.errors import ProviderError
from gnothi.core.risk import Risk
from gnothi.core.understanding import Interpretation, Utterance
from gnothi.dialogue.wording import Wording
from gnothi.home.house import STARTER, House
from gnothi.home.model import Device
from gnothi.home.state import DeviceState
from gnothi.skills.skillset import BUILTIN, Skill, load_skill
from gnothi.skills.turn import Proposal, Services, Turn

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


class Conversation:
    """Says things to the home skill, as the dialogue would."""

    def __init__(self) -> None:
        """Begin in the starter home at noon."""
        self.clock = FixedClock(NOON)
        self.house = House.from_file(STARTER, clock=self.clock)
        self.skill: Skill = load_skill(BUILTIN / "home")
        self.focus: dict[str, object] = {}

    def turn(self, text: str, **more: Any) -> Turn:
        """Return the turn for *text*."""
        return Turn(
            text=text,
            interpretation=Interpretation("iot", more.pop("intent", ""), 1.0),
            utterance=Utterance(text, device=more.pop("device", None)),
            now=self.clock.now(),
            services=cast("Services", SimpleNamespace(house=self.house)),
            focus=self.focus,
            **more,
        )

    async def propose(self, text: str, **more: Any) -> Proposal:
        """Return what the skill would do."""
        turn = self.turn(text, **more)
        api = turn.carried.api if turn.carried else "control"
        return await self.skill.propose(turn, self.skill.api(api))

    async def say(self, text: str, **more: Any) -> Outcome:
        """Return what came of *text*."""
        proposal = await self.propose(text, **more)
        assert not proposal.problem, proposal.problem
        outcome = await self.skill.act(self.turn(text), proposal.call)
        self.focus.update(outcome.entities)
        return outcome


@pytest.fixture
def talk() -> Conversation:
    """A conversation in the starter home."""
    return Conversation()


def said(act: Act) -> str:
    """Return *act* in words."""
    words = Wording(load_skill(BUILTIN / "home").packs("en"), rng=Random(0))
    assert not words.faults(act, NOON)
    return words.say(act, NOON)


def keys(outcome: Outcome | Proposal) -> list[str]:
    """Return what is said."""
    acts = outcome.problem if isinstance(outcome, Proposal) else outcome.acts
    return [act.key for act in acts]


async def test_a_light_is_turned_on_and_off_again(talk: Conversation) -> None:
    """The word "it" is the light that was just turned on; what is so already is said to be."""
    assert keys(await talk.say("turn on the kitchen light")) == ["home-on"]
    assert talk.house.state("light.kitchen").state == "on"
    assert keys(await talk.say("turn it on")) == ["home-already"]
    assert keys(await talk.say("turn it off again")) == ["home-off"]
    assert talk.house.state("light.kitchen").state == "off"


async def test_the_room_of_the_device_that_hears_is_meant(talk: Conversation) -> None:
    """Whatever the satellite is called, its room is context."""
    for device in ("media_player.kitchen", "Kitchen Speaker", "kitchen"):
        proposal = await talk.propose("turn on the light", device=device)
        assert proposal.call.arguments["targets"] == ["light.kitchen"]


async def test_undo_restores_exactly(talk: Conversation) -> None:
    """Taking a call back leaves every device as it was."""
    before = talk.house.snapshot()
    outcome = await talk.say("set all the lights to 30 percent")
    assert len(talk.house.changes_since(before)) > 3
    assert outcome.undo is not None
    undone = await talk.skill.act(talk.turn("undo"), outcome.undo)
    assert keys(undone) == ["home-restored"]
    assert talk.house.changes_since(before) == {}


async def test_unlocking_asks_first(talk: Conversation) -> None:
    """A guarded operation is proposed with a question; so is taking back that a door was locked."""
    proposal = await talk.propose("unlock the front door")
    assert proposal.risk is Risk.GUARDED
    assert proposal.confirmation is not None
    assert proposal.confirmation.values["devices"] == ["Front Door"]
    await talk.house.call("lock.unlock", ["lock.front_door"])
    assert (await talk.propose("unlock the front door")).risk is Risk.REVERSIBLE
    locked = await talk.say("lock the front door")
    assert locked.undo is not None
    assert locked.undo_asks is not None
    assert locked.undo_asks.key == "home-confirm"
    assert locked.undo_asks.values["devices"] == ["Front Door"]
    assert locked.undo_asks.values["operation"] == "unlock"
    assert (await talk.say("turn on the kitchen light")).undo_asks is None


async def test_undo_never_unlocks(talk: Conversation) -> None:
    """Taking back "lock the door" would unlock it, alone or along with other things."""
    await talk.house.call("lock.unlock", ["lock.front_door"])
    for text in ("lock the front door", "kitchen light on and lock the front door"):
        await talk.house.call("lock.unlock", ["lock.front_door"])
        outcome = await talk.say(text)
        assert outcome.undo_asks is not None
        assert outcome.undo_asks.values["operation"] == "unlock"
        assert outcome.undo_asks.values["devices"] == ["Front Door"]
    assert (await talk.say("lock the front door")).undo_asks is None


async def test_a_door_that_is_ajar_is_not_opened_unasked(talk: Conversation) -> None:
    """A garage that is open a little is opened wholly only after a yes."""
    garage = "cover.garage_door"
    await talk.house.call("cover.set_cover_position", [garage], {"position": 10})
    assert (await talk.propose("open the garage door")).risk is Risk.GUARDED
    await talk.house.call("cover.open_cover", [garage])
    assert (await talk.propose("open the garage door")).risk is Risk.REVERSIBLE


DOORS = (
    Device("lock.back", "lock", "Back Door", state="locked"),
    Device("lock.side", "lock", "Side Door", state="locked"),
)


async def test_every_guarded_thing_is_named_in_the_question(talk: Conversation) -> None:
    """One yes does what the question names, and nothing else that is guarded."""
    for door in DOORS:
        talk.house.add_device(door)
    doors = ["Back Door", "Front Door", "Side Door"]
    group = await talk.propose("unlock all the doors")
    assert group.confirmation is not None
    assert sorted(cast("list[str]", group.confirmation.values["devices"])) == doors
    steps = await talk.propose("kitchen light on and unlock the back door and open the garage")
    assert steps.confirmation is not None
    assert said(steps.confirmation) == "Unlock Back Door, open Garage Door, all of that?"
    mixed = await talk.propose("open the front door and the garage")
    assert (mixed.call.api, mixed.risk) == ("control_all", Risk.GUARDED)
    assert mixed.confirmation is not None
    assert said(mixed.confirmation) == "Unlock Front Door, open Garage Door, all of that?"


async def test_what_taking_back_reopens_is_named(talk: Conversation) -> None:
    """Taking back that the house was shut names every door that it would open."""
    await talk.house.call("lock.unlock", ["lock.front_door"])
    await talk.house.call("cover.open_cover", ["cover.garage_door"])
    outcome = await talk.say("close the garage and lock the front door")
    assert outcome.undo_asks is not None
    assert said(outcome.undo_asks) == "Unlock Front Door, open Garage Door, all of that?"


async def test_several_things_are_one_call(talk: Conversation) -> None:
    """Two actions in one sentence are carried out together and taken back together."""
    before = talk.house.snapshot()
    outcome = await talk.say("kitchen light on and bedroom fan to 50 percent")
    assert keys(outcome) == ["home-on", "home-speed"]
    assert talk.house.state("fan.bedroom").attributes["percentage"] == 50
    assert outcome.undo is not None
    await talk.skill.act(talk.turn("undo"), outcome.undo)
    assert talk.house.changes_since(before) == {}
    mixed = await talk.propose("kitchen light on and unlock the front door")
    assert mixed.risk is Risk.GUARDED


async def test_a_choice_is_asked_for_and_taken(talk: Conversation) -> None:
    """When two devices fit, the skill asks which, and takes the answer."""
    proposal = await talk.propose("open the blinds a crack")
    assert proposal.question is None or proposal.question.argument == "targets"
    asked = await talk.propose("raise the blind")
    assert asked.question is not None
    assert asked.question.choices == ("Living Room Blinds", "Bedroom Blinds")
    outcome = await talk.say("the bedroom ones", carried=asked.call, answers="targets")
    assert outcome.entities["devices"] == ["cover.bedroom_blinds"]


async def test_follow_ups_repeat_with_another_room(talk: Conversation) -> None:
    """A follow-up "and the bedroom" does the same there."""
    first = await talk.propose("set the kitchen light to 40 percent")
    outcome = await talk.say("and the bedroom", carried=first.call)
    assert outcome.entities["devices"] == ["light.bedroom"]
    assert talk.house.state("light.bedroom").attributes["brightness"] == 102


async def test_another_room_means_what_corresponds_there(talk: Conversation) -> None:
    """After the kitchen light, "the living room" is its light, and not its reading lamp too."""
    first = await talk.propose("turn on the kitchen light", intent="iot_hue_lighton")
    proposal = await talk.propose("the living room", carried=first.call, intent="iot_hue_lighton")
    assert proposal.call.arguments["targets"] == ["light.living_room"]


async def test_what_is_not_there_is_said(talk: Conversation) -> None:
    """Nothing is done for a device that does not exist, or that can't do it."""
    assert keys(await talk.propose("turn on the disco ball")) == ["home-no-such"]
    assert keys(await talk.propose("dim the coffee machine")) == ["home-cannot"]


async def test_a_device_that_fails_is_named(talk: Conversation) -> None:
    """One device that does not obey is told; the others did."""

    class Dead:
        async def call(self, *_: object) -> DeviceState:
            raise ProviderError("Attic Light did not answer.")

        async def restore(self, *_: object) -> DeviceState:
            raise ProviderError("Attic Light did not answer.")

    talk.house.add_device(Device("light.attic", "light", "Attic Light"), cast("Any", Dead()))
    outcome = await talk.say("turn on all the lights")
    assert outcome.status is Status.DONE
    assert keys(outcome) == ["home-on", "home-failed"]
    failed = await talk.say("turn on the attic light")
    assert (failed.status, failed.undo) == (Status.FAILED, None)


@pytest.mark.parametrize(
    ("text", "said", "value"),
    [
        ("is the front door locked", "home-check-yes", {"state": "locked"}),
        ("is the garage open", "home-check-no", {"state": "closed"}),
        ("which windows are open", "home-which-none", {}),
        ("are any lights on", "home-any-no", {}),
        ("are all the lights off", "home-all-yes", {}),
        ("how many lights are on", "home-count", {"total": 7}),
        ("what's the temperature in the kitchen", "home-value-temperature", {"value": 21.0}),
        ("what is the thermostat set to", "home-value-setpoint", {"value": 20.0}),
        ("battery of the robot?", "home-value-battery", {"value": 90}),
        ("how long has the heating been on", "home-how-long-unknown", {}),
        ("when was the garage door last opened", "home-when-never", {}),
        ("is anyone home", "home-presence-unknown", {}),
        ("kitchen light status", "home-status", {"state": "off"}),
    ],
)
async def test_questions_are_answered_from_the_state(
    talk: Conversation, text: str, said: str, value: dict[str, object]
) -> None:
    """Questions are answered with what is so, and change nothing."""
    before = talk.house.snapshot()
    outcome = await talk.say(text, intent="iot_state_query")
    assert keys(outcome) == [said]
    assert outcome.acts[0].values.items() >= value.items()
    assert talk.house.changes_since(before) == {}


async def test_how_long_and_when_come_from_the_history(talk: Conversation) -> None:
    """After an hour, the light has been on for an hour."""
    await talk.say("turn on the kitchen light")
    talk.clock.moment += timedelta(hours=1)
    outcome = await talk.say("how long has the kitchen light been on")
    assert outcome.acts[0].values["duration"] == timedelta(hours=1)
    told = await talk.say("when was the kitchen light last turned on")
    assert told.acts[0].values["moment"] == NOON


async def test_unknown_states_are_admitted(talk: Conversation) -> None:
    """A device whose state is unknown is said to be so."""
    talk.house.observe("lock.front_door", DeviceState("unavailable"))
    assert keys(await talk.say("is the front door locked")) == ["home-unknown"]


async def test_everything_that_is_said_has_words(talk: Conversation) -> None:
    """Every message that the code names exists in the language pack."""
    pack = "".join(talk.skill.packs("en"))
    said = {
        line.split(" =")[0]
        for line in pack.splitlines()
        if line.startswith("home-") and " =" in line
    }
    for text in (
        "turn on the kitchen light",
        "brighter",
        "is the tv on",
        "close the garage",
        "pause the tv",
        "start the robot",
        "set the thermostat to 21",
    ):
        assert set(keys(await talk.say(text))) <= said


def test_calls_are_json(talk: Conversation) -> None:
    """Calls can be journalled: their arguments survive JSON."""
    call = Call("home", "control", {"operation": "on", "targets": ["light.kitchen"], "data": {}})
    assert talk.skill.api(call.api).name == "control"
