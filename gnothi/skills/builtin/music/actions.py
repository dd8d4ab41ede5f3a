"""Play the household's own music, on the page or through the home's media players."""

import asyncio
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any, cast

from gnothi.core.acting import Act, Call, Outcome, Status
from gnothi.core.protocols import Track
from gnothi.core.risk import Risk
from gnothi.skills import home_media
from gnothi.skills.builtin.music.library import Library, scan, without
from gnothi.skills.fill import carried
from gnothi.skills.turn import Proposal, Turn
from gnothi.skills.vocabulary import Vocabulary

SKILL = "music"
LIKED, DISLIKED = "liked/", "disliked/"
QUEUE = 200
"""Tracks that are queued at most."""
COMMANDS = {
    "media_pause": "pause",
    "media_resume": "resume",
    "media_stop": "stop",
    "media_next": "next",
    "media_previous": "previous",
}

_WORDS = Vocabulary.beside(__file__)


async def propose_play(turn: Turn) -> Proposal:
    """Find what to play; without words for it, a player of the home may just go on."""
    arguments = carried(turn, "play")
    query, artist = _wanted(turn)
    elsewhere = turn.text in _WORDS["devices"] or not _plays_files(turn)
    if query or artist:
        arguments = dict[str, object](query=query, artist=artist)
    elif elsewhere and (proposal := await home_media.for_home(turn, _WORDS)):
        return proposal
    if turn.text in _WORDS["shuffle"]:
        arguments["shuffle"] = True
    if turn.text in _WORDS["favourites"]:
        arguments = dict[str, object](favourites=True)
    return Proposal(Call(SKILL, "play", arguments), Risk.FREE)


async def play(
    turn: Turn,
    *,
    query: str = "",
    artist: str = "",
    shuffle: bool = False,
    favourites: bool = False,
) -> Outcome:
    """Play what fits, or say that nothing does."""
    folder = turn.services.settings.music
    if folder is None:
        return _failed(Act("music-no-folder"))
    library = await asyncio.to_thread(scan, folder, turn.services.store)
    if not library.tracks:
        return _failed(Act("music-no-files", {"folder": str(folder)}))
    if favourites:
        return await _play_favourites(turn, library)
    if not (query or artist):
        return await _begin(turn, library.tracks, Act("music-playing-all"), shuffle=True)
    album = "album" if turn.text in _WORDS["album"] else ""
    found = library.search(query, artist, kind=album)
    if found is None:
        return _failed(Act("music-not-found", {"query": query or artist}))
    values = {"name": found.name, "amount": len(found.tracks), **_about(found.tracks[0])}
    kind = "track" if found.kind == "title" else found.kind
    mixed = shuffle or found.kind == "genre"
    return await _begin(turn, found.tracks, Act(f"music-playing-{kind}", values), shuffle=mixed)


async def propose_command(turn: Turn) -> Proposal:
    """Pause, go on, stop or skip: on the page, or on a media player of the home."""
    if proposal := await home_media.for_home(turn, _WORDS):
        return proposal
    name = turn.carried.api if turn.carried else COMMANDS[turn.interpretation.intent]
    call = Call(SKILL, name)
    silent = not turn.services.player.state().get("track")
    return Proposal(call, Risk.FREE, problem=(Act("music-silent"),) if silent else ())


async def pause(turn: Turn) -> Outcome:
    """Pause the page's player."""
    return await _command(turn, "pause", Act("music-paused"), undo="resume")


async def resume(turn: Turn) -> Outcome:
    """Let the page's player go on."""
    return await _command(turn, "resume", Act("music-resumed"), undo="pause")


async def stop(turn: Turn) -> Outcome:
    """Stop the page's player."""
    return await _command(turn, "stop", Act("music-stopped"), undo="resume")


async def next(turn: Turn) -> Outcome:  # noqa: A001 - the API's name
    """Skip to the next track."""
    return await _skip(turn, "next", undo="previous")


async def previous(turn: Turn) -> Outcome:
    """Go back to the track before."""
    return await _skip(turn, "previous", undo="next")


async def propose_tell(turn: Turn) -> Proposal:
    """Find out whether the page or the home is asked what plays."""
    playing = None if _track(turn) else home_media.playing(turn)
    return Proposal(Call(SKILL, "tell", {"device": playing} if playing else {}), Risk.FREE)


async def tell(turn: Turn, *, device: str = "") -> Outcome:
    """Tell what is playing, here or on a *device* of the home: title, artist or album."""
    if device:
        return Outcome(Status.DONE, (_on_device(turn, device),))
    track = _track(turn)
    if track is None:
        return Outcome(Status.DONE, (Act("music-silent"),))
    key = "music-now"
    if turn.text in _WORDS["album"]:
        key = "music-on"
    elif turn.text in _WORDS["artist"]:
        key = "music-by"
    return Outcome(Status.DONE, (Act(key, _about(track)),))


