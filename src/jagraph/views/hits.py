"""Things by a part of a name, as every face lists them."""

from __future__ import annotations

from jagraph.core.frozen import frozen
from jagraph.core.namespaces import shorten
from jagraph.query.name_resolver import Names


@frozen
class Thing:
    """A thing of the graph: ``id`` is ``kind/id`` as answers write it, ``iri`` its full name."""

    id: str
    name: str
    iri: str


def search(text: str, names: Names) -> list[Thing]:
    """Return the things with ``text`` in a name, best first."""
    return [Thing(shorten(iri), names.things[iri], iri) for iri in names.search(text)]
