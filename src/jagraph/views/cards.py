"""One card per thing: its facts beside the words and the place they come from.

Every face prints the same card: a page in the reader's language, the command line and the tools
of assistants as records write it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from jagraph.core.namespaces import JAG, split
from jagraph.core.position import Position
from jagraph.domain.hub_origin import place_in_dump
from jagraph.domain.license_answers import LicenseAnswer, license_answers
from jagraph.domain.lineage import Edge
from jagraph.query.batched import about
from jagraph.records.context import Context
from jagraph.records.source_map import SourceMap
from jagraph.store.base import Store
from jagraph.views.cells import Cell, thing
from jagraph.views.facts import Fact, FactReader
from jagraph.views.labels import Reader
from jagraph.views.plain_reader import PlainReader
from jagraph.views.record_nodes import RecordNodes, read_nodes

_CONCLUDED = """
SELECT ?thing ?use ?answer ?otherwise ?reason WHERE {
  VALUES ?thing { %s }
  ?thing jag:useAnswer ?given .
  ?given jag:use ?of ; jag:may/skos:notation ?answer ; jag:reason ?reason .
  ?of skos:notation ?use ; jag:order ?order .
  OPTIONAL { ?given jag:otherwise/skos:notation ?otherwise }
}
ORDER BY ?thing ?order
"""
_CARRIED = """
SELECT DISTINCT ?thing ?concern ?answer ?basis ?reason ?issued WHERE {
  VALUES ?thing { %s }
  ?thing jag:verdict ?verdict .
  ?verdict jag:concern ?about ; jag:answer/skos:notation ?answer ; jag:basis/skos:notation ?basis ;
    jag:reason ?reason .
  ?about skos:notation ?concern .
  BIND(EXISTS {
    ?verdict jag:decidedTerm/^jag:term/jag:licensor ?own . ?thing jag:developedBy ?own
  } AS ?issued)
}
ORDER BY ?thing ?concern
"""
_DERIVATIONS = """
SELECT ?child ?parent ?relation (MAX(?sure) AS ?certain) WHERE {
  VALUES ?%s { %%s }
  ?child a jag:Model ; jag:derivation ?node .
  ?node jag:relation ?relation ; jag:parent ?parent .
  OPTIONAL { ?node jag:certain ?mark }
  BIND(COALESCE(?mark, true) AS ?sure)
}
GROUP BY ?child ?parent ?relation
ORDER BY ?child ?parent ?relation
"""
_ABOVE, _BELOW = _DERIVATIONS % "child", _DERIVATIONS % "parent"


@dataclass(frozen=True)
class Conclusion:
    """May one put a model to ``use``, and why: the answer that the verb ``terms`` gives.

    ``otherwise`` is the answer there would be without the doubt that makes it unknown.
    """

    use: str
    answer: str
    otherwise: str
    reason: str


@dataclass(frozen=True)
class CarriedTerm:
    """Whether a model has a term about ``concern``; ``issued`` where its developer is licensor."""

    concern: str
    answer: str
    basis: str
    reason: str
    issued: bool


@dataclass(frozen=True)
class Kin:
    """A model that ``member``, of this card, comes from or leads to, by which relation."""

    member: Cell
    relation: Cell
    other: Cell
    certain: bool


@dataclass(frozen=True)
class Card:
    """What the graph says of one thing; that of a family has the cards of its models.

    A model has its answers about use as ``concluded`` and what terms it has as ``carried``; a
    licence has what it would answer where nothing else binds as ``alone``.
    """

    iri: str
    name: str
    position: Position | None
    facts: tuple[Fact, ...]
    models: tuple[Card, ...] = ()
    concluded: tuple[Conclusion, ...] = ()
    carried: tuple[CarriedTerm, ...] = ()
    alone: tuple[LicenseAnswer, ...] = ()
    parents: tuple[Kin, ...] = ()
    children: tuple[Kin, ...] = ()

    @property
    def members(self) -> frozenset[str]:
        """The IRIs of the thing itself and of its models."""
        return frozenset((self.iri, *(model.iri for model in self.models)))

    def fact(self, key: str) -> Fact | None:
        """Return what is said of ``key``, None when nothing is."""
        return next((fact for fact in self.facts if fact.key == key), None)


@dataclass(frozen=True)
class CardSource:
    """Where cards are read: the graph, the places of its statements, the keys of its records."""

    store: Store
    sources: SourceMap
    context: Context

    def card(self, iri: str, reader: Reader) -> Card:
        """Return the card of the thing ``iri`` as ``reader`` sees it."""
        return self._card(_Content.read(iri, self.store), reader)

    def plain_card(self, iri: str) -> Card:
        """Return the card of the thing ``iri`` as records write it."""
        content = _Content.read(iri, self.store)
        return self._card(content, PlainReader.of(content.things, content.mentioned, self.store))

    def _card(self, content: _Content, reader: Reader) -> Card:
        nodes = content.nodes
        dump = place_in_dump(self.store, nodes.thing)
        facts = FactReader(nodes, self.sources, self.context, reader, dump)

        def single(iri: str) -> Card:
            return Card(
                iri,
                reader.name(iri),
                facts.place(iri),
                facts.facts(iri),
                concluded=tuple(content.concluded[iri]),
                carried=tuple(content.carried[iri]),
            )

        def kin(edge: Edge, *, up: bool) -> Kin:
            member, other = (edge.child, edge.parent) if up else (edge.parent, edge.child)
            relation = thing(JAG + edge.relation, reader)
            return Kin(thing(member, reader), relation, thing(other, reader), edge.certain)

        return replace(
            single(nodes.thing),
            models=tuple(single(model) for model in nodes.models),
            alone=content.alone,
            parents=tuple(kin(edge, up=True) for edge in content.above),
            children=tuple(kin(edge, up=False) for edge in content.below),
        )


@dataclass(frozen=True)
class _Content:
    """What is read from the graph for one card, before it has a reader."""

    nodes: RecordNodes
    concluded: dict[str, list[Conclusion]]
    carried: dict[str, list[CarriedTerm]]
    alone: tuple[LicenseAnswer, ...]
    above: tuple[Edge, ...]
    below: tuple[Edge, ...]

    @classmethod
    def read(cls, iri: str, store: Store) -> _Content:
        nodes = read_nodes(iri, store)
        things = (iri, *nodes.models)
        return cls(
            nodes,
            _concluded(things, store),
            _carried(things, store),
            license_answers(store, iri) if (split(iri) or ("",))[0] == "license" else (),
            _edges(_ABOVE, things, store),
            _edges(_BELOW, things, store),
        )

    @property
    def things(self) -> tuple[str, ...]:
        return (self.nodes.thing, *self.nodes.models)

    @property
    def mentioned(self) -> list[str]:
        edges = (*self.above, *self.below)
        kin = [end for edge in edges for end in (edge.child, edge.parent)]
        return [*self.nodes.resources(), *kin]


def _concluded(things: Sequence[str], store: Store) -> dict[str, list[Conclusion]]:
    answers: defaultdict[str, list[Conclusion]] = defaultdict(list)
    for row in about(store, _CONCLUDED, things).dicts():
        one = Conclusion(row["use"], row["answer"], row["otherwise"], row["reason"])
        answers[row["thing"]].append(one)
    return answers


def _carried(things: Sequence[str], store: Store) -> dict[str, list[CarriedTerm]]:
    carried: defaultdict[str, list[CarriedTerm]] = defaultdict(list)
    for row in about(store, _CARRIED, things).dicts():
        issued = row["issued"] == "true"
        term = CarriedTerm(row["concern"], row["answer"], row["basis"], row["reason"], issued)
        carried[row["thing"]].append(term)
    return carried


def _edges(query: str, things: Sequence[str], store: Store) -> tuple[Edge, ...]:
    return tuple(
        Edge(
            row["child"],
            row["parent"],
            row["relation"].removeprefix(JAG),
            row["certain"] != "false",
        )
        for row in about(store, query, things).dicts()
    )
