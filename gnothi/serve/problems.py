"""Problems of the API: a code for machines, a sentence for people, a status for HTTP."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from fastapi.responses import JSONResponse

from gnothi.core.plain import Json
from gnothi.serve.sentences import sentence


class Code(Enum):
    """Every way in which the API refuses, with its HTTP status."""

    BAD_REQUEST = ("bad-request", 400)
    BAD_HOME = ("bad-home", 422)
    NOT_SERVED = ("not-served", 422)
    INVALID = ("invalid", 422)
    PAIRING_CODE = ("pairing-code", 403)
    NO_TOKEN = ("no-token", 401)
    NOT_ALLOWED = ("not-allowed", 403)
    FOREIGN_ORIGIN = ("foreign-origin", 403)
    UNKNOWN_HOST = ("unknown-host", 421)
    NOT_FOUND = ("not-found", 404)
    UNKNOWN_PERSON = ("unknown-person", 404)
    NO_MUSIC = ("no-music", 404)
    METHOD_NOT_ALLOWED = ("method-not-allowed", 405)
    TOO_SLOW = ("too-slow", 408)
    NEEDS_CONFIRMATION = ("needs-confirmation", 409)
    ARTIFACT = ("artifact", 409)
    NOTHING_DECIDED = ("nothing-decided", 409)
    NOT_RINGING = ("not-ringing", 409)
    LEARNING = ("learning", 409)
    LAST_GROWN_UP = ("last-grown-up", 409)
    TOO_LARGE = ("too-large", 413)
    WRONG_MEDIA_TYPE = ("wrong-media-type", 415)
    TOO_MANY = ("too-many", 429)
    INTERNAL = ("internal", 500)
    UNAVAILABLE = ("unavailable", 502)
    STORAGE = ("storage", 503)
    BUSY = ("busy", 503)
    BAD_MESSAGE = ("bad-message", 400)
    BAD_SOUND = ("bad-sound", 400)
    TOO_FAST = ("too-fast", 429)

    def __init__(self, slug: str, status: int) -> None:
        """Keep the name on the wire and the HTTP status of each member."""
        self.slug = slug
        self.status = status


@dataclass(frozen=True, slots=True)
class Problem:
    """One refusal."""

    code: Code
    values: Mapping[str, str | float] = field(default_factory=dict[str, str | float])
    """What the sentence names."""
    fields: Sequence[Mapping[str, str]] = ()
    """With ``INVALID``: where and what, never the value that was sent."""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    said: str = ""
    """A sentence that came with the error, in place of the pack's."""

    @property
    def message(self) -> str:
        """The sentence for people."""
        return self.said or sentence(f"problem-{self.code.slug}", **self.values)

    def body(self) -> dict[str, object]:
        """Return the JSON of the problem."""
        body: dict[str, object] = {"code": self.code.slug, "message": self.message}
        return {**body, "fields": list(self.fields)} if self.fields else body

    def told(self) -> dict[str, Json]:
        """Return the message in which a microphone is told the problem."""
        return {"type": "problem", "code": self.code.slug, "message": self.message}

    def response(self) -> JSONResponse:
        """Return the problem as an HTTP response."""
        return JSONResponse(self.body(), status_code=self.code.status, headers=dict(self.headers))


class Refusal(Exception):  # noqa: N818 - it is control flow of a request, not a defect
    """Ends a request with a problem."""

    def __init__(self, code: Code, **values: str | float) -> None:
        """Refuse with *code*; *values* fill its sentence."""
        super().__init__(code.slug)
        self.problem = Problem(code, values)
