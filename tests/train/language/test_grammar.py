"""The grammar of what the ontology adds."""

import numpy as np
import pytest

from gnothi_train.language.grammar import Grammar

GRAMMAR = Grammar()


@pytest.mark.parametrize("intent", GRAMMAR.intents)
def test_every_sentence_is_clean(intent: str) -> None:
    """Sampled sentences hold no marks of the grammar, and slots cover whole words."""
    rng = np.random.default_rng(0)
    for _ in range(40):
        example = GRAMMAR.sample(intent, rng)
        assert example.intent == intent
        assert example.text == example.text.strip()
        assert not set(example.text) & set("<>{}[]|()"), example.text
        assert "  " not in example.text, example.text
        for span in example.spans or ():
            value = example.text[span.start : span.end]
            assert value == value.strip() != "", (example.text, span)


def test_the_same_seed_gives_the_same_sentences() -> None:
    """Training data can be made again."""
    one, other = (
        [GRAMMAR.sample("timer_set", rng).text for _ in range(20)]
        for rng in (np.random.default_rng(3), np.random.default_rng(3))
    )
    assert one == other
    assert len(set(one)) > 10


def test_extension_intents_are_covered() -> None:
    """What skills for the home, timers and media need can be asked for."""
    needed = {
        "iot_lock", "iot_unlock", "iot_open", "iot_close", "iot_state_query", "iot_mode_set",
        "timer_set", "timer_query", "timer_cancel", "media_pause", "lists_complete",
        "general_cancel", "general_help", "iot_temperature_set", "iot_speed_set", "iot_disarm",
    }  # fmt: skip
    assert needed <= set(GRAMMAR.intents)
