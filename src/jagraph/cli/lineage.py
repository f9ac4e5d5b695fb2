"""The verbs that follow derivations and take the graph out: lineage, export."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from jagraph.cli.options import (
    Settings,
    asking,
    common,
    deliver,
    delivered,
    models,
    resolve,
    target_format,
)
from jagraph.core.errors import RequestError
from jagraph.core.namespaces import shorten
from jagraph.domain.bom.contents import bill_of
from jagraph.domain.bom.cyclonedx import as_cyclonedx
from jagraph.domain.bom.spdx import as_spdx
from jagraph.domain.lineage import Direction, Lineage, as_data, as_lines, derivations
from jagraph.graph.cache import Graph
from jagraph.graph.export import FORMATS as EXPORT_FORMATS
from jagraph.graph.export import export, stream
from jagraph.records.context import read_context

_BILLS = {"spdx.json": as_spdx, "cdx.json": as_cyclonedx}
THINGS = ("family", "model")


def selection(verb: Any) -> Any:
    """Give ``verb`` the options that select a part of the lineage."""
    for option in reversed(
        (
            click.option("--up", is_flag=True, help="Only what it comes from."),
            click.option("--down", is_flag=True, help="Only what descends from it."),
            click.option(
                "--depth", type=click.IntRange(min=1), help="At most so many derivations away."
            ),
            click.option("--to", "other", metavar="ID", help="The shortest chain to another one."),
        )
    ):
        verb = option(verb)
    return verb


def selected(
    graph: Graph,
    settings: Settings,
    things: tuple[str, ...],
    up: bool,
    down: bool,
    depth: int | None,
    other: str | None,
) -> Lineage:
    """Return the part of the lineage that the options of ``selection`` ask for."""
    everything = derivations(graph.store)
    starts = [resolve(graph, thing, *THINGS) for thing in things]
    if other is not None:
        if up or down or depth or len(starts) > 1:
            raise RequestError(
                "bad-selection",
                "--to cannot be combined with --up, --down, --depth or a second ID",
                remedy="leave them out: a chain has its own ends",
            )
        return everything.path(starts[0], resolve(graph, other, *THINGS))
    found = everything.walk(starts, way(up, down, "both"), depth)
    for loop in found.cycles():
        settings.say("warning: a cycle in the derivations: " + ", ".join(map(shorten, loop)))
    return found


def way(up: bool, down: bool, otherwise: Direction) -> Direction:
    """Return which way to walk: as the one flag given says, else ``otherwise``."""
    if up == down:
        return otherwise
    return "up" if up else "down"


@click.command("lineage")
@click.argument("things", nargs=-1, required=True, metavar="ID…")
@selection
@click.option("--format", "form", type=click.Choice(["text", "tsv", "json"]), default="text")
@asking
@common
def lineage_verb(
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


@click.command("export")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="The file; its extension (" + ", ".join((*EXPORT_FORMATS, *_BILLS)) + ") is the format.",
)
@click.option("--format", "form", metavar="|".join(EXPORT_FORMATS), help="The format, for stdout.")
@click.option(
    "--bom", "billed", metavar="ID", help="Only the bill of materials of this model or family."
)
@asking
@common
def export_verb(
    settings: Settings, output: Path | None, form: str | None, billed: str | None
) -> None:
    """Write the whole graph, asserted and derived; N-Quads and TriG keep the two apart.

    \b
    jagraph export -o jagraph.ttl
    jagraph export --format nq | gzip > jagraph.nq.gz
    jagraph export --bom MedSwallow-70b -o medswallow.spdx.json
    jagraph export --bom MedSwallow-70b -o medswallow.cdx.json

    An imported store is written as it is read, in its own order, and not as JSON-LD.

    A bill of materials has the model, its ancestors, the datasets, declared and concluded licences:
    SPDX 3.0 (*.spdx.json) or CycloneDX 1.6 (*.cdx.json).
    """
    if billed is not None:
        asked = target_format(form, output, tuple(_BILLS), "spdx.json")
        graph = settings.graph()
        bill = bill_of(models(graph, billed), graph.store)
        deliver(_BILLS[asked](bill), output, settings)
        return
    asked = target_format(form, output, EXPORT_FORMATS, "ttl")
    graph = settings.graph()
    if settings.imported is not None:
        with delivered(output, settings) as out:
            stream(graph.store, asked, out, settings.say)
        return
    deliver(export(graph.store, asked, read_context(graph.project.context)), output, settings)
