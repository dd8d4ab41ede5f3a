"""Which names and pages the server answers to."""

import pytest
from starlette.requests import HTTPConnection

from gnothi.serve.doors.hosts import Hosts
from gnothi.serve.problems import Code


def _ask(host: str, *, scheme: str = "http", method: str = "POST", **headers: str) -> Code | None:
    raw = [(b"host", host.encode())]
    raw += [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {
        "type": "http",
        "method": method,
        "scheme": scheme,
        "path": "/api/turn",
        "query_string": b"",
        "headers": raw,
    }
    hosts = Hosts(frozenset({"gnothi.local"}), any_address=scheme == "https")
    problem = hosts.check(HTTPConnection(scope))
    return problem.code if problem else None


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1:8765", "localhost", "LOCALHOST:1", "[::1]:8765", "gnothi.local", "localhost."],
)
def test_own_names_are_answered(host: str) -> None:
    """Every way to name this machine works."""
    assert _ask(host) is None


@pytest.mark.parametrize(
    "host",
    [
        "",
        "evil.example",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "192.168.1.5",
        "[::1",
        "evil.example:80@127.0.0.1",
        "0.0.0.0",
    ],
)
def test_foreign_names_are_refused(host: str) -> None:
    """A name that an attacker made resolve to this machine (DNS rebinding) gets nothing."""
    assert _ask(host) is Code.UNKNOWN_HOST


def test_addresses_are_answered_on_the_home_network() -> None:
    """A phone may use the machine's address: rebinding needs a name."""
    assert _ask("192.168.1.5:8766", scheme="https") is None


@pytest.mark.parametrize(
    "origin",
    ["null", "http://evil.example", "http://127.0.0.1:9999", "https://127.0.0.1:8765", "file://"],
)
def test_foreign_pages_are_refused(origin: str) -> None:
    """A page from elsewhere can't make the browser act here (CSRF)."""
    assert _ask("127.0.0.1:8765", origin=origin) is Code.FOREIGN_ORIGIN


def test_the_own_page_is_answered() -> None:
    """The page that this server gave out may talk to it."""
    assert _ask("127.0.0.1:8765", origin="http://127.0.0.1:8765") is None


def test_a_link_from_elsewhere_may_open_the_page() -> None:
    """Following a link shows the page; hidden requests of other pages are refused."""
    visit = {"sec_fetch_site": "cross-site", "sec_fetch_mode": "navigate"}
    assert _ask("localhost", method="GET", sec_fetch_dest="document", **visit) is None
    assert _ask("localhost", method="GET", sec_fetch_dest="iframe", **visit) is Code.FOREIGN_ORIGIN
    assert _ask("localhost", method="POST", sec_fetch_dest="document", **visit) is not None


def test_a_proxy_may_add_tls() -> None:
    """Behind a proxy whose name was given, pages of https are our own."""
    assert _ask("gnothi.local", origin="https://gnothi.local") is None
    assert _ask("gnothi.local", origin="https://evil.example") is Code.FOREIGN_ORIGIN
