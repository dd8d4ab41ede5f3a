"""The recognisers that can be chosen, what each lacks here, and how one is opened by name."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from gnothi.core.errors import ArtifactError, InputError
from gnothi.core.hearing import Recogniser
from gnothi.core.settings import Settings
from gnothi.speech import pronounce, wording
from gnothi.speech.shelf import Shelf

if TYPE_CHECKING:
    from gnothi.speech.reranking import ReRanker

ORDER = ("pocketsphinx", "gnothi")
"""What is taken where nobody has chosen: the first of these that lacks nothing.

The one that hears people better goes first: ours hears synthetic voices better, and noise
(docs/decisions/0020).
"""

MODEL = "MODEL"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Backend:
    """A kind of recogniser."""

    name: str
    about: str
    """What it is good for, in a sentence."""
    lacks: Callable[[], str]
    """Says in a sentence what is missing here; empty when it can be used."""
    make: Callable[[str], Recogniser]
    """Opens it; takes what stands behind the name: an address, a folder."""
    where: str = ""
    """What must stand behind its name, for people; empty for nothing.

    ``MODEL`` is a model that ``gnothi speech setup`` fetched, by its name, or a folder with one.
    """

    @property
    def spelling(self) -> str:
        """How it is written where one is chosen."""
        return f"{self.name}:{self.where}" if self.where else self.name


def backends() -> tuple[Backend, ...]:
    """Return every kind of recogniser, the ones that need no set-up first."""
    return (
        Backend(
            "gnothi",
            "Our own streaming model, for commands at home: quick, good in noise, teachable.",
            _lacks_model,
            _streaming,
        ),
        Backend(
            "pocketsphinx",
            "Commands with the names of your home, without a download; weak at dictation.",
            partial(_lacks_package, "pocketsphinx", "pip install 'gnothi[pocketsphinx]'"),
            _sphinx,
        ),
        Backend(
            "adapted",
            "The usual one, and beside it ours that gnothi-train adapt has taught a skill.",
            _lacks_model,
            _adapted,
            "FOLDER",
        ),
        Backend(
            "wyoming",
            "Any speech service in your network that speaks Wyoming.",
            str,
            _wyoming,
            "tcp://HOST:PORT",
        ),
        Backend(
            "sherpa-onnx",
            "Open dictation while you speak, with a streaming transducer that you fetch.",
            partial(_lacks_package, "sherpa_onnx", "pip install sherpa-onnx"),
            _sherpa,
            MODEL,
        ),
        Backend(
            "faster-whisper",
            "Dictation in many languages, with a model that you fetch; whole utterances.",
            partial(_lacks_package, "faster_whisper", "pip install faster-whisper"),
            _whisper,
            MODEL,
        ),
        Backend(
            "moonshine",
            "Dictation in English, quick for short commands, with a model that you fetch.",
            partial(_lacks_package, "sherpa_onnx", "pip install sherpa-onnx"),
            _moonshine,
            MODEL,
        ),
        Backend(
            "whisper.cpp",
            "Dictation in many languages, in small files that you fetch; whole utterances.",
            partial(_lacks_package, "pywhispercpp", "pip install pywhispercpp"),
            _whisper_cpp,
            MODEL,
        ),
    )


def open_recogniser(choice: str | None = None) -> Recogniser:
    """Return the recogniser called *choice*: a name, and what it needs behind a colon.

    Without a choice, the one that the household chose, else the first of ``ORDER`` that lacks
    nothing.

    Raises:
        InputError: there is no such recogniser, or it lacks something.
        ArtifactError: its model is damaged.
    """
    choice = choice or Settings.from_environment().recogniser
    if not choice:
        return _usual()
    name, _, where = choice.partition(":")
    found = next((one for one in backends() if one.name == name), None)
    if found is None:
        known = ", ".join(one.spelling for one in backends())
        raise InputError(f"There is no recogniser '{name}'. There are: {known}")
    if lacking := found.lacks():
        raise InputError(lacking)
    if bool(where) != bool(found.where):
        raise InputError(f"Write the recogniser as {found.spelling}")
    return found.make(where)


def usable() -> Iterator[Backend]:
    """Yield the recognisers that can be opened as they are, without an address or a folder."""
    return (one for one in backends() if not one.where and not one.lacks())


def ready(shelf: Shelf | None = None) -> tuple[str, ...]:
    """Return what can be chosen as it is: what needs nothing, and the models that are here."""
    lacking = {one.name for one in backends() if one.lacks()}
    fetched = (one.choice for one in (shelf or Shelf()).models() if one.backend not in lacking)
    return (*(one.name for one in usable()), *fetched)


def usual() -> str:
    """Return the name of the recogniser that is taken where nobody has chosen; empty for none."""
    names = {one.name for one in usable()}
    return next((one for one in ORDER if one in names), "")


def _usual() -> Recogniser:
    found = {one.name: one for one in usable()}
    if name := usual():
        return found[name].make("")
    raise InputError("There is no recogniser here yet: pip install 'gnothi[pocketsphinx]'")


def _place(where: str) -> Path:
    """Return the folder of the model that was fetched as *where*, else the folder *where*.

    Raises:
        InputError: there is neither.
        ArtifactError: the model is not what was fetched any more.
    """
    shelf = Shelf()
    if shelf.find(where):
        return shelf.place(where)
    path = Path(where).expanduser()
    if not path.exists():
        raise InputError(
            f"There is no model '{where}' here, and no such folder: gnothi speech setup --list "
            "says which can be fetched."
        )
    return path


def _lacks_package(package: str, advice: str) -> str:
    return "" if find_spec(package) else f"The package {package} is not installed: {advice}"


def _lacks_model() -> str:
    from gnothi.speech.streaming import SHIPPED

    return "" if SHIPPED.is_dir() else "The model gnothi/models/hearing is not in this version."


def _streaming(where: str) -> Recogniser:
    from gnothi.speech.streaming import StreamingModel, StreamingRecogniser

    return StreamingRecogniser(StreamingModel(), wording.shipped, reranker=_reranker())


def _reranker() -> "ReRanker | None":
    """Return who judges hypotheses once more; ``None`` where what comes along does not fit."""
    from gnothi.speech.reranking import ENCODER, SHIPPED, ReRanker
    from gnothi.text.encoder import SharedEncoder

    try:
        return ReRanker.read(SharedEncoder(ENCODER), SHIPPED)
    except ArtifactError as error:
        _log.warning("Whole sentences are not judged once more: %s", error)
        return None


def _adapted(where: str) -> Recogniser:
    from gnothi.speech.adapted import AdaptedRecogniser

    return AdaptedRecogniser(Path(where).expanduser(), _usual())


def _sphinx(where: str) -> Recogniser:
    from gnothi.speech.sphinx import Sphinx

    return Sphinx(wording.shipped, pronounce.shipped)


def _sherpa(where: str) -> Recogniser:
    from gnothi.speech.sherpa import Sherpa

    return Sherpa(_place(where))


def _whisper(where: str) -> Recogniser:
    from gnothi.speech.faster_whisper import FasterWhisper

    return FasterWhisper(_place(where))


def _moonshine(where: str) -> Recogniser:
    from gnothi.speech.moonshine import Moonshine

    return Moonshine(_place(where))


def _whisper_cpp(where: str) -> Recogniser:
    from gnothi.speech.whisper_cpp import WhisperCpp

    return WhisperCpp(_place(where))


def _wyoming(where: str) -> Recogniser:
    from gnothi.speech.wyoming import WyomingRecogniser

    return WyomingRecogniser(where)
