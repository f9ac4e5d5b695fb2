"""Things by a part of a name, as every face lists them."""

from __future__ import annotations

from dataclasses import dataclass

from jagraph.core.namespaces import shorten
from jagraph.query.name_resolver import Names


@dataclass(frozen=True)
class Hit:
    """One thing with a text in a name: its IRI, its id as answers write it, its name."""

    iri: str
    identifier: str
    name: str


def search(text: str, names: Names) -> list[Hit]:
    """Return the things with ``text`` in a name, best first."""
    return [Hit(iri, shorten(iri), names.things[iri]) for iri in names.search(text)]
