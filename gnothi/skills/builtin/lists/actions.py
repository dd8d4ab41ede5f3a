"""Put things on lists, take them off, check them off, and tell what is there."""

from collections.abc import Sequence

from gnothi.core.acting import Act, Call, Outcome, Question, Status
from gnothi.core.risk import Risk
from gnothi.home.house import House
from gnothi.home.model import Item, TodoList
from gnothi.skills.builtin.lists import pointing
from gnothi.skills.builtin.lists.reading import (
    WORDS,
    Mention,
    among,
    default,
    items,
    known,
    mention,
    mention_by_name,
    quoted,
    unquoted,
)
from gnothi.skills.fill import carried
from gnothi.skills.turn import Proposal, Turn

SKILL = "lists"
ASKS = {"remove_items": "lists-ask-remove", "complete_items": "lists-ask-complete"}
"""How to ask which items are meant."""
TOLD = 8
"""Items that are read out; the screen shows them all."""


async def propose_add(turn: Turn) -> Proposal:
    """Find what to put on which list; "make a party list" makes one."""
    if WORDS["asks"].starts(turn.text):
        return await propose_query(turn)
    found = _mention(turn)
    if pointing.points(turn.text, found) and (api := WORDS.meaning("off", turn.text)):
        return _propose_items(turn, api, ASKS[api])
    kept = carried(turn, "add_items")
    if not kept and found and _is_creation(turn.text, found):
        return _propose_create(turn, found)
    things = _items(turn, found) or ([] if kept else _new_things(turn, found))
    arguments = kept | _list_argument(turn, found, kept, make=True)
    if things:
        arguments["items"] = things
    call = Call(SKILL, "add_items", arguments)
    if "items" in arguments:
        return Proposal(call, Risk.REVERSIBLE)
    ask = Act("lists-ask-items", _name(_called(turn.services.house, arguments)))
    return Proposal(call, Risk.REVERSIBLE, Question("items", ask))


async def add_items(
    turn: Turn, *, items: Sequence[str], list_id: str = "", create: str = ""
) -> Outcome:
    """Put *items* on a list, on a new one called *create* if there is none yet."""
    house = turn.services.house
    todo = _by_id(house, list_id) or await house.create_list(create or list_id)
    there = _fold([item.text for item in todo.open_items])
    new = [item for item in items if item.casefold() not in there]
    if not new:
        return Outcome(Status.DONE, (Act("lists-already", {"items": items, **_name(todo.name)}),))
    for item in new:
        await house.add_item(todo.id, item)
    key = "lists-added-new" if create else "lists-added"
    undo = _undo(todo, made=bool(create))
    return _outcome(Act(key, {"items": new, **_name(todo.name)}), todo, undo, new)


async def create_list(turn: Turn, *, name: str) -> Outcome:
    """Make an empty list."""
    house = turn.services.house
    if todo := known(name, house):
        return _outcome(Act("lists-exists", {**_name(todo.name)}), todo, None, [])
    todo = await house.create_list(name)
    return _outcome(Act("lists-created", {**_name(todo.name)}), todo, _undo(todo, made=True), [])


async def propose_query(turn: Turn) -> Proposal:
    """Find the list that is asked about, and perhaps the thing on it."""
    house = turn.services.house
    found = _mention(turn)
    kept = carried(turn, "query_list")
    named = _named(turn, found)
    if not kept and not named and turn.text in WORDS["which_lists"]:
        return Proposal(Call(SKILL, "query_list", {"lists": True}), Risk.FREE)
    if not house.lists():
        return _problem("query_list", Act("lists-none"))
    arguments = kept | _list_argument(turn, found, kept)
    if "create" in arguments:
        return _problem("query_list", Act("lists-unknown", {"name": arguments["create"]}))
    rest = _without(turn.text, found)
    if WORDS["query_noise"].cut(rest).strip(" ,.;:!?'"):
        item = WORDS["query_noise"].strip(rest)
        asks_whether = turn.text in WORDS["whether"] and not WORDS["asks_what"].starts(turn.text)
        if asks_whether or _holding([item], house):
            arguments["item"] = item
    return Proposal(Call(SKILL, "query_list", arguments), Risk.FREE)


