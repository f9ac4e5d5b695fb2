"""How many things of each kind the graph holds, and how many rows each section of the list has."""

from __future__ import annotations

from jagraph.store.base import Solutions, Store

_KINDS = """
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


def kind_counts(store: Store) -> Solutions:
    """Return the number of things of each kind, as the columns ``what`` and ``count``."""
    return store.select(_KINDS)


def section_counts(store: Store) -> Solutions:
    """Return the number of rows of each section, as the columns ``what`` and ``count``."""
    return store.select(_SECTIONS)
