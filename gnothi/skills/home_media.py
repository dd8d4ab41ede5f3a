"""Whether a command to a player means a device of the home or the page's own player.

A media player of the home is meant when the request names it, its room, or its kind; when the
page plays nothing and the home knows which of its players is meant (the one that plays, the one
in this room, the only one). Everything else goes to the page's player.
"""

from gnothi.core.protocols import Name
from gnothi.skills.builtin.home import actions as home
from gnothi.skills.turn import Proposal, Turn
from gnothi.skills.vocabulary import Vocabulary
from gnothi.text.fuzzy import NameIndex

ACTIVE = frozenset({"playing", "paused"})
DOMAIN = "media_player"


async def for_home(turn: Turn, words: Vocabulary) -> Proposal | None:
    """Return what the home skill proposes when *turn* means a device of the home, else ``None``.

    *words* has the nouns for players under ``devices``.
    """
    if not has_players(turn):
        return None
    if _named(turn) or turn.text in words["devices"]:
        return await home.propose_control(turn)
    if turn.services.player.state().get("status") in ACTIVE:
        return None
    proposal = await home.propose_control(turn)
    return None if proposal.problem or proposal.question else proposal


def has_players(turn: Turn) -> bool:
    """Whether the home has a media player."""
    return any(device.domain == DOMAIN for device in turn.services.house.devices())


def playing(turn: Turn) -> str | None:
    """Return the media player of the home that is playing, if one is."""
    house = turn.services.house
    players = (device.id for device in house.devices() if device.domain == DOMAIN)
    return next((one for one in players if house.state(one).state == "playing"), None)


def _named(turn: Turn) -> bool:
    """Whether the text names a media player, or a room that has one."""
    house = turn.services.house
    players = [device for device in house.devices() if device.domain == DOMAIN]
    rooms = {device.area for device in players}
    names = [Name(name, device.id, "device") for device in players for name in device.names]
    names += [Name(name, a.id, "area") for a in house.areas() if a.id in rooms for name in a.names]
    return bool(NameIndex(names).find(turn.text))