async def query_list(
    turn: Turn, *, list_id: str = "", item: str = "", lists: bool = False
) -> Outcome:
    """Tell what is on a list, whether a thing is on it, or which lists there are."""
    house = turn.services.house
    if lists:
        names = [todo.name for todo in house.lists()]
        return Outcome(Status.DONE, (Act("lists-names", {"lists": names}),))
    todo = _by_id(house, list_id)
    if todo is None:
        return Outcome(Status.FAILED, (Act("lists-none"),))
    if item and (act := _whether(item, todo)):
        return _outcome(act, todo, None, [])
    texts = [one.text for one in todo.open_items]
    acts = [Act("lists-items", {"items": texts[:TOLD], **_name(todo.name)})]
    if len(texts) > TOLD:
        acts.append(Act("lists-more", {"amount": len(texts) - TOLD}))
    return Outcome(
        Status.DONE, tuple(acts), display=_display(todo), entities={"list": todo.id, "items": texts}
    )


async def propose_remove(turn: Turn) -> Proposal:
    """Find what to take off which list, or to tick off.

    "Clear" empties a list, "delete the list" deletes it.
    """
    api = WORDS.meaning("off", turn.text) or "remove_items"
    return _propose_items(turn, api, ASKS[api])


async def remove_items(turn: Turn, *, items: Sequence[str], list_id: str = "") -> Outcome:
    """Take *items* off a list."""
    house = turn.services.house
    todo = _by_id(house, list_id)
    if todo is None:
        return Outcome(Status.FAILED, (Act("lists-none"),))
    there, absent = among(items, todo.items)
    for item in there:
        await house.remove_item(todo.id, item)
    return _partly("lists-removed", there, absent, todo)


async def clear_list(turn: Turn, *, list_id: str) -> Outcome:
    """Take everything off a list."""
    todo = _by_id(turn.services.house, list_id)
    if todo is None or not todo.items:
        return Outcome(Status.DONE, (Act("lists-empty", _name(todo.name if todo else "")),))
    await turn.services.house.set_items(todo.id, ())
    return _outcome(Act("lists-cleared", {**_name(todo.name)}), todo, _undo(todo), [])


async def delete_list(turn: Turn, *, list_id: str) -> Outcome:
    """Delete a list with everything on it."""
    todo = _by_id(turn.services.house, list_id)
    if todo is None:
        return Outcome(Status.FAILED, (Act("lists-none"),))
    await turn.services.house.remove_list(todo.id)
    return Outcome(Status.DONE, (Act("lists-deleted", {**_name(todo.name)}),), _undo(todo))


async def propose_complete(turn: Turn) -> Proposal:
    """Find what to check off which list."""
    return _propose_items(turn, "complete_items", ASKS["complete_items"])


async def complete_items(turn: Turn, *, items: Sequence[str], list_id: str = "") -> Outcome:
    """Check *items* off a list."""
    house = turn.services.house
    todo = _by_id(house, list_id)
    if todo is None:
        return Outcome(Status.FAILED, (Act("lists-none"),))
    there, absent = among(items, todo.open_items)
    done = among(absent, todo.items)[0]
    if done and not there:
        return _outcome(
            Act("lists-yes-done", {"item": done[0], **_name(todo.name)}), todo, None, []
        )
    for item in there:
        await house.complete_item(todo.id, item)
    return _partly("lists-completed", there, absent, todo)


async def restore_list(
    turn: Turn, *, list_id: str, name: str, items: Sequence[Item] | None
) -> Outcome:
    """Put a list back as it was; without *items* it did not exist."""
    house = turn.services.house
    if items is None:
        await house.remove_list(list_id)
        return Outcome(Status.DONE, (Act("lists-removed-list", _name(name)),))
    todo = _by_id(house, list_id) or await house.create_list(name)
    await house.set_items(todo.id, items)
    return Outcome(Status.DONE, (Act("lists-restored", _name(name)),))


