"""``gnothi models``: list, verify, switch and roll back what was learned."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from gnothi.registry.registry import Registry


@click.group(invoke_without_command=True)
@click.pass_context
def models(context: click.Context) -> None:
    """List the artifacts and which version of each is live, or do one of the commands below."""
    if context.invoked_subcommand:
        return
    registry = _registry()
    for name in registry.names():
        live = registry.live(name)
        for version in registry.versions(name):
            click.echo(f"{'●' if version == live else '○'} {name} {version}")


@models.command()
def verify() -> None:
    """Check every artifact against its card."""
    registry = _registry()
    for name in registry.names():
        for version in registry.versions(name):
            registry.verify(name, version)
            click.echo(f"✔ {name} {version}")


@models.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
def put(folder: Path) -> None:
    """Take the artifact in FOLDER into the registry. It is not used before it is live."""
    card = _registry().put(folder)
    click.echo(f"{card.name} {card.version} is in the registry.")


@models.command()
@click.argument("name")
@click.argument("version")
def live(name: str, version: str) -> None:
    """Make VERSION of NAME the one in use, also in a running assistant."""
    _registry().assign(name, version)
    click.echo(f"{name} {version} is live.")


@models.command()
@click.argument("name")
@click.argument("version")
@click.argument("share", type=click.FloatRange(0, 1))
def canary(name: str, version: str, share: float) -> None:
    """Use VERSION of NAME in a SHARE (0 to 1) of the sessions."""
    _registry().canary(name, version, share)
    click.echo(f"{name} {version} serves {share:.0%} of the sessions.")


@models.command()
@click.argument("name")
def rollback(name: str) -> None:
    """Go back to the version of NAME that was live before."""
    click.echo(f"{name} {_registry().rollback(name)} is live again.")


def _registry() -> "Registry":
    from gnothi.core.settings import Settings
    from gnothi.serve.household import open_registry

    return open_registry(Settings.from_environment())
