"""The verb that serves: serve."""

from __future__ import annotations

import socket
from pathlib import Path

import click

from jagraph.cli.options import QUERIES, TIME_LIMIT, common
from jagraph.cli.settings import Settings
from jagraph.core.errors import OutsideError


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="The port; 0 takes a free one.",
)
@click.option(
    "--name",
    "names",
    multiple=True,
    metavar="HOST",
    help="A name by which others call this server, as a proxy passes it on; may be repeated.",
)
@TIME_LIMIT
@click.option(
    "--row-limit",
    type=click.IntRange(1),
    default=100_000,
    show_default=True,
    metavar="N",
    help="How many rows or triples one answer may have; more is an error.",
)
@click.option(
    "--allow-service",
    is_flag=True,
    help="Let queries ask other servers (SERVICE), from this machine.",
)
@QUERIES
@common
def command(
    settings: Settings,
    host: str,
    port: int,
    names: tuple[str, ...],
    time_limit: float,
    row_limit: int,
    allow_service: bool,
    extra: tuple[Path, ...],
) -> None:
    """Serve the graph: web pages, saved queries as REST, a SPARQL endpoint. Stop with Ctrl-C.

    \b
    jagraph serve                             http://127.0.0.1:8000/
    jagraph serve --port 0                    says on stderr which port it took
    jagraph serve --queries my-queries        your own saved queries beside ours
    """
    from jagraph.query.workers.question import Limits
    from jagraph.views.app_state import AppState
    from jagraph.web.app import create_app
    from jagraph.web.connections import GracefulServer, configured

    local = _is_local(host)
    state = AppState(settings.graph(), extra)
    settings.say(f"{len(state.catalogue)} saved queries")
    app = create_app(
        state,
        Limits(seconds=time_limit, rows=row_limit),
        allow_service=allow_service,
        hosts=_LOCAL | {host, *map(str.lower, names)} if local or names else None,
    )
    try:
        listening = socket.create_server((host, port), family=_family(host))
    except (OSError, UnicodeError, TypeError) as reason:  # the latter two for no name of a host
        why = getattr(reason, "strerror", None) or reason
        raise OutsideError(
            "cannot-listen",
            f"{host} port {port} cannot be listened on: {why}",
            remedy="choose another --port (0 takes a free one) or --host",
        ) from reason
    if not local:
        settings.say(f"warning: {host} is open to others; whoever reaches it can ask anything")
    shown = f"[{host}]" if ":" in host else host
    settings.say(f"serving on http://{shown}:{listening.getsockname()[1]}/  (stop with Ctrl-C)")
    config = configured(app, "info" if settings.verbose else "warning")
    GracefulServer(config, lambda: app.state.engine.close()).run(sockets=[listening])


_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


def _is_local(host: str) -> bool:
    """Tell whether only this machine can reach ``host``."""
    return host in _LOCAL or host.startswith("127.")


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
