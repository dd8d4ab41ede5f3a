"""What people don't want of what was learned: forgotten for good, or switched off for now."""

from collections.abc import Collection, Iterable

from gnothi.core.protocols import Store
from gnothi.journal.journal import Journal
from gnothi.learning.chronicle import Shelf

STORE = "learning"
"""The store of a household's journal in which decisions about what was learned are kept."""
_FORGOTTEN = "forgotten"


def refused(journal: Journal) -> frozenset[str]:
    """Return the ids of everything that somebody switched off or forgot."""
    off = Shelf(journal.store(STORE)).all()
    return frozenset([*forgotten(journal), *(one.rewrite.id for one in off)])


def forgotten(journal: Journal) -> list[str]:
    """Return the ids of what nobody wants back."""
    kept = journal.store(STORE).get(_FORGOTTEN)
    return [str(one) for one in kept] if isinstance(kept, list) else []


def forget(journal: Journal, ids: Iterable[str]) -> None:
    """Keep that nobody wants *ids* back."""
    _put(journal.store(STORE), [*forgotten(journal), *ids])


def forget_words(journal: Journal, person: str, said: Collection[str]) -> None:
    """Drop decisions that would tell what *person*, who is erased, has said.

    *said* is what others have said, in the spelling of look-ups: their decisions stay.
    """
    store = journal.store(STORE)
    shelf, ids = Shelf(store), forgotten(journal)
    _put(store, [one for one in ids if _may_stay(one, person, said)])
    for one in shelf.all():
        if not _may_stay(one.rewrite.id, person, said):
            shelf.take(one.rewrite.id)


def _may_stay(name: str, person: str, said: Collection[str]) -> bool:
    """Whether the id *name* tells nothing of *person*.

    The name of a phrase holds what is said and what is meant, each of them part of a request.
    """
    owner, _, words = name.partition("/")
    if owner == person:
        return False
    if "=" not in words:
        return words in said
    return all(any(f" {one} " in f" {text} " for text in said) for one in words.split("=") if one)


def _put(store: Store, ids: Iterable[str]) -> None:
    store.put(_FORGOTTEN, list(dict.fromkeys(ids)))
