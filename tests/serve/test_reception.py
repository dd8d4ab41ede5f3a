"""Whose conversation is whose."""

from gnothi.serve.doors.visitor import Visitor
from gnothi.serve.reception import private_session


def test_a_guest_from_elsewhere_takes_up_nobody_s_conversation() -> None:
    """A "yes" from the network is none to a question that was put on this machine."""
    here = private_session("kitchen", None, Visitor("127.0.0.1", local=True))
    one, other = (
        private_session("kitchen", None, Visitor(address, local=False))
        for address in ("192.168.1.9", "192.168.2.9")
    )
    assert len({here, one, other}) == 3
    assert all(name.startswith("guest/") for name in (here, one, other)), "forgetting finds it"
