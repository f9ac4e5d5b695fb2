"""Walks over derivations by the index of an imported store, equal to ``jagraph.domain.lineage``."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from jagraph.domain.lineage import Direction, Edge, Lineage, no_path
from jagraph.sources.hub.index import Index


class IndexedLineage:
    """The derivations in an index."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def members(self, thing: str) -> frozenset[str]:
        """Return the models of a family, or the one model ``thing`` is."""
        return frozenset(self._index.model(number).iri for number in self._index.members(thing))

    def walk(
        self, things: Iterable[str], direction: Direction = "both", depth: int | None = None
    ) -> Lineage:
        """Return what lies above (``up``), below (``down``) or on both sides of ``things``."""
        starts = sorted({number for thing in things for number in self._index.members(thing)})
        distance = np.full(len(self._index), -1, np.int32)
        if direction in ("down", "both"):
            distance = self._index.reach(starts, depth, up=False)
        if direction in ("up", "both"):
            above = self._index.reach(starts, depth, up=True)
            distance = np.where(above >= 0, above, distance)
        return self._only(distance, starts)

    def path(self, start: str, end: str) -> Lineage:
        """Return the shortest chain of derivations between two things, in either direction.

        Raises RequestError when neither descends from the other.
        """
        best: list[int] = []
        for source, target in ((start, end), (end, start)):
            ends = self._index.members(target)
            for member in self._index.members(source):
                distance = self._index.reach([member], None, up=True)
                for other in ends:
                    far = int(distance[other])
                    if far >= 0 and (not best or far + 1 < len(best)):
                        best = self._chain(distance, other)
        if not best:
            raise no_path()
        distance = np.full(len(self._index), -1, np.int32)
        distance[best] = np.arange(len(best))
        lineage = self._only(distance, [best[0]])
        chain = {
            (self._index.model(child).iri, self._index.model(parent).iri)
            for child, parent in pairwise(best)
        }
        edges = tuple(edge for edge in lineage.edges if (edge.child, edge.parent) in chain)
        return Lineage(lineage.models, edges, lineage.roots, lineage.depths)

    def _chain(self, distance: NDArray[np.int32], end: int) -> list[int]:
        """Return the models from where ``distance`` is 0 down to ``end``, each nearer by one."""
        chain = [end]
        while distance[chain[-1]]:
            here = chain[-1]
            begin, stop = self._index.down_first[here : here + 2].tolist()
            below = self._index.down_child[begin:stop]
            nearer = below[distance[below] == distance[here] - 1]
            chain.append(int(nearer.min()))
        return chain[::-1]

    def _only(self, distance: NDArray[np.int32], starts: list[int]) -> Lineage:
        numbers = np.flatnonzero(distance >= 0)
        models = dict(zip(numbers.tolist(), map(self._index.model, numbers.tolist()), strict=True))
        edges = tuple(
            Edge(models[child].iri, models[parent].iri, kind.relation, kind.certain, kind.stated)
            for child in models
            for parent, kind in self._index.parents(child)
            if parent in models
        )
        depths = sorted(
            ((models[number].iri, int(distance[number])) for number in models),
            key=lambda pair: (pair[1], pair[0]),
        )
        return Lineage(
            {model.iri: model for model in models.values()},
            tuple(sorted(edges)),
            frozenset(models[number].iri for number in starts),
            tuple(depths),
        )
