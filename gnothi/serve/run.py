"""Running a household: its servers, what the terminal says, and a clean end."""

import asyncio
import contextlib
import io
import signal
import socket
import sys
from collections.abc import AsyncGenerator, Callable, Generator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from threading import Thread

import segno
from fastapi import FastAPI

from gnothi.core.settings import Settings
from gnothi.core.waking import WakeWord
from gnothi.serve.api import build_app, default_doors
from gnothi.serve.certificate import certificate
from gnothi.serve.desk import Desk
from gnothi.serve.doors.hosts import Hosts
from gnothi.serve.doors.keeper import Doors
from gnothi.serve.doors.pairing import LIFETIME
from gnothi.serve.listening.equipment import Equipment
from gnothi.serve.listening.exchange import Surroundings
from gnothi.serve.ports import claim, own_address, port_of
from gnothi.serve.premises import Premises
from gnothi.serve.sentences import sentence
from gnothi.serve.servers import Opening, Server
from gnothi.serve.wyoming.call import Roles, roles_of
from gnothi.serve.wyoming.satellite import Place, Satellite
from gnothi.serve.wyoming.server import WyomingDoor, WyomingServer
from gnothi.speech.waking.wakers import open_wake_word

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
    satellites: tuple[str, ...] = ()
    """``NAME=tcp://HOST:PORT`` of each Wyoming satellite that we listen at."""
    wake: str = ""
    """What listens for the wake word where a satellite leaves that to us."""


def serve(
    settings: Settings,
    host: str = "127.0.0.1",
    port: int | None = None,
    *,
    lan: bool = False,
    names: Sequence[str] = (),
    wyoming: str | None = None,
    wyoming_from: Sequence[str] = (),
    satellites: Sequence[str] = (),
    wake: str = "",
    say: Say | None = None,
) -> None:
    """Open the household of *settings* and serve it until a signal ends it.

    Says ``http://127.0.0.1:PORT`` as soon as requests are answered. Another *host* than loopback
    is served without TLS: it is meant for a proxy that adds it. See :class:`Doorways`.

    Raises:
        InputError: an address can't be used, or the port is taken.
    """
    from gnothi.serve.household import Household

    doorways = Doorways(
        host, port, lan, tuple(names), wyoming, tuple(wyoming_from), tuple(satellites), wake
    )
    asyncio.run(welcome(Household.open(settings), doorways, say or _print))


async def welcome(household: Premises, doorways: Doorways, say: Say) -> None:
    """Serve *household* at *doorways* until SIGINT or SIGTERM; then stop it."""
    wyoming = (
        WyomingDoor.read(doorways.wyoming, doorways.wyoming_from) if doorways.wyoming else None
    )
    places = [Place.read(one) for one in doorways.satellites]
    wake = open_wake_word(doorways.wake)
    openings = _open(household, doorways)
    doors = _doors(household, doorways, openings)
    app = build_app(household, doors=doors)
    desk: Desk = app.state.desk
    await household.start()
    try:
        async with (
            desk.worker.nightly(),
            _wyoming(roles_of(desk), wyoming, say),
            _satellites(desk, places, wake, say),
            _ready_to_listen(desk.equipment),
        ):
            await _listen(app, openings, doors, say)
    finally:
        await desk.reception.witness.stop()
        await household.stop()


async def _listen(app: FastAPI, openings: Sequence[Opening], doors: Doors, say: Say) -> None:
    tellers = (_tell_local, _tell_network)
    servers = [
        Server(app, opening, partial(tell, opening, doors, say))
        for opening, tell in zip(openings, tellers, strict=False)
    ]
    with _until_signalled(servers):
        await asyncio.gather(*(server.listen() for server in servers))


@contextlib.asynccontextmanager
async def _wyoming(roles: Roles, door: WyomingDoor | None, say: Say) -> AsyncGenerator[None]:
    """Serve *roles* beside the rest, where somebody asked for it."""
    if door is None:
        yield
        return
    server = WyomingServer(roles, door)
    say(sentence("run-wyoming", address=await server.start()))
    # Nobody waits for it, neither who asks at once nor who stops us.
    Thread(target=roles.equipment.warm, daemon=True).start()
    try:
        yield
    finally:
        await server.stop()


@contextlib.asynccontextmanager
async def _ready_to_listen(equipment: Equipment) -> AsyncGenerator[None]:
    """Make ready who listens, where microphones are used: nobody waits for it then."""
    warming = None
    if await asyncio.to_thread(lambda: equipment.was_used):
        warming = asyncio.create_task(asyncio.to_thread(equipment.warm))
    yield
    if warming:
        await warming


@contextlib.asynccontextmanager
async def _satellites(
    desk: Desk, places: Sequence[Place], wake: WakeWord | None, say: Say
) -> AsyncGenerator[None]:
    """Listen at the satellites beside the rest."""
    around = Surroundings(desk.equipment, desk.reception, desk.recordings, desk.doors.admit)
    tasks = [asyncio.create_task(Satellite(place, around, wake).run()) for place in places]
    for place in places:
        say(sentence("run-satellite", name=place.name, address=place.address))
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _open(household: Premises, doorways: Doorways) -> list[Opening]:
    first = Opening(claim(doorways.host, doorways.port))
    if not doorways.lan:
        return [first]
    names = ["localhost", "127.0.0.1", own_address(), *_own_names()]
    folder = household.settings.folder / "certificate"
    made = certificate(folder, names, household.clock.now())
    everywhere = "0.0.0.0"  # noqa: S104 - that is what --lan asks for
    return [first, Opening(claim(everywhere, None, first=port_of(first.socket) + 1), made)]


def _doors(household: Premises, doorways: Doorways, openings: Sequence[Opening]) -> Doors:
    own = _own_names() if doorways.lan else ()
    names = frozenset(name.lower() for name in (*doorways.names, *own))
    doors = default_doors(household, Hosts(names, any_address=doorways.lan))
    if not doorways.lan:
        return doors
    return replace(doors, network=f"https://{own_address()}:{port_of(openings[1].socket)}")


def _own_names() -> tuple[str, ...]:
    name = socket.gethostname().lower()
    return (name, f"{name}.local")


def _tell_local(opening: Opening, _doors: Doors, say: Say) -> None:
    say(sentence("run-ready", address=_address(opening.socket)))


def _tell_network(opening: Opening, doors: Doors, say: Say) -> None:
    """Say how to get in from the home network, with a code that is good for one device."""
    assert opening.certificate is not None
    say(sentence("run-lan", address=doors.network or ""))
    say(sentence("run-fingerprint", fingerprint=opening.certificate.fingerprint))
    say(sentence("run-pair", minutes=LIFETIME.total_seconds() // 60))
    say(picture(f"{doors.network}/pair?code={doors.pairing.invite()}"))


def picture(text: str) -> str:
    """Return *text* as a QR code drawn with characters."""
    drawn = io.StringIO()
    segno.make(text, error="m").terminal(out=drawn, compact=True, border=2)
    return f"{drawn.getvalue()}{text}"


def _address(claimed: socket.socket) -> str:
    host = str(claimed.getsockname()[0])
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{port_of(claimed)}"


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
