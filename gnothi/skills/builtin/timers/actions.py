"""Set, name, ask for, pause, change and cancel timers."""

import re
from collections.abc import Sequence
from datetime import timedelta

from gnothi.core.acting import Act, Call, Outcome, Question, Status
from gnothi.core.risk import Risk
from gnothi.home.alarms import Alarm, Kind, Phase
from gnothi.skills import ringing
from gnothi.skills.fill import carried
from gnothi.skills.format import Api
from gnothi.skills.turn import Proposal, Turn
from gnothi.skills.vocabulary import Vocabulary
from gnothi.text.durations import Duration, find_durations
from gnothi.text.numbers import Number, find_numbers, parse_number

SKILL = "timers"
LONGEST_NAME = 4
"""Words; anything longer was no name."""
TOLD = 5
"""Timers that are told one by one."""

_SIGN = re.compile(r"(?<![\w-])-(?=\d)")
"""The sign of "-5 minutes", which is no hyphen."""

_WORDS = Vocabulary.beside(__file__)


async def propose_set(turn: Turn) -> Proposal:
    """Find the length and the name of a new timer."""
    another = _is_another(turn.text)
    text = _WORDS["another"].cut(_WORDS["another_timer"].cut(turn.text)) if another else turn.text
    arguments = {} if another else carried(turn, "set_timer")
    before = carried(turn, "set_timer").get("duration")
    durations = find_durations(text)
    if _is_no_length(text, durations):
        problem = (Act("timers-no-length"),)
        return Proposal(Call(SKILL, "set_timer"), Risk.FREE, problem=problem, refuses=True)
    if length := _length(durations) or _bare(turn, text, before):
        arguments["duration"] = length
    if name := _slot(turn) or _name(turn, text, durations or find_numbers(text), free=another):
        arguments["name"] = name
    call = Call(SKILL, "set_timer", arguments)
    question = None if "duration" in arguments else Question("duration", Act("timers-ask-duration"))
    return Proposal(call, Risk.FREE, question)


def _is_another(text: str) -> bool:
    """Whether *text* asks for one more timer: "another for ten minutes", not "another minute"."""
    if text in _WORDS["another_timer"]:
        return True
    found = _WORDS["another"].find(text)
    if found is None:
        return False
    more = [one for one in find_durations(text) if _follows(one, found, text)]
    return not more or _WORDS["timer"].starts(text[more[0].end :].lstrip())


def _follows(length: Duration, more: re.Match[str], text: str) -> bool:
    """Whether *length* stands at the words for *more*, or right after them."""
    return length.end > more.end() and not text[more.end() : length.start].strip()


def _is_no_length(text: str, durations: Sequence[Duration]) -> bool:
    """Whether *text* says a length that no timer can have: "0 seconds", "minus five minutes"."""
    if not durations:
        return bool(find_durations(_SIGN.sub("", text)))
    minus = _WORDS["minus"].last(text[: durations[0].start])
    is_negative = minus and not text[minus.end() : durations[0].start].strip()
    return bool(is_negative) or not durations[0].length


def _bare(turn: Turn, text: str, before: object) -> timedelta | None:
    """Read a number without a unit, where a length was asked for or is corrected.

    "Sorry, I said fifteen" counts in the unit of the length *before*; otherwise minutes are meant.
    The "one" of "the rice one" counts nothing.
    """
    number = parse_number(_unpointed(text)) if turn.carried else None
    if number is None or number.ordinal or number.value <= 0:
        return None
    length = before if isinstance(before, timedelta) else timedelta(minutes=1)
    units = (timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1))
    return number.value * next((unit for unit in units if not length % unit), units[1])


def _unpointed(text: str) -> str:
    """Return *text* without the "one" of "the rice one", which counts nothing."""
    last = _WORDS["one"].last(text)
    whole = last and text[last.end() :].strip(" .!?") == "" and text[: last.start()].strip()
    return text[: last.start()] if last and whole else text


