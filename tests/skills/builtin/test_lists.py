"""Lists in conversation."""

import pytest

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
