"""Lists in conversation."""

from dataclasses import replace

import pytest

from gnothi.core.understanding import Utterance
from gnothi.skills.builtin.lists.actions import propose_add
from gnothi.skills.samples import Filled
from gnothi.skills.skillset import SkillSet
from gnothi.testing.skills import Stage
from gnothi.testing.talk import Talk


def on(talk: Talk, name: str = "todo.shopping") -> list[str]:
    """Return the open items of a list."""
    return [item.text for item in talk.stage.house.items(name) if not item.done]


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("add milk to the shopping list", ["milk"]),
        ("add milk, eggs and bread to my grocery list", ["milk", "eggs", "bread"]),
        ("put batteries on my list", ["batteries"]),
        ("please put two litres of milk on the shopping list", ["two litres of milk"]),
        ("add mac and cheese and salt", ["mac and cheese", "salt"]),
        ("we're out of olive oil", ["olive oil"]),
        ("put on my shopping list apples and pears", ["apples", "pears"]),
        ("I need you to add toilet paper to groceries", ["toilet paper"]),
        ("add oat milk shopping list", ["oat milk"]),
        ("can you add the good coffee to the list please", ["good coffee"]),
        ('add "\'; DROP TABLE lists;--" to the list', ["'; DROP TABLE lists;--"]),
        (
            'add "salt and pepper", milk and “the list” to my list',
            ["salt and pepper", "the list", "milk"],
        ),
    ],
)
async def test_items_are_cut_from_the_sentence(talk: Talk, text: str, items: list[str]) -> None:
    """What shall go on the shopping list is found in the sentence."""
    assert await talk(text, "lists_createoradd") == "lists-added"
    assert on(talk) == items


async def test_another_list(talk: Talk) -> None:
    """A list is found by its name; one that does not exist is made."""
    await talk("put walk the dog on my to do list", "lists_createoradd")
    assert on(talk, "todo.todo") == ["walk the dog"]
    assert await talk("add balloons to the party list", "lists_createoradd") == "lists-added-new"
    assert on(talk, "todo.party") == ["balloons"]
    await talk.undo()
    assert [todo.id for todo in talk.stage.house.lists()] == ["todo.shopping", "todo.todo"]


async def test_a_list_by_its_bare_name(talk: Talk) -> None:
    """A list that exists is found without the word "list"; other ends of a sentence are things."""
    await talk("make a list called camping", "lists_createoradd")
    await talk("add a tent to camping", "lists_createoradd")
    assert on(talk, "todo.camping") == ["tent"]
    await talk("add tickets to rome", "lists_createoradd")
    assert on(talk) == ["tickets to rome"]


async def test_a_question_adds_nothing(talk: Talk) -> None:
    """Asking "do we need eggs" is answered, however it was understood."""
    assert await talk("do we need eggs", "lists_createoradd") == "lists-no"
    assert on(talk) == []


async def test_asks_what(talk: Talk) -> None:
    """Without items it asks, and takes several as the answer."""
    assert await talk("add something to my list", "lists_createoradd") == "lists-ask-items"
    assert await talk("bread, eggs and butter") == "lists-added"
    assert on(talk) == ["bread", "eggs", "butter"]


async def test_oat_milk(talk: Talk) -> None:
    """Saying "no, oat milk" replaces the item and keeps the list, and the other way round."""
    await talk("add milk to the shopping list", "lists_createoradd")
    await talk.undo()
    await talk("oat milk")
    assert on(talk) == ["oat milk"]
    await talk.undo()
    await talk("the to do list")
    assert (on(talk), on(talk, "todo.todo")) == ([], ["oat milk"])


@pytest.mark.parametrize(
    "text", ["create a list called party", "make a party list", "new list party"]
)
async def test_making_a_list(talk: Talk, text: str) -> None:
    """An empty list can be made, once."""
    keys = await talk(text, "lists_createoradd")
    assert keys == "lists-created"
    assert "party" in {todo.name for todo in talk.stage.house.lists()}


async def test_asks_for_the_name_of_a_list(talk: Talk) -> None:
    """A new list without a name is asked for its name."""
    assert await talk("make a new list", "lists_createoradd") == "lists-ask-name"
    assert await talk("camping") == "lists-created"
    assert await talk("create a camping list", "lists_createoradd") == "lists-exists"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("what's on my shopping list", "lists-items"),
        ("read me the list", "lists-items"),
        ("how many items are on the shopping list", "lists-items"),
        ("is milk on the list", "lists-yes"),
        ("do i have butter on my shopping list", "lists-no"),
        ("what lists do i have", "lists-names"),
        ("what's on the christmas list", "lists-unknown"),
    ],
)
async def test_questions(talk: Talk, text: str, key: str) -> None:
    """Questions about lists are answered and change nothing."""
    await talk("add milk and eggs", "lists_createoradd")
    assert await talk(text, "lists_query") == key
    assert on(talk) == ["milk", "eggs"]


