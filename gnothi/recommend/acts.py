"""What a recommending conversation means, without its words: prompts, and what people answer.

Both sides may lead at any moment, so an answer is not tied to its question: it holds whatever was
said, of which a reaction to the prompt is one part. Items and attributes are numbers of one
catalogue; what is logged for learning holds no words.
"""

from dataclasses import dataclass
from enum import StrEnum


class Ask(StrEnum):
    """What a prompt does."""

    OPEN = "open"
    """"Anything in mind?" """
    CHOICE = "choice"
    """"Something laid back, or more upbeat?": two values of one facet."""
    SUGGEST = "suggest"
    """"May I suggest some alternative rock?": one value, or two."""
    SAMPLE = "sample"
    """"How about this?": an item is played for thirty seconds."""
    PLAY = "play"
    """The item is played; a refusal goes on from there."""
    COMPANY = "company"
    """"Is anybody listening with you?" """


@dataclass(frozen=True, slots=True)
class Prompt:
    """One thing that the assistant says or plays."""

    ask: Ask
    values: tuple[int, ...] = ()
    """Attributes that it names."""
    item: int | None = None
    """With ``SAMPLE`` and ``PLAY``."""

    @property
    def key(self) -> str:
        """Its meaning, as logs write it: ``suggest:12+40``, ``sample:7``."""
        named = "+".join(map(str, self.values if self.item is None else (self.item,)))
        return f"{self.ask.value}:{named}" if named else self.ask.value


class Wish(StrEnum):
    """What somebody wants of the conversation itself."""

    NONE = ""
    SURPRISE = "surprise"
    """"You choose": the best item, now."""
    BACK = "back"
    """Undo the answer before."""
    MORE = "more"
    """Something else, without a reason against what there was."""
    LEAVE = "leave"
    PLAY = "play"
    """"Yes, that one, play it": what was offered is what they want."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody said, or did, after a prompt."""

    degree: float | None = None
    """How much they like what was prompted, from -1 ("not that one") over 0 ("hmm, ok") to 1
    ("brilliant"); ``None`` where nothing of the kind was said."""
    chosen: int | None = None
    """Which of the values of a choice they took: an attribute."""
    likes: tuple[int, ...] = ()
    """Attributes that they asked for."""
    dislikes: tuple[int, ...] = ()
    """Attributes that they don't want."""
    items: tuple[int, ...] = ()
    """Items that they named and want."""
    similar: tuple[int, ...] = ()
    """Items that they only go by: "something like Queen". They know them and want others."""
    refused: tuple[int, ...] = ()
    """Items that they don't want: "not Coldplay"."""
    wish: Wish = Wish.NONE
    company: tuple[str, ...] | None = None
    """Who else is there, ids of people, as far as they said; empty when nobody is."""
    is_unsure: bool = False
    """"I don't know", "whatever": no opinion on what was asked."""
    sureness: float = 1.0
    """How surely the words were understood."""

    @property
    def is_named(self) -> bool:
        """Whether anything of the catalogue was named, wanted or not."""
        named = (*self.likes, *self.dislikes, *self.items, *self.similar, *self.refused)
        return bool(named) or self.chosen is not None

    @property
    def is_empty(self) -> bool:
        """Whether nothing was understood."""
        silent = self.degree is None and self.company is None
        return silent and not (self.is_named or self.wish or self.is_unsure)
