"""Sample sentences with marked slots, and sample dialogues with the calls that they lead to.

The format follows Alexa Conversations (Acharya et al., 2021, arXiv 2104.09088): signatures of
APIs, entity types with catalogues, sample utterances, and a few dialogues that tell them all.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from gnothi.core.errors import SkillError
from gnothi.core.understanding import Slot

_MARK = re.compile(r"\{\s*(?P<name>[\w-]+)\s*(?::\s*(?P<value>[^{}]*?)\s*)?\}")


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a sample: plain words, or a slot."""

    text: str
    """The words; empty for a slot whose value comes from the catalogue of its type."""
    slot: str = ""
    """Name of the slot, empty for plain words."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A sentence with marked slots: ``set a timer for {duration: ten minutes}``.

    ``{duration}`` without a value stands for every value in the catalogue of the slot's type.
    """

    source: str
    parts: tuple[Part, ...]

    @classmethod
    def read(cls, source: str) -> "Sample":
        """Read a marked sentence.

        Raises:
            SkillError: a brace has no partner or a mark has no name.
        """
        parts: list[Part] = []
        end = 0
        for mark in _MARK.finditer(source):
            parts.append(Part(source[end : mark.start()]))
            parts.append(Part(mark["value"] or "", mark["name"]))
            end = mark.end()
        parts.append(Part(source[end:]))
        if any(brace in part.text for part in parts for brace in "{}"):
            raise SkillError(f"In '{source}': write a slot as {{name}} or {{name: its words}}.")
        return cls(source, tuple(part for part in parts if part.text or part.slot))

    @property
    def slots(self) -> tuple[str, ...]:
        """Names of the slots, in order."""
        return tuple(part.slot for part in self.parts if part.slot)

    def fill(self, examples: Mapping[str, str] | None = None) -> "Filled":
        """Return the sentence with its slots filled, from the marks or else from *examples*."""
        text, slots = "", list[Slot]()
        for part in self.parts:
            words = part.text or (examples or {}).get(part.slot, part.slot)
            if part.slot:
                slots.append(Slot(part.slot, words, len(text), len(text) + len(words)))
            text += words
        return Filled(text, tuple(slots))


@dataclass(frozen=True, slots=True)
class Filled:
    """A sample as somebody would say it."""

    text: str
    slots: tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class Exchange:
    """One user line of a dialogue, and what the assistant does and says."""

    user: Sample
    intent: str = ""
    """Empty for a line that answers a question or changes the request before it."""
    call: str = ""
    """The API that is called; empty when the assistant only asks."""
    arguments: Mapping[str, object] = field(default_factory=dict[str, object])
    """Arguments the call must have, in the JSON form of ``gnothi.core.plain``."""
    assistant: tuple[str, ...] = ()
    """Keys of what is said, as in the language pack."""


@dataclass(frozen=True, slots=True)
class Dialogue:
    """A sample conversation."""

    title: str
    exchanges: tuple[Exchange, ...]
