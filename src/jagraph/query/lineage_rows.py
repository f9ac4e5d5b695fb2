"""All models and derivations of a graph as rows of text: from its file of them, else by queries.

The queries take as long as everything else that a question about the lineage does.
"""

from __future__ import annotations

import marshal

from jagraph.core.frozen import frozen
from jagraph.store.base import EmbeddedStore, Store

LINEAGE = "lineage"  # the file in the folder of a graph
_FORMAT = 4  # of marshal, which every Python reads
_EDGES = """
SELECT ?child ?parent ?relation (MAX(?sure) AS ?certain) (MIN(?said) AS ?stated) WHERE {
  ?child a jag:Model ; jag:derivation ?node .
  ?node jag:relation ?relation ; jag:parent ?parent .
  OPTIONAL { ?node jag:certain ?mark }
  OPTIONAL { ?node jag:statedIn ?place }
  BIND(COALESCE(?mark, true) AS ?sure)
  BIND(COALESCE(STR(?place), "") AS ?said)
}
GROUP BY ?child ?parent ?relation
ORDER BY ?child ?parent ?relation
"""
_MODELS = """
SELECT ?model ?name ?family ?familyName ?parameters ?count ?status WHERE {
  ?model a jag:Model ; rdfs:label ?name ; jag:inFamily ?family .
  ?family rdfs:label ?familyName .
  OPTIONAL { ?model jag:parameters ?parameters }
  OPTIONAL { ?model jag:parameterCount ?count }
  OPTIONAL { ?model jag:status ?own }
  OPTIONAL { ?family jag:status ?shared }
  BIND(COALESCE(?own, ?shared, "") AS ?status)
}
ORDER BY ?model
"""


@frozen
class LineageRows:
    """Models and derivations in the order and with the columns of their queries.

    A model: IRI, name, IRI and name of its family, parameters, their count, IRI of its status.
    A derivation: child, parent, relation, whether it is certain, the place that states it.
    """

    models: list[tuple[str, ...]]
    edges: list[tuple[str, ...]]

    @classmethod
    def read(cls, store: Store) -> LineageRows:
        """Read them from ``store``."""
        saved = store.saved(LINEAGE) if isinstance(store, EmbeddedStore) else None
        if saved is not None:
            return cls(*marshal.loads(saved))  # noqa: S302, our own cache
        return cls(_rows(store, _MODELS), _rows(store, _EDGES))

    def content(self) -> bytes:
        """Return the content of a file of them."""
        return marshal.dumps((self.models, self.edges), _FORMAT)


def _rows(store: Store, query: str) -> list[tuple[str, ...]]:
    return [tuple(row.values()) for row in store.select(query).dicts()]
