"""The ontology as a document for people, with the rules described by their own words."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from jagraph.core.errors import RequestError
from jagraph.core.messages import Message
from jagraph.core.namespaces import iri
from jagraph.views.ontology import Entry, written
from jagraph.web.html import page, state_of


def routes() -> list[BaseRoute]:
    """Return the route of the document; the ontology as data comes before it."""
    return [Route("/vocab", vocabulary)]


def concept_routes() -> list[BaseRoute]:
    """Return the route of concepts; everything else with two parts comes before it."""
    return [Route("/{scheme}/{identifier}", concept)]


def concept(request: Request) -> Response:
    """Lead from the IRI of a concept to its place in the document; raises RequestError for none."""
    scheme, identifier = request.path_params["scheme"], request.path_params["identifier"]
    if iri(scheme, identifier) not in state_of(request).labels.names:
        raise RequestError(
            "unknown-thing",
            Message("error-no-such-thing", name=f"{scheme}/{identifier}"),
            remedy=Message("help-ontology", ontology="/vocab", search="/search"),
        )
    return RedirectResponse(f"/vocab#{scheme}/{identifier}", 303)


def vocabulary(request: Request) -> Response:
    """Show the ontology."""
    state = state_of(request)
    return page(
        request,
        "vocab.html",
        ontology=state.ontology,
        counts=state.counts,
        conclusions=state.rules,
        written=written,
        place=lambda name: _place(name, state.ontology.entries),
    )


def _place(name: str, entries: Mapping[str, Entry]) -> str:
    """Return where ``name`` is described: on this page, or at its own address."""
    return f"#{entries[name].anchor}" if name in entries else name
