"""Rooms, devices and what they are doing."""

from fastapi import APIRouter

from gnothi.core.risk import Risk
from gnothi.home.house import House
from gnothi.home.model import Device
from gnothi.serve.desk import AtDesk, refusals
from gnothi.serve.problems import Code, Refusal
from gnothi.serve.schemas import AreaBody, DeviceBody, DeviceCallBody
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
    if _risk(device, body.service) is Risk.GUARDED and not body.confirm:
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


def _risk(device: Device, service: str) -> Risk:
    guarded = service.partition(".")[2] in {"unlock", "open", "open_cover", "open_valve"}
    disarms = service == "alarm_control_panel.alarm_disarm"
    return Risk.GUARDED if guarded or disarms else Risk.REVERSIBLE
