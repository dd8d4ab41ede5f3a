"""Timers, alarms and reminders."""

from fastapi import APIRouter

from gnothi.core.plain import plain
from gnothi.home.alarms import Alarm, Phase
from gnothi.serve.desk import AtDesk, Desk, refusals
from gnothi.serve.problems import Code, Refusal
from gnothi.serve.schemas.home import AlarmBody

router = APIRouter(prefix="/api/alarms", tags=["alarms"])


@router.get("", responses=refusals())
async def alarms(desk: AtDesk) -> list[AlarmBody]:
    """List what will ring, the next first, and what was missed while the assistant was off."""
    kept = desk.household.alarms
    return [alarm_body(alarm) for alarm in (*kept.all(), *kept.missed())]


@router.delete("/{alarm_id}", status_code=204, responses=refusals(404))
async def cancel(alarm_id: str, desk: AtDesk) -> None:
    """Forget an alarm, all its occurrences included."""
    desk.household.alarms.remove(_find(desk, alarm_id))


@router.post("/{alarm_id}/snooze", responses=refusals(404, 409))
async def snooze(alarm_id: str, desk: AtDesk) -> AlarmBody:
    """Silence what rings; it rings again in nine minutes."""
    alarm = _find(desk, alarm_id)
    if alarm.phase is not Phase.RINGING:
        raise Refusal(Code.NOT_RINGING)
    return alarm_body(desk.household.alarms.snooze(alarm))


@router.post("/{alarm_id}/stop", status_code=204, responses=refusals(404, 409))
async def stop(alarm_id: str, desk: AtDesk) -> None:
    """Silence what rings, or take note of what was missed."""
    alarm = _find(desk, alarm_id)
    if alarm.phase not in (Phase.RINGING, Phase.MISSED):
        raise Refusal(Code.NOT_RINGING)
    desk.household.alarms.dismiss(alarm)


def alarm_body(alarm: Alarm) -> AlarmBody:
    """Return *alarm* as the API shows it."""
    return AlarmBody.model_validate(plain(alarm))


def _find(desk: Desk, alarm_id: str) -> Alarm:
    alarm = desk.household.alarms.get(alarm_id)
    if alarm is None:
        raise Refusal(Code.NOT_FOUND)
    return alarm
