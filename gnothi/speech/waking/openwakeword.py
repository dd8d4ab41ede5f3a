"""openWakeWord, on this machine: words that others trained, or a model of one's own.

The package ``pyopen-wakeword`` (7 MB) runs it. The models that come with it are for non-commercial
use (CC BY-NC-SA 4.0): people install it, we neither need nor ship it.
"""

from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from gnothi.core.errors import InputError
from gnothi.core.hearing import RATE, Samples, require_sound
from gnothi.core.waking import Woken
from gnothi.speech.resample import to_pcm16

PACKAGE = "pyopen_wakeword"
_STEP = 1280
"""Samples of one step of its networks, 80 ms."""
_SURE = 0.5
_ONCE_S = 1.0
"""So soon after it was last heard, a word is still the same one."""


def lacks() -> str:
    """Say in a sentence what is missing; empty when it can listen."""
    if find_spec(PACKAGE):
        return ""
    return "The package pyopen-wakeword is not installed: pip install pyopen-wakeword"


class OpenWakeWord:
    """Listens for one or more words with openWakeWord's networks."""

    name = "openwakeword"

    def __init__(self, models: Sequence[str], *, sure: float = _SURE) -> None:
        """Listen for *models*: names of words that come with it, or paths of ``.tflite`` files.

        *sure* is how probable a word must be.

        Raises:
            InputError: it is not installed, or there is no such model.
        """
        if problem := lacks():
            raise InputError(problem)
        self._package: Any = import_module(PACKAGE)
        self._sure = sure
        self._models = dict(self._read(model) for model in models)
        self.words = tuple(self._models)

    def open(self) -> "OpenWakeWordStream":
        """Begin to listen, with networks of its own."""
        features = self._package.OpenWakeWordFeatures.from_builtin()
        make = self._package.OpenWakeWord
        found = {
            word: make.from_builtin(model) if builtin else make.from_model(model)
            for word, (model, builtin) in self._models.items()
        }
        return OpenWakeWordStream(features, found, self._sure)

    def _read(self, model: str) -> tuple[str, tuple[Any, bool]]:
        """Return the word of *model*, what opens it, and whether it comes with the package."""
        path = Path(model).expanduser()
        if path.suffix == ".tflite":
            if not path.is_file():
                raise InputError(f"There is no model {path}.")
            return path.stem, (path, False)
        try:
            return model, (self._package.Model(model), True)
        except ValueError as error:
            known = ", ".join(str(one.value) for one in self._package.Model)
            raise InputError(
                f"openWakeWord has no word '{model}'. It has {known}, or takes a .tflite file."
            ) from error


class OpenWakeWordStream:
    """One piece of listening."""

    def __init__(self, features: Any, words: dict[str, Any], sure: float) -> None:  # noqa: ANN401 - the package is optional
        """Listen for *words* in what *features* makes of the sound."""
        self._features = features
        self._words = words
        self._sure = sure
        self._samples = 0
        self._last: dict[str, float] = {}
        self._is_closed = False

    def accept(self, samples: Samples) -> Sequence[Woken]:
        """Take in *samples*, and return the words that end in them."""
        if self._is_closed:
            raise InputError("This stream is closed: open another one.")
        require_sound(samples)
        found: list[Woken] = []
        for start in range(0, len(samples), _STEP):
            piece = samples[start : start + _STEP]
            self._samples += len(piece)
            found += self._heard(to_pcm16(piece))
        return found

    def close(self) -> None:
        """Stop to listen, and give the networks back."""
        if not self._is_closed:
            self._is_closed = True
            for one in (self._features, *self._words.values()):
                one.close()

    def _heard(self, sound: bytes) -> list[Woken]:
        now, found = self._samples / RATE, list[Woken]()
        for features in self._features.process_streaming(sound):
            for word, network in self._words.items():
                for probability in network.process_streaming(features):
                    if probability < self._sure:
                        continue
                    last, self._last[word] = self._last.get(word), now
                    if last is None or now - last > _ONCE_S:
                        found.append(Woken(word, now, min(float(probability), 1.0)))
        return found
