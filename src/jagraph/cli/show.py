"""The verbs that look things up: show, search."""

from __future__ import annotations

import click

from jagraph.cli.options import Settings, asking, common, resolve
from jagraph.core.namespaces import shorten
from jagraph.query.name_resolver import Names
from jagraph.records.context import read_context
from jagraph.views import cards


@click.command()
@click.argument("thing", metavar="ID")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@asking
@common
def show(settings: Settings, thing: str, form: str) -> None:
    """Print one card: every fact with the list's words, their cell, and the record's line.

    \b
    jagraph show "Swallow 13B"
    jagraph show license/llama-2              kind/id where a name is not enough
    """
    graph = settings.graph()
    found = cards.card(
        resolve(graph, thing),
        graph.store,
        settings.sources(graph),
        read_context(graph.project.context),
    )
    click.echo(cards.as_json(found) if form == "json" else cards.as_text(found), nl=False)


@click.command()
@click.argument("text")
@click.option("--limit", default=20, show_default=True, help="Show at most so many.")
@asking
@common
def search(settings: Settings, text: str, limit: int) -> None:
    """Find things by a part of a name, an alias or a Hugging Face id."""
    names = Names.read(settings.graph().store)
    found = names.search(text)
    for thing in found[:limit]:
        click.echo(f"{shorten(thing)}\t{names.things[thing]}")
    settings.say(f"{len(found)} found" + (f", {limit} shown" if len(found) > limit else ""))
