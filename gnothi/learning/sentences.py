"""The sentences in which learning tells what it did and why."""

from dataclasses import replace
from importlib import resources

from gnothi.core.acting import Act


def learning_pack(language: str = "en") -> str:
    """Return the Fluent source of the gate's reasons and of the page *What I learned*."""
    folder = resources.files("gnothi.learning")
    return folder.joinpath(f"{language}.ftl").read_text(encoding="utf-8")


def in_percent(reason: Act) -> Act:
    """Return *reason* with its fractions in per cent, one decimal, as the sentences want them."""
    values = {
        name: round(100 * value, 1) if isinstance(value, float) else value
        for name, value in reason.values.items()
    }
    return replace(reason, values=values)
