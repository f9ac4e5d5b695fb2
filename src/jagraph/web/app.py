"""Puts the web face together: routes, errors, and the headers that keep a browser safe."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from importlib.resources import files

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from jagraph.core.errors import JagraphError
from jagraph.core.faults import fault
from jagraph.core.messages import Message
from jagraph.query.parameters import Choice
from jagraph.query.workers.errors import BusyError, store_gone
from jagraph.query.workers.pool import Engine
from jagraph.query.workers.question import Limits
from jagraph.views.answer_counts import Tally
from jagraph.views.app_state import AppState
from jagraph.web import editor, openapi, pages, protocol, rest, things, vocabulary
from jagraph.web.disconnect import Hangup
from jagraph.web.drawings import Drawings
from jagraph.web.guard import Guard
from jagraph.web.headers import HEADERS, JoinedHeaders, SafeHeaders
from jagraph.web.html import page
from jagraph.web.once_cache import Kept
from jagraph.web.replies import for_machine, public, refusal, refused, status_of
from jagraph.web.result_page import Asked

_COMPRESSED = 1000
_HEADINGS = {
    404: "error-not-found",
    422: "error-limit",
    503: "error-closed",
    504: "error-limit",
}


def create_app(
    state: AppState,
    limits: Limits | None = None,
    *,
    allow_service: bool = False,
    hosts: frozenset[str] | None = None,
) -> Starlette:
    """Return the application that serves ``state``; SPARQL runs within ``limits``.

    ``hosts`` are the names by which it may be called, all when None. Raises OutsideError for
    a graph that is only in memory.
    """
    folder = state.complete().graph.on_disk()

    @asynccontextmanager
    async def with_engine(app: Starlette) -> AsyncIterator[None]:
        watch = state.graph.watch
        with Engine(folder, limits, allow_service=allow_service, watch=watch) as engine:
            app.state.engine = engine
            yield

    static = StaticFiles(directory=str(files(__package__).joinpath("static")))
    app = Starlette(
        routes=[
            *editor.routes(),
            *protocol.routes(),
            *openapi.routes(),
            *rest.routes(),
            *things.routes(),
            *vocabulary.routes(),
            *pages.routes(),
            Mount("/static", static, name="static"),
            *vocabulary.concept_routes(),
        ],
        middleware=[
            Middleware(JoinedHeaders),
            Middleware(SafeHeaders),
            Middleware(Guard, hosts=hosts),
            Middleware(Hangup),
            Middleware(GZipMiddleware, minimum_size=_COMPRESSED),
        ],
        lifespan=with_engine,
        exception_handlers={
            JagraphError: _jagraph_error,
            HTTPException: _http_error,
            OSError: _outside_error,
            Exception: _our_error,
        },
    )
    app.state.app_state = state
    app.state.limits = limits or Limits()
    app.state.drawings = Drawings()
    app.state.tallies = Kept[str, Tally]()
    app.state.offers = Kept[Asked, tuple[Choice, ...]]()
    return app


def _jagraph_error(request: Request, wrong: Exception) -> Response:
    assert isinstance(wrong, JagraphError)  # noqa: S101, starlette's handlers take any exception
    wrong = public(wrong)
    if for_machine(request):
        return refusal(wrong)
    heading = "error-busy" if isinstance(wrong, BusyError) else ""
    return _error_page(request, status_of(wrong), wrong.what, wrong.remedy, heading)


def _outside_error(request: Request, wrong: Exception) -> Response:
    """Answer where a file of the server is gone or cannot be used; its log says which."""
    logging.getLogger("uvicorn.error").error("a file cannot be used", exc_info=wrong)
    gone = isinstance(wrong, FileNotFoundError)
    return _jagraph_error(request, store_gone() if gone else _known(request, wrong))


def _http_error(request: Request, wrong: Exception) -> Response:
    assert isinstance(wrong, HTTPException)  # noqa: S101, starlette's handlers take any exception
    what = HTTPStatus(wrong.status_code).phrase
    if for_machine(request):
        error = JagraphError(what.lower().replace(" ", "-"), what)
        return JSONResponse({"error": error.as_data()}, wrong.status_code, wrong.headers)
    sentence = Message("error-no-page", name=request.url.path) if wrong.status_code == 404 else what
    return _error_page(request, wrong.status_code, sentence, "")


def _our_error(request: Request, wrong: Exception) -> Response:
    """Answer where nothing else did, for a bug of the server, say; the server's log has it."""
    answer = _jagraph_error(request, _known(request, wrong))
    answer.headers.update(HEADERS)  # given before the middleware that adds them to the others
    return answer


def _known(request: Request, wrong: Exception) -> JagraphError:
    """Return the error that ``wrong`` is, without a path, which is the server's own."""
    error = fault(wrong, str(request.url))
    if error.exit_code == JagraphError.exit_code:
        error = JagraphError("bug", Message("error-bug"), remedy=Message("help-report"))
    error.where = None
    return error


def _error_page(
    request: Request, status: int, what: str, remedy: str, heading: str = ""
) -> Response:
    heading = heading or _HEADINGS.get(status, "error-inside" if status >= 500 else "error-request")
    shown = page(
        request, "error.html", status, number=status, heading=heading, what=what, remedy=remedy
    )
    return refused(shown)
