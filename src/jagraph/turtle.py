"""Reads the Turtle files of a project, which may be anybody's: nothing runs or calls out."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox

from jagraph.bounded import FaultyError, read_text
from jagraph.errors import DataError, OutsideError, Position

_MOST_QUOTED = 64  # triples within triples, at which the parser recurses
_SH = "http://www.w3.org/ns/shacl#"
# what lets a shape run a query or a script, or read what is elsewhere
_CALLING = frozenset(
    f"{_SH}{term}"
    for term in (
        *("sparql", "select", "ask", "construct", "update", "sparqlExpr", "SPARQLConstraint"),
        *("js", "jsLibrary", "jsLibraryURL", "jsFunctionName", "target", "rule"),
    )
) | {"http://www.w3.org/2002/07/owl#imports"}


def read_turtle(path: Path) -> list[ox.Triple]:
    """Return the triples of the Turtle file ``path``.

    Raises OutsideError when it cannot be read, DataError for what is wrong in it.
    """
    try:
        text = read_text(path)
    except FaultyError as wrong:
        fault = wrong.fault
        place = Position(path, fault.line + 1, fault.column + 1)
        raise DataError(fault.code, fault.what, where=place, remedy=fault.remedy) from wrong
    except OSError as reason:
        raise OutsideError(
            "missing-file",
            f"the file cannot be read: {reason.strerror or reason}",
            where=str(path),
            remedy="restore it from the repository, or check --project",
        ) from reason
    if text.count("<<") > _MOST_QUOTED:
        raise DataError(
            "too-deep",
            f"more than {_MOST_QUOTED} triples are quoted",
            where=str(path),
            remedy="write them out: the ontology and the shapes quote no triples",
        )
    try:
        return [quad.triple for quad in ox.parse(text, format=ox.RdfFormat.TURTLE)]
    except SyntaxError as reason:
        raise DataError(
            "bad-turtle",
            f"not Turtle: {reason.msg}",
            where=Position(path, reason.lineno or 1, reason.offset or 1),
            remedy="check brackets, quotes and the dot at the end here and on the line above",
        ) from reason


def read_shapes(path: Path) -> list[ox.Triple]:
    """Return the triples of the shapes in ``path``; raises DataError when they do not only check.

    A query within a shape could ask other servers, a script do anything.
    """
    triples = read_turtle(path)
    for triple in triples:
        if triple.predicate.value in _CALLING:
            term = triple.predicate.value.rpartition("#")[2]
            raise DataError(
                "shape-runs-code",
                f"{triple.subject} has {term!r}: a shape here runs no code and reads nothing else",
                where=str(path),
                remedy="write SHACL Core; what holds between nodes is a query in queries/checks/",
            )
    return triples
