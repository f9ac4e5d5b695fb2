"""The page of the first screen."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from jagraph.views.answer_counts import Tallies
from jagraph.views.home import view_home
from jagraph.web.featured_counts import counted
from jagraph.web.html import page, state_of


async def home(request: Request) -> Response:
    """Show the first screen."""
    return await run_in_threadpool(_home, request, await counted(request))


def _home(request: Request, tallies: Tallies) -> Response:
    return page(request, "home.html", view=view_home(state_of(request)), tallies=tallies)
