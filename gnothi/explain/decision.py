"""Why this intent and not the next best one: the words' shares in the decision."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gnothi.core.understanding import Interpretation
from gnothi.explain.shapley import MOST_PLAYERS, Attribution, Score, attribute
from gnothi.language.decoder import log_softmax
from gnothi.language.understand import NeuralUnderstander
from gnothi.text.tokenise import tokenise

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Decision:
    """A choice between two intents, divided among the words."""

    intent: str
    runner_up: str | None
    """``None`` when nothing else was considered: then the score of the intent is explained."""
    attribution: Attribution
    """Offsets are characters of the whole utterance."""


def explain_decision(
    understander: NeuralUnderstander,
    text: str,
    request: Interpretation,
    *,
    players: int = MOST_PLAYERS,
) -> Decision:
    """Divide the margin of *request*'s intent over the runner-up among the words of *text*.

    The margin is the difference of the two calibrated probabilities, 0 for no words at all. The
    network reads one text for each set of words: 256 for eight, a second on one core; 4,096 for
    twelve, a quarter of a minute. Call it on demand, off the event loop; fewer *players* join
    neighbouring words and halve the time each.
    """
    runner_up = request.alternatives[0].intent if request.alternatives else None
    spans = [
        (word.start, word.end)
        for word in tokenise(text)
        if request.start <= word.start and word.end <= request.end
    ]
    score = margin(understander, request.intent, runner_up)
    return Decision(request.intent, runner_up, attribute(text, spans, score, players=players))


def margin(understander: NeuralUnderstander, intent: str, runner_up: str | None) -> Score:
    """Return what scores texts by p(*intent*) - p(*runner_up*), as the network sees them."""
    labels = understander.labels
    chosen = labels.intents.index(intent)
    other = labels.intents.index(runner_up) if runner_up else None

    def score(texts: Sequence[str]) -> list[float]:
        sentences = [tokenise(text) for text in texts]
        readings = iter(understander.encoder.read([words for words in sentences if words]))
        return [
            _margin(next(readings).intents / np.float32(labels.temperature), chosen, other)
            if words
            else 0.0
            for words in sentences
        ]

    return score


def _margin(logits: Floats, chosen: int, other: int | None) -> float:
    shares = np.exp(log_softmax(logits))
    return float(shares[chosen] - (shares[other] if other is not None else 0.0))
