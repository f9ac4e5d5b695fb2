"""The statements a card is made of: one thing, the models of a family, and the nodes inside them.

They are read level by level, each level with one query, since a store may be far away.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import pyoxigraph as ox

from jagraph.core.namespaces import ASSERTED, DERIVED, HUB, JAG, split
from jagraph.core.rdf_text import text_of
from jagraph.query.batched import about
from jagraph.store.base import Store

Term = ox.NamedNode | ox.Literal
Properties = dict[str, list[Term]]

HAS_MODEL = JAG + "hasModel"
# what follows for a model from the record of its family
_DERIVED = f" UNION {{ GRAPH <{DERIVED}> {{ ?node ?property ?value }} }}"
_ABOUT = """
SELECT DISTINCT ?node ?property ?value WHERE {
  VALUES ?node { %%s }
  { GRAPH <%s> { ?node ?property ?value } }
  UNION { GRAPH <%s> { ?node ?property ?value } }%s
}
ORDER BY ?node ?property ?value
"""
_ASSERTED = _ABOUT % (ASSERTED, HUB, "")
_WITH_DERIVED = _ABOUT % (ASSERTED, HUB, _DERIVED)
_OF_FAMILY = """
SELECT ?node ?property ?value WHERE {
  VALUES ?model { %s }
  ?node jag:hasModel ?model ; ?property ?value .
  VALUES ?property { jag:unknownKey jag:absentKey jag:status jag:announcement }
}
ORDER BY ?property ?value
"""
# a family's values of these stand beside a model's own
_ADDING = {JAG + "unknownKey", JAG + "absentKey"}
# the values of these are statements, wherever their node stands
_STATEMENTS = {
    JAG + name
    for name in (
        *("licenseStatement", "derivation", "trainingStage", "contextLengthStatement"),
        *("term", "size", "listing", "portion"),
    )
}


@dataclass(frozen=True)
class RecordNodes:
    """What is said of ``thing``, of its models and inside the statements they make.

    ``holders`` names the family by the property that a model has from it.
    """

    thing: str
    models: tuple[str, ...]
    properties: dict[str, Properties]
    statements: frozenset[str]
    holders: dict[str, str]

    @property
    def is_model(self) -> bool:
        """Whether the thing is a model of the list."""
        return _is_model(self.thing)

    def of(self, node: str) -> Properties:
        """Return the values of ``node`` by property."""
        return self.properties.get(node, {})

    def is_statement(self, value: Term) -> bool:
        """Tell whether ``value`` is a node with statements of its own."""
        return value.value in self.statements and value.value in self.properties

    def resources(self) -> list[str]:
        """Return every IRI that is a value."""
        return [
            value.value
            for properties in self.properties.values()
            for values in properties.values()
            for value in values
            if isinstance(value, ox.NamedNode)
        ]


def read_nodes(thing: str, store: Store) -> RecordNodes:
    """Read what ``store`` says of ``thing``; of a model also what its family says for it."""
    is_model = _is_model(thing)
    properties: defaultdict[str, Properties] = defaultdict(lambda: defaultdict(list))
    statements: set[str] = set()
    models: list[str] = []
    level, query = [thing], _WITH_DERIVED if is_model else _ASSERTED
    while level:
        inside: list[str] = []
        for node, predicate, value in _triples(store, query, level):
            properties[node][predicate].append(value)
            if not isinstance(value, ox.NamedNode):
                continue
            if predicate == HAS_MODEL:
                models.append(value.value)
                inside.append(value.value)
            elif predicate in _STATEMENTS or _owner(value.value) in (thing, *models):
                statements.add(value.value)
                inside.append(value.value)
        level, query = [node for node in inside if node not in properties], _ASSERTED
    holders = _add_family(thing, properties[thing], store) if is_model else {}
    by_node = {node: dict(values) for node, values in properties.items()}
    return RecordNodes(thing, tuple(models), by_node, frozenset(statements), holders)


def _add_family(model: str, properties: Properties, store: Store) -> dict[str, str]:
    """Add to ``properties`` what the family says; return the family by each property it gives."""
    own_properties, holders = set(properties) - _ADDING, {}
    for family, predicate, value in _triples(store, _OF_FAMILY, [model]):
        if predicate not in own_properties and value not in properties[predicate]:
            properties[predicate].append(value)
            holders[predicate] = family
    return holders


def _triples(store: Store, query: str, nodes: Iterable[str]) -> Iterable[tuple[str, str, Term]]:
    for node, predicate, value in about(store, query, nodes).rows:
        if isinstance(value, Term):
            yield text_of(node), text_of(predicate), value


def _owner(node: str) -> str:
    """Return the thing inside whose record ``node`` stands, "" for a thing itself."""
    return node.rpartition("#")[0]


def _is_model(thing: str) -> bool:
    return (split(thing) or ("", ""))[0] == "model"
