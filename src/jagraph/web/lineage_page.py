"""The lineage of a thing or of a query's answers: in a card, as SVG, as a page to explore."""

from __future__ import annotations

from secrets import token_urlsafe

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from jagraph.core.errors import OutsideError
from jagraph.drawing.canvas import as_svg
from jagraph.drawing.html_viewer import as_html
from jagraph.drawing.painter import draw
from jagraph.drawing.style import BROWSERS, THEMES, Theme
from jagraph.query.workers.errors import BusyError, LimitError
from jagraph.query.workers.pool import Engine
from jagraph.views.lineage_picture import (
    TO_EXPLORE,
    Subject,
    picture_of,
    subject_of,
    subject_of_thing,
)
from jagraph.web.addresses import address
from jagraph.web.drawings import Drawings
from jagraph.web.headers import policy_with_scripts, policy_with_styles
from jagraph.web.html import EVERYWHERE, language_of, reader_of, state_of, theme_of

_HOLDER = token_urlsafe(16)  # stands for the nonce in what is kept
_VARY = {"Vary": "Accept-Language, Cookie"}


def in_card(thing: str, request: Request, nonce: str) -> str:
    """Return the SVG of the lineage of ``thing`` for its card, "" when none can be drawn now."""
    try:
        return _svg(request, subject_of_thing(thing, reader_of(request)), BROWSERS, nonce)
    except (OutsideError, BusyError, LimitError):
        return ""


async def lineage_svg(request: Request) -> Response:
    """Draw the lineage of what is in the path as SVG whose boxes lead to cards."""
    engine: Engine = request.app.state.engine
    return await engine.aside(_lineage_svg, request, engine)


async def lineage(request: Request) -> Response:
    """Show the lineage of what is in the path as a page to explore."""
    engine: Engine = request.app.state.engine
    return await engine.aside(_lineage, request, engine)


def _lineage_svg(request: Request, engine: Engine) -> Response:
    subject, nonce = _subject(request, engine), token_urlsafe(16)
    theme = THEMES["dark" if theme_of(request) == "dark" else "light"]
    content = _svg(request, subject, theme, nonce)
    headers = {"Content-Security-Policy": policy_with_styles(nonce), **_VARY}
    return Response(content, media_type="image/svg+xml", headers=headers)


def _lineage(request: Request, engine: Engine) -> Response:
    subject, language = _subject(request, engine), language_of(request)
    theme = "dark" if theme_of(request) == "dark" else "light"
    seconds, nonce, back = _seconds(request), token_urlsafe(16), _page(subject)

    def make() -> str:
        drawn = picture_of(subject, state_of(request), language, TO_EXPLORE, address)
        return as_html(drawn, "LR", theme, nonce=_HOLDER, back=back, seconds=seconds)

    document = _drawings(request).get((back, language, theme, "html"), make, seconds)
    headers = {"Content-Security-Policy": policy_with_scripts(nonce), **_VARY}
    return HTMLResponse(document.replace(_HOLDER, nonce), headers=headers)


def _subject(request: Request, engine: Engine) -> Subject:
    kind, identifier = request.path_params["kind"], request.path_params["identifier"]
    parameters = {
        name: value for name, value in request.query_params.items() if name not in EVERYWHERE
    }
    return subject_of(kind, identifier, parameters, state_of(request), reader_of(request), engine)


def _svg(request: Request, subject: Subject, theme: Theme, nonce: str) -> str:
    seconds, language = _seconds(request), language_of(request)

    def make() -> str:
        drawn = picture_of(subject, state_of(request), language, subject.most, address)
        return as_svg(draw(drawn, "LR", theme, seconds), nonce=_HOLDER)

    key = (_page(subject), language, theme.paper, "svg")
    return _drawings(request).get(key, make, seconds).replace(_HOLDER, nonce)


def _page(subject: Subject) -> str:
    return address(subject.target) if subject.target else ""


def _drawings(request: Request) -> Drawings:
    drawings: Drawings = request.app.state.drawings
    return drawings


def _seconds(request: Request) -> float:
    seconds: float = request.app.state.limits.seconds
    return seconds
