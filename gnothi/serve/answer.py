"""A turn as JSON: the same object on the command line and over HTTP (CONTRACTS, section 5)."""

from collections.abc import Iterator

from gnothi.core.acting import Action, Reply, Stage
from gnothi.core.interaction import Interaction
from gnothi.core.plain import Json, plain
from gnothi.core.understanding import Interpretation, Slot, Understanding

FINE = 4
"""Decimals of a score."""


def understanding_json(understanding: Understanding) -> dict[str, Json]:
    """Return what ``gnothi understand --json`` prints."""
    requests = [_request(request) for request in understanding.requests]
    first = understanding.requests[0] if understanding.requests else None
    return {
        "text": understanding.text,
        "requests": list(requests),
        "out_of_scope": understanding.out_of_scope,
        "intent": first.intent if first else None,
        "domain": first.domain if first else None,
        "slots": [_slot(slot) for slot in first.slots] if first else [],
        "score": round(first.score, FINE) if first else None,
    }


def answer_json(interaction: Interaction) -> dict[str, Json]:
    """Return what ``gnothi ask --json`` prints and ``POST /api/turn`` answers."""
    return {
        "id": interaction.id,
        "session": interaction.session,
        "text": interaction.utterance.text,
        "reply": interaction.reply.text,
        "ssml": interaction.reply.ssml,
        "expects": interaction.reply.expects,
        "choices": choices(interaction.reply),
        "requests": [_request(request) for request in interaction.understanding.requests],
        "out_of_scope": interaction.understanding.out_of_scope,
        "actions": [_action(action) for action in interaction.actions],
        "changes": plain(interaction.changes),
        "display": plain(interaction.reply.display),
        "trace": [plain(stage) for stage in (*_hearing(interaction), *interaction.trace)],
    }


def _hearing(interaction: Interaction) -> Iterator[Stage]:
    """Yield what came before the turn, where it was spoken."""
    if heard := interaction.utterance.heard:
        for stage, ms in heard.stages.items():
            yield Stage(stage, ms, note=heard.recogniser)


def choices(reply: Reply) -> list[Json]:
    """Return what a question offers to choose from, as it was spoken."""
    if reply.expects is None:
        return []
    offered = [plain(act.values.get("choices", ())) for act in reply.acts]
    return [choice for choices in offered if isinstance(choices, list) for choice in choices]


def _request(request: Interpretation) -> Json:
    return {
        "start": request.start,
        "end": request.end,
        "domain": request.domain,
        "intent": request.intent,
        "score": round(request.score, FINE),
        "slots": [_slot(slot) for slot in request.slots],
        "alternatives": [
            {"intent": other.intent, "score": round(other.score, FINE)}
            for other in request.alternatives
        ],
    }


def _slot(slot: Slot) -> Json:
    return {"name": slot.name, "value": slot.value, "start": slot.start, "end": slot.end}


def _action(action: Action) -> Json:
    return {
        "skill": action.call.skill,
        "call": action.call.api,
        "arguments": plain(action.call.arguments),
        "status": action.status.value,
        "risk": action.risk.value,
        "message": action.message,
    }
