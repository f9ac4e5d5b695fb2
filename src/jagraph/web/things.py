"""The IRIs of things: ``/KIND/ID`` as RDF by suffix or Accept, and the vocabulary at ``/vocab``.

The things are what the pages at the same paths are about; 200 with Content-Location, since an
answer here is a description whatever the thing is. ``/hub/OWNER/NAME`` leads to the model.
"""

from __future__ import annotations

import io

import pyoxigraph as ox
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from jagraph.core.errors import RequestError, suggestion
from jagraph.core.messages import Message
from jagraph.core.namespaces import ONTOLOGY, PREFIXES, ROOT, iri, split
from jagraph.graph.export import json_ld
from jagraph.query.workers.pool import Engine
from jagraph.query.workers.question import Question
from jagraph.query.workers.serialization import write_triples
from jagraph.views.app_state import AppState
from jagraph.web.negotiation import GRAPH_TYPES, MEDIA_TYPES, best
from jagraph.web.replies import refusing, reply, send
from jagraph.web.routing import DataRoute, split_suffix

_SUFFIXES = {"ttl": "ttl", "nt": "nt", "jsonld": "jsonld", "rdf": "rdf", "json": "jsonld"}
KINDS = tuple(name for name, namespace in PREFIXES.items() if namespace == f"{ROOT}{name}/")
_TYPES = tuple(GRAPH_TYPES)
# A thing and its parts, whose IRIs are the thing's with a fragment, as deep as records are nested.
_ABOUT = """
CONSTRUCT {{ ?s ?p ?o }} WHERE {{
  {{ BIND({thing} AS ?s) ?s ?p ?o }}
  UNION {{ {thing} ?a ?s . FILTER(STRSTARTS(STR(?s), {inside})) ?s ?p ?o }}
  UNION {{
    {thing} ?a ?m . FILTER(STRSTARTS(STR(?m), {inside}))
    ?m ?b ?s . FILTER(STRSTARTS(STR(?s), {inside})) ?s ?p ?o
  }}
}}
"""
_VOCABULARY = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{ONTOLOGY}> {{ ?s ?p ?o }} }}"


def routes() -> list[BaseRoute]:
    """Return the routes of things and of the vocabulary."""
    of_kinds = [DataRoute(f"/{kind}/{{name}}", thing, tuple(_SUFFIXES), _TYPES) for kind in KINDS]
    return [
        *of_kinds,
        *(Route(f"/vocab.{suffix}", vocabulary) for suffix in _SUFFIXES),
        DataRoute("/vocab", vocabulary, (), _TYPES),
        Route("/hub/{owner}/{name}", on_hub),
    ]


@refusing
async def thing(request: Request) -> Response:
    """Describe one thing."""
    state: AppState = request.app.state.app_state
    kind = request.url.path.split("/")[1]
    identifier, form = _asked(request)
    name = iri(kind, identifier)
    if name not in state.names.things and name not in state.labels.names:
        ids = [parts[1] for parts in map(split, state.names.things) if parts and parts[0] == kind]
        raise RequestError(
            "unknown-thing",
            Message("error-no-such-thing", name=f"{kind} {identifier!r}"),
            remedy=suggestion(identifier, ids, f"/search?q={kind} finds things by name"),
        )
    query = _ABOUT.format(thing=ox.NamedNode(name), inside=ox.Literal(name + "#"))
    return await _describe(request, query, form, f"/{kind}/{identifier}")


@refusing
async def vocabulary(request: Request) -> Response:
    """Give the ontology."""
    return await _describe(request, _VOCABULARY, _asked(request)[1], "/vocab")


@refusing
async def on_hub(request: Request) -> Response:
    """Lead to the model with this id on the Hub."""
    state: AppState = request.app.state.app_state
    hub_id = f"{request.path_params['owner']}/{request.path_params['name']}"
    iris = await run_in_threadpool(state.names.meant, hub_id, ("model",))
    if len(iris) != 1:
        raise RequestError(
            "unknown-thing",
            f"no model here is {hub_id!r} on the Hub",
            remedy="/search finds models by name",
        )
    return RedirectResponse("/" + iris[0].removeprefix(ROOT), 303)


def _asked(request: Request) -> tuple[str, str]:
    """Return the last part of the path without its suffix, and the format asked for."""
    last = request.url.path.rpartition("/")[2]
    identifier, suffix = split_suffix(request.path_params.get("name", last), tuple(_SUFFIXES))
    chosen = best(request.headers.get("accept"), GRAPH_TYPES) or "text/turtle"
    return identifier, _SUFFIXES[suffix] if suffix else GRAPH_TYPES[chosen]


async def _describe(request: Request, query: str, form: str, path: str) -> Response:
    engine: Engine = request.app.state.engine
    state: AppState = request.app.state.app_state
    headers = {"Content-Location": f"{path}.{form}"}
    if form != "jsonld":
        return send(request, await engine.run_async(Question(query, {"triples": form})), **headers)
    triples = await engine.aside(engine.construct, query)
    if all(isinstance(triple.subject, ox.NamedNode) for triple in triples):
        text = json_ld(sorted(triples, key=str), state.context)
    else:  # the ontology has nodes without a name, which only the expanded form can hold
        out = io.BytesIO()
        write_triples(iter(triples), "jsonld", out)
        text = out.getvalue()
    return reply(request, text, MEDIA_TYPES["jsonld"], **headers)
