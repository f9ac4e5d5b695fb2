"""The first screen: date and counts, one search box, questions, the licence classes."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from jagraph.views.app_state import AppState
from jagraph.views.license_classes import bar
from jagraph.web.featured_counts import Tallies, counted
from jagraph.web.html import page, state_of

_COUNTS = """
SELECT ?class (COUNT(DISTINCT ?thing) AS ?count) WHERE {
  VALUES ?class {
    jag:ModelFamily jag:Model jag:Developer jag:Dataset jag:Benchmark jag:License
  }
  ?thing a ?class .
}
GROUP BY ?class
"""
_COUNTED = {
    "families": "ModelFamily",
    "models": "Model",
    "developers": "Developer",
    "datasets": "Dataset",
    "benchmarks": "Benchmark",
    "licenses": "License",
}
_SUGGESTED = ("family", "developer", "license", "benchmark", "dataset")


async def home(request: Request) -> Response:
    """Show the first screen."""
    return await run_in_threadpool(_home, request, await counted(request))


def _home(request: Request, tallies: Tallies) -> Response:
    state = state_of(request)
    return page(
        request,
        "home.html",
        counts=counts(state),
        known=suggestions(state),
        questions=state.featured,
        tallies=tallies,
        how_many=len(state.catalogue),
        classes=bar(state.classes),
        classified=len(state.classes),
    )


def counts(state: AppState) -> dict[str, int]:
    """Return how many things of each kind there are."""
    rows = state.graph.store.select(_COUNTS).dicts()
    found = {row["class"].rpartition("#")[2]: int(row["count"]) for row in rows}
    return {key: found.get(name, 0) for key, name in _COUNTED.items()}


def suggestions(state: AppState) -> list[str]:
    """Return the names that the search box offers."""
    names = state.names
    kept = {
        name
        for thing, name in names.things.items()
        if any(f"/{space}/" in thing for space in _SUGGESTED)
    }
    return sorted(kept, key=str.casefold)
