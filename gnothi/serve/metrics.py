"""What Prometheus asks for: how fast, how often, how far behind."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from time import perf_counter

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, generate_latest

import gnothi
from gnothi.core.interaction import Interaction
from gnothi.journal.journal import Journal
from gnothi.journal.resilient import ResilientJournal

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12)


class Metrics:
    """The figures of one server, in a registry of its own so that two can live side by side."""

    def __init__(self) -> None:
        """Begin at zero."""
        self._registry = CollectorRegistry()
        self._whole = self._histogram("gnothi_turn_seconds", "A whole turn, journal included.")
        self._stages = Histogram(
            "gnothi_turn_stage_seconds",
            "One stage of a turn.",
            ["stage"],
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._turns = self._counter("gnothi_turns", "Turns, by what became of their action.")
        self.listeners = Gauge(
            "gnothi_listeners", "WebSockets that are open.", registry=self._registry
        )
        self._journal_lag = Gauge(
            "gnothi_journal_lag_turns",
            "Turns that wait beside the journal for its database.",
            registry=self._registry,
        )
        build = Info("gnothi_build", "What is running.", registry=self._registry)
        build.info({"version": gnothi.__version__})

    @contextmanager
    def turn(self) -> Generator[Callable[[Interaction], None]]:
        """Time a turn; call what is yielded with its interaction."""
        began = perf_counter()
        status = "error"

        def seen(interaction: Interaction) -> None:
            nonlocal status
            status = _status(interaction)
            for stage in interaction.trace:
                self._stages.labels(stage.stage).observe(stage.ms / 1_000)

        try:
            yield seen
        finally:
            self._whole.observe(perf_counter() - began)
            self._turns.labels(status).inc()

    def watch(self, journal: Journal) -> None:
        """Show how many turns wait for the database of *journal*."""
        if isinstance(journal, ResilientJournal):
            self._journal_lag.set_function(lambda: journal.waiting)

    def text(self) -> bytes:
        """Return everything in Prometheus's text format."""
        return generate_latest(self._registry)

    def _histogram(self, name: str, help_text: str) -> Histogram:
        return Histogram(name, help_text, buckets=_SECONDS, registry=self._registry)

    def _counter(self, name: str, help_text: str) -> Counter:
        return Counter(name, help_text, ["status"], registry=self._registry)


def _status(interaction: Interaction) -> str:
    """Say in one word what became of a turn."""
    if interaction.actions:
        return interaction.actions[-1].status.value
    return "not_understood" if interaction.understanding.out_of_scope else "answered"
