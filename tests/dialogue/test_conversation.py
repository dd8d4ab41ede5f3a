from collections.abc import Callable
from datetime import timedelta

import pytest

from gnothi.core.acting import Status
from gnothi.core.errors import StorageError
from gnothi.core.interaction import Interaction
from gnothi.core.settings import Settings
from tests.dialogue.scene import NOW, Scene

Open = Callable[..., Scene]


@pytest.fixture
def open_scene() -> Open:
    """Open a conversation over the starter home."""

    def scene(**options: object) -> Scene:
        return Scene(Settings.from_environment(), **options)

    return scene


async def test_a_correction_takes_back_what_it_corrects(open_scene: Open) -> None:
    """After "no, oat milk" the list holds oat milk, and no milk."""
    scene = open_scene()
    before = scene.items()
    await scene.say("add milk")
    await scene.say("no, oat milk")
    assert scene.items() == [*before, "oat milk"]


async def test_a_missing_value_is_asked_and_its_answer_taken(open_scene: Open) -> None:
    """A timer without a length is asked for its length."""
    scene = open_scene()
    asked = await scene.say("set a timer")
    assert asked.reply.expects == "value"
    await scene.say("twelve minutes")
    [alarm] = scene.alarms.all()
    assert alarm.length == timedelta(minutes=12)


async def test_a_digression_is_answered_and_the_question_asked_again(open_scene: Open) -> None:
    """Asking the time in between loses nothing."""
    scene = open_scene()
    asked = await scene.say("set a timer")
    aside = await scene.say("what time is it")
    assert "6:00" in aside.reply.text
    assert asked.reply.text in aside.reply.text
    await scene.say("five minutes")
    assert len(scene.alarms.all()) == 1


async def test_a_request_without_a_verb_is_no_other_day(open_scene: Open) -> None:
    """A room and a colour, after a question about the calendar, go to the light."""
    scene = open_scene()
    await scene.say("dentist next tuesday at nine")
    await scene.say("what's on next tuesday")
    coloured = await scene.say("living room red")
    assert [action.call.skill for action in coloured.actions] == ["home"]
    again = await scene.say("and the bedroom")
    assert [action.call.skill for action in again.actions] == ["home"]
    other = await scene.say("what's on next tuesday")
    assert "entist" in other.reply.text, "nothing else was written down"
    day = await scene.say("and on wednesday")
    assert [action.call.api for action in day.actions] == ["query_events"]


async def test_words_that_are_no_answer_are_told_as_not_understood(open_scene: Open) -> None:
    """What is answered with "I didn't understand" is journalled so, also while something waits."""
    scene = open_scene()
    await scene.say("set a timer")
    unclear = await scene.say("flibber the wug")
    assert unclear.understanding.out_of_scope


async def test_a_question_can_be_left(open_scene: Open) -> None:
    """The words "never mind" end what was asked, and nothing is done."""
    scene = open_scene()
    await scene.say("set a timer")
    left = await scene.say("never mind")
    assert left.reply.expects is None
    assert scene.alarms.all() == ()


async def test_undo_takes_the_last_turn_back(open_scene: Open) -> None:
    """What was added is gone after "undo that"."""
    scene = open_scene()
    before = scene.items()
    await scene.say("add milk")
    await scene.say("undo that")
    assert scene.items() == before


async def test_a_question_is_nothing_to_take_back(open_scene: Open) -> None:
    """What was done before the question is meant: it is the way back from a digression."""
    scene = open_scene()
    before = scene.items()
    await scene.say("add milk")
    await scene.say("what's on my shopping list")
    await scene.say("undo that")
    assert scene.items() == before


async def test_a_later_session_remembers_nothing_of_it(open_scene: Open) -> None:
    """Half an hour later "no, oat milk" corrects nothing."""
    scene = open_scene()
    before = scene.items()
    await scene.say("add milk")
    await scene.say("no, oat milk", now=NOW + timedelta(minutes=30))
    assert scene.items()[: len(before) + 1] == [*before, "milk"]


@pytest.mark.parametrize("text", ["", "   ", "?!", "\x00\x07", "🙂", "a" * 100_000, "\ud800"])
async def test_what_says_nothing_is_answered_all_the_same(open_scene: Open, text: str) -> None:
    """Silence, noise and endless text get a sentence and do nothing."""
    answer = await open_scene().say(text)
    assert answer.reply.text
    assert answer.actions == ()


