"""How a command reaches a device: by simulation here, over MQTT in :mod:`gnothi.home.mqtt`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from gnothi.core.clock import Clock, SystemClock
from gnothi.home.model import Device
from gnothi.home.simulated import after
from gnothi.home.state import DeviceState


class Driver(Protocol):
    """Makes devices obey."""

    async def call(
        self, device: Device, now: DeviceState, service: str, data: Mapping[str, object]
    ) -> DeviceState:
        """Carry out *service* (``turn_on``, without the domain); return the state that follows.

        Raises:
            ProviderError: the device does not obey, or can't do this.
        """
        ...

    async def restore(self, device: Device, now: DeviceState, wanted: DeviceState) -> DeviceState:
        """Bring *device* back to an earlier state; return the state that follows.

        Raises:
            ProviderError: the device does not obey.
        """
        ...


@dataclass(frozen=True, slots=True)
class Simulation:
    """Devices that exist only here, and obey at once."""

    clock: Clock = field(default_factory=SystemClock)

    async def call(
        self, device: Device, now: DeviceState, service: str, data: Mapping[str, object]
    ) -> DeviceState:
        """Compute what a real device would do."""
        return after(device, now, service, data, at=self.clock.now())

    async def restore(self, device: Device, now: DeviceState, wanted: DeviceState) -> DeviceState:
        """Set the earlier state exactly."""
        return wanted
