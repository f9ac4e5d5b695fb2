"""The verb `show`: one card, with sources."""

from __future__ import annotations

import click

from jagraph.api.card import card
from jagraph.cli.options import Settings, asking, common
from jagraph.views.card_text import as_json, as_text


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
    settings.note_unknown_places()
    content = card(graph, thing)
    click.echo(as_json(content) if form == "json" else as_text(content), nl=False)
