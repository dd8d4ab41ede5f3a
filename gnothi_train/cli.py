"""``gnothi-train NAME``: run a trainer found by entry-point metadata."""

import sys
from importlib.metadata import entry_points

GROUP = "gnothi.trainers"


def main() -> None:
    """Run the trainer that the first argument names with the other arguments."""
    trainers = {point.name: point for point in entry_points(group=GROUP)}
    name, *arguments = sys.argv[1:] or [""]
    if name not in trainers:
        known = ", ".join(sorted(trainers)) or "none is installed"
        sys.exit(f"Usage: gnothi-train NAME [options]. Trainers: {known}.")
    trainers[name].load()(arguments, prog_name=f"gnothi-train {name}")
