"""What takes a moment to make is made once, and in nobody else's way."""

import threading

import pytest

from gnothi.core.hearing import Hints
from gnothi.speech.endpoint.shipped import Latest
from gnothi.speech.kept import Kept
from gnothi.speech.wording import shipped


def test_the_last_few_are_kept() -> None:
    """What was asked for longest ago is made again."""
    kept, made = Kept[str, str](2), list[str]()

    def make(key: str) -> str:
        made.append(key)
        return key.upper()

    assert [kept.get(key, make) for key in "abacab"] == list("ABACAB")
    assert made == ["a", "b", "c", "b"]


def test_what_fails_is_tried_again() -> None:
    """A value that could not be made is not remembered as such."""
    kept = Kept[str, int](2)
    with pytest.raises(ValueError, match="invalid literal"):
        kept.get("a", int)
    assert kept.get("a", len) == 1


def test_who_waits_blocks_only_who_wants_the_same() -> None:
    """While one is made, another is to be had, and the same is not made twice."""
    kept, begun, go_on, made = Kept[str, int](4), threading.Event(), threading.Event(), list[str]()

    def slowly(key: str) -> int:
        made.append(key)
        begun.set()
        assert go_on.wait(10)
        return len(key)

    found: list[int] = []
    waiting = [
        threading.Thread(target=lambda: found.append(kept.get("slow", slowly))) for _ in range(2)
    ]
    for one in waiting:
        one.start()
    assert begun.wait(10)
    assert kept.get("quick", len) == 5
    go_on.set()
    for one in waiting:
        one.join(10)
    assert found == [4, 4]
    assert made == ["slow"]


def test_a_language_model_is_made_once() -> None:
    """Who listens and who judges where speech ends share it."""
    hints = Hints(phrases=("brew a mocha",))
    model = shipped().model(hints)
    assert shipped().model(Hints(phrases=("brew a mocha",))) is model
    judge = Latest()
    assert judge(hints) is judge(hints)
