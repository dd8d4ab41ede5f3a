"""``python -m gnothi_lab.worlds.listeners``: the world's process, its validation, its hashes."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gnothi.core.errors import GnothiError
from gnothi_lab.worlds.listeners.parameters import FAMILIES, NUMBERS, WORDS, digest

if TYPE_CHECKING:
    from gnothi_lab.worlds.listeners.world import World

_CACHE = Path("build", "listeners")


def _world_options(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in (
        click.option("--seed", default=0, show_default=True),
        click.option("--family", type=click.Choice(FAMILIES), default="a", show_default=True),
        click.option("--change", "changes", multiple=True, help="PATH=NUMBER, for sweeps."),
        click.option("--cache", type=Path, default=_CACHE, help="Where fitted factors are kept."),
    ):
        command = option(command)
    return command


def _world(data: str, changes: tuple[str, ...], **kind: Any) -> "World":  # noqa: ANN401
    from gnothi_lab.worlds.listeners.world import World

    try:
        numbers = {path: float(value) for path, _, value in (one.partition("=") for one in changes)}
        return World(data, changes=numbers, **kind)
    except (GnothiError, ValueError) as error:
        raise click.ClickException(str(error)) from error


@click.group(invoke_without_command=True)
@click.option("--data", help="A folder of public data sets, or 'tiny'.")
@_world_options
@click.option("--judged", is_flag=True, help="Tell a judge the truth.")
@click.pass_context
def main(
    context: click.Context,
    data: str | None,
    changes: tuple[str, ...],
    *,
    judged: bool,
    **kind: Any,  # noqa: ANN401 - of a world
) -> None:
    """Serve the world on --data: a JSON object a line in, one out. Without it, print the hashes."""
    if context.invoked_subcommand is not None:
        return
    if data is None:
        for file in (NUMBERS, WORDS):
            click.echo(f"{file.name} sha256:{digest(file)}")
        return
    from gnothi_lab.worlds.listeners.protocol import serve

    serve(_world(data, changes, **kind), sys.stdin, sys.stdout, judged=judged)


@main.command()
@click.option("--data", required=True, envvar="GNOTHI_DATA", help="A folder, or 'tiny'.")
@_world_options
@click.option("--sessions", default=4000, show_default=True)
def validate(data: str, changes: tuple[str, ...], sessions: int, **kind: Any) -> None:  # noqa: ANN401
    """Compare with real conversations that nothing was fitted to, and measure the speed."""
    from gnothi_lab.worlds.listeners.validating import report

    for line in report(_world(data, changes, **kind), data, sessions):
        click.echo(line)


if __name__ == "__main__":
    main(prog_name="python -m gnothi_lab.worlds.listeners")
