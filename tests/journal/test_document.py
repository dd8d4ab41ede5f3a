import pytest
from hypothesis import HealthCheck, given, settings
from journal_turns import signals, turn, turns

from gnothi.core.errors import InputError
from gnothi.core.interaction import Interaction, Signal
from gnothi.journal.document import (
    read_interaction,
    read_signal,
    write_interaction,
    write_signal,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(turns)
def test_turns_make_the_round_trip(one: Interaction) -> None:
    """Every turn is read back exactly as it was, moments with their zones included."""
    assert read_interaction(write_interaction(one)) == one


@settings(deadline=None)
@given(signals)
def test_signals_make_the_round_trip(signal: Signal) -> None:
    """Every signal is read back exactly as it was."""
    assert read_signal(write_signal(signal)) == signal


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(turns)
def test_documents_are_one_plain_line(one: Interaction) -> None:
    """A document is one line of ASCII, which every database and tool can keep."""
    document = write_interaction(one)
    assert document.isascii()
    assert "\n" not in document


def test_documents_of_older_versions() -> None:
    """A field that an older version did not write has its default."""
    document = write_interaction(turn()).replace(',"signals":[]', "")
    assert read_interaction(document) == turn()


@pytest.mark.parametrize("document", ["", "{}", "[]", "null", '{"id": 1}', "{'"])
def test_nonsense_is_refused(document: str) -> None:
    """What is no turn raises an error made for people."""
    with pytest.raises(InputError, match="not a"):
        read_interaction(document)
