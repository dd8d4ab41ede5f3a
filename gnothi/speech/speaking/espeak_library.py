"""espeak-ng's library as a program, for machines where only the library is installed.

Run as ``python -I espeak_library.py LIBRARY DATA …`` with the options of espeak-ng that
:mod:`gnothi.speech.speaking.espeak` uses. It imports nothing of ours, and nobody imports it: the
library is GPL, and what it is linked with is this process.
"""

import argparse
import ctypes
import sys
from typing import Any

_SYNCHRONOUS, _RETRIEVAL = 2, 1
_RATE_PARAMETER, _VOLUME_PARAMETER = 1, 2
_UTF8, _SSML, _END_PAUSE = 1, 0x10, 0x1000
_IPA = 2
_BUFFER_MS = 60
_STOP, _GO_ON = 1, 0
_HEADER = b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0" + bytes(12) + b"data" + b"\xff\xff\xff\x7f"


class _Voice(ctypes.Structure):
    _fields_ = (
        ("name", ctypes.c_char_p),
        ("languages", ctypes.c_char_p),
        ("identifier", ctypes.c_char_p),
        ("gender", ctypes.c_ubyte),
        ("age", ctypes.c_ubyte),
        ("variant", ctypes.c_ubyte),
        ("xx1", ctypes.c_ubyte),
        ("score", ctypes.c_int),
        ("spare", ctypes.c_void_p),
    )


def main() -> int:
    """Do what the options say; return 0 where it worked."""
    parser = argparse.ArgumentParser()
    parser.add_argument("library")
    parser.add_argument("data")
    parser.add_argument("-v", default="en-us")
    parser.add_argument("-s", type=int, default=175)
    parser.add_argument("-a", type=int, default=100)
    parser.add_argument("-b")
    parser.add_argument("--voices", nargs="?", const="")
    for flag in ("-m", "-q", "--ipa", "--stdin", "--stdout"):
        parser.add_argument(flag, action="store_true")
    given = parser.parse_args()
    library = ctypes.CDLL(given.library)
    mode = _SYNCHRONOUS if given.stdout else _RETRIEVAL
    if library.espeak_Initialize(mode, _BUFFER_MS, given.data.encode(), 0) < 0:
        return 1
    if given.voices is not None:
        return _list(library, given.voices)
    if library.espeak_SetVoiceByName(given.v.encode()):
        return 1
    text = sys.stdin.buffer.read() + b"\0"
    return _write_phonemes(library, text) if given.ipa else _speak(library, text, given)


def _list(library: Any, language: str) -> int:  # noqa: ANN401 - a C library
    library.espeak_ListVoices.restype = ctypes.POINTER(ctypes.POINTER(_Voice))
    wanted = _Voice(languages=language.encode())
    voices = library.espeak_ListVoices(ctypes.byref(wanted) if language else None)
    sys.stdout.write("Pty Language Age/Gender VoiceName File\n")
    at = 0
    while voices[at]:
        one = voices[at].contents
        at += 1
        priority, language = one.languages[0], one.languages[1:].partition(b"\0")[0].decode()
        name, file = one.name.decode().replace(" ", "_"), one.identifier.decode()
        sys.stdout.write(f"{priority} {language} --/- {name} {file}\n")
    return 0


def _write_phonemes(library: Any, text: bytes) -> int:  # noqa: ANN401 - a C library
    """Write the phonemes of each clause on a line of its own."""
    library.espeak_TextToPhonemes.restype = ctypes.c_char_p
    kept = ctypes.create_string_buffer(text)
    at = ctypes.c_void_p(ctypes.addressof(kept))
    while at.value:
        found = library.espeak_TextToPhonemes(ctypes.byref(at), _UTF8, _IPA)
        sys.stdout.buffer.write((found or b"") + b"\n")
    sys.stdout.buffer.flush()
    return 0


def _speak(library: Any, text: bytes, given: argparse.Namespace) -> int:  # noqa: ANN401 - a C library
    out = sys.stdout.buffer
    kind = ctypes.CFUNCTYPE(
        ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p
    )

    def take(sound: Any, count: int, _events: object) -> int:  # noqa: ANN401 - a C pointer
        try:
            if sound and count:
                out.write(ctypes.string_at(sound, 2 * count))
                out.flush()
        except BrokenPipeError:
            return _STOP
        return _GO_ON

    called = kind(take)
    library.espeak_SetSynthCallback(called)
    library.espeak_SetParameter(_RATE_PARAMETER, given.s, 0)
    library.espeak_SetParameter(_VOLUME_PARAMETER, given.a, 0)
    out.write(_HEADER)
    flags = _UTF8 | _END_PAUSE | (_SSML if given.m else 0)
    failed = library.espeak_Synth(text, ctypes.c_size_t(len(text)), 0, 1, 0, flags, None, None)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
