"""The page of every saved query."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from jagraph.views.answer_counts import Tallies
from jagraph.views.gallery import query_groups
from jagraph.web.featured_counts import counted
from jagraph.web.html import language_of, page, state_of


async def gallery(request: Request) -> Response:
    """Show every saved query under its first tag."""
    return await run_in_threadpool(_gallery, request, await counted(request))


def _gallery(request: Request, tallies: Tallies) -> Response:
    state = state_of(request)
    groups = query_groups(state.catalogue.values(), state.tags, language_of(request))
    return page(request, "gallery.html", groups=groups, tallies=tallies)