async def test_a_dead_journal_is_said_and_the_work_done(open_scene: Open) -> None:
    """The light goes on even where the turn can't be written down."""

    def dead(interaction: Interaction) -> None:
        raise StorageError("the disk is full")

    scene = open_scene(journal=dead)
    answer = await scene.say("add milk")
    assert "the disk is full" in answer.reply.text
    assert "milk" in scene.items()


async def test_the_trace_says_what_every_stage_did(open_scene: Open) -> None:
    """A turn can be followed from reading to the sentence."""
    answer = await open_scene().say("set a timer for ten minutes")
    assert [stage.stage for stage in answer.trace] == [
        "understand",
        "propose",
        "act",
        "say",
    ]
    assert list(answer.artifacts) == ["language/understand"]
    assert [action.status for action in answer.actions] == [Status.DONE]


async def test_one_of_several_things_can_be_corrected(open_scene: Open) -> None:
    """After "not onions, garlic" the tomatoes stay."""
    text = "add tomatoes and onions to the shopping list"
    scene = open_scene()
    before = scene.items()
    await scene.say(text)
    await scene.say("not onions, garlic")
    assert scene.items() == [*before, "tomatoes", "garlic"]


async def test_small_talk_is_not_what_is_corrected(open_scene: Open) -> None:
    """A thank-you in between does not hide what "no, oat milk" corrects."""
    scene = open_scene()
    before = scene.items()
    await scene.say("add milk")
    await scene.say("thank you")
    await scene.say("no, oat milk")
    assert scene.items() == [*before, "oat milk"]


async def test_the_last_answer_is_repeated(open_scene: Open) -> None:
    """Somebody who did not hear it hears it again."""
    scene = open_scene()
    first = await scene.say("add milk")
    assert (await scene.say("what did you say?")).reply.text == first.reply.text
    assert (await scene.say("can you repeat that for grandma")).reply.text == first.reply.text


async def test_after_a_no_a_whole_request_replaces_the_last(open_scene: Open) -> None:
    """The milk goes and the timer comes: that is what "no" was about."""
    scene = open_scene()
    before = scene.items()
    await scene.say("add milk")
    await scene.say("no")
    await scene.say("set a timer for ten minutes")
    assert scene.items() == before
    assert len(scene.alarms.all()) == 1


async def test_what_is_made_precise_leaves_the_rest(open_scene: Open) -> None:
    """After "milk and eggs", "no, oat milk" keeps the eggs."""
    scene = open_scene()
    before = scene.items()
    await scene.say("add milk and eggs")
    await scene.say("no, oat milk")
    assert scene.items() == [*before, "oat milk", "eggs"]


@pytest.mark.parametrize(
    "answer",
    [
        "yes but only if ben is home",
        "If he's got ID, let him in.",
        "my neighbour would say yes to that in a heartbeat",
        "yes once the dog is inside",
        "no don't",
        "hmm let me think",
        "I'd feel safer with it locked",
        "yesterday it was open",
    ],
)
async def test_only_a_plain_yes_opens_a_door(open_scene: Open, answer: str) -> None:
    """Conditions, quotations and remarks unlock nothing."""
    scene = open_scene()
    asked = await scene.say("unlock the front door")
    assert asked.reply.expects == "confirmation"
    turn = await scene.say(answer)
    assert turn.changes == {}


@pytest.mark.parametrize(
    "answer", ["yes", "Yeah, go ahead.", "sure why not", "yes please unlock it"]
)
async def test_a_plain_yes_opens_it(open_scene: Open, answer: str) -> None:
    """The ordinary ways to agree are enough."""
    scene = open_scene()
    await scene.say("unlock the front door")
    turn = await scene.say(answer)
    assert turn.changes["lock.front_door"]["state"] == "unlocked"


async def test_taking_back_a_lock_asks_first(open_scene: Open) -> None:
    """Undo is no way around the confirmation of an unlocked door."""
    scene = open_scene()
    await scene.say("unlock the front door", confirm=True)
    await scene.say("lock the front door")
    asked = await scene.say("undo that")
    assert asked.changes == {}
    assert asked.reply.expects == "confirmation"
    assert (await scene.say("yes")).changes["lock.front_door"]["state"] == "unlocked"


