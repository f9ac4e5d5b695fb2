"""What belongs to a developer, a dataset, a licence or a benchmark: a saved query's first rows."""

from __future__ import annotations

from dataclasses import dataclass, replace

from jagraph.core.namespaces import shorten, split
from jagraph.query.binding import bound
from jagraph.query.catalogue import SavedQuery
from jagraph.query.workers.errors import BusyError, LimitError
from jagraph.store.base import Store
from jagraph.views.answer_counts import Tally
from jagraph.views.app_state import AppState
from jagraph.views.labels import Reader
from jagraph.views.table import Table, table
from jagraph.views.targets import QueryTarget

MOST = 25
_QUERIES: dict[str, tuple[str, dict[str, str]]] = {
    "developer": ("models-by-developer", {}),
    "dataset": ("trained-on", {"through": "ancestors"}),
    "license": ("models-by-license", {}),
    "benchmark": ("benchmark-exposure", {}),
}


@dataclass(frozen=True)
class Belongings:
    """The first rows of the answer, how many there are, and where all of them are.

    Without a table and a tally there is no answer now within the limits of the store.
    """

    saved: SavedQuery
    target: QueryTarget
    table: Table | None = None
    tally: Tally | None = None


def belongings(thing: str, state: AppState, reader: Reader, store: Store) -> Belongings | None:
    """Return what belongs to ``thing``, None for a kind that has no such question here."""
    namespace = (split(thing) or ("", ""))[0]
    name, fixed = _QUERIES.get(namespace, ("", {}))
    if name not in state.catalogue:
        return None
    saved = state.catalogue[name]
    parameters = {namespace: shorten(thing), **fixed}
    unanswered = Belongings(saved, QueryTarget(name, tuple(parameters.items())))
    try:
        solutions = store.select(bound(saved, parameters, state.graph.store, state.names))
    except (BusyError, LimitError):
        return unanswered
    rows = table(solutions, reader)
    first = Table(rows.columns, rows.rows[:MOST])
    return replace(unanswered, table=first, tally=Tally.of(solutions))
