"""A store elsewhere: any endpoint of the SPARQL 1.1 Protocol, asked over HTTP."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from xml.parsers import expat

import pyoxigraph as ox

from jagraph.core.bounded_reader import unmarked
from jagraph.core.errors import OutsideError
from jagraph.core.namespaces import ASSERTED, GRAPHS, LOADING, ONTOLOGY, PREFIXES
from jagraph.core.rdf_text import Value
from jagraph.store import engine_quirks
from jagraph.store.admission import admit
from jagraph.store.base import Answer, EmbeddedStore, OpenStore, Solutions
from jagraph.store.endpoint_access import Access, checked_url
from jagraph.store.http_client import Connection, Reply, printable
from jagraph.store.sparql_tokens import (
    has_dataset,
    may_use_service,
    query_form,
    valued_before_path,
    with_prefixes,
)

# SPARQL 1.1 Protocol, section 2.1.4: these graphs are the default graph, and the named ones.
_DATASET = [(kind, graph) for kind in ("default-graph-uri", "named-graph-uri") for graph in GRAPHS]
_RESULTS = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
}
_TRIPLES = {
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "text/turtle": ox.RdfFormat.TURTLE,
    "text/plain": ox.RdfFormat.N_TRIPLES,  # as it was called before RDF 1.1
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
}
_ENDLESS = (ox.RdfFormat.N_TRIPLES, ox.RdfFormat.TURTLE)  # cut between triples, they look whole
_LONGEST_TRUTH = 1 << 16  # bytes
_ACCEPT_RESULTS = "application/sparql-results+json, application/sparql-results+xml;q=0.8"
_ACCEPT_TRIPLES = "application/n-triples, text/turtle;q=0.8, application/rdf+xml;q=0.5"
_QUOTED = re.compile(b"<<|>>")  # around a triple that is a term
_DEEPEST = 64
_TRACES = f"""
SELECT ?trace WHERE {{
  {{ GRAPH <{LOADING}> {{ ?graph ?says ?trace }} }}
  UNION
  {{ SELECT ("filled" AS ?trace) WHERE {{ GRAPH <{ASSERTED}> {{ ?s ?p ?o }} }} LIMIT 1 }}
  UNION
  {{ SELECT ("vocabulary" AS ?trace) WHERE {{ jag:Model rdfs:label ?label }} LIMIT 1 }}
  UNION
  {{ {engine_quirks.UNITED} }}
  UNION
  {{ {engine_quirks.COLLATED} }}
  UNION
  {{ {engine_quirks.ASTRAY} }}
}}
"""


class RemoteStore(OpenStore):
    """The graph at the endpoint ``url``; nothing is asked before the first query.

    Answers are parsed as they arrive; one that breaks off is an OutsideError, never a short table.
    """

    def __init__(
        self,
        url: str,
        access: Access | None = None,
    ) -> None:
        self._url = checked_url(url)
        self._connection = Connection(access or Access.from_environment())
        self._dataset: list[tuple[str, str]] | None = None
        self._astray = False

    def close(self) -> None:
        """Close the connections to the endpoint."""
        super().close()
        self._connection.close()

    def answer(self, query: str) -> Answer:
        """Return what ``query`` asks for; raises OutsideError when the endpoint gives no answer.

        A query that is not SPARQL is a RequestError with line and column, as with a local graph.
        """
        self._require_open()
        admit(query, allow_service=self.allow_service)
        if self._dataset is None:
            self._dataset = self._complete_dataset()
        if self._astray and (variable := valued_before_path(query)):
            raise _overlooked(variable, self._url)
        query = unmarked(query)
        fields = [("query", with_prefixes(query, PREFIXES))]
        if not has_dataset(query):
            fields += self._dataset
        tabular = query_form(query) in ("SELECT", "ASK")
        accept = _ACCEPT_RESULTS if tabular else _ACCEPT_TRIPLES
        try:
            with self._connection.query(self._url, fields, accept) as reply:
                return _results(reply) if tabular else _triples(reply)
        except OutsideError as refused:
            if refused.code == "endpoint-refused" and not may_use_service(query):
                EmbeddedStore(ox.Store()).answer(query)
            raise

    def triples(self, graph: str) -> Iterator[ox.Triple]:
        """Yield the triples of one named graph."""
        query = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"
        yield from self.construct(query)

    def _complete_dataset(self) -> list[tuple[str, str]]:
        """Return the fields with which the engine sees all graphs as one.

        Raises OutsideError when there are none, or when the graph is empty or half loaded.
        """
        for dataset in (_DATASET, []):
            traces = self._traces(dataset)
            if "loading" in traces:
                raise OutsideError(
                    "endpoint-half-loaded",
                    "the graph at the endpoint is not complete: loading it was broken off or "
                    "goes on",
                    where=self._url,
                    remedy="wait, or run `jagraph load --endpoint URL` again",
                )
            if "filled" not in traces:
                raise _lacking(f"the endpoint has no graph <{ASSERTED}>", self._url)
            if "collated" in traces:
                raise OutsideError(
                    "endpoint-collated",
                    "this engine compares text by a language, not by code points: rows would be "
                    "in another order, or other rows",
                    where=self._url,
                    remedy="start it so that it does: queries/README.md, Engines",
                )
            self._astray = "astray" in traces
            if traces["united"] == 1:
                if "vocabulary" not in traces:
                    raise _lacking(f"the endpoint has no graph <{ONTOLOGY}>", self._url)
                return dataset
        raise OutsideError(
            "endpoint-parted",
            "this engine does not see the graphs as one",
            where=self._url,
            remedy="give it all triples in its default graph, too: queries/README.md, Engines",
        )

    def _traces(self, dataset: list[tuple[str, str]]) -> Counter[str]:
        """Return what is seen of the state of the graph, and how often."""
        fields = [("query", with_prefixes(_TRACES, PREFIXES)), *dataset]
        if dataset:
            fields.append(("named-graph-uri", LOADING))
        with self._connection.query(self._url, fields, _ACCEPT_RESULTS) as reply:
            solutions = _results(reply)
        rows = solutions.dicts() if isinstance(solutions, Solutions) else ()
        return Counter(row["trace"] for row in rows)


class _Arriving:
    """The body of a reply as the parsers of pyoxigraph read a file.

    Those take some answers that are cut off for whole ones: they stop at the truth of an ASK, and
    take the end of the bytes for the end of an XML document. ``finish`` tells the difference.
    """

    def __init__(self, reply: Reply) -> None:
        self._reply = reply
        self._rest = b""
        self._end = b""  # of what was looked at
        self._depth = 0
        self._begun = bytearray()
        self._xml = expat.ParserCreate() if reply.media_type.endswith("+xml") else None

    def read(self, size: int = -1) -> bytes:
        """Return at most ``size`` bytes, b"" at the end."""
        while not self._rest:
            chunk = next(self._reply.chunks, None)
            if chunk is None:
                return b""
            self._look(chunk)
            self._rest = chunk
        if size < 0:
            size = len(self._rest)
        piece, self._rest = self._rest[:size], self._rest[size:]
        return piece

    def finish(self, *, truth: bool = False) -> None:
        """Read the rest; raises ValueError or ExpatError when the document does not end with it.

        The end of a ``truth`` in JSON is looked for, too; that of rows the parser has seen.
        """
        while self.read():
            pass
        if self._xml is not None:
            self._xml.Parse(b"", True)
        elif truth:
            json.loads(self._begun)

    def _look(self, chunk: bytes) -> None:
        """Look at ``chunk`` before a parser does; raises as ``finish`` and ``_require_flat`` do."""
        self._require_flat(chunk)
        if self._xml is not None:
            self._xml.Parse(chunk)
        elif len(self._begun) < _LONGEST_TRUTH:
            self._begun += chunk

    def _require_flat(self, chunk: bytes) -> None:
        """Refuse what a parser recurses into, or makes more of than was sent, without end."""
        text = self._end + chunk
        if b"<!ENTITY" in text:
            raise _unreadable(self._reply, "it declares XML entities")
        for match in _QUOTED.finditer(text, max(0, len(self._end) - 1)):
            self._depth = max(0, self._depth + (1 if match[0] == b"<<" else -1))
            if self._depth > _DEEPEST:
                raise _unreadable(self._reply, f"more than {_DEEPEST} triples within one another")
        self._end = text[-len(b"<!ENTIT") :]


def _results(reply: Reply) -> Solutions | bool:
    """Return the rows of ``reply``, or its truth."""
    form = _RESULTS.get(reply.media_type)
    if form is None:
        raise _unreadable(reply, f"it sends {reply.media_type or 'something without a type'}")
    try:
        body = _Arriving(reply)
        results = ox.parse_query_results(body, form)  # type: ignore[arg-type]  # it takes streams, too
        if isinstance(results, ox.QueryBoolean):
            body.finish(truth=True)
            return bool(results)
        variables = [variable.value for variable in results.variables]
        rows: list[tuple[Value, ...]] = []
        try:
            rows.extend(tuple(map(engine_quirks.as_written, row)) for row in results)
        except SyntaxError as more:
            if str(more) != engine_quirks.AFTER_ROWS:
                raise
        body.finish()
    except (SyntaxError, ValueError, expat.ExpatError) as reason:
        raise _unreadable(reply, str(reason)) from reason
    if variables == [engine_quirks.ASK_VARIABLE]:
        return engine_quirks.truth(rows)
    _require_whole(reply, len(rows))
    return Solutions(variables, rows)


def _triples(reply: Reply) -> list[ox.Triple]:
    """Return the triples of ``reply``."""
    form = _TRIPLES.get(reply.media_type)
    if form is None:
        raise _unreadable(reply, f"it sends {reply.media_type or 'something without a type'}")
    if form in _ENDLESS and not reply.bounded:
        raise _unreadable(reply, "nothing tells where it ends (no Content-Length, not chunked)")
    try:
        body = _Arriving(reply)
        quads = ox.parse(body, format=form)  # type: ignore[arg-type]  # it takes streams, too
        triples = [quad.triple for quad in quads]
        body.finish()
    except (SyntaxError, ValueError, expat.ExpatError) as reason:
        raise _unreadable(reply, str(reason)) from reason
    _require_whole(reply, len(triples))
    return triples


def _require_whole(reply: Reply, count: int) -> None:
    """Refuse an answer of ``count`` rows or triples of which its headers say that it is cut off."""
    if cut := engine_quirks.cut_off(reply.headers, count):
        raise OutsideError(
            "endpoint-cut-off",
            f"the endpoint gave only a part of the answer: {printable(cut)}",
            where=reply.url,
            remedy="ask for less, or raise the limit in the server's configuration",
        )


def _lacking(what: str, url: str) -> OutsideError:
    remedy = "fill it: jagraph load --endpoint URL"
    return OutsideError("endpoint-empty", what, where=url, remedy=remedy)


def _overlooked(variable: str, url: str) -> OutsideError:
    return OutsideError(
        "endpoint-astray",
        f"this engine overlooks VALUES {variable} before a path that may be empty (? or *)",
        where=url,
        remedy=f"turn the path round, such as `?y ^jag:hasModel? {variable}`",
    )


def _unreadable(reply: Reply, why: str) -> OutsideError:
    return OutsideError(
        "endpoint-unreadable",
        f"the endpoint's answer is no SPARQL result or breaks off: {printable(why)}",
        where=reply.url,
        remedy="is this the URL of SPARQL queries? ask again if it is",
    )
