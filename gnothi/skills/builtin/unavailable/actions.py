"""Say plainly what is understood but can't be done yet."""

from gnothi.core.acting import Act, Call, Outcome, Status
from gnothi.core.risk import Risk
from gnothi.skills.builtin.calculation import actions as calculation
from gnothi.skills.turn import Proposal, Turn

SKILL = "unavailable"


async def propose_explain(turn: Turn) -> Proposal:
    """Name what can't be done; nothing is attempted.

    What looks like a question of knowledge may be one that can be calculated ("how many cups are
    in a litre").
    """
    if proposal := calculation.proposed(turn):
        return proposal
    topic = turn.interpretation.intent
    call = Call(SKILL, "explain", {"topic": topic})
    return Proposal(call, Risk.FREE, problem=(Act(f"unavailable-{topic}"),))


async def explain(turn: Turn, *, topic: str = "nothing") -> Outcome:
    """Say that *topic* can't be done."""
    return Outcome(Status.FAILED, (Act(f"unavailable-{topic}"),))
