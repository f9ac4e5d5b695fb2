"""Where a dump of the Hub has the entry of a repository: what was imported has no record."""

from __future__ import annotations

from pathlib import Path

from jagraph.core.namespaces import iri
from jagraph.core.position import Position
from jagraph.store.base import Store

# the place ("stated in") of what the Hub's metadata says, and what it is said by
HUB_METADATA = "hub-metadata"
HUB_PLACE = iri("place", HUB_METADATA)
HUB_NODE = iri("hub", "").rstrip("/")
_PLACE = """
SELECT ?file ?line WHERE {
  <%s> jag:dumpLine ?line .
  <%s> dcterms:source ?file .
}
ORDER BY ?line
"""


def place_in_dump(store: Store, thing: str) -> Position | None:
    """Return file and line of the entry of ``thing`` (an IRI), None for what no dump has."""
    if not thing.startswith(f"{HUB_NODE}/"):
        return None
    for row in store.select(_PLACE % (thing, HUB_NODE)).dicts():
        return Position(Path(row["file"]), int(row["line"]), 1)
    return None
