"""What can listen for a wake word, and how one is opened by name."""

from collections.abc import Callable
from dataclasses import dataclass

from gnothi.core.errors import InputError
from gnothi.core.waking import WakeWord


@dataclass(frozen=True, slots=True)
class Waker:
    """A kind of listener."""

    name: str
    about: str
    """What it is good for, in a sentence."""
    make: Callable[[str], WakeWord]
    """Opens it; takes what stands behind its name."""
    lacks: Callable[[], str] = str
    """Says in a sentence what is missing here; empty when it can be used."""
    where: str = ""
    """What must stand behind its name, for people; empty for nothing."""

    @property
    def spelling(self) -> str:
        """How it is written where one is chosen."""
        return f"{self.name}:{self.where}" if self.where else self.name


def wakers() -> tuple[Waker, ...]:
    """Return every kind of listener."""
    return (
        Waker(
            "wyoming",
            "Any wake word service in your network that speaks Wyoming.",
            _wyoming,
            where="tcp://HOST:PORT",
        ),
        Waker(
            "openwakeword",
            "Okay Nabu, Hey Jarvis and other words, on this machine; or a model of your own.",
            _open_wake_word,
            _lacks_open_wake_word,
            where="WORD",
        ),
        Waker(
            "gnothi",
            "Alexa, Computer or Jarvis, on this machine; or a word that gnothi-train wake learned.",
            _own,
            where="WORD",
        ),
    )


def open_wake_word(choice: str) -> WakeWord | None:
    """Return what listens as *choice* says: a name, and what it needs behind a colon.

    Words of a service may stand behind its address: ``wyoming:tcp://HOST:PORT/ok_nabu``. Nobody
    listens where nothing was chosen.

    Raises:
        InputError: there is no such thing, or it lacks something.
    """
    if not choice:
        return None
    name, _, where = choice.partition(":")
    found = next((one for one in wakers() if one.name == name), None)
    if found is None:
        known = ", ".join(one.spelling for one in wakers())
        raise InputError(f"Nothing called '{name}' listens for a wake word. There are: {known}")
    if lacking := found.lacks():
        raise InputError(lacking)
    if bool(where) != bool(found.where):
        raise InputError(f"Write it as {found.spelling}")
    return found.make(where)


def _lacks_open_wake_word() -> str:
    from gnothi.speech.waking.openwakeword import lacks

    return lacks()


def _open_wake_word(where: str) -> WakeWord:
    from gnothi.speech.waking.openwakeword import OpenWakeWord

    return OpenWakeWord(where.split(","))


def _own(where: str) -> WakeWord:
    from gnothi.speech.waking.own import OwnWakeWord

    return OwnWakeWord(where.split(","))


def _wyoming(where: str) -> WakeWord:
    from gnothi.speech.waking.wyoming import WyomingWake

    scheme, _, rest = where.partition("://")
    address, _, words = rest.partition("/")
    return WyomingWake(f"{scheme}://{address}", [one for one in words.split(",") if one])