async def set_timer(turn: Turn, *, duration: timedelta, name: str = "") -> Outcome:
    """Start a timer."""
    device = turn.utterance.device
    timer = turn.services.alarms.start_timer(duration, name=name, user=turn.user, device=device)
    act = Act("timers-set", ringing.about([timer]))
    undo = Call(SKILL, "remove_timers", {"timers": [timer.id]})
    return Outcome(Status.DONE, (act,), undo, entities={"timer": timer.id})


async def propose_query(turn: Turn) -> Proposal:
    """Find the timers that are asked about: all, unless the question names one."""
    found = _wanted(turn)
    return Proposal(Call(SKILL, "query_timers", {"timers": _ids(found.candidates)}), Risk.FREE)


async def query_timers(turn: Turn, *, timers: Sequence[str] = ()) -> Outcome:
    """Tell how much time is left."""
    found = [timer for one in timers if (timer := turn.services.alarms.get(one))]
    if not found:
        return Outcome(Status.DONE, (Act("timers-none"),))
    acts = tuple(_told(timer, turn, len(found)) for timer in found[:TOLD])
    return Outcome(Status.DONE, acts, display=_display(found))


async def propose_cancel(turn: Turn) -> Proposal:
    """Find the timers to cancel."""
    return _propose(turn, "cancel_timers")


async def cancel_timers(turn: Turn, *, timers: Sequence[str]) -> Outcome:
    """Cancel timers; one that rings is silenced."""
    return ringing.removed(turn, timers, SKILL, "timers-cancelled")


async def propose_pause(turn: Turn) -> Proposal:
    """Find the timers to pause."""
    return _propose(turn, "pause_timers", Phase.WAITING, otherwise="timers-already-paused")


async def pause_timers(turn: Turn, *, timers: Sequence[str]) -> Outcome:
    """Pause timers."""
    before = ringing.existing(turn.services.alarms, timers)
    after = [turn.services.alarms.pause(timer) for timer in before]
    return ringing.changed(before, SKILL, _change("timers-paused", after, turn))


async def propose_resume(turn: Turn) -> Proposal:
    """Find the timers to go on with."""
    return _propose(turn, "resume_timers", Phase.PAUSED, otherwise="timers-not-paused")


async def resume_timers(turn: Turn, *, timers: Sequence[str]) -> Outcome:
    """Let paused timers go on."""
    before = ringing.existing(turn.services.alarms, timers)
    after = [turn.services.alarms.resume(timer) for timer in before]
    return ringing.changed(before, SKILL, _change("timers-resumed", after, turn))


async def propose_add(turn: Turn) -> Proposal:
    """Find the timer that gets more time, and how much; "another one for …" sets one more."""
    if _is_another(turn.text):
        return await propose_set(turn)
    return _propose_shift(turn, "add_time", "timers-ask-more")


async def add_time(turn: Turn, *, duration: timedelta, timers: Sequence[str]) -> Outcome:
    """Let timers run longer."""
    return _shift(turn, timers, duration, "timers-added")


async def propose_take(turn: Turn) -> Proposal:
    """Find the timer that gets less time, and how much."""
    return _propose_shift(turn, "take_time", "timers-ask-less")


async def take_time(turn: Turn, *, duration: timedelta, timers: Sequence[str]) -> Outcome:
    """Let timers ring earlier."""
    return _shift(turn, timers, -duration, "timers-taken")


async def restore_timers(turn: Turn, *, alarms: Sequence[Alarm]) -> Outcome:
    """Put timers back as they were."""
    return ringing.restored(turn, alarms, "timers-restored")


async def remove_timers(turn: Turn, *, timers: Sequence[str]) -> Outcome:
    """Take back the setting of timers."""
    return ringing.removed(turn, timers, SKILL, "timers-cancelled")


def _length(durations: Sequence[Duration]) -> timedelta | None:
    """Return the length of a timer; "ten minutes … not five" means the first."""
    return durations[0].length if durations else None


def _slot(turn: Turn) -> str:
    return _plain(" ".join(turn.interpretation.values("timer_name")))


