"""One page: the template, the reader's language and theme, the words."""

from __future__ import annotations

import re
from functools import cache
from operator import itemgetter
from urllib.parse import quote, urlencode

import jinja2
from babel import negotiate_locale
from starlette.requests import Request
from starlette.responses import HTMLResponse

from jagraph.drawing.messages import LANGUAGES
from jagraph.drawing.style import FILLS
from jagraph.views.app_state import AppState
from jagraph.views.labels import Reader
from jagraph.views.words import LANGUAGE_NAMES, words
from jagraph.web.addresses import address
from jagraph.web.negotiation import weighted

THEMES = ("auto", "light", "dark")
# what every page takes beside its own parameters
EVERYWHERE = ("lang", "theme")
_YEAR = 365 * 24 * 3600
_SENTENCE = re.compile(r"[.?!](?=\s)|。")


def state_of(request: Request) -> AppState:
    """Return what the server that got ``request`` knows."""
    state: AppState = request.app.state.app_state
    return state


def reader_of(request: Request) -> Reader:
    """Return the reader's language with the names of things in it."""
    return Reader(language_of(request), state_of(request).labels)


def language_of(request: Request) -> str:
    """Return the reader's language: the URL's ``lang``, the cookie's, else the browser's."""
    for wish in (request.query_params.get("lang"), request.cookies.get("lang")):
        if wish in LANGUAGES:
            return wish
    liked = weighted(request.headers.get("accept-language", ""))
    by_weight = sorted((pair for pair in liked if pair[1]), key=itemgetter(1), reverse=True)
    preferred = [tag for tag, _ in by_weight]
    return negotiate_locale(preferred, LANGUAGES, sep="-") or LANGUAGES[0]


def theme_of(request: Request) -> str:
    """Return the reader's theme, one of THEMES, from the URL's ``theme`` or the cookie."""
    for wish in (request.query_params.get("theme"), request.cookies.get("theme")):
        if wish in THEMES:
            return wish
    return THEMES[0]


def page(request: Request, template: str, status: int = 200, **context: object) -> HTMLResponse:
    """Return ``template`` filled in for the reader; a choice in the URL is kept in a cookie."""
    language, theme = language_of(request), theme_of(request)
    rules, date = state_of(request).versions
    text = (
        _environment()
        .get_template(template)
        .render(
            request=request,
            language=language,
            theme=theme,
            languages=LANGUAGE_NAMES,
            themes=THEMES,
            w=words(language),
            reader=reader_of(request),
            fills=FILLS,
            rules=rules,
            date=date,
            here=lambda **changes: here(request, changes),
            **context,
        )
    )
    response = HTMLResponse(text, status)
    for name, value in (("lang", language), ("theme", theme)):
        if request.query_params.get(name) == value:
            response.set_cookie(name, value, max_age=_YEAR, samesite="lax", httponly=True)
    response.headers["Vary"] = "Accept, Accept-Language, Cookie"
    return response


def here(request: Request, changes: dict[str, str]) -> str:
    """Return the path and query of this page with some parameters changed; "" takes one out."""
    pairs = [
        (name, value) for name, value in request.query_params.multi_items() if name not in changes
    ]
    query = urlencode([*pairs, *((name, value) for name, value in changes.items() if value)])
    # "//host" and "/\\host" lead to another server
    path = "/" + quote(request.url.path.lstrip("/"))
    return f"{path}?{query}" if query else path


def opening(text: str, most: int = 150) -> str:
    """Return the first sentences of ``text`` that fit into ``most`` characters, at least one."""
    ends = [*(match.end() for match in _SENTENCE.finditer(text)), len(text)]
    return text[: max((end for end in ends if end <= most), default=ends[0])]


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("jagraph.web"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["opening"] = opening
    environment.filters["address"] = address
    return environment
