"""Figures for Prometheus."""

from fastapi import APIRouter
from fastapi.responses import Response
from prometheus_client import CONTENT_TYPE_LATEST

from gnothi.serve.desk import AtDesk

router = APIRouter()


@router.get("/metrics", include_in_schema=False)
async def metrics(desk: AtDesk) -> Response:
    """Return the figures in Prometheus's text format."""
    return Response(desk.metrics.text(), headers={"content-type": CONTENT_TYPE_LATEST})
