"""The endpoint ``/sparql``: SPARQL 1.1 Protocol, read-only.

Without a query it describes itself. A query or an answer over a limit is an error with a remedy,
never a part of an answer.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from urllib.parse import parse_qsl

import anyio
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from jagraph.core.errors import JagraphError, RequestError
from jagraph.core.namespaces import GRAPHS
from jagraph.query.workers.pool import Engine
from jagraph.query.workers.question import Question
from jagraph.query.workers.serialization import write_triples
from jagraph.web.negotiation import GRAPH_TYPES, MEDIA_TYPES, best, forms
from jagraph.web.replies import OPEN, refusal, reply, send
from jagraph.web.service_description import describe

_LARGEST = 1 << 20
_PATIENCE = 10.0
_FORM = "application/x-www-form-urlencoded"
_QUERY = "application/sparql-query"
_UPDATE = "application/sparql-update"
_METHODS = "GET, HEAD, POST, OPTIONS"
_ALL_METHODS = ["GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"]
_PREFLIGHT = {
    **OPEN,
    "Access-Control-Allow-Methods": _METHODS,
    "Access-Control-Allow-Headers": "Accept, Content-Type, If-None-Match",
    "Access-Control-Max-Age": "86400",
    "Allow": _METHODS,
}
Parameters = Sequence[tuple[str, str]]


def routes() -> list[BaseRoute]:
    """Return the route of the endpoint."""
    return [Route("/sparql", endpoint, methods=_ALL_METHODS)]


async def endpoint(request: Request) -> Response:
    """Answer one request; errors are JSON, whoever asks."""
    try:
        return await _respond(request)
    except JagraphError as wrong:
        return refusal(wrong, **({"Allow": _METHODS} if wrong.code == "method-not-allowed" else {}))


async def _respond(request: Request) -> Response:
    if request.method == "OPTIONS":
        return Response(status_code=204, headers=_PREFLIGHT)
    engine: Engine = request.app.state.engine
    in_url = request.query_params.multi_items()
    if request.method in ("GET", "HEAD"):
        if not _values(in_url, "query") and not _values(in_url, "update"):
            return _describe(request, federated=engine.allow_service)
        parameters: Parameters = in_url
    elif request.method == "POST":
        parameters = await _posted(request, in_url)
    else:
        raise RequestError(
            "method-not-allowed",
            f"{request.method} is not answered here",
            remedy="send the query with GET or POST",
        )
    named = next((value for key, value in [*parameters, *in_url] if key == "format"), None)
    question = Question(
        _query(parameters),
        forms(request.headers.get("accept"), named),
        tuple(_graphs(parameters, "default-graph-uri")),
        tuple(_graphs(parameters, "named-graph-uri")),
        foreign=True,
    )
    return send(request, await engine.run_async(question))


async def _posted(request: Request, in_url: Parameters) -> Parameters:
    """Return the parameters of a POST (SPARQL 1.1 Protocol, sections 2.1.2 and 2.1.3)."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type == _UPDATE:
        raise _read_only()
    if media_type not in (_FORM, _QUERY):
        raise RequestError(
            "media-type",
            f"a query cannot be read from {media_type or 'a body without Content-Type'}",
            remedy=f"send it as {_QUERY} or {_FORM}",
        )
    try:
        text = (await _body(request)).decode()
        if media_type == _QUERY:
            return [*in_url, ("query", text)]
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=100)
    except ValueError as reason:
        raise RequestError(
            "bad-body", f"the body cannot be read: {reason}", remedy="send it in UTF-8"
        ) from reason


async def _body(request: Request) -> bytes:
    body = bytearray()
    try:
        with anyio.fail_after(_PATIENCE):
            async for chunk in request.stream():
                body += chunk
                if len(body) > _LARGEST:
                    raise RequestError(
                        "too-large",
                        f"the query is larger than {_LARGEST >> 20} MiB",
                        remedy="ask in parts",
                    )
    except TimeoutError as reason:
        raise RequestError("too-slow", "the query did not come in time") from reason
    return bytes(body)


def _values(parameters: Parameters, name: str) -> list[str]:
    return [value for key, value in parameters if key == name]


def _query(parameters: Parameters) -> str:
    if _values(parameters, "update"):
        raise _read_only()
    queries = _values(parameters, "query")
    if len(queries) != 1:
        raise RequestError(
            "one-query",
            f"one parameter 'query' is needed, not {len(queries)}",
            remedy="GET /sparql?query=…, or POST it; GET /sparql alone describes the service",
        )
    return queries[0]


def _graphs(parameters: Parameters, name: str) -> list[str]:
    graphs = _values(parameters, name)
    for graph in graphs:
        if graph not in GRAPHS:
            raise RequestError(
                "unknown-graph",
                f"there is no graph {graph!r}",
                where=name,
                remedy="one of: " + ", ".join(GRAPHS),
            )
    return graphs


def _read_only() -> RequestError:
    return RequestError(
        "read-only",
        "this endpoint answers questions and takes no updates",
        remedy="the graph is made from the records in data/: change those",
    )


def _describe(request: Request, *, federated: bool) -> Response:
    chosen = best(request.headers.get("accept"), GRAPH_TYPES)
    # a browser wants a page; until it asks for a format that is here, it gets Turtle to read
    form = GRAPH_TYPES[chosen or "text/turtle"]
    about = describe(str(request.url.replace(query="")), federated=federated)
    out = io.BytesIO()
    write_triples(iter(about), form, out)
    return reply(request, out.getvalue(), MEDIA_TYPES[form])
