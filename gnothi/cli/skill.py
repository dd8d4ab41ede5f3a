"""``gnothi skill``: list and check skills."""

import sys
from importlib import import_module
from pathlib import Path

import click


@click.group()
def skill() -> None:
    """List and check skills."""


@skill.command("list")
def list_skills() -> None:
    """List the skills of this installation and what each can do."""
    from gnothi.core.settings import Settings
    from gnothi.serve.household import open_skills

    for one in open_skills(Settings.from_environment()):
        click.echo(f"{one.name}: {one.title}")
        for api in one.apis:
            click.echo(f"    {api.name} ({api.risk.value})  {', '.join(api.intents)}")


@skill.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
def check(folder: Path) -> None:
    """Check that the skill in FOLDER keeps the format and does what its samples say."""
    # By name: the command line and the checks stand on one layer and do not import each other.
    problems: tuple[str, ...] = import_module("gnothi.testing.skills").check(folder)
    for problem in problems:
        click.echo(f"✘ {problem}")
    if problems:
        sys.exit(1)
    click.echo(f"✔ {folder.name} is fine.")
