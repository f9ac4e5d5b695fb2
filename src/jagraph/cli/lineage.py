"""The verb `lineage`: what a model comes from and what descends from it."""

from __future__ import annotations

import json

import click

from jagraph.cli.model_selection import selected, selection
from jagraph.cli.options import Settings, asking, common
from jagraph.core.namespaces import shorten
from jagraph.domain.lineage import as_data, as_lines


@click.command("lineage")
@click.argument("things", nargs=-1, required=True, metavar="ID…")
@selection
@click.option("--format", "form", type=click.Choice(["text", "tsv", "json"]), default="text")
@asking
@common
def command(
    settings: Settings,
    things: tuple[str, ...],
    up: bool,
    down: bool,
    depth: int | None,
    other: str | None,
    form: str,
) -> None:
    """List what a model or family comes from and what descends from it.

    \b
    jagraph lineage houou-7b --up
    jagraph lineage llama-2 --down --depth 1
    jagraph lineage houou-instruction-7b-v1 --to llama-2
    """
    graph = settings.graph()
    found = selected(graph, settings, things, up, down, depth, other)
    if form == "json":
        click.echo(json.dumps(as_data(found), ensure_ascii=False, indent=1))
        return
    if form == "tsv":
        click.echo("child\trelation\tparent\tcertain\tstated")
        for edge in sorted(found.edges):
            cells = (
                shorten(edge.child),
                edge.relation,
                shorten(edge.parent),
                str(edge.certain).lower(),
                edge.stated,
            )
            click.echo("\t".join(cells))
        return
    for line in as_lines(found):
        click.echo(line)
    settings.say(f"{len(found.models)} models, {len(found.edges)} derivations")
