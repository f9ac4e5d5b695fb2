"""The ontology as a document: HTML for people, Turtle and JSON-LD for programs, at one address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from jagraph.serve.html import page, site_of
from jagraph.serve.ontology import Entry, counts, read_ontology, written
from jagraph.vocab import ONTOLOGY, PREFIXES

_FORMS = {"ttl": "text/turtle", "jsonld": "application/ld+json"}


@dataclass(frozen=True)
class Rule:
    """One rule: its file's name, the comment it begins with, its text."""

    name: str
    comment: str
    text: str


def routes() -> list[BaseRoute]:
    """Return the routes of the ontology."""
    return [
        Route("/vocab", vocabulary),
        Route("/vocab.{form}", as_data),
    ]


def vocabulary(request: Request) -> Response:
    """Show the ontology, or give it as data to who asks for that."""
    accept = request.headers.get("accept", "")
    if "text/html" not in accept:
        for form, media_type in _FORMS.items():
            if media_type in accept:
                return _data(request, form)
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


def as_data(request: Request) -> Response:
    """Give the ontology in the form the address ends in."""
    form = request.path_params["form"]
    if form not in _FORMS:
        return RedirectResponse("/vocab")
    return _data(request, form)


def _data(request: Request, form: str) -> Response:
    site = site_of(request)
    if form == "ttl":
        content = site.graph.project.vocabulary.read_bytes()
    else:
        triples = sorted(site.graph.store.triples(ONTOLOGY), key=str)
        content = ox.serialize(triples, format=ox.RdfFormat.JSON_LD, prefixes=PREFIXES) or b""
    return Response(
        content,
        media_type=_FORMS[form],
        headers={"Vary": "Accept", "Access-Control-Allow-Origin": "*"},
    )


def _place(name: str, known: Mapping[str, Entry]) -> str:
    """Return where ``name`` is described: on this page, or at its own address."""
    return f"#{known[name].anchor}" if name in known else name


@cache
def _rule(path: Path) -> Rule:
    text = path.read_text(encoding="utf-8")
    comment = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        comment.append(line.removeprefix("#").strip())
    return Rule(path.stem, " ".join(comment), text)
