"""From what people write to the things they mean."""

from __future__ import annotations

from jagraph.graph.cache import Graph
from jagraph.views.hits import Thing
from jagraph.views.hits import search as hits

LINEAGE = ("family", "model")


def find(graph: Graph, text: str, *kinds: str) -> str:
    """Return the IRI of the one thing that ``text`` means.

    ``text`` is an id, a name, an alias, a Hugging Face id or an IRI; case, spaces, ``-`` and ``_``
    do not count. ``kinds`` ("model", "family", "license", "dataset" …) limit what it may be.
    ``kind/id`` is always exact; a family comes before a model of the same name. Raises
    RequestError, with the candidates, when nothing or more than one thing fits.

    >>> find(graph, "UME 7b")
    'https://w3id.org/jagraph/model/ume-7b'
    >>> find(graph, "mountain", "license")
    'https://w3id.org/jagraph/license/mountain'
    >>> find(graph, "mountain")
    Traceback (most recent call last):
    jagraph.core.errors.RequestError: error[ambiguous-name]: 'mountain' may mean 2 things
      help: say which: family/mountain, license/mountain
    """
    return graph.names.find(text, kinds) if kinds else graph.names.find(text)


def search(graph: Graph, text: str, limit: int | None = 20) -> list[Thing]:
    """Return the things with ``text`` in a name, best first: whole names, then beginnings.

    At most ``limit`` things, None for all; none is no error.

    >>> [thing.id for thing in search(graph, "mountain", limit=3)]
    ['family/mountain', 'license/mountain', 'model/mountain-7b']
    """
    return hits(text, graph.names)[:limit]


def models_of(graph: Graph, text: str) -> list[str]:
    """Return the IRIs of the models of the family, or of the one model, that ``text`` names.

    Raises RequestError as ``find`` does.

    >>> models_of(graph, "Mountain")
    ['https://w3id.org/jagraph/model/mountain-70b', 'https://w3id.org/jagraph/model/mountain-7b']
    """
    thing = find(graph, text, *LINEAGE)
    rows = graph.select(f"SELECT ?m {{ <{thing}> jag:hasModel? ?m . ?m a jag:Model }}")
    return sorted(row["m"] for row in rows.dicts())
