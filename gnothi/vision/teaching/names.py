"""What people call their things."""

from gnothi.core.errors import InputError

LONGEST = 60
_ARTICLES = ("the", "a", "an", "my", "our")


def checked_name(name: str) -> str:
    """Return *name* without what surrounds it.

    Raises:
        InputError: it is empty, or too long to be said.
    """
    found = " ".join(name.split())
    if not plain_name(found):
        raise InputError("A thing needs a name, such as: cat's bowl.")
    if len(found) > LONGEST:
        raise InputError(f"That is too long for a name: {LONGEST} characters at most.")
    return found


def plain_name(name: str) -> str:
    """Return *name* as names are compared."""
    words = name.casefold().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").split()
    while words and words[0] in _ARTICLES:
        words = words[1:]
    return " ".join(words)
