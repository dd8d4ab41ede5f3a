"""The sentences of the API, the terminal and the pairing page, from the language pack."""

from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from random import Random

from fluent.runtime import FluentBundle, FluentResource

from gnothi.core.acting import Act
from gnothi.dialogue.wording import Wording
from gnothi.learning.sentences import in_percent, learning_pack

PACK = Path(__file__).with_name("en.ftl")
_ANY_DAY = datetime(2000, 1, 1, tzinfo=UTC)
"""No sentence of learning tells a time."""


@cache
def _bundle() -> FluentBundle:
    bundle = FluentBundle(["en-US"], use_isolating=False)
    bundle.add_resource(FluentResource(PACK.read_text(encoding="utf-8")))
    return bundle


def sentence(key: str, **values: str | float) -> str:
    """Return the sentence called *key* with *values* filled in.

    Raises:
        KeyError: the pack has no such sentence; a test keeps this from happening.
    """
    bundle = _bundle()
    pattern = bundle.get_message(key).value
    if pattern is None:
        raise KeyError(key)
    text, _errors = bundle.format_pattern(pattern, values)
    return str(text)


def learning_sentence(act: Act) -> str:
    """Return the sentence in which learning tells *act*; fractions are in per cent.

    What the language pack does not know is told by its name: it may come from elsewhere.
    """
    wording = _learning()
    return wording.say(in_percent(act), _ANY_DAY) if wording.has(act.key) else act.key


@cache
def _learning() -> Wording:
    return Wording([learning_pack()], rng=Random(0))
