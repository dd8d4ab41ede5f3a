"""What happened in a turn, as acts that a language pack turns into sentences."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources

from gnothi.core.acting import Act
from gnothi.core.interaction import Interaction
from gnothi.core.understanding import Interpretation, Kind


@dataclass(frozen=True, slots=True)
class Explanation:
    """A turn explained in five steps; a step without content is empty."""

    heard: tuple[Act, ...]
    understood: tuple[Act, ...]
    """For each request, the intent and what it was chosen over."""
    carried: tuple[Act, ...]
    """Which words answered, changed or repeated something said before."""
    done: tuple[Act, ...]
    artifacts: tuple[Act, ...]
    """Which versions of what was learned took part."""

    def acts(self) -> tuple[Act, ...]:
        """Return all of it, in order."""
        return (*self.heard, *self.understood, *self.carried, *self.done, *self.artifacts)


def explain_turn(turn: Interaction) -> Explanation:
    """Say why *turn* went as it did, from its record alone."""
    return Explanation(
        heard=tuple(_heard(turn)),
        understood=tuple(_understood(turn)),
        carried=tuple(_carried(turn)),
        done=tuple(_done(turn)),
        artifacts=tuple(
            Act("explain-artifact", {"name": name, "version": version})
            for name, version in sorted(turn.artifacts.items())
        ),
    )


def explain_pack(language: str = "en") -> str:
    """Return the Fluent source with the sentences of explanations."""
    return resources.files("gnothi.explain").joinpath(f"{language}.ftl").read_text(encoding="utf-8")


def _heard(turn: Interaction) -> Iterator[Act]:
    said = {"text": turn.utterance.text}
    if turn.utterance.device:
        yield Act("explain-heard-by", {**said, "device": turn.utterance.device})
    else:
        yield Act("explain-heard", said)
    if len(turn.utterance.hypotheses) > 1:
        yield Act("explain-hypotheses", {"count": len(turn.utterance.hypotheses)})
    if turn.understanding.text != turn.utterance.text:
        yield Act("explain-rewritten", {"text": turn.understanding.text})


def _understood(turn: Interaction) -> Iterator[Act]:
    if turn.understanding.out_of_scope:
        yield Act("explain-out-of-scope")
    for request in turn.understanding.requests:
        yield from _request(request)


def _request(request: Interpretation) -> Iterator[Act]:
    chosen = {"intent": request.intent, "percent": _percent(request.score)}
    if request.alternatives:
        other = request.alternatives[0]
        second = {"other": other.intent, "other_percent": _percent(other.score)}
        yield Act("explain-understood-over", {**chosen, **second})
    else:
        yield Act("explain-understood", chosen)
    for slot in request.slots:
        yield Act("explain-slot", {"name": slot.name, "value": slot.value})


def _carried(turn: Interaction) -> Iterator[Act]:
    text = turn.understanding.text
    for move in turn.understanding.moves:
        if move.kind is not Kind.REQUEST:
            words = text[move.start : move.end]
            yield Act("explain-carried", {"kind": move.kind.value, "words": words})


def _done(turn: Interaction) -> Iterator[Act]:
    for action in turn.actions:
        yield Act(
            "explain-done",
            {
                "skill": action.call.skill,
                "api": action.call.api,
                "status": action.status.value,
                "risk": action.risk.value,
            },
        )
    if turn.changes:
        yield Act("explain-changed", {"devices": sorted(turn.changes)})


def _percent(score: float) -> int:
    return round(100 * score)
