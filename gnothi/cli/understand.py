"""``gnothi understand`` and ``gnothi explain``: what is made of a sentence, and why."""

import json

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from gnothi.cli.lines import sentences
from gnothi.core.understanding import Interpretation, Understanding

BAR = 30
"""Characters of a bar for a worth of 1."""


@click.command()
@click.argument("text", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def understand(text: tuple[str, ...], *, as_json: bool) -> None:
    """Show what is understood of TEXT, or of each line of standard input."""
    from gnothi.serve.answer import understanding_json
    from gnothi.serve.household import open_understander

    understander = open_understander()
    for sentence in sentences(text):
        understanding = understander.understand(sentence)
        if as_json:
            click.echo(json.dumps(understanding_json(understanding), ensure_ascii=False))
        else:
            _show(understanding)


@click.command()
@click.argument("text", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def explain(text: tuple[str, ...], *, as_json: bool) -> None:
    """Show how much each word of TEXT speaks for the intent, against the runner-up."""
    from gnothi.serve.explaining import explain_words
    from gnothi.serve.household import open_understander

    explanation = explain_words(open_understander().network(), " ".join(text))
    if as_json:
        click.echo(json.dumps(explanation.json(), ensure_ascii=False))
        return
    decision = explanation.decision
    console = Console()
    console.print(f"[bold]{decision.intent}[/] rather than {decision.runner_up}")
    for word in decision.attribution.contributions:
        style = "green" if word.value > 0 else "red"
        bar = "█" * round(abs(word.value) * BAR)
        console.print(f"{word.text:>16} {word.value:+.3f} [{style}]{bar}[/]")


def _show(understanding: Understanding) -> None:
    console = Console()
    if not understanding.requests:
        console.print("[yellow]out of scope[/]")
    for request in understanding.requests:
        console.print(_marked(understanding.text, request))
        table = Table(show_header=False, box=None)
        table.add_row("intent", f"[bold]{request.intent}[/]", f"{request.score:.2f}")
        for other in request.alternatives:
            table.add_row("or", other.intent, f"{other.score:.2f}")
        console.print(table)


def _marked(text: str, request: Interpretation) -> Text:
    marked = Text(text[request.start : request.end])
    for slot in request.slots:
        marked.stylize("bold cyan", slot.start - request.start, slot.end - request.start)
        marked.append(f"  {slot.name}={slot.value}", style="cyan")
    return marked
