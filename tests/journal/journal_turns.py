"""Turns to write into journals: one plain one, and a strategy for every other."""

from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import strategies as st

from gnothi.core.acting import Act, Action, Call, Reply, Stage, Status
from gnothi.core.identity import time_ordered_id
from gnothi.core.interaction import Interaction, Signal
from gnothi.core.risk import Risk
from gnothi.core.understanding import (
    Alternative,
    Interpretation,
    Kind,
    Move,
    Slot,
    Understanding,
    Utterance,
)

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def turn(
    number: int = 0,
    *,
    user: str | None = "ana",
    session: str = "s1",
    at: datetime | None = None,
    text: str = "set a timer for five minutes",
) -> Interaction:
    """Return a timer that was set, the *number*-th of its kind."""
    at = at or NOON + timedelta(seconds=number)
    slot = Slot("duration", "five minutes", 16, 28)
    request = Interpretation(
        "timer", "timer_set", 0.9, (slot,), (Alternative("alarm_set", 0.05),), 0, len(text)
    )
    call = Call("timers", "set", {"duration": timedelta(minutes=5)})
    return Interaction(
        id=time_ordered_id(at, Random(number)),
        at=at,
        session=session,
        user=user,
        utterance=Utterance(text, device="speaker.kitchen", speaker=user),
        understanding=Understanding(text, (request,), artifact="language@1"),
        actions=(Action(call, Status.DONE, Risk.REVERSIBLE, "Timer set."),),
        reply=Reply("Timer set.", (Act("timers-set", {"duration": timedelta(minutes=5)}),)),
        changes={"light.kitchen": {"state": "on", "brightness": 255}},
        trace=(Stage("understand", 3.0, "language@1"),),
        artifacts={"language": "1"},
        propensities={"prompt": 0.25},
    )


def undo(at: datetime = NOON) -> Signal:
    """Return the signal of somebody who took the turn back."""
    return Signal("undo", at, 0.5, {"after": timedelta(seconds=3)})


_moments = st.datetimes(timezones=st.timezones() | st.just(UTC))
_numbers = st.floats(allow_nan=False, allow_infinity=False)
_scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | _numbers
    | st.text()
    | st.timedeltas()
    | _moments
    | st.dates()
    | st.times()
)
_keys = st.text(max_size=5) | st.sampled_from(["$date", "$object", "$timedelta", "$"])
_values = st.recursive(
    _scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_keys, inner, max_size=3),
    max_leaves=6,
)
_objects = st.dictionaries(_keys, _values, max_size=3)
_names = st.text(max_size=8)
_acts = st.builds(Act, _names, _objects)
_calls = st.builds(Call, _names, _names, _objects)
_requests = st.builds(
    Interpretation,
    _names,
    _names,
    _numbers,
    st.tuples(st.builds(Slot, _names, _names, st.integers(), st.integers())),
    st.tuples(st.builds(Alternative, _names, _numbers)),
    st.integers(),
    st.integers(),
)
_moves = st.builds(
    Move, st.sampled_from(Kind), st.integers(), st.integers(), _numbers, st.none() | _requests
)
_utterances = st.builds(
    Utterance,
    st.text(),
    st.lists(st.tuples(st.text(), _numbers), max_size=2).map(tuple),
    _names,
    st.none() | _names,
    st.none() | _names,
)
_actions = st.builds(Action, _calls, st.sampled_from(Status), st.sampled_from(Risk), st.text())
_replies = st.builds(
    Reply,
    st.text(),
    st.lists(_acts, max_size=2).map(tuple),
    st.text(),
    st.lists(_objects, max_size=2).map(tuple),
    st.none() | _names,
)
signals = st.builds(Signal, _names, _moments, _numbers, _objects)
turns = st.builds(
    Interaction,
    id=st.uuids(version=4).map(lambda uuid: uuid.hex),
    at=_moments,
    session=_names,
    user=st.none() | _names,
    utterance=_utterances,
    understanding=st.builds(
        Understanding,
        st.text(),
        st.lists(_requests, max_size=2).map(tuple),
        st.booleans(),
        _names,
        st.lists(_moves, max_size=2).map(tuple),
        _objects,
    ),
    actions=st.lists(_actions, max_size=2).map(tuple),
    reply=_replies,
    changes=st.dictionaries(_names, _objects, max_size=2),
    trace=st.lists(st.builds(Stage, _names, _numbers, _names, _names), max_size=2).map(tuple),
    artifacts=st.dictionaries(_names, _names, max_size=2),
    propensities=st.dictionaries(_names, _numbers, max_size=2),
    signals=st.lists(signals, max_size=2).map(tuple),
)