async def like(turn: Turn) -> Outcome:
    """Remember that the person likes what is playing."""
    track = _track(turn)
    if track is None:
        return _failed(Act("music-silent"))
    turn.services.store.delete(DISLIKED + track.id)
    turn.services.store.put(LIKED + track.id, turn.user)
    return Outcome(Status.DONE, (Act("music-liked", _about(track)),))


async def dislike(turn: Turn) -> Outcome:
    """Skip what is playing, and leave it out from now on."""
    track = _track(turn)
    if track is None:
        return _failed(Act("music-silent"))
    turn.services.store.delete(LIKED + track.id)
    turn.services.store.put(DISLIKED + track.id, turn.user)
    await turn.services.player.command("next")
    return Outcome(Status.DONE, (Act("music-disliked", _about(track)),))


async def propose_order(turn: Turn) -> Proposal:
    """Find the order in which to play; "skip" and "stop" are said so, too."""
    order = _WORDS.meaning("orders", turn.text) or "shuffle"
    if order in COMMANDS.values():
        silent = _track(turn) is None
        problem = (Act("music-silent"),) if silent else ()
        return Proposal(Call(SKILL, order), Risk.FREE, problem=problem)
    return Proposal(Call(SKILL, "set_order", {"order": order}), Risk.FREE)


async def set_order(turn: Turn, *, order: str) -> Outcome:
    """Shuffle what is queued."""
    if order != "shuffle":
        return _failed(Act("music-no-repeat"))
    queue = cast("list[Mapping[str, Any]]", turn.services.player.state().get("queue") or [])
    if not queue:
        return await play(turn, shuffle=True)
    tracks = [Track(**dict(track)) for track in queue]
    return await _begin(turn, tracks, Act("music-shuffled"), shuffle=True)


async def radio(turn: Turn) -> Outcome:
    """Say plainly that there is no radio."""
    return _failed(Act("music-no-radio"))


def _wanted(turn: Turn) -> tuple[str, str]:
    """Return what shall be played, and by whom."""
    slots = turn.interpretation
    artists = slots.values("artist_name")
    names = slots.values("song_name", "music_album", "music_genre", "playlist_name")
    if names or artists:
        return " ".join(map(_bare, names)), " ".join(map(_bare, artists))
    if by := _WORDS["by"].last(turn.text):
        query, artist = _bare(turn.text[: by.start()]), _bare(turn.text[by.end() :])
        if artist:
            return query, artist
    return _bare(turn.text), ""


def _bare(text: str) -> str:
    return "" if text in _WORDS["favourites"] else _WORDS["noise"].strip(text)


def _plays_files(turn: Turn) -> bool:
    folder = turn.services.settings.music
    return folder is not None and folder.is_dir() and any(folder.iterdir())


async def _begin(turn: Turn, tracks: Sequence[Track], act: Act, *, shuffle: bool) -> Outcome:
    disliked = [key.removeprefix(DISLIKED) for key, _ in turn.services.store.items(DISLIKED)]
    queue = without(tracks, disliked) if len(tracks) > 1 else list(tracks)
    if shuffle:
        Random(int(turn.now.timestamp())).shuffle(queue)
    await turn.services.player.play(queue[:QUEUE])
    display = {"kind": "tracks", "tracks": queue[:QUEUE]}
    return Outcome(Status.DONE, (act,), Call(SKILL, "stop"), display=display)


async def _play_favourites(turn: Turn, library: Library) -> Outcome:
    liked = {key.removeprefix(LIKED) for key, _ in turn.services.store.items(LIKED)}
    tracks = [track for track in library.tracks if track.id in liked]
    if not tracks:
        return _failed(Act("music-no-favourites"))
    return await _begin(turn, tracks, Act("music-playing-favourites"), shuffle=True)


async def _command(turn: Turn, name: str, act: Act, *, undo: str) -> Outcome:
    await turn.services.player.command(name)
    return Outcome(Status.DONE, (act,), Call(SKILL, undo))


async def _skip(turn: Turn, name: str, *, undo: str) -> Outcome:
    await turn.services.player.command(name)
    playing = turn.services.player.state().get("status") == "playing"
    track = _track(turn) if playing else None
    act = Act("music-next", _about(track)) if track else Act("music-end")
    return Outcome(Status.DONE, (act,), Call(SKILL, undo))


def _track(turn: Turn) -> Track | None:
    state = turn.services.player.state()
    track = cast("Mapping[str, Any] | None", state.get("track"))
    return Track(**dict(track)) if track and state.get("status") != "idle" else None


def _on_device(turn: Turn, device: str) -> Act:
    house = turn.services.house
    title = str(house.state(device).attributes.get("media_title") or "")
    values = {"device": house.device(device).name, "title": title, "has_title": bool(title)}
    return Act("music-on-device", values)


def _about(track: Track) -> dict[str, object]:
    return {
        "title": track.title,
        "artist": track.artist,
        "album": track.album,
        "has_artist": bool(track.artist),
        "has_album": bool(track.album),
    }


def _failed(act: Act) -> Outcome:
    return Outcome(Status.FAILED, (act,))