async def test_removing(talk: Talk) -> None:
    """Items go, what is not there is told, and undo puts everything back in its place."""
    await talk("add milk, eggs and bread", "lists_createoradd")
    assert await talk("take the egg off the list", "lists_remove") == "lists-removed"
    assert on(talk) == ["milk", "bread"]
    await talk.undo()
    assert on(talk) == ["milk", "eggs", "bread"]
    assert await talk("remove beer", "lists_remove") == "lists-not-there"
    assert await talk("clear my shopping list", "lists_remove") == "lists-cleared"
    await talk.undo()
    assert on(talk) == ["milk", "eggs", "bread"]


async def test_deleting_a_list_is_guarded(talk: Talk) -> None:
    """A whole list is deleted only after a confirmation, and comes back with undo."""
    await talk("add milk", "lists_createoradd")
    keys = await talk("delete the shopping list", "lists_remove")
    assert talk.last.proposal.risk == "guarded"
    assert keys == "lists-confirm-delete lists-deleted"
    await talk.undo()
    assert on(talk, "todo.shopping_list") == ["milk"]


async def test_checking_off(talk: Talk) -> None:
    """Items are checked off, and remembered as done."""
    await talk("add milk and eggs", "lists_createoradd")
    assert await talk("check off the {item: milk}", "lists_complete") == "lists-completed"
    assert on(talk) == ["eggs"]
    assert await talk("is milk on the list", "lists_query") == "lists-yes-done"
    assert await talk("i bought the eggs", "lists_complete") == "lists-completed"
    assert on(talk) == []


@pytest.mark.parametrize(
    "text",
    [
        "put something on my list",
        "put a thing on my list",
        "add a thing to my to-do list",
        "can you add something to my to-do list",
        "add another item to the list",
        "put a couple of things on the shopping list",
        "put it on the shopping list",
        "put that on the list",
    ],
)
async def test_nothing_is_named(talk: Talk, text: str) -> None:
    """Where no thing is named, nor was one before, it asks what."""
    assert await talk(text, "lists_createoradd") == "lists-ask-items"
    await talk("for the list it was oat milk")
    assert talk.call[1]["items"] == ["oat milk"]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("take that off", ["crisps", "lemonade"]),
        ("take them off again", []),
        ("take both off the shopping list", []),
        ("take that off again", []),
        ("remove those", []),
    ],
)
async def test_taken_off_again(talk: Talk, text: str, left: list[str]) -> None:
    """What was just added is taken off by "them"; "that" of several is asked for."""
    await talk("add crisps and lemonade to the shopping list", "lists_createoradd")
    said = await talk(text, "lists_remove")
    assert on(talk) == left
    assert said == ("lists-ask-remove" if left else "lists-removed")


async def test_what_was_read_out(talk: Talk) -> None:
    """What was just read out is taken off, checked off, or put on another list by "that"."""
    await talk("put call the plumber on my to do list", "lists_createoradd")
    await talk("what's on my to do list", "lists_query")
    assert await talk("put it on the shopping list", "lists_createoradd") == "lists-added"
    assert on(talk) == ["call the plumber"]
    await talk("take that off", "lists_remove")
    assert on(talk) == []
    await talk("what's on my to do list", "lists_query")
    assert await talk("tick that off", "lists_complete") == "lists-completed"
    assert on(talk, "todo.todo") == []


async def test_pointing_deletes_no_list(talk: Talk) -> None:
    """Taking "that" off the list never means the list itself."""
    await talk("add milk and eggs to the shopping list", "lists_createoradd")
    assert await talk("take that off the list", "lists_remove") == "lists-ask-remove"


@pytest.mark.parametrize(
    ("text", "intent", "before", "after"),
    [
        ("I called the plumber, tick that off", "lists_complete", ["call the plumber"], []),
        ("dad says no crisps, take them off", "lists_createoradd", ["crisps", "cola"], ["cola"]),
        ("Cross off the bread, I got some.", "lists_remove", ["bread", "eggs"], ["eggs"]),
        ("I've bought the milk, take it off", "lists_remove", ["milk", "eggs"], ["eggs"]),
        ("We're out of detergent, put it on the list", "lists_createoradd", [], ["detergent"]),
    ],
)
async def test_named_in_the_same_breath(
    talk: Talk, text: str, intent: str, before: list[str], after: list[str]
) -> None:
    """A thing that the sentence names before the request is what "it" means there."""
    if before:
        await talk(f"add {', '.join(before)} to the shopping list", "lists_createoradd")
    await talk(text, intent)
    assert on(talk) == after


