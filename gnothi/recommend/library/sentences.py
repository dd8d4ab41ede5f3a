"""The sentences in which the library tells what it did, from the language pack."""

from functools import cache
from pathlib import Path

from fluent.runtime import FluentBundle, FluentResource

PACK = Path(__file__).with_name("en.ftl")


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
    pattern = _bundle().get_message(key).value
    if pattern is None:
        raise KeyError(key)
    text, _errors = _bundle().format_pattern(pattern, values)
    return str(text)
