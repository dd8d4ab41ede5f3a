"""The page's own player, and the household's music files."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from fastapi import APIRouter
from fastapi.responses import FileResponse

from gnothi.serve.desk import AtDesk, refusals
from gnothi.serve.problems import Code, Refusal
from gnothi.serve.schemas.home import PlayerBody, PlayerCommandBody
from gnothi.serve.shown import player_json, tracks

router = APIRouter(prefix="/api", tags=["music"])

_SOUND = {
    ".aac": "audio/aac",
    ".aif": "audio/aiff",
    ".aiff": "audio/aiff",
    ".flac": "audio/flac",
    ".m4a": "audio/mp4",
    ".mp3": "audio/mpeg",
    ".oga": "audio/ogg",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".wav": "audio/wav",
    ".weba": "audio/webm",
}
"""Kinds of files that are given out; anything else in the music folder is not."""


@router.get("/player", responses=refusals())
async def player(desk: AtDesk) -> PlayerBody:
    """Return what plays, and what comes next."""
    return PlayerBody.model_validate(player_json(desk.household.player))


@router.post("/player", responses=refusals())
async def command(body: PlayerCommandBody, desk: AtDesk) -> PlayerBody:
    """Pause, go on, skip, or change the volume; every open page follows.

    A page that makes the sound tells with ``ended`` that a track was played to its end.
    """
    values = body.model_dump(include={"level", "muted", "track"}, exclude_none=True)
    await desk.household.player.command(body.command, **values)
    return PlayerBody.model_validate(player_json(desk.household.player))


@router.get(
    "/music/{track_id}",
    response_class=FileResponse,
    responses={
        **refusals(404),
        200: {"content": {"audio/*": {}}},
        206: {"description": "The part that was asked for by Range.", "content": {"audio/*": {}}},
        416: {"description": "There is no such part.", "content": {"text/plain": {}}},
    },
)
async def music(track_id: str, desk: AtDesk) -> FileResponse:
    """Return the sound of a track that the player has in its queue; ranges work."""
    folder = desk.household.settings.music
    if folder is None:
        raise Refusal(Code.NO_MUSIC)
    for track in tracks(desk.household.player.state()):
        if track.get("id") == track_id:
            file = _allowed(folder, str(track.get("uri", "")))
            return FileResponse(file, media_type=_SOUND[file.suffix.lower()])
    raise Refusal(Code.NOT_FOUND)


def _allowed(folder: Path, uri: str) -> Path:
    """Return the file of *uri* if it is sound inside *folder*, links followed."""
    path = unquote(urlsplit(uri).path) if uri.startswith("file:") else uri
    try:
        file = (folder / path).resolve(strict=True)
    except (OSError, ValueError) as error:
        raise Refusal(Code.NOT_FOUND) from error
    inside = file.is_relative_to(folder.resolve())
    if not inside or not file.is_file() or file.suffix.lower() not in _SOUND:
        raise Refusal(Code.NOT_FOUND)
    return file
