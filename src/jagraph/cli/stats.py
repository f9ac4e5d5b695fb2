"""The verb `stats`: how much the graph holds."""

from __future__ import annotations

import click

from jagraph.api.records import versions
from jagraph.cli.options import asking, common
from jagraph.cli.settings import Settings, deliver, target_format, terminal, width
from jagraph.query import result_formats
from jagraph.store.base import Solutions
from jagraph.views.graph_counts import kind_counts, section_counts


@click.command("stats")
@click.option("--format", "form", metavar="|".join(result_formats.FORMATS))
@asking
@common
def command(settings: Settings, form: str | None) -> None:
    """Count what the graph holds, and the rows per section of the list."""
    asked = target_format(form, None, result_formats.FORMATS, "table" if terminal() else "tsv")
    graph = settings.graph()
    kinds, sections = kind_counts(graph.store), section_counts(graph.store)
    both = Solutions(kinds.variables, [*kinds.rows, *sections.rows])
    deliver(result_formats.render(both, asked, width=width(asked)), None, settings)
    code, rules, data = versions(graph)
    settings.say(f"jagraph {code}, rules {rules}, data of {data}")
