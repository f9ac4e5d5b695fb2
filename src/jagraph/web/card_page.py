"""The page of one thing."""

from __future__ import annotations

from secrets import token_urlsafe

from starlette.requests import Request
from starlette.responses import Response

from jagraph.query.workers.pool import Engine
from jagraph.views.thing import view_thing
from jagraph.web import lineage_page
from jagraph.web.headers import policy_with_styles
from jagraph.web.html import page, reader_of, state_of


async def card_page(request: Request) -> Response:
    """Show the card of the thing in the path; raises RequestError when there is none.

    What belongs to a thing may be much and is asked within the engine's limits; its own facts and
    verdicts are as many as its record has.
    """
    engine: Engine = request.app.state.engine
    return await engine.aside(_card, request, engine)


def _card(request: Request, engine: Engine) -> Response:
    kind, identifier = request.url.path.strip("/").split("/")
    view = view_thing(kind, identifier, state_of(request), reader_of(request), engine)
    nonce = token_urlsafe(16)
    has_kin = view.parents or view.children
    drawing = lineage_page.in_card(view.card.iri, request, nonce) if has_kin else ""
    response = page(request, "card.html", view=view, drawing=drawing)
    if drawing:
        response.headers["Content-Security-Policy"] = policy_with_styles(nonce)
    return response
