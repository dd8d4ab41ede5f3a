"""A group of commands that are imported when they are called."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click


class LazyGroup(click.Group):
    """Lists its commands without importing them."""

    def __init__(
        self,
        name: str | None = None,
        *,
        commands_at: Mapping[str, tuple[str, str, str]],
        **options: Any,  # noqa: ANN401 - click's own
    ) -> None:
        """Take *commands_at*: name to (module, attribute, one line of help)."""
        super().__init__(name, **options)
        self._at = commands_at

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order in which they are declared."""
        return list(self._at)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return the command called *cmd_name*."""
        if cmd_name not in self._at:
            return None
        module, attribute, _ = self._at[cmd_name]
        return getattr(import_module(module), attribute)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the one-line helps."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, _, line) in self._at.items()])
