"""What a model comes from, what descends from it, and the chain between two."""

from __future__ import annotations

from typing import get_args

from jagraph.api.arguments import require_choice
from jagraph.api.things import LINEAGE, find
from jagraph.domain.lineage import Direction, Lineage, derivations
from jagraph.graph.cache import Graph


def lineage(
    graph: Graph, *things: str, direction: Direction = "both", depth: int | None = None
) -> Lineage:
    """Return the models around ``things`` (models or families) and the derivations between them.

    ``direction`` is "up" (what they come from), "down" (what descends from them) or "both";
    ``depth`` the number of derivations at most, None for all. ``models`` are by IRI, ``edges`` the
    derivations with their relation and cell of the list, ``depths`` how many derivations each
    model is away; ``certain`` is False where the list is in doubt. Raises RequestError as ``find``
    does.

    >>> found = lineage(graph, "Hana-7b", direction="up", depth=1)
    >>> sorted(model.name for model in found.models.values())
    ['Hana-7b', 'Matsu-7b', 'Take-7b']
    >>> [(edge.relation, edge.certain, edge.stated) for edge in found.edges]
    [('mergedFrom', True, 'merge-cell'), ('mergedFrom', True, 'merge-cell')]
    """
    require_choice("direction", direction, get_args(Direction))
    starts = [find(graph, thing, *LINEAGE) for thing in things]
    return derivations(graph.store).walk(starts, direction, depth)


def path(graph: Graph, start: str, end: str) -> Lineage:
    """Return the shortest chain of derivations between two models or families, in either direction.

    Raises RequestError as ``find`` does, and when neither descends from the other.

    >>> chain = path(graph, "Hana-7b", "Mountain")
    >>> [chain.models[model].name for model, _ in chain.depths]
    ['Hana-7b', 'Matsu-7b', 'Ume-7b', 'Mountain-7b']
    """
    ends = (find(graph, thing, *LINEAGE) for thing in (start, end))
    return derivations(graph.store).path(*ends)
