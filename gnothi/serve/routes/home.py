"""Rooms, devices and what they are doing."""

from collections.abc import Mapping

from fastapi import APIRouter
from pydantic import JsonValue

from gnothi.core.risk import Risk
from gnothi.home.grounding.risk import risk_of
from gnothi.home.house import House
from gnothi.home.model import Device
from gnothi.serve.desk import AtDesk, refusals
from gnothi.serve.problems import Code, Refusal
from gnothi.serve.schemas.home import AreaBody, DeviceBody, DeviceCallBody
from gnothi.serve.shown import device_json

router = APIRouter(prefix="/api", tags=["home"])


@router.get("/areas", responses=refusals())
async def areas(desk: AtDesk) -> list[AreaBody]:
    """List the rooms and places."""
    return [
        AreaBody(id=area.id, name=area.name, aliases=list(area.aliases), floor=area.floor)
        for area in desk.household.house.areas()
    ]


@router.get("/devices", responses=refusals())
async def devices(desk: AtDesk) -> list[DeviceBody]:
    """List the devices with their present state."""
    house = desk.household.house
    return [DeviceBody.model_validate(device_json(house, device)) for device in house.devices()]


@router.post("/devices/{device_id}/call", responses=refusals(404, 409, 502))
async def call(device_id: str, body: DeviceCallBody, desk: AtDesk) -> DeviceBody:
    """Let a device do something; answers with its state after.

    A guarded service (unlock, open the garage, disarm …) needs ``confirm``.
    """
    house = desk.household.house
    device = find_device(house, device_id)
    if not _serves(device, body.service):
        raise Refusal(Code.NOT_SERVED, service=body.service, device=device.name)
    if not body.confirm and _is_guarded(device, body.service, body.data):
        raise Refusal(Code.NEEDS_CONFIRMATION)
    await house.call(body.service, [device_id], body.data)
    return DeviceBody.model_validate(device_json(house, device))


def find_device(house: House, device_id: str) -> Device:
    """Return the device called *device_id*, or refuse."""
    for device in house.devices():
        if device.id == device_id:
            return device
    raise Refusal(Code.NOT_FOUND)


def _serves(device: Device, service: str) -> bool:
    return service.partition(".")[0] in (device.domain, "homeassistant")


def _is_guarded(device: Device, service: str, data: Mapping[str, JsonValue]) -> bool:
    """Whether *service* needs a confirmation; what it does is judged as if it had been said."""
    name = service.partition(".")[2]
    operation = _OPERATIONS.get(name, name)
    if operation == "position" and data.get("position") == 0:
        operation = "close"
    return risk_of(operation, [device]) is Risk.GUARDED


_OPERATIONS = {
    "alarm_arm_away": "arm",
    "alarm_arm_custom_bypass": "arm",
    "alarm_arm_home": "arm",
    "alarm_arm_night": "arm",
    "alarm_arm_vacation": "arm",
    "alarm_disarm": "disarm",
    "close_cover": "close",
    "close_cover_tilt": "close",
    "close_valve": "close",
    "open_cover": "open",
    "open_cover_tilt": "open",
    "open_valve": "open",
    "press": "activate",
    "set_cover_position": "position",
    "set_cover_tilt_position": "position",
    "set_valve_position": "position",
    "turn_off": "off",
    "turn_on": "on",
}
"""Services by what is said for them; others keep their name, which guards what it may."""
