"""A home of which nothing is known but what its things are called."""

from collections.abc import Iterable
from dataclasses import dataclass

from gnothi.core.protocols import Name


@dataclass(frozen=True, slots=True)
class Names:
    """A gazetteer that knows just these names."""

    kept: tuple[Name, ...]

    def names(self) -> Iterable[Name]:
        """Return them."""
        return self.kept
