"""Change the volume, of the page's player or of a media player of the home."""

from dataclasses import replace
from typing import cast

from gnothi.core.acting import Act, Call, Outcome, Question, Status
from gnothi.core.risk import Risk
from gnothi.skills import home_media
from gnothi.skills.fill import carried
from gnothi.skills.turn import Proposal, Turn
from gnothi.skills.vocabulary import Vocabulary
from gnothi.text.numbers import parse_number, parse_percent

SKILL = "volume"
STEP, SMALL, LARGE = 0.1, 0.05, 0.25
"""How much "louder", "a bit louder" and "much louder" are."""
DIALS = 10
"""A bare number up to this is a mark on a dial and not a percentage."""
SIGNS = {"audio_volume_up": 1, "audio_volume_down": -1}

_WORDS = Vocabulary.beside(__file__)


async def propose_level(turn: Turn) -> Proposal:
    """Find the new level: as said, or a step up or down."""
    before = carried(turn, "set_level").get("level")
    if isinstance(before, float) and _amount(turn.text) is None:  # "no, the radio"
        turn = replace(turn, text=f"{turn.text} {round(before * 100)}%")
    if proposal := await home_media.for_home(turn, _WORDS):
        return proposal
    if _is_beyond(turn):
        call = turn.carried or Call(SKILL, "set_level")
        return Proposal(call, Risk.FREE, problem=(Act("volume-beyond"),))
    level = _level(turn)
    if level is None:
        question = Question("level", Act("volume-ask"))
        return Proposal(Call(SKILL, "set_level"), Risk.FREE, question)
    return Proposal(Call(SKILL, "set_level", {"level": level}), Risk.FREE)


async def set_level(turn: Turn, *, level: float) -> Outcome:
    """Set the volume of the page's player."""
    before = _now(turn)
    await turn.services.player.command("volume", level=level)
    act = Act("volume-set", {"percent": round(level * 100)})
    return Outcome(Status.DONE, (act,), Call(SKILL, "set_level", {"level": before}))


async def propose_mute(turn: Turn) -> Proposal:
    """Find what to mute."""
    return await home_media.for_home(turn, _WORDS) or Proposal(Call(SKILL, "mute"), Risk.FREE)


async def mute(turn: Turn) -> Outcome:
    """Mute the page's player."""
    await turn.services.player.command("mute", muted=True)
    return Outcome(Status.DONE, (Act("volume-muted"),), Call(SKILL, "unmute"))


async def propose_unmute(turn: Turn) -> Proposal:
    """Find what to unmute."""
    return await home_media.for_home(turn, _WORDS) or Proposal(Call(SKILL, "unmute"), Risk.FREE)


async def unmute(turn: Turn) -> Outcome:
    """Let the page's player sound again."""
    await turn.services.player.command("mute", muted=False)
    return Outcome(Status.DONE, (Act("volume-unmuted"),), Call(SKILL, "mute"))


def _level(turn: Turn) -> float | None:
    """Return the level that is wanted, from 0 to 1."""
    sign = SIGNS.get(turn.interpretation.intent, 0)
    if turn.text in _WORDS["most"]:
        return 1.0
    if turn.text in _WORDS["least"]:
        return 0.0
    amount = _amount(turn.text)
    if amount is not None and (not sign or turn.text in _WORDS["to"]):
        return _within(amount)
    if not sign:
        return None
    return _within(_now(turn) + sign * (_step(turn.text) if amount is None else amount))


def _is_beyond(turn: Turn) -> bool:
    """Whether a level is told that there is not; a step ends at the loudest."""
    amount = _amount(turn.text)
    steps = SIGNS.get(turn.interpretation.intent, 0) and turn.text not in _WORDS["to"]
    return amount is not None and not steps and not 0 <= amount <= 1


def _amount(text: str) -> float | None:
    if percent := parse_percent(text):
        return percent.value / 100
    number = parse_number(text)
    if number is None or number.ordinal:
        return None
    return number.value / (DIALS if number.value <= DIALS else 100)


def _step(text: str) -> float:
    return SMALL if text in _WORDS["little"] else LARGE if text in _WORDS["much"] else STEP


def _now(turn: Turn) -> float:
    return float(cast("float", turn.services.player.state().get("volume", 0.5)))


def _within(level: float) -> float:
    return round(min(max(level, 0.0), 1.0), 3)
