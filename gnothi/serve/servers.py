"""uvicorn, set up for a home: quiet, bounded, and several in one event loop."""

import contextlib
import socket
from collections.abc import Callable, Generator
from dataclasses import dataclass

import uvicorn
from starlette.types import ASGIApp

from gnothi.serve.certificate import Certificate

_LARGEST_MESSAGE = 64 * 1024
_MOST_CONNECTIONS = 512


@dataclass(frozen=True, slots=True)
class Opening:
    """One socket that is served, with TLS when it has a certificate."""

    socket: socket.socket
    certificate: Certificate | None = None


class Server(uvicorn.Server):
    """A server that says when it is ready and leaves signals to whoever runs it."""

    def __init__(self, app: ASGIApp, opening: Opening, ready: Callable[[], None]) -> None:
        """Serve *app* at *opening*; call *ready* once connections are answered."""
        super().__init__(_config(app, opening.certificate))
        self._opening = opening
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start to listen, then say so."""
        await super().startup(sockets)
        if self.started:
            self._ready()

    async def listen(self) -> None:
        """Serve until ``should_exit``."""
        await self.serve(sockets=[self._opening.socket])

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        """Leave signals alone: two servers in one loop would take them from each other."""
        yield


def _config(app: ASGIApp, certificate: Certificate | None) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        access_log=False,  # addresses hold pairing codes
        h11_max_incomplete_event_size=_LARGEST_MESSAGE,
        lifespan="off",  # whoever runs the servers opens and closes the household
        limit_concurrency=_MOST_CONNECTIONS,
        log_config=None,
        proxy_headers=False,  # a forged header must not make a stranger local
        server_header=False,
        ssl_certfile=certificate.chain if certificate else None,
        ssl_keyfile=certificate.key if certificate else None,
        timeout_graceful_shutdown=3,
        timeout_keep_alive=15,
        ws="websockets-sansio",
        ws_max_queue=16,
        ws_max_size=_LARGEST_MESSAGE,
        ws_ping_interval=20,
        ws_ping_timeout=20,
    )
