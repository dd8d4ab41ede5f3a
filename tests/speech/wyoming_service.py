"""Services of Wyoming for tests: the package's own server, in a thread."""

import asyncio
import threading
from collections.abc import Generator
from contextlib import contextmanager

from wyoming.server import AsyncEventHandler, AsyncTcpServer


@contextmanager
def served(handler: type[AsyncEventHandler]) -> Generator[str]:
    """Serve with *handler*; yield the address."""
    loop, ready = asyncio.new_event_loop(), threading.Event()
    server = AsyncTcpServer("127.0.0.1", 0)
    port: list[int] = []

    async def serve() -> None:
        await server.start(handler)
        assert server._server is not None
        port.append(server._server.sockets[0].getsockname()[1])
        ready.set()

    def run() -> None:
        loop.run_until_complete(serve())
        loop.run_forever()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        assert ready.wait(10)
        yield f"tcp://127.0.0.1:{port[0]}"
    finally:
        asyncio.run_coroutine_threadsafe(server.stop(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
