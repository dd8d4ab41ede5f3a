"""Why this intent: the worth of each word, for the page and the command line."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from gnothi.core.errors import InputError
from gnothi.core.plain import Json, plain
from gnothi.core.protocols import Understander
from gnothi.core.understanding import Interpretation, Understanding
from gnothi.explain.shapley import Attribution, Contribution, attribute, word_spans

FINE = 4


@dataclass(frozen=True, slots=True)
class Explanation:
    """How much each word speaks for the intent that was chosen, against the runner-up."""

    text: str
    intent: str
    against: str
    attribution: Attribution
    """Its spans count from the beginning of the utterance."""

    def json(self) -> dict[str, Json]:
        """Return what the page and ``gnothi explain --json`` show."""
        words = self.attribution.contributions
        return {
            "text": self.text,
            "intent": self.intent,
            "against": self.against,
            "base": round(self.attribution.base, FINE),
            "score": round(self.attribution.score, FINE),
            "words": [plain(replace(word, value=round(word.value, FINE))) for word in words],
        }


def explain_words(understander: Understander, text: str) -> Explanation:
    """Divide the lead of the chosen intent over the runner-up among the words of *text*.

    The worth of a text is the score of the intent minus the score of the runner-up, both found for
    the whole text. Exact Shapley values; see :mod:`gnothi.explain.shapley`.

    Raises:
        InputError: nothing was understood, so there is nothing to explain.
    """
    understanding = understander.understand(text)
    if not understanding.requests or not understanding.requests[0].alternatives:
        raise InputError("Nothing was understood of that, so there is no decision to explain.")
    request = understanding.requests[0]
    against = request.alternatives[0].intent
    heard = text[request.start : request.end]

    def lead(texts: Sequence[str]) -> list[float]:
        return [_lead(understander.understand(one), request.intent, against) for one in texts]

    attribution = attribute(heard, word_spans(heard), lead)
    placed = tuple(_moved(part, request.start) for part in attribution.contributions)
    return Explanation(heard, request.intent, against, replace(attribution, contributions=placed))


def _moved(part: Contribution, by: int) -> Contribution:
    return replace(part, start=part.start + by, end=part.end + by)


def _lead(understanding: Understanding, intent: str, against: str) -> float:
    if not understanding.requests:
        return 0.0
    scores = _scores(understanding.requests[0])
    return scores.get(intent, 0.0) - scores.get(against, 0.0)


def _scores(request: Interpretation) -> dict[str, float]:
    found = {other.intent: other.score for other in request.alternatives}
    return {**found, request.intent: request.score}
