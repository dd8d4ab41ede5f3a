"""The speakers that can be chosen, what each lacks here, and how one is opened by name."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from gnothi.core.errors import InputError
from gnothi.core.speaking import Speaker
from gnothi.speech.speaking import espeak

NOBODY = "none"
"""Chosen where nobody shall speak."""


@dataclass(frozen=True, slots=True)
class Wish:
    """How somebody wants to be spoken to."""

    choice: str = ""
    """A speaker, and what it needs behind a colon; empty for the usual one."""
    voice: str = ""
    """Empty for the usual one."""
    speed: float = 1.0


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of speaker."""

    name: str
    about: str
    """What it is good for, in a sentence."""
    lacks: Callable[[], str]
    """Says in a sentence what is missing here; empty when it can be used."""
    make: Callable[[str, Wish], Speaker]
    """Opens it; takes what stands behind its name."""
    where: str = ""
    """What must stand behind its name, for people; empty for nothing."""

    @property
    def spelling(self) -> str:
        """How it is written where one is chosen."""
        return f"{self.name}:{self.where}" if self.where else self.name


def speakers() -> tuple[Kind, ...]:
    """Return every kind of speaker, the usual one first."""
    return (
        Kind(
            "espeak-ng",
            "Speaks at once, in a hundred languages; clear, and not pretty.",
            espeak.lacks,
            lambda _, wish: espeak.EspeakSpeaker(wish.voice or None, speed=wish.speed),
        ),
        Kind(
            "piper",
            "Sounds like a person, with a voice that you fetch.",
            espeak.lacks,
            _piper,
            "FOLDER",
        ),
    )


def open_speaker(wish: Wish | None = None) -> Speaker | None:
    """Return who speaks as *wish* says; ``None`` where nobody shall.

    Raises:
        InputError: there is no such speaker or voice, or it lacks something.
    """
    wish = wish or Wish()
    name, _, where = (wish.choice or speakers()[0].name).partition(":")
    if name == NOBODY:
        return None
    found = next((one for one in speakers() if one.name == name), None)
    if found is None:
        known = ", ".join(one.spelling for one in speakers())
        raise InputError(f"There is no speaker '{name}'. There are: {known}, {NOBODY}")
    if lacking := found.lacks():
        raise InputError(lacking)
    if bool(where) != bool(found.where):
        raise InputError(f"Write the speaker as {found.spelling}")
    return found.make(where, wish)


def _piper(where: str, wish: Wish) -> Speaker:
    from gnothi.speech.speaking.piper import PiperSpeaker

    return PiperSpeaker(Path(where).expanduser(), wish.voice or None, speed=wish.speed)
