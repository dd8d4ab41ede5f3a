"""``gnothi run``: start the assistant."""

import click


@click.command()
@click.option(
    "--port", type=click.IntRange(0, 65_535), help="The next free one from 8765 if not given."
)
@click.option("--lan", is_flag=True, help="Serve the local network, over TLS, to paired devices.")
@click.option("--wyoming", metavar="URI", help="Also serve Wyoming, e.g. tcp://127.0.0.1:10500.")
@click.option(
    "--wyoming-from",
    metavar="ADDRESS",
    multiple=True,
    help="A machine or network that may use Wyoming; repeat for more.",
)
@click.option(
    "--satellite",
    metavar="NAME=URI",
    multiple=True,
    help="Listen at a Wyoming satellite, e.g. kitchen=tcp://192.168.1.20:10700; repeat for more.",
)
@click.option(
    "--wake",
    metavar="WHAT",
    default="",
    help="What listens for the wake word where a satellite does not; gnothi speech lists it.",
)
@click.option("--host", default="127.0.0.1", help="Listen elsewhere, for a proxy that adds TLS.")
@click.option("--name", multiple=True, help="A name that a proxy serves; repeat for more.")
def run(
    *,
    port: int | None,
    lan: bool,
    wyoming: str | None,
    wyoming_from: tuple[str, ...],
    satellite: tuple[str, ...],
    wake: str,
    host: str,
    name: tuple[str, ...],
) -> None:
    """Start the assistant and print the address of its page."""
    from gnothi.core.settings import Settings
    from gnothi.serve.run import serve

    serve(
        Settings.from_environment(),
        host,
        port,
        lan=lan,
        names=name,
        wyoming=wyoming,
        wyoming_from=wyoming_from,
        satellites=satellite,
        wake=wake,
    )
