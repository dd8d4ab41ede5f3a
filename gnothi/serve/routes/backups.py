"""Everything that is kept, as one file."""

import asyncio
import tempfile
from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse
from starlette.background import BackgroundTask

from gnothi.journal.backup import backup
from gnothi.serve.desk import AtDesk, ByOneInCharge, refusals
from gnothi.serve.problems import Code, Refusal

router = APIRouter(prefix="/api", tags=["setup"])


@router.get(
    "/backup",
    response_class=FileResponse,
    responses={**refusals(), 200: {"content": {"application/zip": {}}}},
)
async def download(desk: AtDesk, visitor: ByOneInCharge) -> FileResponse:
    """Return everything that is kept, made now; ``gnothi restore`` puts it back.

    Holds the whole journal and the keys of the installation: keep it as safe as those.
    """
    if not desk.thinking.enter(visitor.key):
        raise Refusal(Code.BUSY)
    now = desk.household.clock.now()
    place = Path(tempfile.mkdtemp(prefix="gnothi-backup-"))
    file = place / "backup.zip"
    try:
        await asyncio.to_thread(backup, desk.household.settings.folder, file, now=now)
    except BaseException:
        _remove(file)
        raise
    finally:
        desk.thinking.leave(visitor.key)
    return FileResponse(
        file,
        media_type="application/zip",
        filename=f"gnothi-{now.date().isoformat()}.zip",
        background=BackgroundTask(_remove, file),
    )


def _remove(file: Path) -> None:
    file.unlink(missing_ok=True)
    file.parent.rmdir()
