"""Who lives here."""

from fastapi import APIRouter

from gnothi.serve.desk import AtDesk, refusals
from gnothi.serve.schemas.household import PersonBody

router = APIRouter(prefix="/api/people", tags=["people"])


@router.get("", responses=refusals())
async def people(desk: AtDesk) -> list[PersonBody]:
    """List who lives here."""
    return [
        PersonBody(id=person.id, name=person.name, role=person.role)
        for person in desk.household.house.people()
    ]
