"""The pages for people."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from jagraph.serve.html import page, site_of


def routes() -> list[BaseRoute]:
    """Return the routes of the pages."""
    return [Route("/", home)]


def home(request: Request) -> Response:
    """Show the first screen."""
    return page(request, "home.html", catalogue=site_of(request).catalogue)
