"""Writes the reference of the command line from the commands themselves.

``python -m gnothi.cli.reference > docs/reference/command-line.md``; a test keeps the page true.
"""

from collections.abc import Iterator

import click

from gnothi.cli import cli

HEADING = "# Command line\n\nMade from the commands by `python -m gnothi.cli.reference`."
WIDTH = 100


def reference() -> str:
    """Return the page as Markdown."""
    parts = [HEADING]
    for path, command in _commands(cli, "gnothi"):
        context = click.Context(command, info_name=path, terminal_width=WIDTH)
        parts.append(f"## {path}\n\n```text\n{command.get_help(context)}\n```")
    return "\n\n".join(parts) + "\n"


def _commands(command: click.Command, path: str) -> Iterator[tuple[str, click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            if inner := command.get_command(context, name):
                yield from _commands(inner, f"{path} {name}")


if __name__ == "__main__":
    click.echo(reference(), nl=False)
