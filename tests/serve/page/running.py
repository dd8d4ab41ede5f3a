"""A real household, served on a free port for a browser to visit."""

import asyncio
import socket
import threading
import time
from pathlib import Path

import uvicorn

from gnothi.core.settings import Settings
from gnothi.home.model import Home
from gnothi.serve.api import build_app
from gnothi.serve.household import Household

PATIENCE = 15.0
"""Seconds until a test gives up waiting; nothing is measured by it."""


class Running:
    """A household that is served on a free port of this machine."""

    def __init__(self, settings: Settings, home: Home | None) -> None:
        """Prepare to serve the household kept under *settings*, moved into *home* first."""
        self._settings = settings
        self._home = home
        self.port = free_port()
        self._prepare()

    def _prepare(self) -> None:
        self._server: uvicorn.Server | None = None
        self._thread = threading.Thread(target=lambda: asyncio.run(self._live()), daemon=True)

    @property
    def address(self) -> str:
        """Where its page is."""
        return f"http://127.0.0.1:{self.port}/"

    @property
    def folder(self) -> Path:
        """Where the household is kept."""
        return self._settings.folder

    def start(self) -> None:
        """Serve; return when the page can be opened."""
        self._thread.start()
        until = time.monotonic() + PATIENCE
        while not (self._server and self._server.started):
            assert time.monotonic() < until and self._thread.is_alive(), "the server did not start"
            time.sleep(0.01)

    def stop(self) -> None:
        """End it, however many pages are open."""
        assert self._server is not None
        self._server.should_exit = self._server.force_exit = True
        self._thread.join(PATIENCE)

    def again(self) -> None:
        """Start again after a stop, with everything that was kept."""
        self._home = None
        self._prepare()
        self.start()

    async def _live(self) -> None:
        household = Household.open(self._settings)
        await household.start()
        if self._home is not None:
            await household.move_in(self._home)
        app = build_app(household)
        app.state.desk.worker.gently = False  # Other tests compute, too.
        config = uvicorn.Config(
            app,
            port=self.port,
            lifespan="off",
            log_level="error",
            ws="websockets-sansio",
        )
        self._server = uvicorn.Server(config)
        try:
            await self._server.serve()
        finally:
            await household.stop()


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def settings_in(folder: Path) -> Settings:
    """Return the settings of a household kept under *folder*, with its music beside it."""
    music = folder / "music"
    music.mkdir(exist_ok=True)
    found = {"GNOTHI_FOLDER": str(folder / "gnothi"), "GNOTHI_MUSIC": str(music)}
    return Settings.from_environment(found)