def _is_creation(text: str, found: Mention) -> bool:
    """Whether *text* is about the list itself: "make a party list", "a new list"."""
    return text[: found.end] in WORDS["create"] and text not in WORDS["add"]


def _propose_create(turn: Turn, found: Mention) -> Proposal:
    after = turn.text[found.end :]
    called = WORDS["called"].find(turn.text)
    spoken = found.name or (turn.text[called.end() :] if called else after)
    name = WORDS["name_noise"].strip(WORDS["name_noise"].cut(spoken) if not called else spoken)
    if not name and (named := turn.interpretation.values("list_name")):
        name = WORDS["name_noise"].strip(named[0])
    if name:
        return Proposal(Call(SKILL, "create_list", {"name": name}), Risk.REVERSIBLE)
    question = Question("name", Act("lists-ask-name"))
    return Proposal(Call(SKILL, "create_list"), Risk.REVERSIBLE, question)


def _propose_items(turn: Turn, api: str, ask: str) -> Proposal:
    house = turn.services.house
    if not house.lists():
        return _problem(api, Act("lists-none"))
    found = _mention(turn)
    kept = carried(turn, api)
    arguments = kept | _list_argument(turn, found, kept)
    if "create" in arguments:
        return _problem(api, Act("lists-unknown", {"name": arguments["create"]}))
    pointed = pointing.points(turn.text, found)
    things = _items(turn, found) or (pointing.present_things(turn, found) if pointed else [])
    if things and not _named(turn, found) and not kept:
        arguments["list_id"] = _holding(things, house) or arguments["list_id"]
    if things and api == "remove_items" and all(one in WORDS["clear"] for one in things):
        things = []
    if things:
        arguments["items"] = things
    if "items" in arguments:
        lenient = turn.carried is not None or turn.answers is not None
        problem = () if lenient else _on_no_list(things, arguments, house)
        return Proposal(Call(SKILL, api, arguments), Risk.REVERSIBLE, problem=problem)
    if api == "remove_items" and found and not pointed and _is_whole(turn.text, found):
        return _propose_whole(turn, arguments)
    act = Act(ask, _name(_called(house, arguments)))
    return Proposal(Call(SKILL, api, arguments), Risk.REVERSIBLE, Question("items", act))


def _on_no_list(
    things: Sequence[str], arguments: dict[str, object], house: House
) -> tuple[Act, ...]:
    """Tell that *things* are on no list at all, if so: the words may mean something else."""
    todo = _by_id(house, str(arguments["list_id"]))
    if todo is None or any(among(things, one.items)[0] for one in house.lists()):
        return ()
    return (Act("lists-not-there", {"items": list(things), **_name(todo.name)}),)


def _is_whole(text: str, found: Mention) -> bool:
    """Whether *text* is about the list itself: "delete the list", not "delete from the list"."""
    if text in WORDS["clear"]:
        return True
    return not WORDS["away_from"].starts(text[found.start :]) and (
        _without(text, found) not in WORDS["unnamed"]
    )


def _propose_whole(turn: Turn, arguments: dict[str, object]) -> Proposal:
    """Nothing is named but the list itself: empty it, or delete it after a question."""
    todo = _by_id(turn.services.house, str(arguments["list_id"]))
    assert todo is not None
    if turn.text in WORDS["clear"]:
        return Proposal(Call(SKILL, "clear_list", arguments), Risk.REVERSIBLE)
    values = {**_name(todo.name), "amount": len(todo.items)}
    return Proposal(
        Call(SKILL, "delete_list", arguments),
        Risk.GUARDED,
        confirmation=Act("lists-confirm-delete", values),
    )


def _mention(turn: Turn) -> Mention | None:
    """Return where the text speaks of a list; an answer "groceries" speaks of none."""
    text = unquoted(turn.text)
    return mention(text) or mention_by_name(text, turn.services.house)


def _named(turn: Turn, found: Mention | None) -> str:
    """Return the name of the list as said."""
    if found and found.name:
        return found.name
    slots = turn.interpretation.values("list_name")
    return WORDS["list_words"].cut(slots[0]) if slots and found else ""


