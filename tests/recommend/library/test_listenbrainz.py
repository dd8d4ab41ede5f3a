"""Listens from ListenBrainz, against a local server that speaks its API."""

from datetime import UTC, datetime

import pytest

from gnothi.core.errors import ProviderError
from gnothi.recommend.library import listenbrainz
from gnothi.recommend.library.asking import Server
from tests.recommend.library.servers import Answer, ListenServer, serving, told

NEWEST_FIRST = [(1_700_000_000 - 60 * n, f"Artist {n % 3}") for n in range(7)]


@pytest.fixture(autouse=True)
def _small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two listens a page."""
    monkeypatch.setattr(listenbrainz, "PAGE", 2)


def asking(address: str, waits: list[float] | None = None) -> Server:
    """The server at *address*; waiting is noted, not done."""
    noted = waits if waits is not None else []
    return Server(address, "ListenBrainz", headers={"Authorization": "Token t"}, wait=noted.append)


def test_all_listens_come_page_by_page() -> None:
    """From the newest to the oldest, each once, asked for with the token."""
    server = ListenServer(NEWEST_FIRST)
    with serving(server) as address:
        found = list(listenbrainz.listens(asking(address), "ana b"))
    assert [(int(one.at.timestamp()), one.artist) for one in found if one.at] == NEWEST_FIRST
    assert {asked["authorization"] for asked in server.asked} == {"Token t"}


def test_only_what_is_new_is_fetched() -> None:
    """A second import stops at what is known."""
    server = ListenServer(NEWEST_FIRST)
    since = datetime.fromtimestamp(NEWEST_FIRST[3][0], UTC)
    with serving(server) as address:
        found = list(listenbrainz.listens(asking(address), "ana b", since))
    assert len(found) == 3
    assert len(server.asked) == 2


def test_a_busy_server_is_waited_for() -> None:
    """As long as it says; a server that stays busy is given up."""
    server, waits = ListenServer(NEWEST_FIRST[:1]), []
    server.busy = 2
    with serving(server) as address:
        assert len(list(listenbrainz.listens(asking(address, waits), "ana b"))) == 1
        assert waits == [7.0, 7.0]
        server.busy = 9
        with pytest.raises(ProviderError, match="is busy"):
            list(listenbrainz.listens(asking(address), "ana b"))


def test_an_unknown_user_is_said() -> None:
    """The name is sent as one, whatever is in it."""
    with serving(ListenServer([])) as address:
        with pytest.raises(ProviderError, match="nothing there"):
            list(listenbrainz.listens(asking(address), "../ben"))
        assert list(listenbrainz.listens(asking(address), "ana b")) == []


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ((200, b'{"payload": {"listens": [', {}), "can't be read"),
        (told({}), "something unexpected"),
        (told({"payload": {"listens": ["x"]}}), "something unexpected"),
        (told({"payload": {"listens": [{"track_metadata": {}}]}}), "without a time"),
        (told({"payload": {"listens": [{"listened_at": 10**30}]}}), "without a time"),
        (told({"payload": {"listens": [{"listened_at": True}]}}), "without a time"),
    ],
)
def test_answers_that_make_no_sense_are_refused(answer: Answer, says: str) -> None:
    """Truncated JSON, no payload, no listens, listens without a time or beyond all times."""
    with serving(lambda *_: answer) as address, pytest.raises(ProviderError, match=says):
        list(listenbrainz.listens(asking(address), "ana"))


def test_listens_without_an_artist_are_left_out() -> None:
    """They tell nothing."""
    page = told({"payload": {"listens": [{"listened_at": 5, "track_metadata": None}]}})
    with serving(lambda *_: page) as address:
        assert list(listenbrainz.listens(asking(address), "ana")) == []
