"""``gnothi policy``: what other policies would have been worth, from logged decisions."""

import json
from importlib import import_module
from pathlib import Path
from secrets import token_bytes

import click

from gnothi.core.errors import StorageError

_METHODS = ("ips", "wis", "pdis", "wpdis", "dm", "dr", "wdr", "switch", "magic")
_INTERVALS = ("betting", "student", "bootstrap", "empirical-bernstein")
_MODELS = ("ridge", "boosted")


@click.group()
def policy() -> None:
    """Judge policies by logged decisions, before anybody meets them."""


@policy.command()
@click.argument("log", type=click.Path(path_type=Path, exists=True))
@click.option("--target", "targets", multiple=True, required=True, metavar="COLUMN",
              help="A policy: the column of its probabilities. May be repeated.")  # fmt: skip
@click.option("--column", "columns", multiple=True, metavar="NAME=COLUMN",
              help="Where the log calls NAME (episode, step, action …) otherwise.")  # fmt: skip
@click.option("--feature", "features", multiple=True, metavar="COLUMN",
              help="What was known; by default every other column of numbers.")  # fmt: skip
@click.option("--method", type=click.Choice(_METHODS), help="By default wdr, or wis without model.")
@click.option("--model", type=click.Choice(_MODELS), default="ridge", show_default=True,
              help="What learns the worth of actions.")  # fmt: skip
@click.option("--interval", type=click.Choice(_INTERVALS), default="betting", show_default=True)
@click.option("--bounds", nargs=2, type=float, help="Least and largest possible return.")
@click.option("--largest", type=float,
              help="Largest possible weight of an episode, for rare rewards.")  # fmt: skip
@click.option("--margin", default=0.0, show_default=True, help="Gain that must be exceeded.")
@click.option("--discount", default=1.0, show_default=True)
@click.option("--alpha", default=0.05, show_default=True, help="How often intervals may be wrong.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def evaluate(
    log: Path,
    *,
    targets: tuple[str, ...],
    columns: tuple[str, ...],
    features: tuple[str, ...],
    method: str | None,
    model: str,
    interval: str,
    bounds: tuple[float, float] | None,
    largest: float | None,
    margin: float,
    discount: float,
    alpha: float,
    seed: int,
    as_json: bool,
) -> None:
    """Compare policies with the one that made LOG (Parquet or CSV); recommend one, or refuse.

    The log has a row for each decision: episode, step, action, propensity, reward, candidates,
    person, features, and a column of probabilities for each target. See docs/reference/policy.md.
    """
    from gnothi.policy import report
    from gnothi.policy.fitted import Boosted, Ridge
    from gnothi.policy.reading import read_log

    read = read_log(log, _mapping(columns), features=features or None, targets=targets)
    rules = report.Rules(
        alpha=alpha,
        discount=discount,
        margin=margin,
        method=method,
        interval=interval,
        bounds=bounds,
        largest=largest,
        seed=seed,
    )
    regression = Boosted() if model == "boosted" else Ridge()
    found = report.evaluate(read.log, read.targets, rules, regression=regression)
    click.echo(json.dumps(found.json(), ensure_ascii=False) if as_json else found.text())


@policy.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--useful", is_flag=True,
              help="Reward what each prompt helped, not that something was played.")  # fmt: skip
def export(file: Path, *, useful: bool) -> None:
    """Write what the recommender chose, and how probably, from the journal to FILE (Parquet).

    A row a decision: acts, features and propensities, as evaluate reads them. No words, and no
    names: people and conversations are hashes under a key that is thrown away.
    """
    from gnothi.core.settings import Settings
    from gnothi.journal.journal import Journal
    from gnothi.recommend.decisions import table
    from gnothi.recommend.journalled import logged

    with Journal.open(Settings.from_environment().journal_url) as journal:
        found = table(logged(journal.iterate(), useful=useful), key=token_bytes(32))
    try:
        import_module("pyarrow.parquet").write_table(found, file)
    except OSError as error:
        raise StorageError(f"{file} can't be written: {error.strerror or error}.") from error
    click.echo(f"{file}: {found.num_rows}")


def _mapping(columns: tuple[str, ...]) -> dict[str, str]:
    pairs = [column.partition("=") for column in columns]
    if wrong := next((column for column in columns if "=" not in column), None):
        raise click.BadParameter(f"{wrong!r} is no NAME=COLUMN.", param_hint="--column")
    return {name: theirs for name, _, theirs in pairs}
