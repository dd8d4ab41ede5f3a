"""Running a household: its servers, what the terminal says, and a clean end."""

import asyncio
import contextlib
import io
import signal
import socket
import sys
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass

import segno

from gnothi.core.settings import Settings
from gnothi.serve.api import build_app, default_doors
from gnothi.serve.certificate import certificate
from gnothi.serve.doors.hosts import Hosts
from gnothi.serve.doors.keeper import Doors
from gnothi.serve.doors.pairing import LIFETIME
from gnothi.serve.ports import claim, own_address, port_of
from gnothi.serve.premises import Premises
from gnothi.serve.sentences import sentence
from gnothi.serve.servers import Opening, Server

Say = Callable[[str], None]
"""Shows a line in the terminal, at once."""


@dataclass(frozen=True, slots=True)
class Doorways:
    """Where a household is served."""

    host: str = "127.0.0.1"
    port: int | None = None
    """The first free one from 8765 on when ``None``."""
    lan: bool = False
    """Serve the home network as well, over TLS, to devices that were paired."""
    names: tuple[str, ...] = ()
    """More names that the server answers to, such as those of a proxy."""
    wyoming: str | None = None
    """``tcp://HOST:PORT`` for the Wyoming protocol."""
    wyoming_from: tuple[str, ...] = ()
    """Addresses or networks that may use Wyoming, besides this machine."""


def serve(
    settings: Settings,
    host: str = "127.0.0.1",
    port: int | None = None,
    *,
    lan: bool = False,
    names: Sequence[str] = (),
    wyoming: str | None = None,
    wyoming_from: Sequence[str] = (),
    say: Say | None = None,
) -> None:
    """Open the household of *settings* and serve it until a signal ends it.

    Says ``http://127.0.0.1:PORT`` as soon as requests are answered. Another *host* than loopback
    is served without TLS: it is meant for a proxy that adds it. See :class:`Doorways`.

    Raises:
        InputError: an address can't be used, or the port is taken.
    """
    from gnothi.serve.household import Household

    doorways = Doorways(host, port, lan, tuple(names), wyoming, tuple(wyoming_from))
    asyncio.run(welcome(Household.open(settings), doorways, say or _print))


async def welcome(household: Premises, doorways: Doorways, say: Say) -> None:
    """Serve *household* at *doorways* until SIGINT or SIGTERM; then close it."""
    openings = _open(household, doorways)
    doors = _doors(household, doorways)
    app = build_app(household, doors=doors)
    ready = _announcements(openings, doors, say)
    servers = [Server(app, one, tell) for one, tell in zip(openings, ready, strict=True)]
    await household.start()
    try:
        with _until_signalled(servers):
            await asyncio.gather(*(server.listen() for server in servers))
    finally:
        await household.stop()


def _open(household: Premises, doorways: Doorways) -> list[Opening]:
    first = Opening(claim(doorways.host, doorways.port))
    if not doorways.lan:
        return [first]
    names = ["localhost", "127.0.0.1", own_address(), *_own_names()]
    folder = household.settings.folder / "certificate"
    made = certificate(folder, names, household.clock.now())
    return [first, Opening(claim("0.0.0.0", None, first=port_of(first.socket) + 1), made)]  # noqa: S104 - that is what --lan asks for


def _doors(household: Premises, doorways: Doorways) -> Doors:
    own = _own_names() if doorways.lan else ()
    names = frozenset(name.lower() for name in (*doorways.names, *own))
    return default_doors(household, Hosts(names, any_address=doorways.lan))


def _own_names() -> tuple[str, ...]:
    name = socket.gethostname().lower()
    return (name, f"{name}.local")


def _announcements(openings: Sequence[Opening], doors: Doors, say: Say) -> list[Callable[[], None]]:
    """Return what to say when each opening is ready."""

    def local() -> None:
        say(sentence("run-ready", address=_address("http", openings[0].socket)))

    def network() -> None:
        opening = openings[1]
        address = f"https://{own_address()}:{port_of(opening.socket)}"
        say(sentence("run-lan", address=address))
        if opening.certificate:
            say(sentence("run-fingerprint", fingerprint=opening.certificate.fingerprint))
        say(sentence("run-pair", minutes=LIFETIME.total_seconds() // 60))
        say(picture(f"{address}/pair?code={doors.pairing.invite()}"))

    return [local, network][: len(openings)]


def picture(text: str) -> str:
    """Return *text* as a QR code drawn with characters."""
    drawn = io.StringIO()
    segno.make(text, error="m").terminal(out=drawn, compact=True, border=2)
    return f"{drawn.getvalue()}{text}"


def _address(scheme: str, claimed: socket.socket) -> str:
    host = str(claimed.getsockname()[0])
    shown = f"[{host}]" if ":" in host else host
    return f"{scheme}://{shown}:{port_of(claimed)}"


@contextlib.contextmanager
def _until_signalled(servers: Sequence[Server]) -> Generator[None]:
    """Let SIGINT and SIGTERM end the servers; a second one does not wait for open requests."""

    def leave() -> None:
        for server in servers:
            server.force_exit = server.should_exit
            server.should_exit = True

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, leave)
    try:
        yield
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
