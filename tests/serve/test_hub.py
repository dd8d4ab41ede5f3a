"""News for many listeners."""

from hypothesis import given
from hypothesis import strategies as some

from gnothi.serve.hub import RESYNC, Hub, Listener, News


async def test_everybody_hears_everything_in_order() -> None:
    """Two pages see the same news in the same order."""
    hub = Hub()
    with hub.listen() as one, hub.listen() as two:
        for number in range(5):
            hub.publish("device", {"number": number})
        for listener in (one, two):
            assert [(await listener.next()).body["number"] for _ in range(5)] == list(range(5))
    hub.publish("device", {})


@given(some.integers(1, 20), some.integers(0, 200))
def test_a_slow_listener_is_told_to_ask_again(room: int, many: int) -> None:
    """However much is missed, memory stays bounded and the listener learns that it missed some."""
    listener = Listener(room)
    for number in range(many):
        listener.tell(News("device", {"number": number}))
    waiting = listener.waiting()
    assert len(waiting) <= room
    assert many <= room or RESYNC in waiting
