"""``gnothi run``: start the assistant."""

import click


@click.command()
@click.option(
    "--port", type=click.IntRange(0, 65_535), help="The next free one from 8765 if not given."
)
@click.option("--lan", is_flag=True, help="Serve the local network, over TLS, to paired devices.")
@click.option("--wyoming", metavar="URI", help="Also serve Wyoming, e.g. tcp://127.0.0.1:10500.")
def run(*, port: int | None, lan: bool, wyoming: str | None) -> None:
    """Start the assistant and print the address of its page."""
    from gnothi.core.settings import Settings
    from gnothi.serve.run import serve

    serve(Settings.from_environment(), port=port, lan=lan, wyoming=wyoming)