async def test_named_in_a_remark(skills: SkillSet) -> None:
    """Also where the conversation passes the words of the request alone."""
    stage = Stage(skills)
    turn = stage.turn(Filled("put it on the shopping list", ()), "lists_createoradd", "lists")
    said = Utterance("We're out of detergent, put it on the shopping list")
    proposal = await propose_add(replace(turn, utterance=said))
    assert proposal.call.arguments["items"] == ["detergent"]


@pytest.mark.parametrize(
    "text", ["that should go on the to-do list", "put that on the to-do list", "to do list"]
)
async def test_on_the_other_list(talk: Talk, text: str) -> None:
    """What was just added can be moved to the other list."""
    await talk("add renew the passports to the shopping list", "lists_createoradd")
    await talk(text)
    assert talk.call[1] == {"items": ["renew the passports"], "list_id": "todo.todo"}


async def test_only_what_is_meant_is_checked_off(talk: Talk) -> None:
    """Kitchen roll is not dozen rolls, for all that they share a word."""
    await talk("add dozen rolls and oat milk to the shopping list", "lists_createoradd")
    assert await talk("tick off kitchen roll", "lists_complete") == "lists-not-there"
    await talk("tick off the milk", "lists_complete")
    assert on(talk) == ["dozen rolls"]


async def test_what_do_we_need(talk: Talk) -> None:
    """Asking what is needed from the shop reads the list."""
    assert await talk("what do we need from the shop", "lists_query") == "lists-items"


async def test_checked_off_already(talk: Talk) -> None:
    """What is checked off already is said to be so."""
    await talk("add milk to the shopping list", "lists_createoradd")
    await talk("tick off the milk", "lists_complete")
    assert await talk("tick off the milk", "lists_complete") == "lists-yes-done"


@pytest.mark.parametrize(
    "text",
    [
        "take something off the shopping list",
        "can you remove something from the list",
        "delete an item from my shopping list",
        "get rid of some stuff on the shopping list",
        "take a thing off the list",
        "remove from the shopping list",
    ],
)
async def test_something_is_not_the_list(talk: Talk, text: str) -> None:
    """Taking something off asks what, and never deletes the list."""
    await talk("add milk and eggs to the shopping list", "lists_createoradd")
    assert await talk(text, "lists_remove") == "lists-ask-remove"
    assert await talk("the milk") == "lists-removed"
    assert on(talk) == ["eggs"]


@pytest.mark.parametrize(
    "text",
    ["delete my shopping list", "remove the shopping list", "get rid of the shopping list"],
)
async def test_the_list_itself(talk: Talk, text: str) -> None:
    """A whole list goes where nothing but the list is named."""
    await talk("add milk to the shopping list", "lists_createoradd")
    assert "lists-confirm-delete" in await talk(text, "lists_remove")


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("Scrap the pasta one", "lists_remove"),
        ("take caviar off the shopping list", "lists_remove"),
        ("tick off {item: the caviar}", "lists_complete"),
    ],
)
async def test_on_no_list_is_a_problem(talk: Talk, text: str, intent: str) -> None:
    """What is on no list can't be proposed, so that another reading may be tried."""
    await talk("add milk to the shopping list", "lists_createoradd")
    assert await talk(text, intent) == "lists-not-there"
    assert [act.key for act in talk.last.proposal.problem] == ["lists-not-there"]


async def test_on_some_list_is_no_problem(talk: Talk) -> None:
    """Some of several things, or one on another list than was said, are acted on."""
    await talk("add milk to the shopping list", "lists_createoradd")
    await talk("remove the milk from the to do list", "lists_remove")
    assert not talk.last.proposal.problem
    said = await talk("remove milk and caviar", "lists_remove")
    assert said == "lists-removed lists-not-there"
    assert on(talk) == []


async def test_an_answer_on_no_list(talk: Talk) -> None:
    """An answer is not read as anything else: it fails as an action."""
    await talk("add milk to the shopping list", "lists_createoradd")
    await talk("take something off the shopping list", "lists_remove")
    assert await talk("the caviar") == "lists-not-there"
    assert not talk.last.proposal.problem
