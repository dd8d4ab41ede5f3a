"""Say plainly what is understood but can't be done yet."""

from gnothi.core.acting import Act, Call, Outcome, Status
from gnothi.core.risk import Risk
from gnothi.skills.builtin.calculation import actions as calculation
from gnothi.skills.spoken import locale_of
from gnothi.skills.turn import Proposal, Turn
from gnothi.skills.vocabulary import Vocabulary

SKILL = "unavailable"
EMERGENCY = {"US": "911", "CA": "911", "AU": "000", "NZ": "111", "GB": "999"}
"""Emergency numbers by territory (ITU-T E.161.1); elsewhere it is 112, which mobile phones know
everywhere."""

_WORDS = Vocabulary.beside(__file__)


def is_emergency(text: str) -> bool:
    """Whether *text* calls for help by itself: "call the police", not "a song about the police"."""
    said = _WORDS["lead"].strip(text)
    found = _WORDS["emergencies"].find(said)
    if found is None or _WORDS["persons"].cut(said[: found.start()]):
        return False
    rest = _WORDS["lead"].strip(said[found.end() :])
    return not rest or _WORDS["circumstances"].starts(rest)


async def tell_whom_to_call(turn: Turn) -> Outcome:
    """Say that nobody is called, and which number to call."""
    territory = locale_of(turn.services.house).territory or ""
    number = EMERGENCY.get(territory, "112")
    return Outcome(Status.DONE, (Act("unavailable-emergency", {"emergency": number}),))


def is_erasing(text: str) -> bool:
    """Whether *text* wants nothing but what is known of the speaker erased."""
    said = _WORDS["lead"].strip(text)
    if not _WORDS["erase"].starts(said):
        return False
    what = _WORDS["owners"].strip(_WORDS["erase"].strip(said))
    return _WORDS["records"].are(what)


async def tell_where_to_erase(turn: Turn) -> Outcome:
    """Say where people erase what is kept of them; nothing is erased here."""
    return Outcome(Status.DONE, (Act("unavailable-erase"),))


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
