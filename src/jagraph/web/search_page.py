"""What is found by a part of a name, grouped by the kind of thing."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from jagraph.core.namespaces import split
from jagraph.query.name_resolver import fold
from jagraph.views.app_state import AppState
from jagraph.web.html import page, reader_of, state_of

_ORDER = (
    "family",
    "model",
    "developer",
    "license",
    "dataset",
    "benchmark",
    "architecture",
    "section",
)
_SHOWN = 40


@dataclass(frozen=True)
class Hit:
    """One thing that was found: beside its name, what tells it from others of the same name."""

    iri: str
    detail: str
    license_class: str


def search(request: Request) -> Response:
    """Show what ``q`` finds; a name or an id that means one thing leads straight to its card."""
    state, reader = state_of(request), reader_of(request)
    text = request.query_params.get("q", "").strip()
    found = state.names.search(text) if fold(text) else []
    exact = [thing for thing in found if fold(text) in _ids(state, thing)]
    if len(exact) == 1 and "all" not in request.query_params and reader.path(exact[0]):
        return RedirectResponse(reader.path(exact[0]), 303)
    groups: defaultdict[str, list[Hit]] = defaultdict(list)
    for thing in found:
        namespace = (split(thing) or ("", ""))[0]
        if namespace in _ORDER:
            groups[namespace].append(_hit(state, thing))
    return page(
        request,
        "search.html",
        text=text,
        total=sum(map(len, groups.values())),
        groups=[
            (name, len(groups[name]), groups[name][:_SHOWN]) for name in _ORDER if name in groups
        ],
    )


def _ids(state: AppState, thing: str) -> set[str]:
    model = state.lineage.models.get(thing)
    hub = state.hubs.get(thing, "")
    return {fold(hub)} - {""} if model else {fold((split(thing) or ("", ""))[1])}


def _hit(state: AppState, thing: str) -> Hit:
    model = state.lineage.models.get(thing)
    if model is None:
        return Hit(thing, ", ".join(state.makers.get(thing, ())), "")
    detail = " · ".join(filter(None, (model.parameters, state.hubs.get(thing, ""))))
    return Hit(thing, detail, state.classes.get(thing, "unknown"))
