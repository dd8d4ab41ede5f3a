"""Identifiers that sort by time."""

from datetime import datetime
from random import Random
from uuid import UUID

_MILLISECONDS = 1_000


def time_ordered_id(now: datetime, rng: Random) -> str:
    """Return a UUID of version 7 (RFC 9562, section 5.7) in hexadecimal, made at *now*."""
    milliseconds = int(now.timestamp() * _MILLISECONDS) & (1 << 48) - 1
    value = milliseconds << 80 | rng.getrandbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return UUID(int=value).hex
