"""The licence classes of all models, each counted in the strictest it declares."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from jagraph.drawing.diagram_model import CLASSES
from jagraph.store.base import Store

_DECLARED = """
SELECT ?model ?class WHERE {
  ?model a jag:Model .
  OPTIONAL {
    ?model jag:licenseStatement ?statement .
    ?statement jag:license/jag:licenseClass ?kind .
    OPTIONAL { ?statement jag:certain ?mark }
    BIND(IF(COALESCE(?mark, true), REPLACE(STR(?kind), "^.*/", ""), "unknown") AS ?class)
  }
}
"""
_BAR = 1000


@dataclass(frozen=True)
class Slice:
    """One class in the bar, which is 1000 units long: its models, where it starts, its length."""

    name: str
    count: int
    start: float
    width: float


def classes_of(store: Store) -> dict[str, str]:
    """Return the strictest class of every model by its IRI; "unknown" is the strictest of all."""
    found: dict[str, str] = {}
    for row in store.select(_DECLARED).dicts():
        known = found.get(row["model"])
        one = row["class"] or "unknown"
        found[row["model"]] = max(known, one, key=CLASSES.index) if known else one
    return found


def bar(classes: dict[str, str]) -> list[Slice]:
    """Return the slices of the bar, from permissive to unknown."""
    counts = Counter(classes.values())
    slices: list[Slice] = []
    start = 0.0
    for name in CLASSES:
        width = _BAR * counts[name] / max(len(classes), 1)
        slices.append(Slice(name, counts[name], round(start, 2), round(width, 2)))
        start += width
    return slices
