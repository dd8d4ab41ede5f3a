"""The benchmarks, one module each: ``run(*, quick, seed, data) -> Result``.

The module's name is the benchmark's, with underscores for hyphens; the first line of its
docstring is what ``gnothi-lab list`` shows.
"""

import ast
import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from gnothi_lab.result import Result


class Benchmark(Protocol):
    """Measures one thing."""

    def __call__(self, *, quick: bool, seed: int, data: Path | None) -> Result:
        """Measure. *quick* takes a small sample; *data* is ``GNOTHI_DATA``."""
        ...


def names() -> list[str]:
    """Return the names of all benchmarks."""
    return [module.name.replace("_", "-") for module in pkgutil.iter_modules(__path__)]


def descriptions() -> Iterator[tuple[str, str]]:
    """Return every name with its description; nothing is imported for it."""
    for name in names():
        path = Path(__path__[0], f"{name.replace('-', '_')}.py")
        told = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        yield name, told.partition("\n")[0]


def load(name: str) -> Benchmark:
    """Return the benchmark called *name*.

    Raises:
        KeyError: there is none of that name.
    """
    if name not in names():
        raise KeyError(f"No benchmark '{name}'; there are {', '.join(names())}")
    module = importlib.import_module(f"{__name__}.{name.replace('-', '_')}")
    return module.run