def _name(
    turn: Turn, text: str, lengths: Sequence[Duration | Number], *, free: bool = False
) -> str:
    """Return how the timer is called: what a word like "called" leads to, else what is left.

    What only changes a timer or answers a question names it by such a word alone, unless it is
    *free* to say "another, rice, ten minutes".
    """
    for length in reversed(lengths):
        text = f"{text[: length.start]} , {text[length.end :]}"
    rest = _plain(text)
    called = _WORDS["called"].find(text)
    if turn.carried or len(rest.split()) > 1:
        called = called or _WORDS["called_for"].find(text)
    if called:
        rest = _plain(_before_clause(text[called.end() :]))
    elif turn.answers or (turn.carried and not free and text not in _WORDS["timer"]):
        rest = ""
    return rest if len(rest.split()) <= LONGEST_NAME else ""


def _plain(text: str) -> str:
    """Return *text* without punctuation and everything usual."""
    words = "".join(char if char.isalnum() or char in "'- " else " " for char in text)
    return _WORDS["noise"].cut(words.replace(" - ", " "))


def _before_clause(text: str) -> str:
    """Return *text* up to the next comma or clause."""
    first = text.strip(" ,").partition(",")[0]
    ends = _WORDS["clause"].find(first)
    return first[: ends.start()] if ends else first


def _timers(turn: Turn) -> tuple[Alarm, ...]:
    return turn.services.alarms.all(Kind.TIMER)


def _wanted(turn: Turn, timers: Sequence[Alarm] | None = None) -> ringing.Wanted:
    """Narrow timers down, also by length ("the ten minute timer")."""
    among = _timers(turn) if timers is None else timers
    found = ringing.wanted(turn, among, _WORDS)
    lengths = {duration.length for duration in find_durations(turn.text)}
    same = tuple(timer for timer in among if timer.length in lengths)
    return ringing.Wanted(same, described=True) if same and not found.described else found


def _propose(turn: Turn, api: str, phase: Phase | None = None, *, otherwise: str = "") -> Proposal:
    timers = [timer for timer in _timers(turn) if phase in (None, timer.phase)]
    if not timers and otherwise and _timers(turn):
        problem = (Act(otherwise, ringing.about(_timers(turn))),)
        return Proposal(Call(SKILL, api), Risk.FREE, problem=problem)
    return ringing.propose(turn, Api(api), SKILL, _wanted(turn, timers))


def _propose_shift(turn: Turn, api: str, ask: str) -> Proposal:
    arguments = carried(turn, api)
    durations = find_durations(turn.text)
    if durations:
        arguments["duration"] = durations[-1].length
    found = ringing.wanted(turn, _timers(turn), _WORDS)
    proposal = ringing.propose(turn, Api(api), SKILL, found, arguments)
    if proposal.problem or "duration" in arguments:
        return proposal
    return Proposal(proposal.call, Risk.FREE, Question("duration", Act(ask)))


def _shift(turn: Turn, ids: Sequence[str], by: timedelta, key: str) -> Outcome:
    service = turn.services.alarms
    before = ringing.existing(service, ids)
    after = [service.shift(timer, by) for timer in before]
    if not after[0].remaining(turn.now):
        return ringing.changed(before, SKILL, Act("timers-taken-all"))
    acts = [_change(key, [timer], turn, by=abs(by)) for timer in after]
    return ringing.changed(before, SKILL, *acts)


def _change(key: str, timers: Sequence[Alarm], turn: Turn, **extra: object) -> Act:
    left = timers[0].remaining(turn.now)
    return Act(key, {**ringing.about(timers), "left": left, **extra})


def _told(timer: Alarm, turn: Turn, amount: int) -> Act:
    key = {Phase.PAUSED: "timers-paused-left", Phase.RINGING: "timers-rings"}
    values = {**ringing.about([timer]), "left": timer.remaining(turn.now), "amount": amount}
    return Act(key.get(timer.phase, "timers-left"), values)


def _ids(timers: Sequence[Alarm]) -> list[str]:
    return [timer.id for timer in timers]


def _display(timers: Sequence[Alarm]) -> dict[str, object]:
    return {"kind": "timers", "timers": list(timers)}
