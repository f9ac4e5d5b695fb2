"""The verb `show`: one card, with sources."""

from __future__ import annotations

import click

from jagraph.api.things import find
from jagraph.cli.options import Settings, asking, common
from jagraph.records.context import read_context
from jagraph.views.card_text import as_json, as_text
from jagraph.views.cards import CardSource


@click.command("show")
@click.argument("thing", metavar="ID")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@asking
@common
def command(settings: Settings, thing: str, form: str) -> None:
    """Print one card: every fact with the list's words, their cell, and the record's line.

    \b
    jagraph show "Swallow 13B"
    jagraph show license/llama-2              kind/id where a name is not enough
    """
    graph = settings.graph()
    context = read_context(graph.project.context)
    source = CardSource(graph.store, settings.sources(graph), context)
    card = source.plain_card(find(graph, thing))
    click.echo(as_json(card) if form == "json" else as_text(card), nl=False)
