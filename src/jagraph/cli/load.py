"""The verb that fills a store elsewhere: load."""

from __future__ import annotations

import click

from jagraph.cli.options import common
from jagraph.cli.settings import Settings


@click.command("load")
@click.option("--endpoint", "url", metavar="URL", required=True, help="Where it takes queries.")
@click.option(
    "--graph-store",
    "target",
    metavar="URL",
    help="Where it takes graphs (Graph Store Protocol); known for Virtuoso and Oxigraph.",
)
@common
def command(settings: Settings, url: str, target: str | None) -> None:
    """Fill an engine of your own with the built graph; it answers no verb until all is there.

    \b
    jagraph load --endpoint http://localhost:7878/query
    jagraph load --endpoint http://localhost:3030/list/sparql \\
      --graph-store http://localhost:3030/list/data

    What was in the graphs before is replaced. The environment has the user and password,
    JAGRAPH_ENDPOINT_USER and JAGRAPH_ENDPOINT_PASSWORD, or JAGRAPH_ENDPOINT_TOKEN, and
    JAGRAPH_ENDPOINT_TIMEOUT in seconds (60).
    """
    from jagraph.store.endpoint_access import Access, checked_url
    from jagraph.store.http_client import Connection
    from jagraph.store.upload import graph_store, upload

    connection = Connection(Access.from_environment())
    target = checked_url(target) if target else graph_store(connection, checked_url(url))
    sent = upload(settings.graph().store, connection, target, settings.say)
    settings.say(f"loaded {sent:,} triples into {url}")
