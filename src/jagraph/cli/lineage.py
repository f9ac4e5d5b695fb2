"""The verb `lineage`: what a model comes from and what descends from it."""

from __future__ import annotations

from typing import Any

import click

from jagraph.cli.answers.lineage import answer
from jagraph.cli.model_selection import selection
from jagraph.cli.options import asking, common
from jagraph.cli.settings import Settings


@click.command("lineage")
@click.argument("things", nargs=-1, required=True, metavar="ID…")
@selection
@click.option("--format", "form", type=click.Choice(["text", "tsv", "json"]), default="text")
@asking
@common
def command(settings: Settings, **options: Any) -> None:
    """List what a model or family comes from and what descends from it.

    \b
    jagraph lineage houou-7b --up
    jagraph lineage llama-2 --down --depth 1
    jagraph lineage houou-instruction-7b-v1 --to llama-2
    """
    answer(settings, **options)
