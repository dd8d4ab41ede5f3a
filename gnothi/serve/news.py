"""What happens in a household, as news for everybody who listens."""

from collections.abc import Callable

from gnothi.home.alarms import AlarmEvent
from gnothi.home.house import Change, House
from gnothi.serve.hub import Hub
from gnothi.serve.premises import Premises
from gnothi.serve.shown import alarm_json, device_json, list_json, player_json


class Newsroom:
    """Follows a household and tells the hub. News hold whole states: some may be missed."""

    def __init__(self, household: Premises, hub: Hub) -> None:
        """Begin to follow *household*."""
        self._household = household
        self._hub = hub
        self._stop: list[Callable[[], object]] = []
        self.follow()

    def follow(self) -> None:
        """Follow the household as it is now; needed again after it moved into another home."""
        for stop in self._stop:
            stop()
        household, house = self._household, self._household.house
        self._stop = [
            house.subscribe(lambda change: self._changed(house, change)),
            household.alarms.subscribe(self._rang),
            household.player.subscribe(lambda _: self._played()),
        ]

    def moved(self) -> None:
        """Tell everybody that the home is another one."""
        self.follow()
        self._hub.publish("home", {"name": self._household.house.home.name})

    def _changed(self, house: House, change: Change) -> None:
        for device in house.devices():
            if device.id == change.entity:
                self._hub.publish("device", {"device": device_json(house, device)})
                return
        for todo in house.lists():
            if todo.id == change.entity:
                self._hub.publish("list", {"list": list_json(todo)})
                return
        self._hub.publish("gone", {"entity": change.entity})

    def _rang(self, event: AlarmEvent) -> None:
        self._hub.publish("alarm", {"event": event.name, "alarm": alarm_json(event.alarm)})

    def _played(self) -> None:
        self._hub.publish("player", {"player": player_json(self._household.player)})
