"""Who is asking, as far as the connection and its token can tell."""

from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

from starlette.requests import HTTPConnection

from gnothi.serve.doors.hosts import host_name, is_loopback
from gnothi.serve.doors.tokens import PairedDevice, Tokens

COOKIE = "__Host-gnothi"
"""The prefix makes browsers refuse the cookie without TLS or for another host."""
_FORWARDING = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody at the door."""

    address: str
    local: bool
    """On this machine itself, reached by a loopback name, through no proxy."""
    device: PairedDevice | None = None

    @property
    def known(self) -> bool:
        """Whether anything but the public part is open to them."""
        return self.local or self.device is not None

    @property
    def key(self) -> str:
        """What their requests are counted under."""
        return f"device:{self.device.id}" if self.device else _network(self.address)

    @property
    def in_charge(self) -> bool:
        """Whether they may do what changes the household: import, erase, switch, remove."""
        return self.local or (self.device is not None and self.device.in_charge)


def recognise(connection: HTTPConnection, tokens: Tokens) -> Visitor:
    """Tell who is behind *connection*, from its address, its headers and its token."""
    address = connection.client.host if connection.client else ""
    token = _token(connection)
    return Visitor(
        address=address,
        local=_is_local(connection, address),
        device=tokens.device_of(token) if token else None,
    )


def _is_local(connection: HTTPConnection, address: str) -> bool:
    """Judge strictly: a proxy on this machine makes strangers look local."""
    forwarded = any(header in connection.headers for header in _FORWARDING)
    named_loopback = is_loopback(host_name(connection.headers.get("host", "")))
    return not forwarded and named_loopback and is_loopback(address)


def _token(connection: HTTPConnection) -> str | None:
    scheme, _, value = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and value.strip():
        return value.strip()
    return connection.cookies.get(COOKIE)


def _network(address: str) -> str:
    """Count an IPv6 visitor by their /64, of which every address is theirs to choose."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        return str(IPv6Address(int(parsed) >> 64 << 64))
    return address
