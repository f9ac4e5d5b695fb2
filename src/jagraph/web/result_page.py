"""The page of one saved query."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from jagraph.core.errors import RequestError
from jagraph.query.binding import given_once
from jagraph.query.catalogue import Parameter, SavedQuery
from jagraph.query.parameters import Choice, choices
from jagraph.query.workers.errors import BusyError
from jagraph.query.workers.pool import Engine
from jagraph.views.result import TableOptions, saved_query, view_form, view_result
from jagraph.web.html import EVERYWHERE, here, language_of, page, reader_of, state_of
from jagraph.web.once_cache import Kept
from jagraph.web.replies import refused, status_of

# what the page takes beside the query's parameters
_VIEW = ("sort", "order", "filter", "page")
_DESCENDING = "desc"

# a query's parameter in a language
Asked = tuple[str, str, str]
Offers = Kept[Asked, tuple[Choice, ...]]


async def result(request: Request) -> Response:
    """Show the form and the answer of the query in the path, within the engine's limits."""
    engine: Engine = request.app.state.engine
    saved = saved_query(request.path_params["name"], state_of(request))
    return await engine.aside(_result, request, saved, engine)


def _result(request: Request, saved: SavedQuery, engine: Engine) -> Response:
    parameters = dict(request.query_params)
    arguments = {
        name: value
        for name, value in parameters.items()
        if name not in (*_VIEW, *EVERYWHERE) and value.strip()
    }
    language = language_of(request)
    form = view_form(
        saved, arguments, language, lambda parameter: _offered(parameter, saved, request, engine)
    )
    context: dict[str, object] = {
        "form": form,
        "asked": parameters,
        "permalink": str(request.url.replace(query=urlencode(_kept(parameters, saved)))),
    }
    values = request.query_params.multi_items()
    options = TableOptions(
        parameters.get("sort", ""),
        parameters.get("order") == _DESCENDING,
        parameters.get("filter", "").strip(),
        parameters.get("page", "1"),
    )
    try:
        given_once((name, value) for name, value in values if name in arguments)
        view = view_result(saved, arguments, options, state_of(request), reader_of(request), engine)
    except (BusyError, RequestError) as wrong:
        return refused(page(request, "result.html", status_of(wrong), wrong=wrong, **context))
    headings = [
        {
            "text": head.text,
            "sort": head.sort,
            "is_number": head.is_number,
            "href": _sorting(request, head.name, descending=head.turns_descending),
        }
        for head in view.headings
    ]
    return page(request, "result.html", 200, wrong=None, view=view, headings=headings, **context)


def _offered(
    parameter: Parameter, saved: SavedQuery, request: Request, engine: Engine
) -> tuple[Choice, ...]:
    """Return the values to pick from; none that cannot be had within the engine's limits."""
    names, language = state_of(request).names, language_of(request)
    offers: Offers = request.app.state.offers
    key = (saved.name, parameter.name, language)
    return offers.get(key, lambda: tuple(choices(parameter, engine, language, names))) or ()


def _kept(parameters: Mapping[str, str], saved: SavedQuery) -> dict[str, str]:
    """Return what a permalink keeps: the question whole, with its defaults, and the view of it."""
    defaults = {
        parameter.name: parameter.default for parameter in saved.parameters if parameter.default
    }
    return {**defaults, **{name: value for name, value in parameters.items() if value}}


def _sorting(request: Request, column: str, *, descending: bool) -> str:
    """Return the address of this page sorted by ``column``."""
    order = _DESCENDING if descending else ""
    return here(request, {"sort": column, "order": order, "page": ""}) + "#answers"
