"""What a microphone says beside its sound.

Sound is sent in binary messages: 16-bit little-endian mono samples at the rate that ``begin``
named, or Opus, as ``codec`` says. Everything else is JSON.
"""

from typing import Annotated, Literal, Self

from pydantic import Field, TypeAdapter, ValidationError, model_validator

from gnothi.serve.problems import Code, Refusal
from gnothi.serve.schemas.base import Identity, Taken


class Begin(Taken):
    """The first message: who speaks, and what the sound is like."""

    type: Literal["begin"]
    rate: int = Field(default=0, ge=8_000, le=96_000)
    """Samples a second of what is sent; Opus says that itself."""
    codec: Literal["pcm", "opus", "ogg-opus"] = "pcm"
    """Samples, a packet of Opus in each message, or a stream of Ogg Opus in pieces.

    A message holds up to 64 KiB, and a minute of sound."""
    user: Identity | None = None
    session: Identity | None = None
    device: Identity | None = None
    language: Literal["en"] = "en"
    speaks: bool = True
    """Whether answers are said aloud there."""
    stays: bool = False
    """The microphone stays open when nobody goes on."""

    @model_validator(mode="after")
    def _needs_rate(self) -> Self:
        if self.codec == "pcm" and not self.rate:
            raise ValueError("samples have a rate")
        return self


class Hold(Taken):
    """A button is held from now on: pauses end nothing, letting it go does."""

    type: Literal["hold"]


class Conclude(Taken):
    """The button was let go: what was said is over."""

    type: Literal["conclude"]


class Mute(Taken):
    """No sound comes for a while; what is being said is forgotten. Or it comes again."""

    type: Literal["mute"]
    on: bool


class Played(Taken):
    """The answer to a turn is heard no more."""

    type: Literal["played"]
    turn: Identity
    heard_s: float = Field(ge=0, le=86_400)
    """So many seconds of it were heard."""


class Hush(Taken):
    """Somebody stopped the answer by hand."""

    type: Literal["hush"]
    turn: Identity
    heard_s: float = Field(ge=0, le=86_400)


class Ping(Taken):
    """Nothing is said, but somebody is there."""

    type: Literal["ping"]


Message = Hold | Conclude | Mute | Played | Hush | Ping
_later: TypeAdapter[Message] = TypeAdapter(Annotated[Message, Field(discriminator="type")])


def read_begin(text: str) -> Begin:
    """Return the first message.

    Raises:
        Refusal: it is another one, or some of its values don't fit.
    """
    try:
        return Begin.model_validate_json(text)
    except ValidationError as error:
        raise Refusal(Code.BAD_SOUND) from error


def read_message(text: str) -> Message:
    """Return a later message.

    Raises:
        Refusal: it is none.
    """
    try:
        return _later.validate_json(text)
    except ValidationError as error:
        raise Refusal(Code.BAD_MESSAGE) from error
