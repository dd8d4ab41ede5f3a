"""Thousands of simulated homes in which self-learning is measured (CONTRACTS, section 8).

``World`` plays weeks; ``oracle`` is the ceiling. Learners get ``Week.log`` and nothing else.
"""

from gnothi_lab.worlds.households.oracle import Oracle, oracle
from gnothi_lab.worlds.households.parameters import Parameters
from gnothi_lab.worlds.households.world import Week, World

__all__ = ["Oracle", "Parameters", "Week", "World", "oracle"]
