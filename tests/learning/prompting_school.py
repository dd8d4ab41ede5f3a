"""A simulated household and what is learned of its talks, round by round."""

from pathlib import Path

from gnothi.core.clock import FixedClock
from gnothi.core.risk import Risk
from gnothi.learning.prompting import PolicyCycle
from gnothi.learning.turns import judge_by_signals
from gnothi.learning.workshop import Workshop
from gnothi.recommend.policies.learned import NAME, Learned
from gnothi.registry.registry import Registry
from tests.learning.talking_household import Household


class School:
    """A household and its learning."""

    def __init__(self, folder: Path, household: Household) -> None:
        self.household = household
        self.clock = FixedClock(household.now)
        self.registry = Registry.open(folder / "registry", shipped=folder / "none")
        self.folder = folder / "learning"
        shop = Workshop(
            None,  # type: ignore[arg-type]  # talks are read from the turns
            self.registry,
            self.folder,
            self.clock,
            judge_by_signals,
            lambda _: Risk.FREE,
        )
        self.cycle = PolicyCycle(shop, lambda: self.household.turns)

    def talk(self, count: int) -> str:
        """Let evenings pass, then learn; return the key of what came of it."""
        self.household.talk(count)
        self.clock.moment = self.household.now
        return self.cycle.run().key

    def serve(self) -> None:
        """Let the household meet what the registry has for it."""
        assigned = self.registry.assignment(NAME)
        version = assigned.canary.version if assigned.canary else assigned.live
        assert version is not None
        self.household.learned = Learned.load(self.registry.get(NAME, version).folder)
        self.household.label = f"{NAME}@{version}"
        self.household.share = assigned.canary.share if assigned.canary else 1.0
