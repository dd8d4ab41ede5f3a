"""Pairing: a code that is shown once, works once and dies after ten minutes."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from gnothi.core.clock import Clock

LIFETIME = timedelta(minutes=10)
_MOST = 8
"""Codes that can be open at the same time; the oldest makes room."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """What an open code leads to."""

    until: datetime
    user: str | None = None
    """The person it was made for; whoever redeems it says who they are when ``None``."""


class Pairing:
    """The codes that are open. They live in memory only: a restart closes them all."""

    def __init__(self, clock: Clock) -> None:
        """Begin with no code."""
        self._clock = clock
        self._open: dict[str, Invitation] = {}

    def invite(self, user: str | None = None) -> str:
        """Return a new code of 128 random bits, for *user* or for whoever comes."""
        self._forget_old()
        while len(self._open) >= _MOST:
            del self._open[next(iter(self._open))]
        code = secrets.token_urlsafe(16)
        self._open[_digest(code)] = Invitation(self._clock.now() + LIFETIME, user)
        return code

    def look_up(self, code: str) -> Invitation | None:
        """Return the invitation behind *code* without using it up."""
        found = self._find(code)
        return self._open[found] if found else None

    def redeem(self, code: str) -> Invitation | None:
        """Use *code* up; ``None`` when it is unknown, used or too old."""
        found = self._find(code)
        return self._open.pop(found) if found else None

    def _find(self, code: str) -> str | None:
        self._forget_old()
        digest = _digest(code)
        return next((known for known in self._open if hmac.compare_digest(known, digest)), None)

    def _forget_old(self) -> None:
        now = self._clock.now()
        self._open = {code: made for code, made in self._open.items() if made.until > now}


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode("utf-8", "replace")).hexdigest()
