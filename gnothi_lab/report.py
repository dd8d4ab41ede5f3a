"""Write the results page from kept results: no figure on it is typed by hand."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from gnothi_lab.result import ROOT
from gnothi_lab.table import rows

PAGE = ROOT / "docs" / "results.md"

PREFACE = """# Results

This page is written by `gnothi-lab report` from `benchmarks/results/*.json`; edit nothing here.
Rates are fractions from 0 to 1; brackets hold 95 % intervals. *Baselines* are simple methods and
*peers* other systems, on the same rows as ours; *published* figures come from elsewhere and often
from other data, as their source says.
"""


def page(results: Sequence[Mapping[str, Any]]) -> str:
    """Return the whole page."""
    return "\n".join([PREFACE, *(_section(kept) for kept in results)])


def _section(kept: Mapping[str, Any]) -> str:
    parts = [f"## {kept['name']}", _origin(kept), "\n".join(_table(kept))]
    parts += ["\n".join(f"- {note}" for note in [*_sources(kept), *kept["notes"]])]
    return "\n\n".join(part for part in parts if part) + "\n"


def _origin(kept: Mapping[str, Any]) -> str:
    machine = kept["machine"]
    gpu = f", {machine['gpu']}" if machine.get("gpu") else ""
    return (
        f"`{kept['command']}` · commit {kept['commit']} · {kept['date']} · "
        f"seed {kept['seed']} · {machine['cores']} cores{gpu}"
    )


def _table(kept: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines of a Markdown table, one system a column: many figures stay readable."""
    systems = list(rows(kept))
    yield "| | " + " | ".join(label for label, _ in systems) + " |"
    yield "|---|" + "---|" * len(systems)
    for index, name in enumerate(kept["figures"]):
        yield f"| `{name}` | " + " | ".join(cells[index] for _, cells in systems) + " |"


def _sources(kept: Mapping[str, Any]) -> Iterator[str]:
    """Yield each source once, with those whose figures come from it."""
    found: dict[str, list[str]] = {}
    for label, figures in kept["published"].items():
        if source := figures.get("source"):
            found.setdefault(source, []).append(label)
    yield from (f"{', '.join(labels)}: {source}" for source, labels in found.items())
