"""The graph as a file: Turtle, N-Triples, N-Quads, TriG, RDF/XML, JSON-LD; the same bytes twice."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import IO

import pyoxigraph as ox

from jagraph.core.errors import RequestError
from jagraph.core.namespaces import ASSERTED, DERIVED, HUB, RDF_TYPE, WRITTEN
from jagraph.core.progress import counted
from jagraph.records.context import Context, Key
from jagraph.store.base import Store, statements

_TRIPLES = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "rdf": ox.RdfFormat.RDF_XML,
}
_QUADS = {"nq": ox.RdfFormat.N_QUADS, "trig": ox.RdfFormat.TRIG}
FORMATS = (*_TRIPLES, *_QUADS, "jsonld")


def export(store: Store, form: str, context: Context) -> bytes:
    """Return what is asserted and what is derived in ``form``, one of FORMATS.

    N-Quads and TriG keep the two apart as named graphs. Raises RequestError for another format.
    """
    if form == "jsonld":
        return json_ld(statements(store), context)
    if form in _TRIPLES:
        return _serialize(statements(store), _TRIPLES[form])
    if form in _QUADS:
        return _serialize(_quads(lambda graph: statements(store, (graph,))), _QUADS[form])
    raise RequestError(
        "unknown-format",
        f"there is no export format {form!r}",
        remedy="give -o a file that ends in ." + ", .".join(FORMATS),
    )


def stream(store: Store, form: str, out: IO[bytes], say: Callable[[str], None]) -> None:
    """Write what is asserted and what is derived to ``out`` in the order of ``store``.

    For graphs that memory does not hold; ``say`` gets progress. Raises RequestError for JSON-LD,
    which is one document.
    """
    if form not in _TRIPLES | _QUADS:
        raise RequestError(
            "too-large",
            f"an imported store is too large for {form}",
            remedy="give -o a file that ends in ." + ", .".join(_TRIPLES | _QUADS),
        )
    quads = counted(_quads(store.triples), say)
    statements = (quad.triple for quad in quads) if form in _TRIPLES else quads
    syntax = (_TRIPLES | _QUADS)[form]
    ox.serialize(statements, out, format=syntax, prefixes=_prefixes(syntax))


def _quads(triples: Callable[[str], Iterable[ox.Triple]]) -> Iterator[ox.Quad]:
    for graph in (ASSERTED, HUB, DERIVED):
        name = ox.NamedNode(graph)
        for triple in triples(graph):
            yield ox.Quad(triple.subject, triple.predicate, triple.object, name)


def _prefixes(form: ox.RdfFormat) -> dict[str, str] | None:
    prefixed = (ox.RdfFormat.TURTLE, ox.RdfFormat.TRIG, ox.RdfFormat.RDF_XML)
    return WRITTEN if form in prefixed else None


def _serialize(triples: Iterable[ox.Triple] | Iterable[ox.Quad], form: ox.RdfFormat) -> bytes:
    text = ox.serialize(triples, format=form, prefixes=_prefixes(form))
    if text is None:
        raise AssertionError("serialize without an output returns bytes")
    return text


def json_ld(triples: Iterable[ox.Triple], context: Context) -> bytes:
    """Write flattened JSON-LD with the records' own keys; what has no key keeps its IRI.

    The context travels inline, so that the file stands alone.
    """
    nodes: defaultdict[str, defaultdict[str, list[object]]] = defaultdict(lambda: defaultdict(list))
    keys = context.by_predicate()
    for triple in triples:
        if not isinstance(triple.subject, ox.NamedNode):
            raise TypeError(f"every subject of the graph has an IRI: {triple.subject}")
        node = nodes[triple.subject.value]
        value = triple.object
        key = keys.get(triple.predicate.value)
        if triple.predicate.value == RDF_TYPE and isinstance(value, ox.NamedNode):
            node["@type"].append(value.value)
        else:
            name, written = _entry(key, triple.predicate.value, value)
            node[name].append(written)
    graph = [{"@id": name, **nodes[name]} for name in sorted(nodes)]
    document = {"@context": context.document, "@graph": graph}
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _entry(key: Key | None, predicate: str, value: object) -> tuple[str, object]:
    """Return the key to write and the value in the form that key gives back as the same term."""
    if isinstance(value, ox.NamedNode):
        if key is not None and key.is_reference and value.value.startswith(key.base):
            return key.name, value.value.removeprefix(key.base)
        return predicate, {"@id": value.value}
    if not isinstance(value, ox.Literal):
        raise TypeError(f"no blank nodes or quoted triples in the graph: {value}")
    datatype = value.datatype.value
    plain = datatype.endswith("#string")
    if key is not None and _gives_back(key, datatype):
        return key.name, value.value
    if value.language:
        return predicate, {"@value": value.value, "@language": value.language}
    return predicate, {"@value": value.value} if plain else {
        "@value": value.value,
        "@type": datatype,
    }


def _gives_back(key: Key, datatype: str) -> bool:
    """Tell whether a plain text at ``key`` is read as a literal of ``datatype``."""
    if key.container or key.is_reference or key.name in _TAGGED:
        return False
    return datatype == (key.datatype or _XSD_STRING)


_XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"
_TAGGED = ("description", "note")


def triples_as_turtle(triples: Iterable[ox.Triple]) -> bytes:
    """Return ``triples`` as Turtle, in a fixed order."""
    return _serialize(sorted(triples, key=str), ox.RdfFormat.TURTLE)
