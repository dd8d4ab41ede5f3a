"""What happens in a household, as news for the hub."""

from gnothi.home.house import Change, House
from gnothi.serve.hub import Hub
from gnothi.serve.premises import Premises
from gnothi.serve.routes.home import device_json
from gnothi.serve.routes.lists import list_json


def tell_news(household: Premises, hub: Hub) -> None:
    """Subscribe *hub* to everything that pages and programs want to hear."""
    house = household.house
    house.subscribe(lambda change: _changed(house, change, hub))


def _changed(house: House, change: Change, hub: Hub) -> None:
    """Publish a device or list as it is now, whole: news may be lost, states may not."""
    for device in house.devices():
        if device.id == change.entity:
            hub.publish("device", {"device": device_json(house, device)})
            return
    for todo in house.lists():
        if todo.id == change.entity:
            hub.publish("list", {"list": list_json(todo)})
            return
    hub.publish("gone", {"entity": change.entity})
