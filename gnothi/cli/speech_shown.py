"""What ``gnothi speech`` shows in a terminal: tables, bars, and how loud it is."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Self

from rich.console import Console
from rich.live import Live
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.table import Table

if TYPE_CHECKING:
    from gnothi.speech.catalogue import Download, Model
    from gnothi.speech.measuring import Measured
    from gnothi.speech.shelf import Kept

_FAINT_DB, _LOUD_DB, _BARS = -60.0, -3.0, 30


def catalogue_lines(
    models: "Sequence[Model]",
    here: "Mapping[str, Kept]",
    lacks: Mapping[str, str],
    *,
    with_numbers: bool,
) -> Iterator[tuple[str, str]]:
    """Yield lines about *models* and the style of each, by who opens them; *here* are marked."""
    backend = ""
    for number, one in enumerate(models, 1):
        if one.backend != backend:
            backend = one.backend
            yield f"\nOpened by {backend}", "bold"
            if problem := lacks.get(backend):
                yield f"   → {problem}", "yellow"
        mark = "✔" if one.name in here else str(number) if with_numbers else "-"
        size = "?" if one.bytes is None else f"{one.bytes / 1e6:.0f}"
        spoken = "99 languages" if len(one.languages) > 1 else "English"
        line = f"{mark:>2} {one.name:24}{size:>5} MB  {spoken:14}{one.speed:11}{one.licence}"
        yield line, ""
        yield f"   {one.about}", "dim"


def results(found: "Sequence[Measured]", title: str) -> Table:
    """Return a table of how well recognisers heard, and of what it took.

    Word errors are a rate with its interval, real-time is the time of computing over that of sound,
    and the last column the longest wait for the text after the last sample.
    """
    table = Table(title=title, title_justify="left")
    table.add_column("recogniser", overflow="fold")
    for column in ("word errors", "95 %", "all right", "real-time", "wait ms"):
        table.add_column(column, justify="right", no_wrap=True)
    for one in found:
        low, high = one.interval
        table.add_row(
            one.recogniser,
            f"{one.word_error_rate:.3f}",
            f"{low:.2f} to {high:.2f}",
            f"{one.all_right:.2f}",
            f"{one.real_time_factor:.2f}",
            f"{one.finish_ms:.0f}",
        )
    return table


class Downloads:
    """Bars for what is fetched, on a terminal; nothing elsewhere."""

    def __init__(self, console: Console, *, is_quiet: bool) -> None:
        """Show them on *console*."""
        self._bars = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            DownloadColumn(),
            TransferSpeedColumn(),
            TimeRemainingColumn(),
            console=console,
            disable=is_quiet or not console.is_terminal,
        )

    def __enter__(self) -> Self:
        """Begin to show."""
        self._bars.start()
        return self

    def __exit__(self, *exc: object) -> None:
        """Show no more."""
        self._bars.stop()

    def pause(self) -> None:
        """Make room for a question; the next download shows a bar again."""
        self._bars.stop()

    def telling(self, download: "Download") -> "Callable[[int, int | None], None]":
        """Return who is told of the progress of *download*."""
        self._bars.start()
        bar = self._bars.add_task(download.name[:40], total=download.bytes)
        return lambda done, total: self._bars.update(bar, completed=done, total=total)


class Level:
    """A bar that goes with how loud it is."""

    def __init__(self, console: Console, *, is_quiet: bool) -> None:
        """Show it on *console*."""
        self._is_quiet = is_quiet or not console.is_terminal
        self._live = Live(console=console, transient=True, auto_refresh=False)

    def __enter__(self) -> Self:
        """Begin to show."""
        if not self._is_quiet:
            self._live.start()
        return self

    def __exit__(self, *exc: object) -> None:
        """Show no more."""
        if not self._is_quiet:
            self._live.stop()

    def show(self, decibels: float) -> None:
        """Show a block of *decibels* of full scale."""
        if self._is_quiet:
            return
        share = min(1.0, max(0.0, 1 - decibels / _FAINT_DB))
        colour = "red" if decibels > _LOUD_DB else "green" if share > 0.3 else "yellow"
        bar = "█" * round(share * _BARS)
        self._live.update(f"[{colour}]{bar:{_BARS}}[/] {decibels:4.0f} dB", refresh=True)
