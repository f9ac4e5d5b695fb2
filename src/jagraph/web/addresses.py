"""The addresses of this server for what a view names as a target."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import urlencode

from jagraph.views.targets import (
    CardTarget,
    ComparisonTarget,
    EditorTarget,
    LineageTarget,
    OntologyTarget,
    QueryTarget,
    Target,
    WebTarget,
)


def address(target: Target) -> str:
    """Return the path and query of ``target``, or the whole URL of a page elsewhere."""
    match target:
        case CardTarget(kind, identifier, form):
            return f"/{kind}/{identifier}" + (f".{form}" if form else "")
        case OntologyTarget(anchor):
            return f"/vocab#{anchor}"
        case QueryTarget(name, parameters, form):
            return with_query(f"/query/{name}" + (f".{form}" if form else ""), parameters)
        case LineageTarget(kind, identifier, parameters, is_picture):
            path = f"/lineage/{kind}/{identifier}" + (".svg" if is_picture else "")
            return with_query(path, parameters)
        case ComparisonTarget(models):
            return with_query("/compare", [("model", model) for model in models])
        case EditorTarget(query):
            return with_query("/sparql", {"query": query})
        case WebTarget(url):
            return url


def with_query(path: str, parameters: Mapping[str, str] | Iterable[tuple[str, str]]) -> str:
    """Return ``path`` with ``parameters`` for its query, as it is without any."""
    query = urlencode(parameters if isinstance(parameters, Mapping) else list(parameters))
    return f"{path}?{query}" if query else path
