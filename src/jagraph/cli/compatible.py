"""The verb `compatible`: whether two licences, or two models, go together."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from jagraph.api.terms import compatible
from jagraph.cli.options import asking, common
from jagraph.cli.settings import Settings


@click.command("compatible")
@click.argument("one", metavar="PARENT")
@click.argument("other", metavar="OTHER")
@click.option(
    "--relation",
    default="fineTunedFrom",
    metavar="RELATION",
    help="How the parent's terms come along: fineTunedFrom (also for all by which weights pass),"
    " distilledFrom, trainedOnOutputOf …",
)
@click.option("--format", "form", type=click.Choice(["text", "tsv", "json"]), default="text")
@asking
@common
def command(settings: Settings, one: str, other: str, relation: str, form: str) -> None:
    """Say whether two licences, or the licences of two models, can be on one model.

    \b
    jagraph compatible llama-2 cc-by-nc-sa-4.0
    jagraph compatible gemma-2-9b-it llama-3.1-8b-instruct
    jagraph compatible qwen apache-2.0 --relation trainedOnOutputOf

    PARENT is what comes along, OTHER the label or a second parent. Each pair of licences is one of:
    cannot-both (be passed on), not-carried, dropped, adds-up, unknown.
    """
    graph = settings.graph()
    settings.note_unknown_places()
    found = compatible(graph, one, other, relation=relation)
    if form == "json":
        click.echo(json.dumps([asdict(fit) for fit in found], ensure_ascii=False, indent=1))
    elif form == "tsv":
        click.echo("license\tother\tkind\taction\tclause\totherClause\treason")
        for fit in found:
            click.echo("\t".join(asdict(fit).values()))
    else:
        for fit in found:
            click.echo(f"{fit.license} + {fit.other}: {fit.kind}")
            click.echo(f"  {fit.reason}")
            for name, clause in ((fit.license, fit.clause), (fit.other, fit.other_clause)):
                if clause:
                    click.echo(f"  {name}, clause {clause}")
        if not found:
            click.echo("the same licences, or none on record: nothing to hold against each other")