def _items(turn: Turn, found: Mention | None) -> list[str]:
    if things := quoted(turn.text):
        return [*things, *items(unquoted(turn.text), found)]
    slots = turn.interpretation.values("item")
    return [one for slot in slots for one in items(slot, None)] or items(turn.text, found)


def _new_things(turn: Turn, found: Mention | None) -> list[str]:
    """Return what "put it on the list" means, unless that is on the list already."""
    if not pointing.points(turn.text, found):
        return []
    things = pointing.new_things(turn, found)
    todo = known(_named(turn, found), turn.services.house) or default(turn.services.house)
    return [one for one in things if not todo or among([one], todo.open_items)[1]]


def _list_argument(
    turn: Turn, found: Mention | None, kept: dict[str, object], *, make: bool = False
) -> dict[str, object]:
    """Return the list that is meant, or under ``create`` the name of one that does not exist."""
    house = turn.services.house
    if name := _named(turn, found):
        todo = known(name, house)
        return {"list_id": todo.id} if todo else {"list_id": "", "create": name}
    if "list_id" in kept:
        return {}
    recent = _by_id(house, str(turn.focus.get("list", ""))) if not make else None
    todo = recent or default(house)
    return (
        {"list_id": todo.id}
        if todo
        else {"list_id": "", "create": WORDS.table("kinds")["shopping"].all[0]}
    )


def _holding(things: Sequence[str], house: House) -> str | None:
    """Return the only list that has all *things*."""
    ids = [todo.id for todo in house.lists() if not among(things, todo.items)[1]]
    return ids[0] if ids else None


def _whether(item: str, todo: TodoList) -> Act | None:
    there, absent = among([item], todo.items)
    if absent:
        return Act("lists-no", {"item": item, **_name(todo.name)})
    is_open = any(one.text == there[0] for one in todo.open_items)
    return Act("lists-yes" if is_open else "lists-yes-done", {"item": there[0], **_name(todo.name)})


def _partly(key: str, there: Sequence[str], absent: Sequence[str], todo: TodoList) -> Outcome:
    acts = [Act(key, {"items": list(there), **_name(todo.name)})] if there else []
    if absent:
        acts.append(Act("lists-not-there", {"items": list(absent), **_name(todo.name)}))
    if not there:
        return Outcome(Status.FAILED, tuple(acts))
    entities = {"list": todo.id, "items": list(there)}
    return Outcome(Status.DONE, tuple(acts), _undo(todo), display=_display(todo), entities=entities)


def _outcome(act: Act, todo: TodoList, undo: Call | None, things: Sequence[str]) -> Outcome:
    entities = {"list": todo.id, "items": list(things)}
    return Outcome(Status.DONE, (act,), undo, entities=entities)


def _undo(todo: TodoList, *, made: bool = False) -> Call:
    """Return the call that puts *todo* back as it is here, or away when it was *made* now."""
    items = None if made else todo.items
    return Call(SKILL, "restore_list", {"list_id": todo.id, "name": todo.name, "items": items})


def _problem(api: str, act: Act) -> Proposal:
    return Proposal(Call(SKILL, api), Risk.FREE, problem=(act,))


def _by_id(house: House, list_id: str) -> TodoList | None:
    return next((todo for todo in house.lists() if todo.id == list_id), None)


def _called(house: House, arguments: dict[str, object]) -> str:
    todo = _by_id(house, str(arguments.get("list_id", "")))
    return todo.name if todo else str(arguments.get("create", ""))


def _name(name: str) -> dict[str, object]:
    """Return the values that messages call a list with: "the shopping list", "the list “party”"."""
    is_list = name in WORDS["list_words"]
    return {"list": name[:1].lower() + name[1:] if is_list else name, "is_list": is_list}


def _without(text: str, found: Mention | None) -> str:
    return f"{text[: found.start]} {text[found.end :]}" if found else text


def _fold(texts: Sequence[str]) -> set[str]:
    return {text.casefold() for text in texts}


def _display(todo: TodoList) -> dict[str, object]:
    return {"kind": "list", "list": todo}
