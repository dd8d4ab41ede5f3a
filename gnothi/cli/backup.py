"""``gnothi backup`` and ``gnothi restore``."""

from pathlib import Path

import click


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup(file: Path) -> None:
    """Write everything that is kept into FILE, also while the assistant runs."""
    from gnothi.core.clock import SystemClock
    from gnothi.core.settings import Settings
    from gnothi.journal.backup import backup as write_backup

    write_backup(Settings.from_environment().folder, file, now=SystemClock().now())
    click.echo(f"Everything is in {file} ({file.stat().st_size / 1e6:.1f} MB).")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--overwrite", is_flag=True, help="Replace what is there.")
def restore(file: Path, *, overwrite: bool) -> None:
    """Put the backup in FILE back. Stop the assistant first."""
    from gnothi.core.settings import Settings
    from gnothi.journal.backup import restore as read_backup

    folder = Settings.from_environment().folder
    read_backup(file, folder, overwrite=overwrite)
    click.echo(f"Everything is back in {folder}.")
