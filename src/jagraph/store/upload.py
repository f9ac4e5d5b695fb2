"""Fills a store elsewhere with the graphs of a built one, in portions; seen only when whole.

A small graph of its own, LOADING, says from before the first portion to after the last that the
store is not complete: `remote` refuses to answer from such a store. Loading again replaces all.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from itertools import islice

import pyoxigraph as ox

from jagraph.core.errors import RequestError
from jagraph.core.namespaces import GRAPHS, LOADING, RDFS_LABEL
from jagraph.store import engine_quirks
from jagraph.store.base import Store
from jagraph.store.http_client import Connection

_MARK = f'<{LOADING}> <{RDFS_LABEL}> "loading" .\n'.encode()
_EVERY = 2.0


def graph_store(connection: Connection, endpoint: str) -> str:
    """Return the URL of the Graph Store Protocol that belongs to ``endpoint``.

    Raises RequestError when the engine is not one that is known.
    """
    question, answer = [("query", "ASK { }")], "application/sparql-results+json"
    with connection.query(endpoint, question, answer) as reply:
        path = engine_quirks.graph_store(endpoint, reply.headers)
    if path is None:
        raise RequestError(
            "unknown-graph-store",
            "where this engine takes graphs is not known",
            where=endpoint,
            remedy="say it with --graph-store URL; the engine's manual has it",
        )
    return path


def upload(
    source: Store, target: Connection, url: str, say: Callable[[str], None], portion: int = 20_000
) -> int:
    """Send the graphs of ``source`` to the graph store at ``url`` and return how many triples.

    The Graph Store HTTP Protocol (SPARQL 1.1) is used, with ``?graph=``. ``portion`` is the number
    of triples in one request. Raises OutsideError when the store fails; what is there then stays
    hidden until it is loaded again.
    """
    sent = 0
    last = time.monotonic()
    _put(target, url, LOADING, _MARK)
    for graph in GRAPHS:
        _put(target, url, graph, b"")
        for data, count in _portions(source.triples(graph), portion):
            _send(target, "POST", url, graph, data)
            sent += count
            if time.monotonic() - last > _EVERY:
                say(f"{sent:,} triples sent …")
                last = time.monotonic()
    _put(target, url, LOADING, b"")
    return sent


def _put(target: Connection, url: str, graph: str, triples: bytes) -> None:
    """Make ``triples`` all there is in ``graph``."""
    _send(target, "PUT", url, graph, triples)


def _send(target: Connection, method: str, url: str, graph: str, triples: bytes) -> None:
    target.send(method, url, {"graph": graph}, triples, "text/turtle")


def _portions(triples: Iterator[ox.Triple], size: int) -> Iterator[tuple[bytes, int]]:
    """Yield the next ``size`` triples as Turtle, and how many they are.

    Every graph store takes Turtle. Virtuoso 7 keeps an integer beyond 32 bits as one only where it
    is written short, ``7000000000``, as pyoxigraph does; ``"7000000000"^^xsd:integer`` becomes a
    decimal.
    """
    while portion := list(islice(triples, size)):
        yield ox.serialize(portion, format=ox.RdfFormat.TURTLE) or b"", len(portion)
