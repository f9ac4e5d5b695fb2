"""The verb `terms`: what a model may be used for, with the proof."""

from __future__ import annotations

import click

from jagraph.cli.answers.terms import FORMATS, answer
from jagraph.cli.options import asking, common
from jagraph.cli.settings import Settings
from jagraph.domain.verdicts import USES


@click.command("terms")
@click.argument("thing", metavar="ID")
@click.option("--use", "use", type=click.Choice(list(USES)), help="One use; default: all of them.")
@click.option("--format", "form", metavar="|".join(FORMATS), help="Default: text.")
@asking
@common
def command(settings: Settings, thing: str, use: str | None, form: str | None) -> None:
    """Say what a model may be used for, with the proof: clause, words, path, other terms, caveats.

    \b
    jagraph terms MedSwallow-70b --use ship
    jagraph terms "KARAKURI LM" --format md

    A family is judged model by model; models that come out equal stand together.
    """
    answer(settings, thing, use, form)
