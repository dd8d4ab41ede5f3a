"""Shopping and to-do lists."""

from fastapi import APIRouter

from gnothi.home.house import House
from gnothi.home.model import TodoList
from gnothi.serve.desk import AtDesk, refusals
from gnothi.serve.problems import Code, Refusal
from gnothi.serve.schemas.home import ItemTextBody, ListBody, NameBody
from gnothi.serve.shown import list_json

router = APIRouter(prefix="/api/lists", tags=["lists"])


@router.get("", responses=refusals())
async def lists(desk: AtDesk) -> list[ListBody]:
    """Return every list with what stands on it."""
    return [_body(todo) for todo in desk.household.house.lists()]


@router.post("", status_code=201, responses=refusals())
async def create(body: NameBody, desk: AtDesk) -> ListBody:
    """Begin a list; one that exists already stays as it is."""
    return _body(await desk.household.house.create_list(body.name))


@router.post("/{list_id}/items", status_code=201, responses=refusals(404))
async def add(list_id: str, body: ItemTextBody, desk: AtDesk) -> ListBody:
    """Put something on a list."""
    house = desk.household.house
    _find(house, list_id)
    await house.add_item(list_id, body.text)
    return _body(_find(house, list_id))


@router.post("/{list_id}/items/complete", responses=refusals(404))
async def complete(list_id: str, body: ItemTextBody, desk: AtDesk) -> ListBody:
    """Check something off, or put it back with ``done`` false."""
    house = desk.household.house
    _find_item(house, list_id, body.text)
    await house.complete_item(list_id, body.text, done=body.done)
    return _body(_find(house, list_id))


@router.post("/{list_id}/items/remove", responses=refusals(404))
async def remove(list_id: str, body: ItemTextBody, desk: AtDesk) -> ListBody:
    """Take something off a list."""
    house = desk.household.house
    _find_item(house, list_id, body.text)
    await house.remove_item(list_id, body.text)
    return _body(_find(house, list_id))


def _body(todo: TodoList) -> ListBody:
    return ListBody.model_validate(list_json(todo))


def _find(house: House, list_id: str) -> TodoList:
    for todo in house.lists():
        if todo.id == list_id:
            return todo
    raise Refusal(Code.NOT_FOUND)


def _find_item(house: House, list_id: str, text: str) -> None:
    if not any(
        item.text.casefold() == text.strip().casefold() for item in _find(house, list_id).items
    ):
        raise Refusal(Code.NOT_FOUND)
