"""What belongs to a developer, a dataset, a licence or a benchmark: a saved query's first rows."""

from __future__ import annotations

from dataclasses import dataclass, replace

from jagraph.core.namespaces import shorten, split
from jagraph.query.binding import bound
from jagraph.query.catalogue import SavedQuery
from jagraph.query.workers.errors import BusyError, LimitError
from jagraph.query.workers.pool import Engine
from jagraph.views.answer_counts import Tally
from jagraph.views.app_state import AppState
from jagraph.views.labels import Reader
from jagraph.views.table import Table, table
from jagraph.web.addresses import with_query

MOST = 25
_QUERIES: dict[str, tuple[str, dict[str, str]]] = {
    "developer": ("models-by-developer", {}),
    "dataset": ("trained-on", {"through": "ancestors"}),
    "license": ("models-by-license", {}),
    "benchmark": ("benchmark-exposure", {}),
}


@dataclass(frozen=True)
class Belongings:
    """The first rows of the answer, how many there are, and the page with all of them.

    Without a table and a tally there is no answer now within the engine's limits.
    """

    saved: SavedQuery
    href: str
    table: Table | None = None
    tally: Tally | None = None


def belongings(thing: str, state: AppState, reader: Reader, engine: Engine) -> Belongings | None:
    """Return what belongs to ``thing``, None for a kind that has no such question here."""
    namespace = (split(thing) or ("", ""))[0]
    name, given = _QUERIES.get(namespace, ("", {}))
    if name not in state.catalogue:
        return None
    saved = state.catalogue[name]
    given = {namespace: shorten(thing), **given}
    asked = Belongings(saved, with_query(f"/query/{name}", given))
    try:
        found = engine.select(bound(saved, given, state.graph.store, state.names))
    except (BusyError, LimitError):
        return asked
    shown = table(found, reader)
    return replace(asked, table=Table(shown.columns, shown.rows[:MOST]), tally=Tally.of(found))
