"""The verb `query`: the saved queries, their gallery and their help."""

from __future__ import annotations

from typing import Any

import click

from jagraph.cli.answer_options import FORMAT, OUTPUT
from jagraph.cli.answers.query import answer
from jagraph.cli.options import QUERIES, asking, common
from jagraph.cli.settings import Settings


@click.command(
    "query",
    context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
    add_help_option=False,
)
@click.argument("name", required=False)
@click.argument("parameters", nargs=-1, type=click.UNPROCESSED)
@FORMAT
@OUTPUT
@QUERIES
@click.option(
    "-h", "--help", "wants_help", is_flag=True, help="Show this, or a query's parameters."
)
@asking
@common
@click.pass_context
def command(
    context: click.Context,
    /,
    settings: Settings,
    name: str | None,
    wants_help: bool,
    **options: Any,
) -> None:
    """Run a saved query; without a NAME, list them all.

    \b
    jagraph query descendants --base llama-2
    jagraph query NAME --help                 what it answers and takes
    jagraph query --queries mine              the gallery with your own .rq files in mine/
    jagraph query trained-on --dataset Dolly --format csv -o dolly.csv
    """
    unnamed = name is None or name.startswith("-")
    if unnamed and wants_help:
        click.echo(context.get_help())
    elif unnamed and name is not None:
        raise click.UsageError(f"the saved query's name comes before {name}", context)
    else:
        answer(settings, name, wants_help=wants_help, **options)
