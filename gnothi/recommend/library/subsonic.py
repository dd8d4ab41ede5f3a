"""Music servers that speak Subsonic's API: Navidrome, Gonic, Airsonic, Subsonic itself.

API 1.13 and later: the password is never sent; ``t = md5(password + salt)`` with a new salt for
each call proves that one knows it (http://www.subsonic.org/pages/api.jsp).
"""

import hashlib
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from gnothi.core.errors import ProviderError
from gnothi.recommend.library.asking import Server
from gnothi.recommend.library.history import Listen
from gnothi.recommend.library.sources import SUBSONIC

PAGE = 500
"""Albums a page: the most that the API gives."""
_MOST = 1_000_000
_LARGEST = 1_000_000_000
"""Numbers above are no years, songs or plays."""
_FIRST_YEAR, _NO_YEAR = 1970, 9000
"""Nobody's plays were counted before; servers write the year 1 for "never"."""
_VERSION, _CLIENT = "1.16.1", "gnothi"
_WRONG_PASSWORD = (40, 41, 44)


@dataclass(frozen=True, slots=True)
class Album:
    """An album on the server."""

    id: str
    title: str
    artist: str
    genre: str
    """Several are apart by semicolons."""
    year: int
    songs: int
    plays: int
    """How often the person who asks played it, where the server counts that."""
    last: datetime | None = None


class Subsonic:
    """A music server, as one of its users sees it."""

    def __init__(
        self,
        server: Server,
        user: str,
        password: str,
        *,
        salt: Callable[[], str] = lambda: secrets.token_hex(8),
    ) -> None:
        """Ask *server* as *user*; each call has a *salt* of its own."""
        self._server = server
        self._user = user
        self._password = password
        self._salt = salt

    def ping(self) -> None:
        """Check address, name and password.

        Raises:
            ProviderError: one of them is wrong.
        """
        self._ask("ping")

    def genres(self) -> list[str]:
        """Return the genres that the server knows."""
        return [_text(one, "value") for one in _list(self._ask("getGenres"), "genres", "genre")]

    def artists(self) -> list[str]:
        """Return the names of the artists."""
        letters = _list(self._ask("getArtists"), "artists", "index")
        return [_text(one, "name") for letter in letters for one in _objects(letter.get("artist"))]

    def albums(self) -> Iterator[Album]:
        """Return all albums, page by page.

        Raises:
            ProviderError: the server stops answering, or what it sends can't be read.
        """
        for offset in range(0, _MOST, PAGE):
            wanted = {"type": "alphabeticalByName", "size": PAGE, "offset": offset}
            page = _list(self._ask("getAlbumList2", **wanted), "albumList2", "album")
            yield from map(_album, page)
            if len(page) < PAGE:
                return

    def _ask(self, name: str, **parameters: str | int) -> dict[str, Any]:
        salt = self._salt()
        token = hashlib.md5((self._password + salt).encode(), usedforsecurity=False).hexdigest()
        who: dict[str, str | int] = {"u": self._user, "t": token, "s": salt}
        how: dict[str, str | int] = {"v": _VERSION, "c": _CLIENT, "f": "json"}
        told = self._server.get(f"/rest/{name}.view", {**who, **how, **parameters})
        answer = told.get("subsonic-response")
        if not isinstance(answer, dict):
            raise ProviderError("This is no music server with Subsonic's API. Check the address.")
        return _checked(cast("dict[str, Any]", answer))


def account(address: str, name: str) -> str:
    """Return what keeps the plays of one account apart from those of others."""
    place = address.partition("://")[2].rstrip("/")
    return f"{SUBSONIC}/{place}/{name}".casefold()


def listens(albums: Iterator[Album] | list[Album]) -> Iterator[Listen]:
    """Return what was played, by album."""
    return (Listen(one.artist, one.plays, one.last) for one in albums if one.plays)


def _checked(answer: dict[str, Any]) -> dict[str, Any]:
    if answer.get("status") == "ok":
        return answer
    error: dict[str, Any] = answer.get("error") or {}
    if error.get("code") in _WRONG_PASSWORD:
        raise ProviderError("The music server refuses: the name or the password is wrong.")
    raise ProviderError(f"The music server says: {error.get('message', 'no reason given')}")


def _list(answer: dict[str, Any], outer: str, inner: str) -> list[dict[str, Any]]:
    """Return the objects at ``answer[outer][inner]``; servers leave out what is empty."""
    held: object = answer.get(outer) or {}
    if not isinstance(held, dict):
        raise ProviderError("The music server sent something unexpected.")
    return _objects(cast("dict[str, Any]", held).get(inner))


def _objects(value: object) -> list[dict[str, Any]]:
    """Return a list of objects; some servers send one object instead of a list of one."""
    held = cast("list[object]", value if isinstance(value, list) else [value] if value else [])
    if not all(isinstance(one, dict) for one in held):
        raise ProviderError("The music server sent something unexpected.")
    return cast("list[dict[str, Any]]", held)


def _album(told: dict[str, Any]) -> Album:
    several = [_text(one, "name") for one in _objects(told.get("genres"))]
    return Album(
        id=_text(told, "id"),
        title=_text(told, "name") or _text(told, "title"),
        artist=_text(told, "artist"),
        genre="; ".join(several) or _text(told, "genre"),
        year=_number(told, "year"),
        songs=_number(told, "songCount"),
        plays=_number(told, "playCount"),
        last=_moment(_text(told, "played")),
    )


def _text(told: dict[str, Any], name: str) -> str:
    value = told.get(name)
    return "" if value is None else str(value)


def _number(told: dict[str, Any], name: str) -> int:
    value = told.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return 0
    return int(value) if 0 <= value <= _LARGEST else 0


def _moment(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo and _FIRST_YEAR <= at.year < _NO_YEAR else None
