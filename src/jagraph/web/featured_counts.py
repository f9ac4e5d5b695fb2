"""The questions of the first screen, each with what it counts as it stands."""

from __future__ import annotations

from starlette.requests import Request

from jagraph.query.catalogue import SavedQuery
from jagraph.query.workers.pool import Engine
from jagraph.views.answer_counts import Tallies, Tally
from jagraph.web.html import state_of
from jagraph.web.once_cache import Kept


async def counted(request: Request) -> Tallies:
    """Return the tallies by the names of the queries; None where it cannot be counted now."""
    queries = state_of(request).featured
    engine: Engine = request.app.state.engine
    tallies: Kept[str, Tally] = request.app.state.tallies
    if all(saved.name in tallies for saved in queries):
        return _read(queries, engine, tallies)
    return await engine.aside(_read, queries, engine, tallies)


def _read(queries: list[SavedQuery], engine: Engine, tallies: Kept[str, Tally]) -> Tallies:
    def tally(saved: SavedQuery) -> Tally | None:
        return tallies.get(saved.name, lambda: Tally.of(engine.select(saved.text)))

    return {saved.name: tally(saved) for saved in queries}
