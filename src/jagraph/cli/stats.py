"""The verb `stats`: how much the graph holds."""

from __future__ import annotations

import click

from jagraph.api.records import versions
from jagraph.cli.options import Settings, asking, common, deliver, target_format, terminal, width
from jagraph.query import result_formats
from jagraph.store.base import Solutions

_STATS = """
SELECT ?what (COUNT(DISTINCT ?thing) AS ?count) WHERE {
  VALUES (?class ?what) {
    (jag:ModelFamily "families") (jag:Model "models") (jag:Dataset "datasets")
    (jag:Developer "developers") (jag:License "licenses") (jag:Benchmark "benchmarks")
    (jag:Architecture "architectures") (jag:LicenseStatement "licence statements")
    (jag:DerivationStatement "derivations") (jag:TrainingStage "training stages")
  }
  ?thing a ?class .
}
GROUP BY ?what ORDER BY ?what
"""
_SECTIONS = """
SELECT (?label AS ?what) (COUNT(DISTINCT ?thing) AS ?count) WHERE {
  ?section a jag:Section ; jag:order ?order ; rdfs:label ?name .
  BIND(CONCAT("rows: ", ?name) AS ?label)
  OPTIONAL { ?thing jag:listing/jag:section ?section }
}
GROUP BY ?label ?order ORDER BY ?order
"""


@click.command("stats")
@click.option("--format", "form", metavar="|".join(result_formats.FORMATS))
@asking
@common
def command(settings: Settings, form: str | None) -> None:
    """Count what the graph holds, and the rows per section of the list."""
    asked = target_format(form, None, result_formats.FORMATS, "table" if terminal() else "tsv")
    graph = settings.graph()
    counted, rows = graph.select(_STATS), graph.select(_SECTIONS)
    both = Solutions(counted.variables, [*counted.rows, *rows.rows])
    deliver(result_formats.render(both, asked, width=width()), None, settings)
    code, rules, data = versions(graph)
    settings.say(f"jagraph {code}, rules {rules}, data of {data}")
