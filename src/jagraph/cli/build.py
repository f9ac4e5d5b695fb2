"""The verb `build`: the graph, built again."""

from __future__ import annotations

import click

from jagraph.cli.options import common
from jagraph.cli.settings import Settings


@click.command("build")
@common
def command(settings: Settings) -> None:
    """Build the graph again, even when nothing changed. Other verbs build when they must."""
    from jagraph.graph.build import build

    graph = build(settings.project(), settings.say, fresh=True)
    click.echo(graph.folder or "in memory only: the records changed while they were read")
