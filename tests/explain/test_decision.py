import pytest

from gnothi.explain.decision import explain_decision
from gnothi.language.understand import NeuralUnderstander
from gnothi.registry.registry import SHIPPED


@pytest.mark.skipif(not any(SHIPPED.rglob("card.json")), reason="no language network is shipped")
def test_the_shares_of_a_real_decision() -> None:
    """The words' shares add up to the margin, and lie where the words are."""
    text = "play some jazz"
    understander = NeuralUnderstander()
    request = understander.understand(text).requests[0]
    decision = explain_decision(understander, text, request)
    shares = decision.attribution
    assert decision.intent == request.intent
    assert decision.runner_up == request.alternatives[0].intent
    assert [piece.text for piece in shares.contributions] == text.split()
    assert sum(piece.value for piece in shares.contributions) == pytest.approx(
        shares.score - shares.base, abs=1e-6
    )
    assert shares.score == pytest.approx(request.score - request.alternatives[0].score, abs=0.02)
