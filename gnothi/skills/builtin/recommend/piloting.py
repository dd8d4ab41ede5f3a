"""Who leads a talk: what was learned and is live, or the rules; a few talks try other things.

Chosen once, at the beginning of a talk, and kept until its end.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Self, cast

from gnothi.core.errors import ArtifactError
from gnothi.core.plain import Json
from gnothi.recommend.decisions import Decision
from gnothi.recommend.policies import Choice, Policy
from gnothi.recommend.policies.gain import InformationGain
from gnothi.recommend.policies.learned import NAME, Learned
from gnothi.recommend.policies.trying import Trying
from gnothi.skills.builtin.recommend.shelves import POLICY, Shelf
from gnothi.skills.turn import Services, Turn

SPREAD = 0.25
"""How far off the worth of a prompt may be where nothing was learned, in nats."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Pilot:
    """Who leads one talk."""

    label: str
    """``rules``, or ``recommend/policy@VERSION``."""
    usual: Policy
    """What it does as a rule."""
    tries: bool = False
    """Whether this talk is one of those that try other things."""
    share: float = 1.0
    """How probable it was that this version leads."""
    learned: Learned | None = None

    @classmethod
    def of(cls, turn: Turn, shelf: Shelf) -> Self:
        """Choose who leads the talk that begins with *turn*."""
        key = f"{turn.session} {turn.now.isoformat()}"
        serving = turn.services.serving(NAME, key)
        told = {"label": serving.label, "share": serving.propensity} if serving else {}
        tries = _place(key) < turn.services.settings.explore
        return cls.resume({"pilot": {**told, "tries": tries}}, turn.services, shelf)

    @classmethod
    def resume(cls, told: Mapping[str, Any], services: Services, shelf: Shelf) -> Self:
        """Return who has led the talk so far."""
        kept = cast("Mapping[str, Any]", told.get("pilot") or {})
        label, tries = str(kept.get("label", POLICY)), bool(kept.get("tries"))
        learned = _learned(services, label) if label != POLICY else None
        share = float(kept.get("share", 1.0))
        if learned is None:
            return cls(POLICY, shelf.recommender.policy, tries, share)
        return cls(label, learned, tries, share, learned)

    @property
    def policy(self) -> Policy:
        """What decides in this talk."""
        if not self.tries:
            return self.usual
        if self.learned is None:
            return Trying(self.usual, InformationGain(), SPREAD)
        return Trying(self.usual, self.learned, self.learned.deviation)

    def aboard(self, shelf: Shelf) -> Shelf:
        """Return *shelf*, its talks led by this one."""
        return replace(shelf, recommender=replace(shelf.recommender, policy=self.policy))

    def state(self) -> Json:
        """Return what a talk keeps of it."""
        return {"label": self.label, "tries": self.tries, "share": self.share}

    def compared(self, made: Decision, choice: Choice | None) -> Decision:
        """Return a decision with what this one would have chosen as a rule."""
        if not self.tries or choice is None:
            return made
        return replace(made, usual=tuple(self.usual.chances(choice.menu).tolist()))


def _learned(services: Services, label: str) -> Learned | None:
    """Return the policy of *label*; ``None`` where it is gone, or stands for the rules."""
    folder = services.artifact(label)
    if folder is None:
        return None
    try:
        found = _load(folder)
    except ArtifactError as error:
        _log.error("%s can't be used: %s", label, error)
        return None
    return found if found.forests else None


@lru_cache(maxsize=4)
def _load(folder: Path) -> Learned:
    return Learned.load(folder)


def _place(key: str) -> float:
    """Return where *key* falls between 0 and 1."""
    mark = sha256(f"tries\0{key}".encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(mark[:8], "big") / 2**64
