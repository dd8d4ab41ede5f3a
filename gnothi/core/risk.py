"""How much harm an action can do (CONTRACTS, section 6)."""

from enum import StrEnum


class Risk(StrEnum):
    """Risk class of an action, in rising order."""

    FREE = "free"
    """Play or tell: nothing in the world changes for good."""
    REVERSIBLE = "reversible"
    """Lights, thermostat, closing, locking: undone by one more command."""
    GUARDED = "guarded"
    """Unlocking, disarming, buying, sending: needs confirmation, always."""

    @property
    def rank(self) -> int:
        """Position in rising order, from 0."""
        return list(Risk).index(self)

    def exceeds(self, other: "Risk") -> bool:
        """Whether this class is higher than *other*."""
        return self.rank > other.rank
