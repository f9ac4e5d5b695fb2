"""Puts the web face together: routes, errors, and the headers that keep a browser safe."""

from __future__ import annotations

from http import HTTPStatus
from importlib.resources import files

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from jagraph.errors import JagraphError, RequestError
from jagraph.serve import pages
from jagraph.serve.headers import SafeHeaders
from jagraph.serve.html import page
from jagraph.serve.site import Site


def create_app(site: Site) -> Starlette:
    """Return the application that serves ``site``."""
    static = StaticFiles(directory=str(files(__package__).joinpath("static")))
    app = Starlette(
        routes=[*pages.routes(), Mount("/static", static, name="static")],
        middleware=[Middleware(SafeHeaders)],
        exception_handlers={JagraphError: _jagraph_error, HTTPException: _http_error},
    )
    app.state.site = site
    return app


def _jagraph_error(request: Request, wrong: Exception) -> Response:
    assert isinstance(wrong, JagraphError)  # noqa: S101, starlette's handlers take any exception
    status = 500
    if isinstance(wrong, RequestError):
        status = 404 if wrong.code.startswith("unknown-") else 400
    return page(request, "error.html", status, what=wrong.what, remedy=wrong.remedy)


def _http_error(request: Request, wrong: Exception) -> Response:
    assert isinstance(wrong, HTTPException)  # noqa: S101, starlette's handlers take any exception
    return page(
        request,
        "error.html",
        wrong.status_code,
        what=HTTPStatus(wrong.status_code).phrase,
        remedy="",
    )
