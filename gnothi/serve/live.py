"""The WebSocket: news as they happen, and turns.

The server says ``{"type": KIND, …}`` for each news of the hub; a client may say
``{"type": "turn", "id": ANY, …}`` with the fields of ``POST /api/turn`` and gets
``{"type": "answer", "id": ANY, …}`` or ``{"type": "problem", "id": ANY, …}``. Turns of one
connection follow one another: who sends faster than they are answered is read more slowly.
"""

import contextlib
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import cast

import anyio
from fastapi import APIRouter, WebSocket, WebSocketDisconnect
from pydantic import ValidationError

import gnothi
from gnothi.core.errors import GnothiError
from gnothi.core.plain import Json
from gnothi.serve.desk import AtDesk, ByVisitor, Desk
from gnothi.serve.doors.visitor import Visitor
from gnothi.serve.failures import problem_of
from gnothi.serve.hub import Listener, News
from gnothi.serve.problems import Code, Problem, Refusal
from gnothi.serve.reception import Request
from gnothi.serve.schemas.talking import TurnBody

router = APIRouter()
_PATIENCE = 10.0
"""Seconds in which a client must take what it is sent."""


@router.websocket("/api/ws")
async def live(socket: WebSocket, desk: AtDesk, visitor: ByVisitor) -> None:
    """Keep a page up to date and take its turns, until either side leaves."""
    if not desk.doors.sockets.enter(visitor.key):
        await socket.close(1013, Code.BUSY.slug)
        return
    try:
        with desk.hub.listen() as listener, desk.metrics.listeners.track_inprogress():
            await socket.accept()
            await _serve(socket, desk, visitor, listener)
    finally:
        desk.doors.sockets.leave(visitor.key)


async def _serve(socket: WebSocket, desk: Desk, visitor: Visitor, listener: Listener) -> None:
    """Talk and listen side by side; when one ends, so does the other."""
    async with anyio.create_task_group() as together:

        async def do(part: Callable[[], Awaitable[None]]) -> None:
            with contextlib.suppress(WebSocketDisconnect, TimeoutError):
                await part()
            together.cancel_scope.cancel()

        together.start_soon(do, lambda: _talk(socket, desk, visitor, listener))
        together.start_soon(do, lambda: _hear(socket, desk, visitor))


async def _talk(socket: WebSocket, desk: Desk, visitor: Visitor, listener: Listener) -> None:
    await _send(socket, {"type": "hello", "version": gnothi.__version__})
    while True:
        news = await listener.next()
        if news.kind == "revoked":
            if visitor.device and news.body.get("device") == visitor.device.id:
                await socket.close(1008, Code.NO_TOKEN.slug)
                return
        elif _concerns(news, visitor):
            await _send(socket, {**news.body, "type": news.kind})


def _concerns(news: News, visitor: Visitor) -> bool:
    own = visitor.device.user if visitor.device else None
    return news.owner is None or visitor.in_charge or news.owner == own


async def _hear(socket: WebSocket, desk: Desk, visitor: Visitor) -> None:
    while True:
        text = await socket.receive_text()
        message = _read(text)
        if message.get("type") == "ping":
            await _send(socket, {"type": "pong"})
        elif message.get("type") == "turn":
            await _send(socket, await _turn(message, desk, visitor))
        else:
            await _send(socket, _complaint(Problem(Code.BAD_MESSAGE), message))


def _read(text: str) -> Mapping[str, Json]:
    """Return the message, an empty one when it is no JSON object."""
    try:
        message: object = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return cast("Mapping[str, Json]", message) if isinstance(message, dict) else {}


async def _turn(message: Mapping[str, Json], desk: Desk, visitor: Visitor) -> Mapping[str, Json]:
    try:
        if problem := desk.doors.admit(visitor):
            return _complaint(problem, message)
        body = TurnBody.model_validate({**message})
        answered = await desk.reception.take(Request(**body.model_dump()), visitor)
    except ValidationError:
        return _complaint(Problem(Code.INVALID), message)
    except (GnothiError, Refusal) as error:
        return _complaint(problem_of(error), message)
    return {"type": "answer", "id": _id(message), "answer": answered.json()}


def _complaint(problem: Problem, message: Mapping[str, Json]) -> Mapping[str, Json]:
    return {
        "type": "problem",
        "id": _id(message),
        "code": problem.code.slug,
        "message": problem.message,
    }


def _id(message: Mapping[str, Json]) -> Json:
    """Return the client's own name for a message, if it is a short and simple one."""
    name = message.get("id")
    simple = isinstance(name, int) or (isinstance(name, str) and len(name) <= 100)
    return name if simple else None


async def _send(socket: WebSocket, message: Mapping[str, Json]) -> None:
    """Send *message*; a client that does not take it in time is left."""
    with anyio.fail_after(_PATIENCE):
        await socket.send_text(json.dumps(message))
