"""The verb that serves: serve."""

from __future__ import annotations

import socket

import click

from jagraph.cli.common import Settings, common
from jagraph.errors import OutsideError


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="The port; 0 takes a free one.",
)
@common
def serve(settings: Settings, host: str, port: int) -> None:
    """Serve the graph: web pages, saved queries as REST, a SPARQL endpoint. Stop with Ctrl-C.

    \b
    jagraph serve                             http://127.0.0.1:8000/
    jagraph serve --port 0                    says on stderr which port it took
    """
    import uvicorn

    from jagraph.serve.app import create_app
    from jagraph.serve.site import Site

    app = create_app(Site(settings.graph()))
    try:
        listening = socket.create_server((host, port), family=_family(host))
    except OSError as reason:
        raise OutsideError(
            "cannot-listen",
            f"{host} port {port} cannot be listened on: {reason.strerror}",
            remedy="choose another --port (0 takes a free one) or --host",
        ) from reason
    shown = f"[{host}]" if ":" in host else host
    settings.say(f"serving on http://{shown}:{listening.getsockname()[1]}/  (stop with Ctrl-C)")
    config = uvicorn.Config(app, log_level="info" if settings.verbose else "warning")
    uvicorn.Server(config).run(sockets=[listening])


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
