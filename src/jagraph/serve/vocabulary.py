"""The ontology as a document for people, with the rules described by their own words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from jagraph.errors import RequestError
from jagraph.reading import read_text
from jagraph.serve.html import page, site_of
from jagraph.serve.ontology import Entry, counts, read_ontology, written
from jagraph.vocab import iri


@dataclass(frozen=True)
class Rule:
    """One rule: its file's name, the comment it begins with, its text."""

    name: str
    comment: str
    text: str


def routes() -> list[BaseRoute]:
    """Return the route of the document; the ontology as data comes before it."""
    return [Route("/vocab", vocabulary)]


def concept_routes() -> list[BaseRoute]:
    """Return the route of concepts; everything else with two parts comes before it."""
    return [Route("/{scheme}/{identifier}", concept)]


def concept(request: Request) -> Response:
    """Lead from the IRI of a concept to its place in the document; raises RequestError for none."""
    scheme, identifier = request.path_params["scheme"], request.path_params["identifier"]
    if iri(scheme, identifier) not in site_of(request).labels.names:
        raise RequestError(
            "unknown-thing",
            f"there is no {scheme}/{identifier}",
            remedy="/vocab has every concept, /search every thing",
        )
    return RedirectResponse(f"/vocab#{scheme}/{identifier}", 303)


def vocabulary(request: Request) -> Response:
    """Show the ontology."""
    site = site_of(request)
    ontology = read_ontology(site.graph.store)
    return page(
        request,
        "vocab.html",
        ontology=ontology,
        counts=counts(site.graph.project.shapes),
        conclusions=[_rule(path) for path in site.graph.project.rules()],
        written=written,
        place=lambda name: _place(name, ontology.entries),
    )


def _place(name: str, known: Mapping[str, Entry]) -> str:
    """Return where ``name`` is described: on this page, or at its own address."""
    return f"#{known[name].anchor}" if name in known else name


@cache
def _rule(path: Path) -> Rule:
    text = read_text(path)
    comment = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        comment.append(line.removeprefix("#").strip())
    return Rule(path.stem, " ".join(comment), text)
