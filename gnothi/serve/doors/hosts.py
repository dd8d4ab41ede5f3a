"""Which names the server answers to, and which pages may talk to it.

A page elsewhere on the web can make a browser send requests to this server. Two checks stop it:
*Host* defeats DNS rebinding (a foreign name that suddenly resolves to this machine), *Origin*
defeats cross-site requests and WebSockets.
"""

from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

from gnothi.serve.problems import Code, Problem

_STRAY = frozenset("@/?#\\ \t\r\n")
"""Signs that make one reader see another name than the next."""
_LOOPBACK_NAMES = frozenset({"localhost", "localhost.localdomain", "ip6-localhost"})


@dataclass(frozen=True, slots=True)
class Hosts:
    """The names that a server answers to; loopback names always belong to it."""

    names: frozenset[str] = frozenset()
    """More names, in lower case: the machine's, a proxy's."""
    any_address: bool = False
    """Answer to every IP literal too. Safe against rebinding, which needs a name."""

    def answers_to(self, host: str) -> bool:
        """Whether the value of a *Host* header is one of ours."""
        name = host_name(host)
        return is_loopback(name) or name in self.names or (self.any_address and _is_literal(name))

    def check(self, connection: HTTPConnection) -> Problem | None:
        """Refuse a connection whose *Host* or *Origin* is somebody else's."""
        host = connection.headers.get("host", "")
        if len(connection.headers.getlist("host")) != 1 or not self.answers_to(host):
            return Problem(Code.UNKNOWN_HOST)
        if not _is_own_page(connection, host, proxied=host_name(host) in self.names):
            return Problem(Code.FOREIGN_ORIGIN)
        return None


def host_name(host: str) -> str:
    """Return the name in a *Host* header: no port, no brackets, no final dot, lower case."""
    if _STRAY.intersection(host):
        return ""
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
    return name.rstrip(".").lower()


def is_loopback(name: str) -> bool:
    """Whether *name* always means this machine."""
    if name in _LOOPBACK_NAMES:
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def _is_literal(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _is_own_page(connection: HTTPConnection, host: str, *, proxied: bool) -> bool:
    """Compare *Origin* with *Host*; programs that are no browsers send no *Origin*.

    A proxy that adds TLS makes pages of https out of what is http here.
    """
    if connection.headers.get("sec-fetch-site") == "cross-site" and not _is_visit(connection):
        return False
    origin = connection.headers.get("origin")
    if origin is None:
        return True
    own = "https" if connection.url.scheme in {"https", "wss"} else "http"
    schemes = {own, "https"} if proxied else {own}
    return origin.lower() in {f"{scheme}://{host.lower()}" for scheme in schemes}


def _is_visit(connection: HTTPConnection) -> bool:
    """Whether somebody followed a link to a page of ours, which shows it and changes nothing."""
    return (
        connection.scope.get("method") == "GET"
        and connection.headers.get("sec-fetch-mode") == "navigate"
        and connection.headers.get("sec-fetch-dest") == "document"
    )
