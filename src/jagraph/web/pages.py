"""The pages for people."""

from __future__ import annotations

from starlette.responses import RedirectResponse
from starlette.routing import BaseRoute, Route

from jagraph.names import NAMESPACES
from jagraph.serve.card_page import card_page
from jagraph.serve.compare import compare
from jagraph.serve.gallery import gallery
from jagraph.serve.home import home
from jagraph.serve.lineage_page import lineage, lineage_svg
from jagraph.serve.looks_css import looks
from jagraph.serve.result_page import result
from jagraph.serve.search import search


def routes() -> list[BaseRoute]:
    """Return the routes of the pages."""
    return [
        Route("/", home),
        Route("/queries", gallery),
        Route("/query/{name}", result),
        Route("/search", search),
        Route("/compare", compare),
        Route("/lineage/{kind}/{identifier}.svg", lineage_svg),
        Route("/lineage/{kind}/{identifier}", lineage),
        Route("/looks.css", looks),
        # what a browser asks for beside a picture, which cannot name one
        Route("/favicon.ico", RedirectResponse("/static/mark.svg", 308)),
        *(Route(f"/{namespace}/{{identifier}}", card_page) for namespace in NAMESPACES),
    ]
