"""Listens from ListenBrainz, or from a server that speaks its API.

``GET /1/user/NAME/listens`` gives the newest first, a page at a time; ``max_ts`` leads to older
ones (https://listenbrainz.readthedocs.io). Listens of public users need no token.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, cast
from urllib.parse import quote

from gnothi.core.errors import ProviderError
from gnothi.recommend.library.asking import Server
from gnothi.recommend.library.history import Listen

ADDRESS = "https://api.listenbrainz.org"
_LAST = datetime(9999, 1, 1, tzinfo=UTC).timestamp()
PAGE = 1000
"""Listens a page: the most that the API gives."""


def listens(server: Server, user: str, since: datetime | None = None) -> Iterator[Listen]:
    """Return the listens of *user*, newest first, back to *since* (which is known already).

    Raises:
        ProviderError: there is no such user, the server stops answering, or sends something else.
    """
    known = int(since.timestamp()) if since else None
    before: int | None = None
    while True:
        page = _page(server, user, before)
        times = [_time(one) for one in page]
        for one, at in zip(page, times, strict=True):
            if known is not None and at <= known:
                return
            if artist := _artist(one):
                yield Listen(artist, 1, datetime.fromtimestamp(at, UTC))
        if not times or (before is not None and min(times) >= before):
            return
        before = min(times)


def _page(server: Server, user: str, before: int | None) -> list[dict[str, Any]]:
    wanted: dict[str, str | int] = {"count": PAGE}
    if before is not None:
        wanted["max_ts"] = before
    told = server.get(f"/1/user/{quote(user, safe='')}/listens", wanted).get("payload")
    held = cast("dict[str, Any]", told).get("listens") if isinstance(told, dict) else None
    if not isinstance(held, list):
        raise ProviderError("ListenBrainz sent something unexpected.")
    page = cast("list[object]", held)
    if not all(isinstance(one, dict) for one in page):
        raise ProviderError("ListenBrainz sent something unexpected.")
    return cast("list[dict[str, Any]]", page)


def _time(told: dict[str, Any]) -> int:
    at = told.get("listened_at")
    if not isinstance(at, int) or isinstance(at, bool) or not 0 < at < _LAST:
        raise ProviderError("ListenBrainz sent a listen without a time.")
    return at


def _artist(told: dict[str, Any]) -> str:
    track = told.get("track_metadata")
    name = cast("dict[str, Any]", track).get("artist_name") if isinstance(track, dict) else None
    return name if isinstance(name, str) else ""
