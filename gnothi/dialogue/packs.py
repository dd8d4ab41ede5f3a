"""The language packs: the conversation's own, and each skill's."""

from importlib import resources


def dialogue_pack(language: str = "en") -> str:
    """Return the Fluent source with the sentences of the conversation itself."""
    return (
        resources.files("gnothi.dialogue").joinpath(f"{language}.ftl").read_text(encoding="utf-8")
    )
