"""The page of what is found by a part of a name."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from jagraph.views.search import view_search
from jagraph.web.addresses import address
from jagraph.web.html import page, reader_of, state_of


def search(request: Request) -> Response:
    """Show what ``q`` finds; a name or an id that means one thing leads straight to its card."""
    text = request.query_params.get("q", "").strip()
    view = view_search(text, state_of(request), reader_of(request))
    if view.exact and "all" not in request.query_params:
        return RedirectResponse(address(view.exact), 303)
    return page(request, "search.html", view=view)
