"""The pages for people."""

from __future__ import annotations

from starlette.responses import RedirectResponse
from starlette.routing import BaseRoute, Route

from jagraph.query.name_resolver import NAMESPACES
from jagraph.web.card_page import card_page
from jagraph.web.compare_page import compare
from jagraph.web.gallery_page import gallery
from jagraph.web.home_page import home
from jagraph.web.lineage_page import lineage, lineage_svg
from jagraph.web.result_page import result
from jagraph.web.search_page import search
from jagraph.web.style_css import looks


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
