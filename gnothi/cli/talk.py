"""``gnothi talk``: a conversation with your own household in the terminal."""

import asyncio
import sys

import click
from rich.console import Console

from gnothi.core.interaction import Interaction
from gnothi.home.alarms import AlarmEvent

PROMPT = "> "


@click.command()
@click.option("--user", help="Who speaks: the id of somebody of the household.")
@click.option("--device", help="The device that hears: its area is context.")
@click.option("--why", is_flag=True, help="After each answer, show what was understood and done.")
def talk(*, user: str | None, device: str | None, why: bool) -> None:
    """Talk with your household; what happens is kept. End with an empty line or Ctrl-D."""
    asyncio.run(_talk(user, device, why=why))


async def _talk(user: str | None, device: str | None, *, why: bool) -> None:
    from gnothi.core.settings import Settings
    from gnothi.core.understanding import Utterance
    from gnothi.serve.household import Household

    console = Console()
    household = Household.open(Settings.from_environment())

    def tell(event: AlarmEvent) -> None:
        if event.name == "ring":
            console.print(f"⏰ {event.alarm.name or event.alarm.kind}", style="bold", markup=False)

    household.alarms.subscribe(tell)
    await household.start()
    try:
        while text := (await asyncio.to_thread(_hear)).strip():
            utterance = Utterance(text, device=device, speaker=user)
            session = f"{user or 'guest'}/terminal"
            interaction = await household.assistant.turn(utterance, session=session)
            console.print(interaction.reply.text, style="bold")
            if why:
                console.print(_why(interaction), style="dim")
    finally:
        await household.stop()


def _hear() -> str:
    if sys.stdin.isatty():
        click.echo(PROMPT, nl=False)
    return sys.stdin.readline()


def _why(interaction: Interaction) -> str:
    requests = [
        f"{request.intent} ({request.score:.2f})" for request in interaction.understanding.requests
    ]
    actions = [
        f"{action.call.skill}.{action.call.api} {action.status.value}"
        for action in interaction.actions
    ]
    stages = [f"{stage.stage} {stage.ms:.1f} ms" for stage in interaction.trace]
    lines = (", ".join(part) for part in (requests, actions, stages))
    return "\n".join(line for line in lines if line)
