"""Who we are, as Wyoming tells it: what understands, hears and speaks here."""

from wyoming.info import (
    AsrModel,
    AsrProgram,
    Attribution,
    HandleModel,
    HandleProgram,
    Info,
    IntentModel,
    IntentProgram,
    TtsProgram,
    TtsVoice,
)

import gnothi
from gnothi.core.errors import GnothiError
from gnothi.core.hearing import Recogniser
from gnothi.core.speaking import Speaker
from gnothi.serve.listening.equipment import Equipment
from gnothi.serve.sentences import sentence

_NAME = "gnothi"
_LANGUAGES = ["en"]
_BY = Attribution(_NAME, "https://github.com/gnothi/gnothi")


def introduction(equipment: Equipment | None = None) -> Info:
    """Say who we are; what hears and speaks is opened for it, which may take seconds."""
    about, version = sentence("wyoming-description"), gnothi.__version__
    handles = HandleModel(_NAME, _BY, True, about, version, _LANGUAGES)
    understands = IntentModel(_NAME, _BY, True, about, version, _LANGUAGES)
    recogniser = _recogniser(equipment)
    speaker = equipment.voice.speaker if equipment else None
    return Info(
        handle=[
            HandleProgram(_NAME, _BY, True, about, version, [handles], supports_home_control=True)
        ],
        intent=[IntentProgram(_NAME, _BY, True, about, version, [understands])],
        asr=[_hearing(recogniser, version)] if recogniser else [],
        tts=[_speaking(speaker, version)] if speaker else [],
    )


def _recogniser(equipment: Equipment | None) -> Recogniser | None:
    try:
        return equipment.recogniser if equipment else None
    except GnothiError:
        return None


def _hearing(recogniser: Recogniser, version: str) -> AsrProgram:
    about = sentence("wyoming-hears")
    model = AsrModel(recogniser.name, _BY, True, about, version, _LANGUAGES)
    return AsrProgram(
        _NAME,
        _BY,
        True,
        about,
        version,
        [model],
        supports_transcript_streaming=True,
        prefers_auto_gain_enabled=False,
    )


def _speaking(speaker: Speaker, version: str) -> TtsProgram:
    voices = [
        TtsVoice(one.name, _BY, True, one.about or one.name, version, [one.language])
        for one in speaker.voices()
    ]
    about = sentence("wyoming-speaks", speaker=speaker.name)
    return TtsProgram(_NAME, _BY, True, about, version, voices, supports_synthesize_streaming=True)
