"""How long somebody stays, and how they are today: drawn once a session, moved by every turn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from gnothi_lab.worlds.listeners.chance import Floats, Keys, unit
from gnothi_lab.worlds.listeners.goals import Goal
from gnothi_lab.worlds.listeners.parameters import Family


@dataclass(slots=True, eq=False)
class Sitting:
    """One session under way. The truth about it never crosses the wall but for judging."""

    base: int
    """What its chance hangs on."""
    listener: int
    goal: Goal
    patience: float
    is_explorer: bool
    hand: int
    """Whose wordings they use."""
    opening: str = ""
    """What they opened with: nothing, ``want``, ``similar``, ``name``."""
    slot: int = -1
    """Where the world keeps its numbers."""
    turn: int = 0
    """What the chance of the next turn hangs on; a deleted prompt moves it, too."""
    prompts: int = 0
    spent: float = 0.0
    misses: int = 0
    """Prompts that missed in a row."""
    wrong_plays: int = 0
    slipped: bool = False
    told: set[int] = field(default_factory=set[int])
    """Tags of the mood that were said."""
    asked: set[str] = field(default_factory=set[str])
    degree: float | None = None
    """How much they liked what was prompted last, where it was a matter of liking."""
    ending: str = ""
    """``completed`` or ``left`` once it is over."""
    played: int | None = None
    is_success: bool = False


@dataclass(frozen=True, slots=True)
class Effect:
    """What a turn did to somebody's patience."""

    pleased: bool = False
    missed: bool = False
    wrong_play: bool = False
    unsure: bool = False


class Temper:
    """Patience of a family, fitted to how long real conversations last."""

    def __init__(self, family: Family, reality: Mapping[str, float], scale: float = 1.0) -> None:
        """Fit it; *scale* is what a turn costs on average when prompts are good."""
        self._family = family
        self._shape = (reality["turns_mean"] / reality["turns_sd"]) ** 2
        self._mean = reality["turns_mean"] * scale

    def draw(self, bases: Keys) -> tuple[Floats, Sequence[bool]]:
        """Return patience, and who explores: they have much more of it."""
        from scipy.stats import gamma

        uniforms = np.clip(unit(bases, 200), 1e-9, 1 - 1e-9)
        patience = np.maximum(1.0, gamma.ppf(uniforms, self._shape, scale=self._mean / self._shape))
        explores = unit(bases, 201) < self._family.explorers
        return patience * np.where(explores, self._family.explorer_factor, 1), explores.tolist()

    def move(self, sitting: Sitting, effect: Effect, *, repeated: bool, uniform: float) -> bool:
        """Let a turn take effect; return whether somebody leaves now."""
        costs = self._family.costs
        sitting.misses = sitting.misses + 1 if effect.missed else 0
        sitting.wrong_plays = sitting.wrong_plays + 1 if effect.wrong_play else 0
        sitting.spent += (
            costs["turn"]
            + costs["miss"] * effect.missed
            + costs["joy"] * effect.pleased
            + costs["wrong_play"] * effect.wrong_play
            + costs["unsure"] * effect.unsure
            + costs["repeat"] * repeated
        )
        if self._family.model == "hazard":
            start, miss, wrong = self._family.hazard
            hazard = start + miss * sitting.misses + wrong * sitting.wrong_plays
            return uniform < hazard / (self._family.explorer_factor if sitting.is_explorer else 1)
        return sitting.spent > sitting.patience - 0.5
