"""Sockets to listen on, claimed before anything else so that two servers never share one."""

import socket
from collections.abc import Iterator
from contextlib import suppress
from ipaddress import ip_address

from gnothi.core.errors import InputError
from gnothi.serve.sentences import sentence

PORT = 8765
_TRIES = 50


def claim(host: str, port: int | None, *, first: int = PORT) -> socket.socket:
    """Return a bound socket on *host*.

    With a *port* it is that one (0 lets the system choose); without, the first free one from
    *first* on.

    Raises:
        InputError: the port is taken, or none is free.
    """
    for candidate in _candidates(port, first):
        with suppress(OSError):
            return _bind(host, candidate)
    if port is not None:
        raise InputError(sentence("run-port-taken", port=str(port)))
    raise InputError(sentence("run-no-free-port", first=str(first), last=str(first + _TRIES - 1)))


def port_of(claimed: socket.socket) -> int:
    """Return the port that a socket is bound to."""
    return int(claimed.getsockname()[1])


def own_address() -> str:
    """Return this machine's address on the network, ``127.0.0.1`` when it has none.

    Connecting a datagram socket sends nothing; it only makes the system choose a route. The
    address is one that is reserved for documentation (RFC 5737).
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])


def _candidates(port: int | None, first: int) -> Iterator[int]:
    yield from [port] if port is not None else range(first, first + _TRIES)


def _bind(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if _is_version_6(host) else socket.AF_INET
    claimed = socket.socket(family, socket.SOCK_STREAM)
    try:
        claimed.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        claimed.bind((host, port))
        claimed.listen(128)
    except OSError:
        claimed.close()
        raise
    return claimed


def _is_version_6(host: str) -> bool:
    with suppress(ValueError):
        return ip_address(host).version == 6
    return False
