"""The verb `search`: things by a part of a name."""

from __future__ import annotations

import click

from jagraph.api.things import search
from jagraph.cli.options import Settings, asking, common


@click.command("search")
@click.argument("text")
@click.option("--limit", default=20, show_default=True, help="Show at most so many.")
@asking
@common
def command(settings: Settings, text: str, limit: int) -> None:
    """Find things by a part of a name, an alias or a Hugging Face id."""
    found = search(settings.graph(), text, limit=None)
    for thing in found[:limit]:
        click.echo(f"{thing.id}\t{thing.name}")
    settings.say(f"{len(found)} found" + (f", {limit} shown" if len(found) > limit else ""))
