"""Control the home and answer questions about it; grounding finds out what is meant."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

from gnothi.core.acting import Act, Call, Outcome, Question, Status
from gnothi.core.errors import ProviderError
from gnothi.core.plain import plain
from gnothi.core.risk import Risk
from gnothi.home.grounding.commands import command
from gnothi.home.grounding.ground import Earlier, Situation, ground
from gnothi.home.grounding.operations import Operation
from gnothi.home.grounding.result import Asking, Doing, Grounding, Problem, Telling
from gnothi.home.grounding.risk import guarded_return, is_already, is_guarded, risk_of
from gnothi.home.grounding.several import ground_each
from gnothi.home.house import House
from gnothi.home.model import Device
from gnothi.home.state import DeviceState
from gnothi.skills.builtin.home.answers import answer
from gnothi.skills.builtin.home.speaking import described, names
from gnothi.skills.builtin.home.values import told, word_of
from gnothi.skills.turn import Proposal, Turn

SKILL = "home"
CHOICES = 5
"""So many devices are read out when one of them must be chosen."""


async def propose_control(turn: Turn) -> Proposal:
    """Find what is to be done to which devices; a question is answered instead."""
    return _propose(turn)


async def propose_query(turn: Turn) -> Proposal:
    """Find what is asked about which devices; a plain command is carried out instead."""
    return _propose(turn)


async def propose_player(turn: Turn) -> Proposal | None:
    """Return what a request for sound means for the home's players.

    ``None`` when it means none of them, so that another player may take it.
    """
    proposal = _propose(turn)
    steps = _steps(proposal.call.arguments.get("steps")) or [proposal.call.arguments]
    meant = [_ids(step.get("targets")) or proposal_choices(proposal) for step in steps]
    players = any(_are_players(targets, turn.services.house) for targets in meant)
    return proposal if players and not proposal.problem else None


def _are_players(targets: Sequence[str], house: House) -> bool:
    return bool(targets) and all(house.device(one).domain == "media_player" for one in targets)


def proposal_choices(proposal: Proposal) -> list[str]:
    """Return the ids among which *proposal* asks to choose."""
    return _ids(proposal.call.arguments.get("among"))


def _propose(turn: Turn) -> Proposal:
    house, situation = turn.services.house, _situation(turn)
    intent = turn.interpretation.intent
    if turn.carried is None and (steps := ground_each(turn.text, intent, house, situation)):
        return _several_proposal(steps, house)
    return _proposal(ground(turn.text, intent, house, situation), turn)


def _situation(turn: Turn) -> Situation:
    house = turn.services.house
    carried = turn.carried
    arguments = dict(carried.arguments) if carried and carried.skill == SKILL else _data(None)
    earlier = told_before = None
    if carried and carried.api == "control" and arguments:
        operation = Operation(str(arguments["operation"]), _data(arguments.get("data")))
        earlier = Earlier(operation, tuple(_ids(arguments.get("targets"))))
    if carried and carried.api == "query" and arguments:
        told_before = Telling(
            question=str(arguments["question"]),
            targets=tuple(_ids(arguments.get("targets"))),
            state=str(arguments.get("state") or ""),
            attribute=str(arguments.get("attribute") or ""),
        )
    return Situation(
        area=hearing_area(house, turn.utterance.device),
        focus=tuple(one for one in _ids(turn.focus.get("devices")) if _exists(house, one)),
        recent=tuple(one for one in _ids(turn.focus.get("recent")) if _exists(house, one)),
        focus_areas=tuple(_ids(turn.focus.get("areas"))),
        earlier=earlier,
        told=told_before,
        among=tuple(_ids(arguments.get("among"))) if turn.answers == "targets" else (),
        answers=turn.answers or "",
    )


def hearing_area(house: House, device: str | None) -> str | None:
    """Return the area of the device that hears: named by its id, its name, or the area itself."""
    if not device:
        return None
    wanted = device.casefold()
    for known in house.devices():
        if wanted in {known.id.casefold(), known.name.casefold()}:
            return known.area
    for area in house.areas():
        if wanted in {area.id.casefold(), *(name.casefold() for name in area.names)}:
            return area.id
    return None


def _exists(house: House, entity_id: str) -> bool:
    return any(device.id == entity_id for device in house.devices())


def _proposal(found: Grounding, turn: Turn) -> Proposal:
    match found:
        case Doing(also=()):
            return _control_proposal(found, turn.services.house)
        case Doing():
            return _several_proposal(found.steps, turn.services.house)
        case Telling():
            arguments = {
                "question": found.question,
                "targets": list(found.targets),
                "state": found.state,
                "attribute": found.attribute,
                "areas": list(found.areas),
                "kind": found.kind,
            }
            return Proposal(Call(SKILL, "query", arguments), Risk.FREE)
        case Asking():
            return _asking_proposal(found, turn.services.house)
        case Problem():
            return _problem_proposal(found, turn)


def _control_proposal(found: Doing, house: House) -> Proposal:
    devices = [house.device(target) for target in found.targets]
    operation = found.operation.name
    arguments = _arguments(found.operation, found.targets)
    arguments |= {"areas": list(found.areas), "group": found.group}
    return Proposal(
        Call(SKILL, "control", arguments),
        _risk(operation, devices, house),
        confirmation=_confirmation([(operation, one) for one in devices], house),
        entities=_entities(house, found.targets, found.areas),
    )


def _risk(operation: str, devices: Sequence[Device], house: House) -> Risk:
    """Return the risk of *operation*; none where the devices are so already."""
    return risk_of(operation, [one for one in devices if _changes(operation, one, house)])


def _changes(operation: str, device: Device, house: House) -> bool:
    return not is_already(operation, device, house.state(device.id))


def _several_proposal(steps: Sequence[Doing], house: House) -> Proposal:
    """Return one call for several things; it is as harmful as the worst of them."""
    proposals = [_control_proposal(step, house) for step in steps]
    pairs = [(step.operation.name, house.device(one)) for step in steps for one in step.targets]
    arguments = {"steps": [dict(one.call.arguments) for one in proposals]}
    return Proposal(
        Call(SKILL, "control_all", arguments),
        max((one.risk for one in proposals), key=lambda risk: risk.rank),
        confirmation=_confirmation(pairs, house),
    )


def _confirmation(pairs: Sequence[tuple[str, Device]], house: House) -> Act:
    """Return the question before operations on devices: it names each that is guarded."""
    guarded = [
        (operation, device)
        for operation, device in pairs
        if is_guarded(operation, device) and _changes(operation, device, house)
    ]
    return _question(guarded or pairs, house)


def _question(pairs: Sequence[tuple[str, Device]], house: House) -> Act:
    """Ask whether to do each operation to its device, all of them by name."""
    devices = [device for _, device in pairs]
    operations = {operation for operation, _ in pairs}
    if len(operations) == 1:
        values = described(house, devices, (), group=False)
        return Act("home-confirm", {**values, "operation": operations.pop()})
    named: dict[str, object] = {name: list[str]() for name in (*_CONFIRMED.values(), "other")}
    for (operation, _), name in zip(pairs, names(house, devices), strict=True):
        cast("list[str]", named[_CONFIRMED.get(operation, "other")]).append(name)
    return Act("home-confirm-several", named)


_CONFIRMED = {
    **{one: one for one in ("unlock", "open", "disarm", "off", "toggle", "on", "activate")},
    "position": "open",
}
"""Operation to the list of the question about several operations in which it is named."""


def _asking_proposal(found: Asking, house: House) -> Proposal:
    arguments = _arguments(found.operation, found.targets)
    if found.argument == "value":
        act = Act("home-ask-value", {"operation": found.operation.name})
        question = Question("value", act)
        about = _entities(house, found.targets, ())
        call = Call(SKILL, "control", arguments)
        return Proposal(call, Risk.REVERSIBLE, question, entities=about)
    devices = [house.device(one) for one in found.choices]
    choices = names(house, devices)
    act = Act("home-which", {"choices": choices})
    if len(choices) > CHOICES:
        act = Act("home-which-many", {"amount": len(choices)})
    question = Question("targets", act, tuple(choices))
    arguments["among"] = list(found.choices)
    risk = risk_of(found.operation.name, devices)
    return Proposal(Call(SKILL, "control", arguments), risk, question)


def _problem_proposal(found: Problem, turn: Turn) -> Proposal:
    house = turn.services.house
    devices = [house.device(target) for target in found.targets]
    values = described(house, devices, (), group=False)
    if found.limits:
        low, high, unit = found.limits
        values |= {"low": _plain(low), "high": _plain(high), "unit": unit}
    act = Act(f"home-{found.reason}", {**values, "words": found.words})
    call = turn.carried or Call(SKILL, "control")
    return Proposal(call, Risk.REVERSIBLE, problem=(act,))


def _plain(value: float) -> int | float:
    return int(value) if value.is_integer() else value


def _arguments(operation: Operation, targets: Sequence[str]) -> dict[str, object]:
    return {
        "operation": operation.name,
        "targets": list(targets),
        "data": dict(operation.data),
    }


async def control(
    turn: Turn,
    *,
    operation: str,
    targets: Sequence[str],
    data: Mapping[str, object] | None = None,
    areas: Sequence[str] = (),
    group: bool = False,
    among: Sequence[str] = (),
) -> Outcome:
    """Carry *operation* out on every target and say what became of it."""
    house = turn.services.house
    devices = [house.device(target) for target in targets]
    asked = Operation(operation, data or {})
    risk = _risk(operation, devices, house)
    before = {device.id: house.state(device.id) for device in devices}
    failures = await asyncio.gather(*(_obey(house, device, asked) for device in devices))
    obeyed = [one for one, failure in zip(devices, failures, strict=True) if failure is None]
    changed = [one for one in obeyed if house.state(one.id).differs(before[one.id])]
    acts: list[Act] = []
    if obeyed:
        values = described(house, changed or obeyed, areas, group=group)
        acts.append(_done(asked, changed, obeyed, house, values))
    for device, failure in zip(devices, failures, strict=True):
        if failure is not None:
            named = described(house, [device], (), group=False)
            acts.append(Act("home-failed", {**named, "reason": failure}))
    return Outcome(
        Status.DONE if obeyed else Status.FAILED,
        tuple(acts),
        undo=(undo := _undo(changed, before)),
        undo_asks=_undo_asks(_data(undo.arguments["states"]), house) if undo else None,
        risk=risk,
        entities=_entities(house, targets, areas) | {"recent": _recent(turn, targets)},
    )


async def control_all(turn: Turn, *, steps: Sequence[Mapping[str, Any]]) -> Outcome:
    """Carry several operations out, one after the other."""
    outcomes = [await control(turn, **step) for step in steps]
    states: dict[str, object] = {}
    for outcome in reversed(outcomes):  # of a device in two steps, the first knows how it was
        states |= _data(outcome.undo.arguments["states"]) if outcome.undo else {}
    targets = [target for step in steps for target in _ids(step["targets"])]
    house = turn.services.house
    return Outcome(
        max((one.status for one in outcomes), key=lambda status: status is Status.DONE),
        tuple(act for one in outcomes for act in one.acts),
        undo=Call(SKILL, "restore", {"states": states}) if states else None,
        undo_asks=_undo_asks(states, house),
        risk=max((one.risk for one in outcomes if one.risk), key=lambda risk: risk.rank),
        entities=_entities(house, targets, ()) | {"recent": _recent(turn, targets)},
    )


def _recent(turn: Turn, targets: Sequence[str]) -> list[str]:
    """Return the devices of the last turns, the newest last."""
    before = [one for one in _ids(turn.focus.get("recent")) if one not in targets]
    return [*before, *targets][-_REMEMBERED:]


_REMEMBERED = 6


async def _obey(house: House, device: Device, operation: Operation) -> str | None:
    """Carry *operation* out on *device*; return why that failed."""
    found = command(operation, device, house.state(device.id), units=house.home.units)
    if found is None:
        return None
    try:
        await house.call(found.service, [device.id], found.data)
    except ProviderError as error:
        return str(error)
    return None


def _done(
    operation: Operation,
    changed: Sequence[Device],
    obeyed: Sequence[Device],
    house: House,
    values: Mapping[str, object],
) -> Act:
    """Return the sentence for what was done; "already" where nothing had to be."""
    state = house.state((changed or obeyed)[0].id)
    if not changed and operation.name not in _MOMENTARY:
        return Act("home-already", {**values, "state": word_of(state.state)})
    value = told(operation, state)
    if "step" in operation.data and (value is None or len(changed) > 1):
        up = float(str(operation.data["step"])) > 0
        return Act("home-changed-up" if up else "home-changed-down", values)
    return Act(f"home-{operation.name}", {**values, **(value or {})})


_MOMENTARY = frozenset({"activate", "stop", "next", "previous", "halt"})
"""Operations that are worth saying even where no state tells of them."""


def _undo(changed: Sequence[Device], before: Mapping[str, DeviceState]) -> Call | None:
    """Return the call that restores what *changed*."""
    if not changed:
        return None
    states = {
        one.id: {
            "state": before[one.id].state,
            "attributes": plain(before[one.id].attributes),
        }
        for one in changed
    }
    return Call(SKILL, "restore", {"states": states})


def _undo_asks(states: Mapping[str, object], house: House) -> Act | None:
    """Return how to ask before devices are brought back to *states*, where that is guarded."""
    risky: list[tuple[str, Device]] = []
    for target, before in states.items():
        device, state = house.device(target), _data(before).get("state")
        if operation := guarded_return(device, DeviceState(None if state is None else str(state))):
            risky.append((operation, device))
    return _question(risky, house) if risky else None


def _entities(house: House, targets: Sequence[str], areas: Sequence[str]) -> dict[str, object]:
    places = list(areas) or [
        area for target in targets if (area := house.device(target).area) is not None
    ]
    return {"devices": list(targets), "areas": list(dict.fromkeys(places))}


async def restore(turn: Turn, *, states: Mapping[str, Mapping[str, object]]) -> Outcome:
    """Bring devices back to exactly the state they were in."""
    house = turn.services.house
    for target, wanted in states.items():
        state = wanted.get("state")
        await house.restore(
            target,
            replace(
                house.state(target),
                state=None if state is None else str(state),
                attributes=_data(wanted.get("attributes")),
            ),
        )
    devices = [house.device(target) for target in states]
    act = Act("home-restored", described(house, devices, (), group=len(devices) > 1))
    return Outcome(Status.DONE, (act,), entities=_entities(house, list(states), ()))


async def query(
    turn: Turn,
    *,
    question: str,
    targets: Sequence[str] = (),
    state: str = "",
    attribute: str = "",
    areas: Sequence[str] = (),
    kind: str = "",
) -> Outcome:
    """Answer from the state of the home; nothing is changed."""
    house = turn.services.house
    asked = Telling(question, tuple(targets), state, attribute, tuple(areas), kind)
    acts = answer(asked, house, turn.now)
    return Outcome(Status.DONE, acts, risk=Risk.FREE, entities=_entities(house, targets, areas))


def _ids(value: object) -> list[str]:
    return (
        [str(one) for one in cast("Sequence[object]", value)]
        if isinstance(value, list | tuple)
        else []
    )


def _steps(value: object) -> list[Mapping[str, object]]:
    return [_data(one) for one in cast("Sequence[object]", value)] if value else []


def _data(value: object) -> dict[str, object]:
    return dict(cast("Mapping[str, object]", value)) if isinstance(value, Mapping) else {}
