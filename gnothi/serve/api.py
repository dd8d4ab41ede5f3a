"""The HTTP and WebSocket API of one household, and its page."""

from pathlib import Path

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

import gnothi
from gnothi.serve.desk import Desk
from gnothi.serve.doors.headers import CarefulHeaders
from gnothi.serve.doors.hosts import Hosts
from gnothi.serve.doors.keeper import DoorKeeper, Doors
from gnothi.serve.doors.pairing import Pairing
from gnothi.serve.doors.tokens import Tokens
from gnothi.serve.failures import answer_failures
from gnothi.serve.hub import Hub
from gnothi.serve.listening.door import router as listening
from gnothi.serve.listening.equipment import Equipment
from gnothi.serve.listening.recordings import Recordings
from gnothi.serve.live import router as live
from gnothi.serve.metrics import Metrics
from gnothi.serve.news import Newsroom
from gnothi.serve.premises import Premises
from gnothi.serve.reception import Reception
from gnothi.serve.routes import ALL
from gnothi.serve.worker import Worker

PAGE = Path(__file__).with_name("page")


def build_app(household: Premises, *, doors: Doors | None = None) -> FastAPI:
    """Return the application of *household*.

    Without *doors* it answers to loopback names only; tokens are kept in the data folder.
    """
    app = FastAPI(
        title="Gnothi",
        version=gnothi.__version__,
        openapi_url="/api/openapi.json",
        docs_url=None,  # both load scripts from elsewhere, which the content policy forbids
        redoc_url=None,
    )
    desk = open_desk(household, doors or default_doors(household))
    app.state.desk = desk
    for router in ALL:
        app.include_router(router)
    app.include_router(live)
    app.include_router(listening)
    app.mount("/", StaticFiles(directory=PAGE, html=True), name="page")
    answer_failures(app)
    app.add_middleware(DoorKeeper, doors=desk.doors)
    app.add_middleware(CarefulHeaders)
    return app


def default_doors(household: Premises, hosts: Hosts | None = None) -> Doors:
    """Return doors for loopback, or for *hosts*."""
    file = household.settings.folder / "devices.json"
    return Doors(Tokens(file, household.clock), Pairing(household.clock), hosts or Hosts())


def open_desk(household: Premises, doors: Doors) -> Desk:
    """Join what the routes work with, and let the hub hear of everything that happens."""
    hub, figures = Hub(), Metrics()
    figures.watch(household.journal)
    reception = Reception(household, hub, figures)
    worker = Worker(household, lambda news: hub.publish("learning", news))
    recordings = Recordings(household.settings.folder, household.journal)
    return Desk(
        household,
        doors,
        hub,
        figures,
        reception,
        Newsroom(household, hub),
        worker,
        Equipment(household),
        recordings,
    )
