"""Reads a file of SHACL shapes, which only check: nothing in them runs or calls out.

One that says nothing would find nothing wrong with any data.
"""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox

from jagraph.core.errors import DataError, OutsideError
from jagraph.core.turtle import read_turtle
from jagraph.store.base import EmbeddedStore

_SH = "http://www.w3.org/ns/shacl#"
# what lets a shape run a query or a script, or read what is elsewhere
_CALLING = frozenset(
    f"{_SH}{term}"
    for term in (
        *("sparql", "select", "ask", "construct", "update", "sparqlExpr", "SPARQLConstraint"),
        *("js", "jsLibrary", "jsLibraryURL", "jsFunctionName", "target", "rule"),
    )
) | {"http://www.w3.org/2002/07/owl#imports"}
_ANY = f"ASK {{ ?shape <{_SH}property> ?property }}"
_REMEDY = "mend it, or restore it from the repository"


def read_shapes(path: Path) -> tuple[str, EmbeddedStore]:
    """Return the shapes in the file ``path``, as they are written and as a graph.

    Raises DataError when they are not Turtle or do not only check, OutsideError when there are none
    or the file cannot be read. A query within a shape could ask other servers, a script do
    anything.
    """
    text, triples = read_turtle(path)
    for triple in triples:
        if triple.predicate.value in _CALLING:
            term = triple.predicate.value.rpartition("#")[2]
            raise DataError(
                "shape-runs-code",
                f"{triple.subject} has {term!r}: a shape here runs no code and reads nothing else",
                where=str(path),
                remedy="write SHACL Core; what holds between nodes is a query in queries/checks/",
            )
    store = ox.Store()
    store.bulk_extend(ox.Quad(*triple) for triple in triples)
    shapes = EmbeddedStore(store)
    if not shapes.ask(_ANY):
        raise OutsideError(
            "no-shapes",
            "there is no shape with a property in this file: nothing would be checked",
            where=str(path),
            remedy=_REMEDY,
        )
    return text, shapes


def unusable(path: Path, why: str) -> DataError:
    """Return the error that says why the shapes in ``path`` cannot be used."""
    what = f"the shapes cannot be used: {why}"
    return DataError("bad-shapes", what, where=str(path), remedy=_REMEDY)
