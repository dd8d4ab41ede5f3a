"""``python -m gnothi_lab.worlds.listeners``: serve the world, validate it, print its hashes."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gnothi.core.errors import GnothiError
from gnothi_lab.worlds.listeners.parameters import FAMILIES, NUMBERS, WORDS, digest

if TYPE_CHECKING:
    from gnothi_lab.worlds.listeners.world import World


def _world_options(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in (
        click.option("--data", required=True, envvar="GNOTHI_DATA", help="A folder, or 'tiny'."),
        click.option("--seed", default=0, show_default=True),
        click.option("--family", type=click.Choice(FAMILIES), default="a", show_default=True),
        click.option("--change", "changes", multiple=True, help="PATH=NUMBER, for sweeps."),
        click.option("--cache", type=Path, default=Path("build/listeners"), show_default=True),
    ):
        command = option(command)
    return command


def _world(data: str, *, seed: int, family: str, cache: Path, changes: tuple[str, ...]) -> "World":
    from gnothi_lab.worlds.listeners.world import World

    try:
        numbers = {path: float(value) for path, _, value in (one.partition("=") for one in changes)}
        return World(data, seed=seed, family=family, cache=cache, changes=numbers)
    except (GnothiError, ValueError) as error:
        raise click.ClickException(str(error)) from error


@click.group(invoke_without_command=True)
@click.pass_context
def main(context: click.Context) -> None:
    """Print the hashes of the parameters when nothing else is asked for."""
    if context.invoked_subcommand is None:
        for file in (NUMBERS, WORDS):
            click.echo(f"{file.name} sha256:{digest(file)}")


@main.command()
@_world_options
@click.option("--judged", is_flag=True, help="Tell a judge the truth.")
def serve(
    data: str, seed: int, family: str, cache: Path, changes: tuple[str, ...], *, judged: bool
) -> None:
    """Answer requests on standard input, one JSON object a line."""
    from gnothi_lab.worlds.listeners.protocol import serve as answer

    world = _world(data, seed=seed, family=family, cache=cache, changes=changes)
    answer(world, sys.stdin, sys.stdout, judged=judged)


@main.command()
@_world_options
@click.option("--sessions", default=4000, show_default=True)
def validate(
    data: str, seed: int, family: str, cache: Path, changes: tuple[str, ...], sessions: int
) -> None:
    """Compare with real conversations that nothing was fitted to, and measure the speed."""
    from gnothi_lab.worlds.listeners.validating import report

    world = _world(data, seed=seed, family=family, cache=cache, changes=changes)
    for line in report(world, data, sessions):
        click.echo(line)


if __name__ == "__main__":
    main()
