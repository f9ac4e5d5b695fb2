"""The saved queries: which there are, and their answers as rows of plain values."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox

from jagraph.api.opening import Folder
from jagraph.core.rdf_text import Value, bare
from jagraph.graph.cache import Graph
from jagraph.query.binding import bound
from jagraph.query.catalogue import SavedQuery, catalogue, find_query
from jagraph.store.admission import admit_file
from jagraph.store.base import Solutions

Cell = str | int | float | bool | None
_XSD = "http://www.w3.org/2001/XMLSchema#"
_NUMBERS = {_XSD + "integer": int, _XSD + "decimal": float, _XSD + "double": float}
_TRUTH = _XSD + "boolean"


def saved_queries(graph: Graph, folders: Iterable[Folder] = ()) -> dict[str, SavedQuery]:
    """Return the saved queries by name, each with its title, parameters, columns and SPARQL.

    ``folders`` have queries of your own (``.rq``) beside those of the project. Raises DataError,
    with its place, for a header that cannot be read and for a name that two files have;
    OutsideError for a folder that is missing.

    >>> query = saved_queries(graph)["descendants"]
    >>> [parameter.name for parameter in query.parameters]
    ['base', 'follow']
    """
    return catalogue(graph.project, [Path(folder) for folder in folders])


def run_query(
    graph: Graph, query: str | SavedQuery, /, **parameters: str | int
) -> list[dict[str, Cell]]:
    """Return the answer to a saved query, a dictionary per row, as a data frame takes it.

    ``query`` is its name, or one of ``saved_queries``; a parameter that is left out has its
    default. Ids are ``kind/id``, numbers and truth values are those of Python, what is not known is
    None. Raises RequestError for a query, a parameter or a value that does not exist, with the
    nearest one.

    >>> rows = run_query(graph, "descendants", base="Matsu")
    >>> rows[0]["model"], rows[0]["modelName"]
    ('model/hana-7b', 'Hana-7b')
    """
    saved = find_query(graph.project, query) if isinstance(query, str) else query
    values = {name.replace("_", "-"): str(value) for name, value in parameters.items()}
    text = bound(saved, values, graph.store, graph.names)
    admit_file(text, saved.path)
    return rows_of(graph.select(text))


def rows_of(solutions: Solutions) -> list[dict[str, Cell]]:
    """Return ``solutions`` as a dictionary of plain values per row, as ``run_query`` does.

    >>> rows_of(graph.select("SELECT (COUNT(?m) AS ?models) { ?m a jag:Model }"))
    [{'models': 14}]
    """
    return [dict(zip(solutions.variables, map(_cell, row), strict=True)) for row in solutions.rows]


def _cell(value: Value) -> Cell:
    if value is None:
        return None
    if not isinstance(value, ox.Literal):
        return bare(value)
    kind = value.datatype.value
    if kind == _TRUTH:
        return value.value in ("true", "1")
    try:
        return _NUMBERS[kind](value.value) if kind in _NUMBERS else value.value
    except ValueError:
        return value.value
