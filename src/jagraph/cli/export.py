"""The verb `export`: the graph or a bill of materials, as a file."""

from __future__ import annotations

from pathlib import Path

import click

from jagraph.api.terms import BILLS, bill_of_materials
from jagraph.cli.delivery import delivered
from jagraph.cli.options import asking, common
from jagraph.cli.settings import Settings, deliver, target_format
from jagraph.graph.export import FORMATS as EXPORT_FORMATS
from jagraph.graph.export import export, stream
from jagraph.records.context import read_context


@click.command("export")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="The file; its extension (" + ", ".join((*EXPORT_FORMATS, *BILLS)) + ") is the format.",
)
@click.option("--format", "form", metavar="|".join(EXPORT_FORMATS), help="The format, for stdout.")
@click.option(
    "--bom", "billed", metavar="ID", help="Only the bill of materials of this model or family."
)
@asking
@common
def command(settings: Settings, output: Path | None, form: str | None, billed: str | None) -> None:
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
        asked = target_format(form, output, BILLS, "spdx.json")
        bill = bill_of_materials(settings.graph(), billed, format=asked)
        deliver(bill.decode(), output, settings)
        return
    asked = target_format(form, output, EXPORT_FORMATS, "ttl")
    graph = settings.graph()
    if settings.imported is not None:
        with delivered(output, settings) as out:
            stream(graph.store, asked, out, settings.say)
        return
    deliver(export(graph.store, asked, read_context(graph.project.context)), output, settings)
