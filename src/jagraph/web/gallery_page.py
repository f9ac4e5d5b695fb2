"""The gallery: every saved query, by what it is about."""

from __future__ import annotations

from collections import defaultdict

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from jagraph.query.catalogue import SavedQuery
from jagraph.web.featured_counts import Tallies, counted
from jagraph.web.html import page, reader_of, state_of


async def gallery(request: Request) -> Response:
    """Show every saved query under its first tag."""
    return await run_in_threadpool(_gallery, request, await counted(request))


def _gallery(request: Request, tallies: Tallies) -> Response:
    state, reader = state_of(request), reader_of(request)
    groups: defaultdict[str, list[SavedQuery]] = defaultdict(list)
    for saved in state.catalogue.values():
        groups[saved.tags[0] if saved.tags else ""].append(saved)
    shown = [
        (tag, said.get(reader.language, said["en"]), groups.pop(tag))
        for tag, said in state.tags.items()
        if tag in groups
    ]
    shown += [(tag, tag, rest) for tag, rest in sorted(groups.items())]
    return page(request, "gallery.html", groups=shown, tallies=tallies)