async def test_a_slip_of_the_tongue_is_mended_before_anything_is_done(open_scene: Open) -> None:
    """In "for ten no twelve minutes" only one timer is set."""
    scene = open_scene()
    await scene.say("set a timer for ten no twelve minutes")
    assert [alarm.length for alarm in scene.alarms.all()] == [timedelta(minutes=12)]


async def test_a_remark_beside_a_request_does_not_hide_it(open_scene: Open) -> None:
    """What is said besides is no name of a thing in the home."""
    scene = open_scene()
    turn = await scene.say("the kids are finally asleep turn on the kitchen light")
    assert list(turn.changes) == ["light.kitchen"]


@pytest.mark.parametrize(
    "answer",
    [
        "yes, keep it locked",
        "yes leave it locked",
        "yes actually forget it",
        "yes, leave it shut",
        "sure, lock it",
        "yes please lock it",
        "go ahead and lock it",
        "yes oh wait hold on",
        "yes after dinner",
        "sure, tomorrow",
        "do it tomorrow",
        "yes, ask Ben first",
        "yes after you check who it is",
        "sure, give me a second",
        "sure, he shouldn't come in",
        "go on then but wait for ben",
        "yes unlock the garage",
        "yes and close the garage no leave it",
    ],
)
async def test_a_yes_with_its_contrary_opens_nothing(open_scene: Open, answer: str) -> None:
    """Whatever takes half of a yes back is asked again."""
    scene = open_scene()
    await scene.say("unlock the front door")
    assert "lock.front_door" not in (await scene.say(answer)).changes


async def test_a_yes_confirms_only_what_was_asked_before_it(open_scene: Open) -> None:
    """A yes in the same breath as the request confirms nothing."""
    scene = open_scene()
    turn = await scene.say("unlock the front door, yes")
    assert turn.changes == {}


@pytest.mark.parametrize(
    ("answer", "agrees"),
    [
        ("yes", True),
        ("go on, do it", True),
        ("unlock it", True),
        ("you bet", True),
        ("make toast", False),
        ("feed the cat", False),
        ("open sesame", False),
    ],
)
async def test_a_guarded_action_takes_a_yes_in_so_many_words(
    open_scene: Open, answer: str, agrees: bool
) -> None:
    """What the network takes for a yes opens no door unless its words agree."""
    scene = open_scene()
    await scene.say("unlock the front door")
    turn = await scene.say(answer)
    assert bool(turn.changes) is agrees


async def test_a_correction_asks_before_it_unlocks(open_scene: Open) -> None:
    """However a call comes to unlock a door, the door stays locked until a yes."""
    scene = open_scene()
    await scene.say("open the garage door", confirm=True)
    await scene.say("lock the front door")
    turn = await scene.say("no, unlock the front door")
    assert turn.changes.get("lock.front_door", {}).get("state") != "unlocked"


async def test_what_is_dropped_in_the_answer_is_not_done(open_scene: Open) -> None:
    """In "ten minutes, no wait, forget it" no timer runs."""
    scene = open_scene()
    await scene.say("set a timer")
    await scene.say("ten minutes, no wait, forget it")
    assert scene.alarms.all() == ()


async def test_the_same_request_twice_is_done_twice(open_scene: Open) -> None:
    """Two timers of five minutes are two timers."""
    scene = open_scene()
    await scene.say("set a timer for five minutes and set a timer for five minutes")
    assert len(scene.alarms.all()) == 2


async def test_undo_takes_back_the_harmless_and_asks_for_the_rest(open_scene: Open) -> None:
    """After "lock the door and turn on the light", undo turns the light off and asks."""
    scene = open_scene()
    await scene.say("unlock the front door", confirm=True)
    await scene.say("lock the front door and turn on the kitchen light")
    asked = await scene.say("undo that")
    assert asked.changes == {"light.kitchen": {"state": "off"}}
    assert asked.reply.expects == "confirmation"


@pytest.mark.parametrize("text", ["flibber the wug", "grommet the splonk", "blip the vorple"])
async def test_what_is_hardly_understood_is_not_acted_on(open_scene: Open, text: str) -> None:
    """Nonsense may be asked about, and moves nothing."""
    turn = await open_scene().say(text)
    assert turn.changes == {}
    assert all(action.status is not Status.DONE for action in turn.actions)
