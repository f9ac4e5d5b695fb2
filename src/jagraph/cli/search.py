"""The verb `search`: things by a part of a name."""

from __future__ import annotations

import click

from jagraph.cli.options import Settings, asking, common
from jagraph.query.name_resolver import Names
from jagraph.views.hits import search


@click.command("search")
@click.argument("text")
@click.option("--limit", default=20, show_default=True, help="Show at most so many.")
@asking
@common
def command(settings: Settings, text: str, limit: int) -> None:
    """Find things by a part of a name, an alias or a Hugging Face id."""
    hits = search(text, Names.read(settings.graph().store))
    for hit in hits[:limit]:
        click.echo(f"{hit.identifier}\t{hit.name}")
    settings.say(f"{len(hits)} found" + (f", {limit} shown" if len(hits) > limit else ""))
