"""Ports to listen on."""

import pytest

from gnothi.core.errors import InputError
from gnothi.serve.ports import claim, port_of


def test_the_next_free_port_is_taken() -> None:
    """A second server does not fail, and does not share the first one's port."""
    with claim("127.0.0.1", 0) as first:
        taken = port_of(first)
        with claim("127.0.0.1", None, first=taken) as second:
            assert port_of(second) > taken


def test_a_port_that_was_asked_for_is_that_one_or_none() -> None:
    """Asking for a taken port is answered with what to do."""
    with claim("127.0.0.1", 0) as first, pytest.raises(InputError, match="--port"):
        claim("127.0.0.1", port_of(first))
