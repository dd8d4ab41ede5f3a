"""What is never trained on, decided once by hash so that nobody has to remember it.

Homes are kept apart as wholes, sentences of a grammar by their template and phrases by
themselves: a benchmark then asks for something that training has not seen.
"""

import hashlib
import re

HELD_OUT_EVERY = 5


def held_out(key: str) -> bool:
    """Return whether *key* (a home, a template or a phrase) belongs to the benchmarks."""
    return hashlib.sha256(key.encode()).digest()[0] % HELD_OUT_EVERY == 0


def in_tuning_slice(text: str, *, parts: int = 20) -> bool:
    """Return whether *text* is in the slice of the training data that settings are tuned on."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[1:5]) % parts == 0


def template(text: str, values: dict[str, object]) -> str:
    """Return *text*, lower-cased, with the *values* that occur in it replaced by ``<slot>``."""
    result = text.lower()
    ordered = sorted(values.items(), key=lambda item: (-len(str(item[1])), item[0]))
    for name, value in ordered:
        spoken = re.escape(str(value).lower())
        result = re.sub(rf"(?<!\w){spoken}(?!\w)", f"<{name}>", result)
    return result
