"""The first screen: date and counts, the names to search for, questions, the licence classes."""

from __future__ import annotations

from dataclasses import dataclass

from jagraph.query.catalogue import SavedQuery
from jagraph.views.app_state import AppState
from jagraph.views.graph_counts import kind_counts
from jagraph.views.license_classes import Slice, bar

_COUNTED = ("families", "models", "developers", "datasets", "benchmarks", "licenses")
_SUGGESTED = ("family", "developer", "license", "benchmark", "dataset")


@dataclass(frozen=True)
class HomeView:
    """What the first screen shows.

    ``counts`` are things by kind, ``suggestions`` the names that the search box offers;
    ``classified`` models are in the ``classes``; there are ``query_count`` saved queries.
    """

    counts: dict[str, int]
    suggestions: tuple[str, ...]
    questions: tuple[SavedQuery, ...]
    query_count: int
    classes: tuple[Slice, ...]
    classified: int


def view_home(state: AppState) -> HomeView:
    """Return what the first screen shows."""
    rows = kind_counts(state.graph.store).dicts()
    counts = {row["what"]: int(row["count"]) for row in rows}
    suggestions = {
        name
        for thing, name in state.names.things.items()
        if any(f"/{kind}/" in thing for kind in _SUGGESTED)
    }
    return HomeView(
        {kind: counts.get(kind, 0) for kind in _COUNTED},
        tuple(sorted(suggestions, key=str.casefold)),
        tuple(state.featured),
        len(state.catalogue),
        tuple(bar(state.classes)),
        len(state.classes),
    )
