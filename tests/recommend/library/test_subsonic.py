"""Music servers with Subsonic's API, against a local server that speaks it."""

import pytest

from gnothi.core.errors import ProviderError
from gnothi.recommend.library.asking import Server
from gnothi.recommend.library.subsonic import PAGE, Subsonic, account, listens
from tests.recommend.library.servers import Answer, MusicServer, album, serving, told


def asking(address: str, password: str = "sesame") -> Subsonic:
    """The server at *address*, as ana sees it; nobody waits."""
    return Subsonic(Server(address, "The music server", wait=lambda _: None), "ana", password)


def test_all_albums_come_page_by_page() -> None:
    """However many there are; what was played comes with its count and its day."""
    albums = [album(number) for number in range(PAGE + 3)]
    albums[1] = album(1, playCount=12, played="2026-11-03T19:30:00Z", genres=[{"name": "Jazz"}])
    server = MusicServer(albums)
    with serving(server) as address:
        found = list(asking(address).albums())
    assert [one.id for one in found] == [one["id"] for one in albums]
    assert (found[0].genre, found[1].genre, found[1].year) == ("Rock", "Jazz", 1994)
    [played] = listens(found)
    assert (played.artist, played.plays) == ("Artist 1", 12)
    assert played.at is not None
    assert [asked["offset"] for _, asked in server.asked] == ["0", str(PAGE)]


def test_the_password_is_not_sent() -> None:
    """Each call proves that one knows it, with a salt of its own."""
    server = MusicServer([album(number) for number in range(PAGE)])
    with serving(server) as address:
        list(asking(address).albums())
    salts = {asked["s"] for _, asked in server.asked}
    assert len(salts) == len(server.asked) == 2
    assert all("sesame" not in str(asked) and "p" not in asked for _, asked in server.asked)


def test_genres_and_artists_are_listed() -> None:
    """Also where a server sends one object in place of a list of one, or leaves a list out."""
    with serving(MusicServer([])) as address:
        server = asking(address)
        server.ping()
        assert (server.genres(), server.artists(), list(server.albums())) == (
            ["Rock"],
            ["ABBA"],
            [],
        )


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ((200, b'{"subsonic-response": {"status": "ok", "albu', {}), "can't be read"),
        (told([]), "something unexpected"),
        (told({"hello": "world"}), "no music server"),
        (told({"subsonic-response": {"status": "ok", "albumList2": [1]}}), "unexpected"),
        (told({"subsonic-response": {"status": "ok", "albumList2": {"album": [1]}}}), "unexpected"),
        (told({"subsonic-response": {"status": "failed"}}), "no reason given"),
        (
            told(
                {"subsonic-response": {"status": "failed", "error": {"code": 0, "message": "Odd"}}}
            ),
            "Odd",
        ),
        (told({}, 404), "nothing there"),
        (told({}, 403), "refuses"),
        (told({}, 500), r"an error \(500\)"),
        (told({}, 503), "is busy"),
    ],
)
def test_what_goes_wrong_is_said(answer: Answer, says: str) -> None:
    """Truncated, unexpected, refused, missing, broken, busy: each has its sentence."""
    with serving(lambda *_: answer) as address, pytest.raises(ProviderError, match=says):
        list(asking(address).albums())


@pytest.mark.parametrize("odd", [float("inf"), float("nan"), -3, 10**40, True, "7"])
def test_numbers_that_are_none_count_as_unknown(odd: object) -> None:
    """Infinite, negative, endless, or no number at all: the album is taken in without."""
    server = MusicServer([album(1, year=odd, songCount=odd, playCount=odd)])
    with serving(server) as address:
        [found] = asking(address).albums()
    assert (found.year, found.songs, found.plays) == (0, 0, 0)


@pytest.mark.parametrize("odd", ["0001-01-01T00:00:00+05:00", "9999-12-31T23:59:59-05:00", "soon"])
def test_days_that_cannot_be_are_unknown(odd: str) -> None:
    """Servers write the year 1 where something was never played."""
    with serving(MusicServer([album(1, playCount=2, played=odd)])) as address:
        [played] = listens(list(asking(address).albums()))
    assert (played.plays, played.at) == (2, None)


def test_accounts_have_names() -> None:
    """However its address is written, an account is one; another one is another."""
    one = account("https://Music.example.org/", "Ana")
    assert one == account("http://music.example.org", "ana")
    assert one != account("http://music.example.org", "ben")
    assert one != account("http://music.example.com", "ana")


def test_a_wrong_password_is_said() -> None:
    """And so is a server that is not there."""
    wrong = pytest.raises(ProviderError, match="the name or the password is wrong")
    with serving(MusicServer([])) as address, wrong:
        asking(address, "open").ping()
    with pytest.raises(ProviderError, match="can't be reached"):
        asking(address).ping()
    with pytest.raises(ProviderError, match="can't be reached"):
        asking("nonsense").ping()
