"""Where in a recording a word is said: found by forced alignment.

Loudness does not tell: breath, clicks and microphones that fall silent by themselves are as loud.
"""

from importlib import import_module
from typing import Any

from gnothi.speech.pronounce import Letters, Pronunciations
from gnothi.speech.sphinx import dictionary_file, read_dictionary
from gnothi_train.speech.voices import RATE, Sound

_FRAME = RATE // 100
_SILENCES = frozenset({"<s>", "</s>", "<sil>", "[NOISE]"})


class Aligner:
    """Finds words with the acoustic model of pocketsphinx (Huggins-Daines et al. 2006)."""

    def __init__(self) -> None:
        """Load the model."""
        self._decoder: Any = import_module("pocketsphinx").Decoder(loglevel="FATAL")
        known = read_dictionary(dictionary_file())
        self._sounds, self._known = Pronunciations(known, Letters.read()), set(known)

    def extent(self, sound: Sound, phrase: str) -> tuple[int, int] | None:
        """Return the first and last sample of *phrase* in *sound*; ``None`` if it isn't there."""
        words = phrase.lower().split()
        for word in words:
            if word not in self._known and (ways := self._sounds.of(word)):
                self._decoder.add_word(word, " ".join(ways[0]), update=True)
                self._known.add(word)
        if not set(words) <= self._known:
            return None
        self._decoder.set_align_text(" ".join(words))
        self._decoder.start_utt()
        self._decoder.process_raw(sound.tobytes(), full_utt=True)
        self._decoder.end_utt()
        said = [one for one in self._decoder.seg() or () if one.word not in _SILENCES]
        if not said:
            return None
        return said[0].start_frame * _FRAME, min(len(sound), (said[-1].end_frame + 1) * _FRAME)
