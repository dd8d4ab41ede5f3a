"""``gnothi-lab list | run NAME | report``."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from gnothi.core.settings import Settings
from gnothi_lab import benchmarks
from gnothi_lab.result import RESULTS, Provenance, document, load_all, save


@click.group()
def main() -> None:
    """Measure Gnothi against baselines, peers and published figures."""


@main.command("list")
def list_benchmarks() -> None:
    """Name the benchmarks."""
    for name, description in benchmarks.descriptions():
        click.echo(f"{name:16} {description}")


@main.command()
@click.argument("name")
@click.option("--out", type=click.Path(path_type=Path), help="Write the result here instead.")
@click.option("--seed", default=0, show_default=True, help="Seed of every random choice.")
@click.option("--quick", is_flag=True, help="A small sample; kept only with --out.")
def run(name: str, *, out: Path | None, seed: int, quick: bool) -> None:
    """Run the benchmark NAME, show a table, keep the result."""
    from gnothi_lab.table import show

    try:
        benchmark = benchmarks.load(name)
    except KeyError as error:
        raise click.BadParameter(str(error.args[0]), param_hint="NAME") from error
    provenance = Provenance.here(
        command=_command(name, seed=seed, quick=quick), seed=seed, today=datetime.now(UTC).date()
    )
    result = benchmark(quick=quick, seed=seed, data=Settings.from_environment().data)
    kept = document(result, provenance)
    show(kept)
    _keep(kept, out or (None if quick else RESULTS / f"{name}.json"))


@main.command()
def report() -> None:
    """Write docs/results.md anew from the kept results."""
    from gnothi_lab.report import PAGE, page

    PAGE.write_text(page(load_all()), encoding="utf-8")
    click.echo(f"Wrote {PAGE.name} from {len(load_all())} results.")


def _command(name: str, *, seed: int, quick: bool) -> str:
    options = (f" --seed {seed}" if seed else "") + (" --quick" if quick else "")
    return f"gnothi-lab run {name}{options}"


def _keep(kept: dict[str, object], path: Path | None) -> None:
    if path is None:
        click.echo("A quick run is not kept; name a file with --out to keep it.")
        return
    save(kept, path)
    click.echo(f"Kept in {path.name}.")


if __name__ == "__main__":
    sys.exit(main())
