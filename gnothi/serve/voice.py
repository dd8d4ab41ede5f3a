"""The voice of a household: who speaks, and what is said of a reply."""

from threading import Lock

from gnothi.core.acting import Reply
from gnothi.core.errors import GnothiError, InputError
from gnothi.core.settings import Settings
from gnothi.core.speaking import Speaker, Speaking, Speech
from gnothi.speech.speaking.composing import read_text
from gnothi.speech.speaking.speakers import Wish, open_speaker
from gnothi.speech.speaking.ssml import is_ssml, read_ssml

_READY = "Ready."


class HouseVoice:
    """Says replies, or tells why nobody speaks. Any thread may ask."""

    def __init__(self, settings: Settings) -> None:
        """Speak as *settings* say; whoever it is, is opened at the first word."""
        self._wish = Wish(settings.speaker, settings.voice, settings.speed)
        self._lock = Lock()
        self._found: tuple[Speaker | None, str] | None = None

    @property
    def speaker(self) -> Speaker | None:
        """Who speaks; ``None`` for nobody."""
        return self._opened[0]

    @property
    def lacks(self) -> str:
        """Why nobody speaks, in a sentence; empty where somebody does."""
        return self._opened[1]

    def say(
        self, reply: Reply | str, *, voice: str | None = None, language: str = "en"
    ) -> Speaking:
        """Begin to say *reply*, or a text or SSML, in blocks at the rate of ``speaker``.

        Raises:
            InputError: nobody speaks here, or not with that *voice*.
            ProviderError: the speaker can't speak now.
        """
        if self.speaker is None:
            raise InputError(self.lacks or "Nobody speaks here: GNOTHI_SPEAKER is none.")
        return self.speaker.speak(speech_of(reply, language), voice=voice)

    def warm(self) -> None:
        """Make ready what takes time at the first word; takes seconds with a neural voice."""
        if self.speaker is None:
            return
        speaking = self.say(_READY)
        try:
            next(speaking, None)
        except GnothiError:
            return  # it is told when somebody is to be spoken to
        finally:
            speaking.close()

    @property
    def _opened(self) -> tuple[Speaker | None, str]:
        with self._lock:
            if self._found is None:
                self._found = _open(self._wish)
            return self._found


def _open(wish: Wish) -> tuple[Speaker | None, str]:
    try:
        return open_speaker(wish), ""
    except GnothiError as error:
        return None, str(error)


def speech_of(reply: Reply | str, language: str = "en") -> Speech:
    """Return what is said of a *reply*: its SSML where it has some that can be read, else its text.

    A text that begins like SSML is read as such.
    """
    if isinstance(reply, str):
        return read_ssml(reply, language) if is_ssml(reply) else read_text(reply, language)
    if not reply.ssml:
        return read_text(reply.text, language)
    try:
        return read_ssml(reply.ssml, language)
    except InputError:
        return read_text(reply.text, language)
