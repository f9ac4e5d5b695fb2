"""The SPARQL editor: a form that works as it stands, and the words its completion offers."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from itertools import islice
from secrets import token_urlsafe
from time import perf_counter
from typing import NamedTuple
from urllib.parse import urlencode

import pyoxigraph as ox
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Match, Route
from starlette.types import Scope

from jagraph.core.errors import JagraphError
from jagraph.core.namespaces import PREFIXES
from jagraph.graph.export import triples_as_turtle
from jagraph.query.catalogue import SavedQuery
from jagraph.query.workers.pool import Engine
from jagraph.query.workers.question import Question
from jagraph.store.sparql_tokens import lines
from jagraph.views.answers import Cell, Remark, cell, unknown_names, wrong
from jagraph.views.app_state import AppState
from jagraph.views.ontology import completions
from jagraph.views.words import words as texts
from jagraph.web.headers import policy_with_styles
from jagraph.web.html import language_of, page, state_of
from jagraph.web.replies import refused, status_of

SHOWN = 1000
_REMARKS = 10
_FORMS = {"solutions": "json", "boolean": "json", "triples": "nt"}
_FIRST = """\
SELECT ?model ?name ?relation WHERE {
  ?model jag:derivation ?derivation ; rdfs:label ?name .
  ?derivation jag:relation ?relation ; jag:parent model:llama-2-7b .
}
ORDER BY ?name
"""


class Answer(NamedTuple):
    """What a page shows of an answer; ``total`` counts rows or triples, shown or not."""

    columns: list[str]
    rows: list[list[Cell]]
    turtle: str
    is_graph: bool
    truth: bool | None
    total: int
    milliseconds: int
    wrong: Remark | None = None
    status: int = 200


class _ForReaders(Route):
    """A route for browsers; who does not ask for HTML, or names a format, goes on to the next."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Match as any route does, but only who wants to read."""
        accepts = Headers(scope=scope).get("accept", "")
        if "text/html" in accepts and b"format=" not in scope.get("query_string", b""):
            return super().matches(scope)
        return Match.NONE, {}


def routes() -> list[BaseRoute]:
    """Return the routes of the editor; they come before those of the protocol."""
    return [
        _ForReaders("/sparql", editor, methods=["GET"]),
        Route("/sparql/words", words),
    ]


async def editor(request: Request) -> Response:
    """Show the editor; with ``query`` its answer, with ``example`` a saved query to begin with."""
    state, parameters = state_of(request), request.query_params
    query, example = parameters.get("query", ""), state.catalogue.get(parameters.get("example", ""))
    engine: Engine = request.app.state.engine
    answer = await _answer(query, engine) if query.strip() else None
    remarks = []
    if answer is not None and answer.wrong is None:
        remarks = await run_in_threadpool(_remarks, query, state)
    text = query or (_as_example(example, language_of(request)) if example else _FIRST)
    language, nonce = language_of(request), token_urlsafe(16)
    spoken = texts(language)
    response = page(
        request,
        "sparql.html",
        200 if answer is None else answer.status,
        query=text,
        answer=answer,
        tally=_tally(answer, spoken),
        remarks=remarks,
        shown=SHOWN,
        limits=engine.limits,
        prefixes=PREFIXES,
        catalogue=state.catalogue,
        downloads=_downloads(answer, query),
        permalink="/sparql?" + urlencode({"query": query}),
        command=f"jagraph sparql {shlex.quote(query)}",
        curl=_curl(request, query),
        nonce=nonce,
        script_words=_script_words(spoken),
    )
    response.headers["Content-Security-Policy"] = policy_with_styles(nonce)
    return response if response.status_code == 200 else refused(response)


def _remarks(query: str, state: AppState) -> list[Remark]:
    """Return what is to be said of the names in ``query``, not of each where there are many."""
    return list(islice(unknown_names(query, state.graph.store, state.labels), _REMARKS))


async def words(request: Request) -> Response:
    """Give what the editor completes, as JSON, with labels in the reader's language."""
    offers = await run_in_threadpool(
        completions, state_of(request).graph.store, language_of(request)
    )
    return JSONResponse(offers, headers={"Vary": "Accept-Language, Cookie"})


def _tally(answer: Answer | None, spoken: Mapping[str, str]) -> str:
    """Return what an answer is, in a few words."""
    if answer is None:
        return ""
    if answer.wrong is not None:
        at = spoken["editor-at"].format(line=answer.wrong.line, column=answer.wrong.column)
        return f"{spoken['editor-wrong']}. {at}" if answer.wrong.line else spoken["editor-wrong"]
    if answer.truth is not None:
        return spoken["editor-true" if answer.truth else "editor-false"]
    if answer.is_graph:
        return spoken["editor-triples"].format(count=answer.total)
    return spoken["editor-row" if answer.total == 1 else "editor-rows"].format(count=answer.total)


def _downloads(answer: Answer | None, query: str) -> list[tuple[str, str]]:
    """Return the names of the formats and where the answer is in each."""
    if answer is None or answer.wrong is not None:
        return []
    table = {"CSV": "csv", "TSV": "tsv", "JSON": "json", "XML": "xml"}
    graph = {"Turtle": "ttl", "N-Triples": "nt", "JSON-LD": "jsonld", "RDF/XML": "rdf"}
    return [
        (name, "/sparql?" + urlencode({"query": query, "format": form}))
        for name, form in (graph if answer.is_graph else table).items()
    ]


def _curl(request: Request, query: str) -> str:
    address = f"{request.url.scheme}://{request.url.netloc}/sparql"
    return (
        f"curl -G {address} -H 'Accept: text/csv' --data-urlencode {shlex.quote('query=' + query)}"
    )


def _script_words(spoken: Mapping[str, str]) -> dict[str, object]:
    """Return the words of the editor's script; CodeMirror names its own by their English text."""
    return {
        "label": spoken["editor-query"],
        "running": spoken["editor-running"],
        "failed": spoken["editor-failed"],
        "phrases": {
            "Completions": spoken["editor-completions"],
            "Diagnostics": spoken["editor-diagnostics"],
        },
    }


def _as_example(saved: SavedQuery, language: str) -> str:
    """Return the text of ``saved`` to begin with: its title in place of the header."""
    body = [line for line in lines(saved.text) if not line.startswith("#+")]
    return "\n".join([f"# {saved.title_in(language)}", *body]) + "\n"


async def _answer(query: str, engine: Engine) -> Answer:
    began = perf_counter()
    try:
        answer = await engine.run_async(Question(query, _FORMS, foreign=True))
    except JagraphError as reason:
        status = status_of(reason)
        return Answer([], [], "", False, None, 0, 0, wrong(query, reason), status)
    milliseconds = round((perf_counter() - began) * 1000)
    content = answer.read()
    if answer.kind == "triples":
        quads = islice(ox.parse(content, format=ox.RdfFormat.N_TRIPLES), SHOWN)
        turtle = triples_as_turtle(quad.triple for quad in quads).decode()
        return Answer([], [], turtle, True, None, answer.rows, milliseconds)
    read = ox.parse_query_results(content, format=ox.QueryResultsFormat.JSON)
    if isinstance(read, ox.QueryBoolean):
        return Answer([], [], "", False, bool(read), 1, milliseconds)
    columns = [variable.value for variable in read.variables]
    rows = [[cell(value) for value in row] for row in islice(read, SHOWN)]
    return Answer(columns, rows, "", False, None, answer.rows, milliseconds)
