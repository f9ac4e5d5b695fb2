"""One thing with everything the graph says of it."""

from __future__ import annotations

from jagraph.api.things import find
from jagraph.graph.cache import Graph
from jagraph.records.context import read_context
from jagraph.views.cards import Card, CardSource


def card(graph: Graph, thing: str) -> Card:
    """Return every fact about a thing, each with the words of the list, their cell and the record.

    ``thing`` is what ``find`` takes. The card of a family has the cards of its models in
    ``models``; ``concluded`` has what the rules conclude, which is no legal advice. Raises
    RequestError as ``find`` does.

    >>> hana = card(graph, "Hana")
    >>> hana.name, str(hana.position)
    ('Hana', 'data/models/hana.yaml:1:1')
    >>> [model.name for model in hana.models]
    ['Hana-7b', 'Hana-open']
    >>> developers = next(fact for fact in hana.facts if fact.key == "developers")
    >>> [cell.text for part in developers.statements[0].parts for cell in part.cells]
    ['Hanako Tanaka']
    """
    source = CardSource(graph.store, graph.sources(), read_context(graph.project.context))
    return source.plain_card(find(graph, thing))
