"""The verb `search`: things by a part of a name."""

from __future__ import annotations

import click

from jagraph.cli.options import Settings, asking, common
from jagraph.core.namespaces import shorten
from jagraph.query.name_resolver import Names


@click.command("search")
@click.argument("text")
@click.option("--limit", default=20, show_default=True, help="Show at most so many.")
@asking
@common
def command(settings: Settings, text: str, limit: int) -> None:
    """Find things by a part of a name, an alias or a Hugging Face id."""
    names = Names.read(settings.graph().store)
    found = names.search(text)
    for thing in found[:limit]:
        click.echo(f"{shorten(thing)}\t{names.things[thing]}")
    settings.say(f"{len(found)} found" + (f", {limit} shown" if len(found) > limit else ""))
