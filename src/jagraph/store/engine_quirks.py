"""Where engines differ from the standards, each difference in one place.

Engines are told apart by the ``Server`` header of their answers. queries/README.md has the table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urljoin

import pyoxigraph as ox

from jagraph.core.namespaces import DERIVED
from jagraph.core.rdf_text import Value, text_of

# Virtuoso 7 answers ASK in JSON with a row that holds 1 or 0 under this name, instead of `boolean`
# (SPARQL 1.1 Query Results JSON, section 3.3).
ASK_VARIABLE = "__ASK_RETVAL"

# Virtuoso 7 overlooks VALUES for ?x in `VALUES ?x { … } ?x p? ?y` when it begins at the other end
# of the path, `p*` likewise; it gives no error. An engine that finds something here does so.
ASTRAY = f"""
SELECT ("astray" AS ?trace) WHERE {{
  GRAPH <{DERIVED}> {{ VALUES ?none {{ <urn:none> }} ?none jag:inFamily?/jag:inFamily ?family }}
}} LIMIT 1
"""

# Comunica 5 follows a path in each graph of the dataset by itself, and gives the end of a path of
# length 0 once for each; with its --unionDefaultGraph it finds no such path where both ends are
# variables. An engine that sees the graphs as one finds one end here.
UNITED = """
SELECT ("united" AS ?trace) WHERE {
  { SELECT ?thing WHERE { ?thing rdfs:label ?label } LIMIT 1 } ?thing <urn:none>? ?itself
}
"""

# Comunica 5 compares text by the rules of a language, "a" before "B", and not by code points
# (SPARQL 1.1, section 17.3.1), so that ORDER BY, LIMIT, MIN and MAX give other rows. An engine that
# does so answers here.
COLLATED = 'SELECT ("collated" AS ?trace) WHERE { FILTER("a" < "B") }'

# Comunica 5 has a member `metadata` after the rows. The parser says this when it comes to a member
# there; then the array of rows has been closed, and they are all there.
AFTER_ROWS = "Unexpected JSON after the end of the bindings array"

_BOOLEAN = ox.NamedNode("http://www.w3.org/2001/XMLSchema#boolean")
_TRUTHS = {"1": ox.Literal(True), "0": ox.Literal(False)}
_GRAPH_STORES = {"virtuoso": "/sparql-graph-crud-auth", "oxigraph": "/store"}


def graph_store(endpoint: str, headers: Mapping[str, str]) -> str | None:
    """Return the Graph Store Protocol URL that belongs to ``endpoint``, None where unknown."""
    server = headers.get("server", "").lower()
    paths = (path for name, path in _GRAPH_STORES.items() if server.startswith(name))
    path = next(paths, None)
    return urljoin(endpoint, path) if path else None


def as_written(value: Value) -> Value:
    """Return ``value``, a truth in its canonical form: Virtuoso's JSON has 1 and 0 for them."""
    if isinstance(value, ox.Literal) and value.datatype == _BOOLEAN:
        return _TRUTHS.get(value.value, value)
    return value


def cut_off(headers: Mapping[str, str], rows: int) -> str:
    """Say why an answer of so many ``rows`` is not the whole, "" when nothing says so.

    Virtuoso answers 200 when it stopped early: at its time limit with an SQL state, at
    ResultSetMaxRows with that number.
    """
    if state := headers.get("x-sql-state", ""):
        return f"it stopped early ({state}: {headers.get('x-sql-message', 'no reason given')})"
    most = headers.get("x-sparql-maxrows", "")
    if most.isdecimal() and rows >= float(most):
        return f"it gives no more than {most} rows"
    return ""


def truth(rows: Sequence[Sequence[Value]]) -> bool:
    """Return the truth in the rows of an answer to ASK under ASK_VARIABLE."""
    return bool(rows) and text_of(rows[0][0]) in ("1", "true")
