"""The first-run wizard: who lives here, which rooms, and whose devices."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from fastapi import APIRouter

from gnothi.core.errors import InputError
from gnothi.home.model import Area, Home, Person, read_home
from gnothi.serve.desk import AtDesk, ByOneInCharge, Desk, refusals
from gnothi.serve.problems import Code, Refusal
from gnothi.serve.schemas.household import (
    HomeSummaryBody,
    ImportBody,
    NewPersonBody,
    PersonBody,
    RoomBody,
    SetupBody,
    SetupStateBody,
)

router = APIRouter(prefix="/api/setup", tags=["setup"])
_MOST = 10_000
"""Devices, rooms, lists or people of one home."""


@router.get("", responses=refusals())
async def state(desk: AtDesk) -> SetupStateBody:
    """Tell whether the wizard was finished, and what the home looks like."""
    house = desk.household.house
    return SetupStateBody(
        done=desk.household.setup_done,
        home=summary(house.home),
        simulated=len(house.simulated()) == len(house.devices()),
    )


@router.post("/home", responses=refusals())
async def check(body: ImportBody, _visitor: ByOneInCharge) -> HomeSummaryBody:
    """Read a home file without moving in; a place that can't be used is named."""
    return summary(_read(body.home))


@router.post("", responses=refusals(409))
async def finish(body: SetupBody, desk: AtDesk, _visitor: ByOneInCharge) -> SetupStateBody:
    """Move in: into the home that is sent, or the present one, with these people and rooms.

    May be done again at any time. Devices in rooms that are left out go with them.
    """
    home = _read(body.home) if body.home is not None else _present(desk)
    if body.rooms is not None:
        home = _with_rooms(home, body.rooms)
    if body.people is not None:
        home = replace(home, people=_people(body.people))
    named = {"name": body.name, "units": body.units, "time_zone": body.time_zone}
    home = replace(home, **{key: value for key, value in named.items() if value is not None})
    await desk.household.move_in(_read(_written(home)))
    desk.newsroom.moved()
    desk.reception.witness.follow()
    _forget_devices(desk)
    return await state(desk)


def _forget_devices(desk: Desk) -> None:
    """Remove devices of those who moved out, or who are in charge no more: they pair again."""
    roles = {person.id: person.role for person in desk.household.house.people()}
    for device in desk.doors.tokens.devices():
        gone = device.user is not None and device.user not in roles
        demoted = device.in_charge and roles.get(device.user or "") != "adult"
        if gone or demoted:
            desk.doors.tokens.revoke(device.id)
            desk.hub.publish("revoked", {"device": device.id})


def summary(home: Home) -> HomeSummaryBody:
    """Return what the wizard shows of a home."""
    return HomeSummaryBody(
        name=home.name,
        locale=home.locale,
        units=home.units,
        time_zone=home.time_zone,
        rooms=[RoomBody(id=area.id, name=area.name, floor=area.floor) for area in home.areas],
        devices=len(home.devices),
        lists=len(home.lists),
        people=[PersonBody(id=one.id, name=one.name, role=one.role) for one in home.people],
    )


def _read(value: object) -> Home:
    try:
        home = read_home(value)
    except InputError as error:
        raise Refusal(Code.BAD_HOME, reason=str(error)) from error
    if max(len(home.devices), len(home.areas), len(home.lists), len(home.people)) > _MOST:
        raise Refusal(Code.BAD_HOME, reason=f"> {_MOST}")
    return home


def _present(desk: Desk) -> Home:
    return _read(desk.household.house.to_json())


def _written(home: Home) -> object:
    from gnothi.home.model import write_home

    return write_home(home)


def _with_rooms(home: Home, rooms: Sequence[RoomBody]) -> Home:
    """Keep the named rooms with their devices, add the new ones, and drop the rest."""
    known = {area.id: area for area in home.areas}
    areas: list[Area] = []
    for room in rooms:
        before = known.get(room.id or "")
        identity = before.id if before else _free_id(room.name, [area.id for area in areas])
        base = before or Area(identity, room.name)
        areas.append(replace(base, name=room.name, floor=room.floor or base.floor))
    kept = {area.id for area in areas}
    devices = [one for one in home.devices if one.area is None or one.area in kept]
    return replace(home, areas=tuple(areas), devices=tuple(devices))


def _people(people: Sequence[NewPersonBody]) -> tuple[Person, ...]:
    """Give everybody an id; somebody must be grown up."""
    if not any(person.role == "adult" for person in people):
        raise Refusal(Code.LAST_GROWN_UP)
    living: list[Person] = []
    for person in people:
        identity = person.id or _free_id(person.name, [one.id for one in living])
        living.append(Person(identity, person.name, person.role))
    return tuple(living)


def _free_id(name: str, taken: Iterable[str]) -> str:
    """Return an id made of *name* that nobody has."""
    base = re.sub(r"\W+", "_", name.casefold()).strip("_") or "one"
    taken = set(taken)
    number = 1
    identity = base
    while identity in taken:
        number += 1
        identity = f"{base}_{number}"
    return identity
