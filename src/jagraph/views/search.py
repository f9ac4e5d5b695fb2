"""What is found by a part of a name."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from jagraph.core.namespaces import split
from jagraph.query.name_resolver import fold
from jagraph.views.app_state import AppState
from jagraph.views.cells import Cell, thing
from jagraph.views.hits import search
from jagraph.views.labels import Reader
from jagraph.views.targets import CardTarget, card_target

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
class DetailedHit:
    """One thing that fits: beside its name, what tells it from others of the same name."""

    cell: Cell
    detail: str
    license_class: str


@dataclass(frozen=True)
class Group:
    """The things of one kind that fit: how many there are, and the first of them."""

    kind: str
    count: int
    hits: tuple[DetailedHit, ...]


@dataclass(frozen=True)
class SearchView:
    """What a text finds; ``exact`` is the card of the one thing whose id it is."""

    text: str
    total: int
    groups: tuple[Group, ...]
    exact: CardTarget | None = None


def view_search(text: str, state: AppState, reader: Reader) -> SearchView:
    """Return what ``text`` finds by the kind of thing; nothing for a text without a letter."""
    hits = search(text, state.names) if fold(text) else []
    exact = [hit.iri for hit in hits if fold(text) in _identifiers(hit.iri, state)]
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for hit in hits:
        kind = (split(hit.iri) or ("", ""))[0]
        if kind in _ORDER:
            groups[kind].append(hit.iri)
    return SearchView(
        text,
        sum(map(len, groups.values())),
        tuple(
            Group(
                kind,
                len(groups[kind]),
                tuple(_detailed(iri, state, reader) for iri in groups[kind][:_SHOWN]),
            )
            for kind in _ORDER
            if kind in groups
        ),
        card_target(exact[0]) if len(exact) == 1 else None,
    )


def _identifiers(iri: str, state: AppState) -> set[str]:
    model = state.lineage.models.get(iri)
    hub = state.hubs.get(iri, "")
    return {fold(hub)} - {""} if model else {fold((split(iri) or ("", ""))[1])}


def _detailed(iri: str, state: AppState, reader: Reader) -> DetailedHit:
    model = state.lineage.models.get(iri)
    if model is None:
        return DetailedHit(thing(iri, reader), ", ".join(state.makers.get(iri, ())), "")
    detail = " · ".join(filter(None, (model.parameters, state.hubs.get(iri, ""))))
    return DetailedHit(thing(iri, reader), detail, state.classes.get(iri, "unknown"))
