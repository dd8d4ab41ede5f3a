"""Why this intent: the worth of each word, for the page and the command line."""

from dataclasses import dataclass, replace

from gnothi.core.errors import InputError
from gnothi.core.plain import Json, plain
from gnothi.explain.decision import Decision, explain_decision
from gnothi.language.understand import NeuralUnderstander

FINE = 4
PLAYERS = 9
"""Pieces of a sentence that are told apart: 512 readings, about a second; more words pair up."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """How much each word speaks for the intent that was chosen, against the runner-up."""

    text: str
    decision: Decision

    def json(self) -> dict[str, Json]:
        """Return what the page and ``gnothi explain --json`` show."""
        attribution = self.decision.attribution
        words = attribution.contributions
        return {
            "text": self.text,
            "intent": self.decision.intent,
            "against": self.decision.runner_up,
            "base": round(attribution.base, FINE),
            "score": round(attribution.score, FINE),
            "words": [plain(replace(word, value=round(word.value, FINE))) for word in words],
        }


def explain_words(understander: NeuralUnderstander, text: str) -> Explanation:
    """Divide the lead of the first intent over the runner-up among the words of *text*.

    Exact Shapley values over at most :data:`PLAYERS` pieces (:mod:`gnothi.explain.shapley`).

    Raises:
        InputError: nothing was understood, so there is nothing to explain.
    """
    understanding = understander.understand(text)
    if not understanding.requests:
        raise InputError("Nothing was understood of that, so there is no decision to explain.")
    request = understanding.requests[0]
    return Explanation(text, explain_decision(understander, text, request, players=PLAYERS))
