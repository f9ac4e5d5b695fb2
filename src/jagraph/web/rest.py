"""The saved queries as REST: ``/query/NAME?parameter=value``, the format by suffix or Accept."""

from __future__ import annotations

import pyoxigraph as ox
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from jagraph.core.namespaces import ROOT
from jagraph.query import result_formats
from jagraph.query.binding import bound, given_once
from jagraph.query.workers.pool import Engine
from jagraph.query.workers.question import Question
from jagraph.store.base import Solutions
from jagraph.views import result
from jagraph.views.app_state import AppState
from jagraph.web.negotiation import MEDIA_TYPES, best
from jagraph.web.replies import refusing, reply, send
from jagraph.web.routing import DataRoute, split_suffix

TYPES = {
    "json": MEDIA_TYPES["json"],
    "csv": MEDIA_TYPES["csv"],
    "tsv": MEDIA_TYPES["tsv"],
    "xml": MEDIA_TYPES["xml"],
    "md": "text/markdown; charset=utf-8",
    "ttl": MEDIA_TYPES["ttl"],
    "rq": "application/sparql-query; charset=utf-8",
}
_OFFERS = {
    **{media_type.partition(";")[0]: form for form, media_type in TYPES.items()},
    "application/json": "json",
    "application/xml": "xml",
}
_ABOUT = "CONSTRUCT {{ ?s ?p ?o }} WHERE {{ VALUES ?s {{ {things} }} ?s ?p ?o }}"


def routes() -> list[BaseRoute]:
    """Return the route of the saved queries."""
    return [DataRoute("/query/{name}", saved_query, tuple(TYPES), tuple(_OFFERS))]


@refusing
async def saved_query(request: Request) -> Response:
    """Answer a saved query as data."""
    state: AppState = request.app.state.app_state
    engine: Engine = request.app.state.engine
    name, form = split_suffix(request.path_params["name"], tuple(TYPES))
    form = form or _OFFERS[best(request.headers.get("accept"), _OFFERS) or "application/json"]
    saved = result.saved_query(name, state)
    parameters = _given(request)
    query = await run_in_threadpool(bound, saved, parameters, state.graph.store, state.names)
    if form == "rq":
        return reply(request, query.encode(), TYPES[form])
    if form in ("json", "xml"):
        return send(request, await engine.run_async(Question(query, {"solutions": form})))
    solutions = await engine.aside(engine.select, query)
    if form == "ttl":
        about = _ABOUT.format(things=" ".join(_things(solutions)))
        return send(request, await engine.run_async(Question(about, {"triples": "ttl"})))
    return reply(request, result_formats.render(solutions, form).encode(), TYPES[form])


def _given(request: Request) -> dict[str, str]:
    """Return the parameters' values; one that is given twice is an error."""
    pairs = request.query_params.multi_items()
    return given_once((key, value) for key, value in pairs if key not in _OF_PAGES)


# What the pages put into their URLs, so that the same URL with a suffix is the same answer.
_OF_PAGES = frozenset({"lang", "theme", "sort", "order", "filter", "page", "show"})


def _things(solutions: Solutions) -> list[str]:
    """Return the IRIs of jagraph's things in the rows, written for SPARQL, each once."""
    iris = {
        str(value)
        for row in solutions.rows
        for value in row
        if isinstance(value, ox.NamedNode) and value.value.startswith(ROOT)
    }
    return sorted(iris)
