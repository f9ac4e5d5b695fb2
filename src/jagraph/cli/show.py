"""The verb `show`: one card, with sources."""

from __future__ import annotations

import click

from jagraph.cli.answers.show import answer
from jagraph.cli.options import asking, common
from jagraph.cli.settings import Settings


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
    answer(settings, thing, form)
