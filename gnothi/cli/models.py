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
        live = registry.serving(name)
        for card in registry.versions(name):
            click.echo(f"{'●' if card.version == live else '○'} {card.label}")


@models.command()
def verify() -> None:
    """Check every artifact against its card."""
    registry = _registry()
    for name in registry.names():
        for card in registry.versions(name):
            click.echo(f"✔ {registry.get(name, card.version).label}")


@models.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
def put(folder: Path) -> None:
    """Take the artifact in FOLDER into the registry. It is not used before it is live."""
    from gnothi.core.artifact import read_card

    artifact = _registry().put(folder, read_card(folder))
    click.echo(f"{artifact.label} is in the registry.")


@models.command()
@click.argument("name")
@click.argument("version")
def live(name: str, version: str) -> None:
    """Make VERSION of NAME the one in use, also in a running assistant."""
    _registry().make_live(name, version, reason="by hand")
    click.echo(f"{name} {version} is live.")


@models.command()
@click.argument("name")
@click.argument("version")
@click.argument("share", type=click.FloatRange(0, 1))
def canary(name: str, version: str, share: float) -> None:
    """Use VERSION of NAME in a SHARE (0 to 1) of the sessions."""
    _registry().start_canary(name, version, share, reason="by hand")
    click.echo(f"{name} {version} serves {share:.0%} of the sessions.")


@models.command()
@click.argument("name")
def rollback(name: str) -> None:
    """Go back to the version of NAME that was live before."""
    version = _registry().roll_back(name, reason="by hand")
    click.echo(f"{name} {version} is live again.")


def _registry() -> "Registry":
    from gnothi.core.settings import Settings
    from gnothi.serve.household import open_registry

    return open_registry(Settings.from_environment())
