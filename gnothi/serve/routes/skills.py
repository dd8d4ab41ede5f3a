"""What the assistant can do."""

from fastapi import APIRouter

from gnothi.serve.desk import AtDesk, refusals
from gnothi.serve.schemas.household import AbilityBody, SkillBody

router = APIRouter(prefix="/api/skills", tags=["skills"])


@router.get("", responses=refusals())
async def skills(desk: AtDesk) -> list[SkillBody]:
    """List the skills with what they can do, and sentences to try."""
    return [
        SkillBody(
            name=skill.name,
            title=skill.title,
            examples=list(skill.manifest.examples),
            abilities=[
                AbilityBody(name=api.name, intents=list(api.intents), risk=api.risk.value)
                for api in skill.apis
            ],
        )
        for skill in desk.household.skills
    ]
