"""The Wyoming server: who may connect, how many at once, and what a bad frame costs."""

import asyncio
import logging
from asyncio import StreamReader, StreamWriter
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from wyoming.event import Event, async_write_event

from gnothi.core.errors import InputError
from gnothi.serve.doors.limits import Places
from gnothi.serve.doors.visitor import Visitor
from gnothi.serve.sentences import sentence
from gnothi.serve.wyoming.call import Call, Roles
from gnothi.serve.wyoming.frames import FrameError, FrameLimits, read_frame
from gnothi.speech.wyoming import host_and_port

_log = logging.getLogger(__name__)
_PATIENCE = 10.0
"""Seconds in which a client must take what it is sent."""
Network = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class WyomingDoor:
    """Where Wyoming is served, and to whom besides this machine."""

    host: str
    port: int
    welcome: tuple[Network, ...] = ()

    @classmethod
    def read(cls, address: str, welcome: Sequence[str] = ()) -> "WyomingDoor":
        """Read ``tcp://HOST:PORT``; *welcome* are addresses or networks.

        Raises:
            InputError: something is no address, or strangers could connect: the protocol has no
                passwords, so that beyond this machine somebody must say who may come.
        """
        try:
            host, port = host_and_port(address)
        except InputError as error:
            raise InputError(sentence("run-wyoming-address", address=address)) from error
        door = cls(host, port, tuple(_network(one) for one in welcome))
        if not door.welcome and not _is_loopback(host):
            raise InputError(sentence("run-wyoming-exposed"))
        return door

    def lets_in(self, address: str) -> bool:
        """Whether somebody at *address* may talk."""
        try:
            parsed = ip_address(address)
        except ValueError:
            return False
        return parsed.is_loopback or any(parsed in network for network in self.welcome)


class WyomingServer:
    """Serves all roles over TCP."""

    def __init__(
        self,
        roles: Roles,
        door: WyomingDoor,
        *,
        limits: FrameLimits | None = None,
        sockets: Places | None = None,
    ) -> None:
        """Serve *roles* at *door*."""
        self._roles = roles
        self._door = door
        self._limits = limits or FrameLimits()
        self._sockets = sockets or Places(most=64, most_of_one=32)
        self._server: asyncio.Server | None = None
        self._talks: set[asyncio.Task[None]] = set()

    async def start(self) -> str:
        """Begin to listen; return the address.

        Raises:
            InputError: the address is taken or not ours.
        """
        try:
            self._server = await asyncio.start_server(
                self._meet, self._door.host, self._door.port, limit=self._limits.header
            )
        except OSError as error:
            raise InputError(sentence("run-port-taken", port=str(self._door.port))) from error
        host, port = self._server.sockets[0].getsockname()[:2]
        return f"tcp://{host}:{port}"

    async def stop(self) -> None:
        """Hang up everywhere."""
        if self._server is None:
            return
        self._server.close()
        for talk in self._talks:
            talk.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)
        await self._server.wait_closed()
        self._server = None

    async def _meet(self, reader: StreamReader, writer: StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._talks.add(task)
        try:
            await self._greet(reader, writer)
        except (ConnectionError, TimeoutError, FrameError) as error:
            _log.debug("A Wyoming connection ended: %s", error)
        finally:
            self._talks.discard(task)
            writer.close()

    async def _greet(self, reader: StreamReader, writer: StreamWriter) -> None:
        address = str((writer.get_extra_info("peername") or ("",))[0])
        if not self._door.lets_in(address) or not self._sockets.enter(address):
            _log.warning("A Wyoming connection from %s was refused.", address)
            return
        try:
            await self._talk(reader, writer, Visitor(address, local=_is_loopback(address)))
        finally:
            self._sockets.leave(address)

    async def _talk(self, reader: StreamReader, writer: StreamWriter, visitor: Visitor) -> None:
        turn = asyncio.Lock()

        async def send(event: Event) -> None:
            async with turn, asyncio.timeout(_PATIENCE):
                await async_write_event(event, writer)

        call = Call(self._roles, visitor, send)
        try:
            while event := await read_frame(reader, self._limits):
                await call.take(event)
        finally:
            await call.close()


def _network(address: str) -> Network:
    try:
        return ip_network(address, strict=False)
    except ValueError as error:
        raise InputError(sentence("run-wyoming-address", address=address)) from error


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
