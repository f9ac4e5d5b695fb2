"""Which format an answer is written in: the client's Accept header, or a format named in the URL.

RFC 9110, section 12.5.1: the most specific range that fits an offer gives its weight. Own code,
since Werkzeug refuses a range with a parameter (``application/json; charset=utf-8``) and breaks a
tie by the client's range, not by the server's order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from jagraph.core.errors import RequestError

MEDIA_TYPES = {
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "csv": "text/csv; charset=utf-8",
    "tsv": "text/tab-separated-values; charset=utf-8",
    "ttl": "text/turtle; charset=utf-8",
    "nt": "application/n-triples",
    "jsonld": "application/ld+json",
    "rdf": "application/rdf+xml",
}
_TABLES = {
    "application/sparql-results+json": "json",
    "application/sparql-results+xml": "xml",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
    "application/json": "json",
    "application/xml": "xml",
    "text/xml": "xml",
}
GRAPH_TYPES = {
    "text/turtle": "ttl",
    "application/ld+json": "jsonld",
    "application/n-triples": "nt",
    "application/rdf+xml": "rdf",
    "application/json": "jsonld",
    "text/plain": "nt",
    "application/xml": "rdf",
    "text/xml": "rdf",
    "application/x-turtle": "ttl",
    "text/rdf+n3": "ttl",
    "text/n3": "ttl",
}
_OFFERS = {"solutions": _TABLES, "boolean": _TABLES, "triples": GRAPH_TYPES}
# What is named in a URL: the format of a table, the format of a graph. Clients have many names.
_NAMED = {
    "json": ("json", "jsonld"),
    "xml": ("xml", "rdf"),
    "csv": ("csv", None),
    "tsv": ("tsv", None),
    "ttl": (None, "ttl"),
    "turtle": (None, "ttl"),
    "n3": (None, "ttl"),
    "nt": (None, "nt"),
    "jsonld": (None, "jsonld"),
    "json-ld": (None, "jsonld"),
    "rdf": (None, "rdf"),
    "rdf+xml": (None, "rdf"),
}


def best(accept: str | None, offers: Iterable[str]) -> str | None:
    """Return the media type of ``offers`` the client likes most, on a tie the first, or None.

    No Accept header accepts everything; a part that cannot be read is passed over.
    """
    if accept is None or not accept.strip():
        accept = "*/*"
    # "*/*" is shorter than "text/*", which is made shorter than any whole type
    ranges = [(name.removesuffix("*"), q) for name, q in weighted(accept) if "/" in name]
    chosen, most = None, 0.0
    for offer in offers:
        fitting = [(len(name), q) for name, q in ranges if _fits(name, offer)]
        weight = max(fitting)[1] if fitting else 0.0
        if weight > most:
            chosen, most = offer, weight
    return chosen


def weighted(header: str) -> list[tuple[str, float]]:
    """Return what a header lists, in small letters, each with its weight (RFC 9110, 12.4.2)."""
    return [entry for part in header.split(",") if (entry := _weighted(part))]


def _weighted(part: str) -> tuple[str, float] | None:
    name, *parameters = (piece.strip() for piece in part.lower().split(";"))
    weight = 1.0
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        if key.strip() == "q":
            try:
                weight = min(1.0, max(0.0, float(value)))
            except ValueError:
                return None
    return name, weight


def _fits(name: str, offer: str) -> bool:
    return name == "*/" or name == offer or (name.endswith("/") and offer.startswith(name))


def forms(accept: str | None, named: str | None) -> Mapping[str, str]:
    """Return the format per kind of answer; a kind for which none is accepted is left out.

    Raises RequestError when the format ``named`` in the URL does not exist.
    """
    if named:
        if named.lower() not in _NAMED:
            raise RequestError(
                "unknown-format",
                f"there is no format {named!r}",
                remedy="one of: " + ", ".join(MEDIA_TYPES),
            )
        table, graph = _NAMED[named.lower()]
        by_kind = {"solutions": table, "boolean": table, "triples": graph}
        return {kind: form for kind, form in by_kind.items() if form}
    return {
        kind: offers[chosen]
        for kind, offers in _OFFERS.items()
        if (chosen := best(accept, offers)) is not None
    }
