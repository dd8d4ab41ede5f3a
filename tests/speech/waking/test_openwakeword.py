"""openWakeWord listens: its package where it is installed, and a small one of the same shape."""

import sys
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from gnothi.core.errors import InputError
from gnothi.core.hearing import RATE
from gnothi.speech.waking import openwakeword
from gnothi.speech.waking.openwakeword import OpenWakeWord
from gnothi.speech.waking.wakers import open_wake_word
from gnothi.testing.waking import wake_word_complaints

STEP = 1280


class Model(StrEnum):
    OKAY_NABU = "okay_nabu"


class Features:
    """The loudness of each 80 ms."""

    open = 0

    def __init__(self) -> None:
        self._rest = b""
        Features.open += 1

    @classmethod
    def from_builtin(cls) -> "Features":
        return cls()

    def process_streaming(self, sound: bytes) -> Iterator[float]:
        assert sound
        self._rest += sound
        while len(self._rest) >= 2 * STEP:
            piece, self._rest = self._rest[: 2 * STEP], self._rest[2 * STEP :]
            yield float(np.abs(np.frombuffer(piece, "<i2").astype(int)).mean())

    def close(self) -> None:
        Features.open -= 1


class Word:
    """As probable as it is loud, over several steps, as its networks are."""

    def __init__(self, model: Any) -> None:
        self.model = model

    from_builtin = from_model = classmethod(lambda cls, model: cls(model))

    def process_streaming(self, loud: float) -> Iterator[float]:
        yield min(loud / 5_000, 1.0)

    def close(self) -> None:
        """Nothing is held."""


@pytest.fixture
def package(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a package of the same shape."""
    module: Any = ModuleType(openwakeword.PACKAGE)
    module.Model, module.OpenWakeWord, module.OpenWakeWordFeatures = Model, Word, Features
    monkeypatch.setitem(sys.modules, openwakeword.PACKAGE, module)
    monkeypatch.setattr(openwakeword, "find_spec", lambda _: True)


@pytest.mark.usefixtures("package")
def test_it_is_a_wake_word() -> None:
    """It keeps the contract, and gives its networks back."""
    tone = (0.5 * np.sin(np.arange(RATE // 2) / 5)).astype(np.float32)
    clip = np.concatenate([np.zeros(RATE, np.float32), tone, np.zeros(RATE, np.float32)])
    wake = open_wake_word("openwakeword:okay_nabu")
    assert wake is not None
    assert list(wake_word_complaints(wake, clip)) == []
    assert Features.open == 0


@pytest.mark.usefixtures("package")
def test_words_are_names_or_files(tmp_path: Path) -> None:
    """Several may be listened for; what there is none of is told."""
    (tmp_path / "computer.tflite").write_bytes(b"")
    wake = OpenWakeWord(["okay_nabu", str(tmp_path / "computer.tflite")])
    assert wake.words == ("okay_nabu", "computer")
    with pytest.raises(InputError, match=r"has no word 'alexis'\. It has okay_nabu"):
        OpenWakeWord(["alexis"])
    with pytest.raises(InputError, match="There is no model"):
        OpenWakeWord([str(tmp_path / "none.tflite")])


def test_without_the_package_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """With what to install."""
    monkeypatch.setattr(openwakeword, "find_spec", lambda _: None)
    with pytest.raises(InputError, match="pip install pyopen-wakeword"):
        open_wake_word("openwakeword:okay_nabu")


def test_its_own_networks_wake_at_nothing_in_a_quiet_room() -> None:
    """The real package, where it is installed, takes sound of any size and stays calm."""
    pytest.importorskip(openwakeword.PACKAGE)
    stream = OpenWakeWord(["okay_nabu"]).open()
    rng = np.random.default_rng(0)
    room = (0.001 * rng.standard_normal(3 * RATE)).astype(np.float32)
    assert [one for size in (1, 999, RATE) for one in stream.accept(room[:size])] == []
    stream.close()
