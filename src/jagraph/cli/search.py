"""The verb `search`: things by a part of a name."""

from __future__ import annotations

import click

from jagraph.cli.answers.search import answer
from jagraph.cli.options import asking, common
from jagraph.cli.settings import Settings


@click.command("search")
@click.argument("text")
@click.option("--limit", default=20, show_default=True, help="Show at most so many.")
@asking
@common
def command(settings: Settings, text: str, limit: int) -> None:
    """Find things by a part of a name, an alias or a Hugging Face id."""
    answer(settings, text, limit)
