"""Why this intent: the worth of each word, for the page and the command line."""

from collections.abc import Sequence

from gnothi.core.errors import InputError
from gnothi.core.plain import Json
from gnothi.core.protocols import Understander
from gnothi.core.understanding import Interpretation, Understanding
from gnothi.explain.shapley import attribute, word_spans

FINE = 4


def explain_words(understander: Understander, text: str) -> dict[str, Json]:
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
    return {
        "text": heard,
        "intent": request.intent,
        "against": against,
        "base": round(attribution.base, FINE),
        "score": round(attribution.score, FINE),
        "words": [
            {
                "text": part.text,
                "start": part.start + request.start,
                "end": part.end + request.start,
                "value": round(part.value, FINE),
            }
            for part in attribution.contributions
        ],
    }


def _lead(understanding: Understanding, intent: str, against: str) -> float:
    if not understanding.requests:
        return 0.0
    scores = _scores(understanding.requests[0])
    return scores.get(intent, 0.0) - scores.get(against, 0.0)


def _scores(request: Interpretation) -> dict[str, float]:
    found = {other.intent: other.score for other in request.alternatives}
    return {**found, request.intent: request.score}
