"""The doorkeeper: every connection passes its checks before anything of it is read."""

import asyncio
import math
from dataclasses import dataclass, field

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gnothi.serve.doors.hosts import Hosts
from gnothi.serve.doors.limits import Buckets, Limits, Places
from gnothi.serve.doors.pairing import Pairing
from gnothi.serve.doors.tokens import Tokens
from gnothi.serve.doors.visitor import Visitor, recognise
from gnothi.serve.problems import Code, Problem

_CLOSED = ("/api", "/metrics")
"""What needs a token; the page itself holds nothing of the household."""
_OPEN_PATHS = frozenset({"/api/health", "/api/pair", "/api/openapi.json"})
_IMPORT_PATHS = ("/api/setup",)
_PICTURE_PATHS = ("/api/pictures",)


@dataclass(frozen=True, slots=True)
class Doors:
    """Everything that decides who may come in."""

    tokens: Tokens
    pairing: Pairing
    hosts: Hosts = field(default_factory=Hosts)
    limits: Limits = field(default_factory=Limits)
    buckets: Buckets = field(default_factory=Buckets)
    sockets: Places = field(default_factory=Places)
    network: str | None = None
    """``https://…`` on the home network, when that is served."""

    def admit(self, visitor: Visitor) -> Problem | None:
        """Count one request of *visitor*; the problem says when there were too many."""
        rate = self.limits.local if visitor.local else self.limits.remote
        wait = math.ceil(self.buckets.wait_for(visitor.key, rate))
        if not wait:
            return None
        headers = {"retry-after": str(wait)}
        return Problem(Code.TOO_MANY, {"seconds": wait}, headers=headers)


class DoorKeeper:
    """Refuses strangers, foreign pages, floods and oversized bodies; tells the rest who asks."""

    def __init__(self, app: ASGIApp, doors: Doors) -> None:
        """Guard *app* with *doors*."""
        self._app = app
        self._doors = doors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the connection in, or answer with the problem it has."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        visitor = recognise(connection, self._doors.tokens)
        problem = self._doors.hosts.check(connection) or self._check(connection, visitor)
        if problem is None and scope["type"] == "http":
            receive, problem = await self._read(scope, receive)
        if problem is not None:
            await _refuse(problem, scope, receive, send)
            return
        scope.setdefault("state", {})["visitor"] = visitor
        await self._app(scope, receive, send)

    def _check(self, connection: HTTPConnection, visitor: Visitor) -> Problem | None:
        path: str = connection.scope["path"]  # as routes see it; the URL also depends on Host
        if not path.startswith((*_CLOSED, "/pair")):
            return None
        if problem := self._doors.admit(visitor):
            return problem
        if not visitor.known and path.startswith(_CLOSED) and path not in _OPEN_PATHS:
            return Problem(Code.NO_TOKEN, headers={"www-authenticate": "Bearer"})
        return None

    async def _read(self, scope: Scope, receive: Receive) -> tuple[Receive, Problem | None]:
        """Take the whole body in, up to the limit of its path."""
        limits = self._doors.limits
        limit = _limit(scope["path"], limits)
        if _announced(Headers(scope=scope)) > limit:
            return receive, Problem(Code.TOO_LARGE, {"limit": limit})
        try:
            async with asyncio.timeout(limits.body_seconds):
                body = await _body(receive, limit)
        except TimeoutError:
            return receive, Problem(Code.TOO_SLOW)
        if body is None:
            return receive, Problem(Code.TOO_LARGE, {"limit": limit})
        return _replay(body, receive), None


def _limit(path: str, limits: Limits) -> int:
    if path.startswith(_IMPORT_PATHS):
        return limits.import_bytes
    return limits.picture_bytes if path.startswith(_PICTURE_PATHS) else limits.turn_bytes


def _announced(headers: Headers) -> int:
    """Return the announced length; the server below has refused anything but digits."""
    length = headers.get("content-length", "0")
    return int(length) if length.isascii() and length.isdigit() and len(length) < 19 else 0


async def _body(receive: Receive, limit: int) -> bytes | None:
    """Return the body, ``None`` as soon as it is longer than *limit*."""
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > limit:
            return None
        if message["type"] == "http.disconnect" or not message.get("more_body", False):
            return bytes(body)


def _replay(body: bytes, receive: Receive) -> Receive:
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return waiting.pop() if waiting else await receive()

    return replay


async def _refuse(problem: Problem, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with *problem*; a WebSocket is refused before it is opened."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008, "reason": problem.code.slug})
        return
    await problem.response()(scope, receive, send)
