"""Whether what is heard while an answer is spoken means to interrupt it.

People say "mhm" and "okay" to show that they listen: an assistant that falls silent at every sound
is as tiring as one that can't be stopped (https://github.com/livekit/agents/issues/2339). And a
microphone hears the loudspeaker: what repeats the answer is its echo.
"""

from collections.abc import Sequence

from gnothi.dialogue.lexicon import lexicon, words

LEAST_ECHO = 2
"""One word that also stands in the answer may be meant; two in a row come from the loudspeaker."""
_LEAST_LETTERS = 2
"""A single letter is more often a noise than the beginning of an answer."""
LEAST_ECHO_OF_QUESTION = 4
"""Who is asked "the floor lamp or the desk lamp" may well say "the floor lamp"."""


def interrupts(
    heard: str, reply: str, *, asks: bool, is_whole: bool = True, language: str = "en"
) -> bool:
    """Whether *heard* interrupts *reply* while that is spoken.

    Where the reply *asks* something, "yes" is an answer and no nod. While somebody still speaks, it
    is not *whole*: the last word may be the beginning of another one.
    """
    said = words(heard)
    least = LEAST_ECHO_OF_QUESTION if asks else LEAST_ECHO
    if not said or _is_echo(said, words(reply), least):
        return False
    nods = lexicon(language).nods
    known = said if is_whole else said[:-1]
    if not all(word in nods for word in known):
        return True
    if asks:
        return is_whole or len(said[-1]) >= _LEAST_LETTERS
    return not is_whole and not any(word.startswith(said[-1]) for word in nods)


def _is_echo(said: Sequence[str], reply: Sequence[str], least: int) -> bool:
    size = len(said)
    if size < least:
        return False
    return any(list(reply[at : at + size]) == list(said) for at in range(len(reply) - size + 1))
