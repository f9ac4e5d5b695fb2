"""What follows from millions of derivations, equal to what the rules derive, by arrays and sets.

The rules are the definition (``ontology/rules/07``, ``08``); this computes the same where running
them takes hours. Statements are interned as sets and passed on from parents to children in
topological order, so that a chain of fine-tunings costs one look-up per model. Only where
derivations are open, or through outputs, or in a cycle, each model's ancestors are walked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jagraph.inference.channels import ANY, AT_ALL, BINDS, DESCENT, HANDS_OVER, SURELY, WAYS

_SPECIAL = ANY & ~BINDS
NOTHING = 0


class Names:
    """IRIs, each kept once and named by a number."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._names: list[str] = []

    def __getitem__(self, number: int) -> str:
        return self._names[number]

    def number(self, name: str) -> int:
        """Return the number of ``name``."""
        number = self._numbers.setdefault(name, len(self._names))
        if number == len(self._names):
            self._names.append(name)
        return number


class Sets:
    """Sets of numbers, each kept once and named by a number; NOTHING is the empty one."""

    def __init__(self) -> None:
        self._numbers: dict[frozenset[int], int] = {frozenset(): NOTHING}
        self._sets: list[frozenset[int]] = [frozenset()]
        self._unions: dict[tuple[int, int], int] = {}

    def __getitem__(self, number: int) -> frozenset[int]:
        return self._sets[number]

    def number(self, members: Iterable[int]) -> int:
        """Return the number of the set of ``members``."""
        found = frozenset(members)
        number = self._numbers.setdefault(found, len(self._sets))
        if number == len(self._sets):
            self._sets.append(found)
        return number

    def union(self, one: int, other: int) -> int:
        """Return the number of the union of two sets."""
        if one == other or other == NOTHING:
            return one
        if one == NOTHING:
            return other
        key = (one, other)
        known = self._unions.get(key)
        if known is None:
            known = self._unions[key] = self.number(self._sets[one] | self._sets[other])
        return known


@dataclass(frozen=True)
class Edges:
    """Who comes from whom, once per pair; ``kind`` joins carriers and HANDS_OVER."""

    count: int
    child: NDArray[np.int32]
    parent: NDArray[np.int32]
    kind: NDArray[np.uint8]

    @classmethod
    def of(cls, count: int, child: list[int], parent: list[int], kind: list[int]) -> Edges:
        """Return the edges between ``count`` nodes, in the order of child and parent."""
        pairs = np.asarray(child, np.int64) * count + np.asarray(parent, np.int64)
        unique, where = np.unique(pairs, return_inverse=True)
        kinds = np.zeros(len(unique), np.uint8)
        np.bitwise_or.at(kinds, where, np.asarray(kind, np.uint8))
        first, second = np.divmod(unique, max(count, 1))
        return cls(count, first.astype(np.int32), second.astype(np.int32), kinds)

    def bounds(self) -> list[int]:
        """Return where the edges of each child begin, and at last where those of all end."""
        found: list[int] = np.searchsorted(self.child, np.arange(self.count + 1)).tolist()
        return found


@dataclass(frozen=True)
class Profile:
    """The licence statements of a model, numbers of sets; ``reached`` are those by each of WAYS.

    ``gaps`` are the gaps of the model and of all whose weights surely are in it.
    """

    own: int
    reached: tuple[int, ...]
    gaps: int = NOTHING


class Descent:
    """The ancestors of every node, and the statements and gaps it has from them."""

    def __init__(
        self, edges: Edges, own: list[int], sets: Sets, gaps: Mapping[int, int] | None = None
    ) -> None:
        """Pass on what each node has of its own: ``own`` and ``gaps`` are numbers of sets."""
        self._own = own
        self._sets = sets
        self._gaps = gaps or {}
        self._first = edges.bounds()
        self._parent: list[int] = edges.parent.tolist()
        self._kind: list[int] = edges.kind.tolist()
        self.profiles: list[Profile] = []
        self.profile = [0] * edges.count
        self._special = bytearray(edges.count)
        self._cyclic = bytearray(edges.count)
        self._propagate(edges)

    def ancestors(self, node: int, kinds: int = DESCENT) -> set[int]:
        """Return whatever ``node`` reaches by edges of ``kinds``, without itself."""
        first, parent, kind = self._first, self._parent, self._kind
        found = {node}
        waiting = [node]
        while waiting:
            here = waiting.pop()
            for place in range(first[here], first[here + 1]):
                above = parent[place]
                if kind[place] & kinds and above not in found:
                    found.add(above)
                    waiting.append(above)
        found.discard(node)
        return found

    def _propagate(self, edges: Edges) -> None:
        sets, own, first, parent, kind = (
            self._sets,
            self._own,
            self._first,
            self._parent,
            self._kind,
        )
        # what the edges to a node carry on, beside what it states itself
        passed = [NOTHING] * edges.count
        gaps = [NOTHING] * edges.count
        # the ancestors reached by each way but the first; the same object for all below a single
        # parent
        weak: dict[int, tuple[frozenset[int], ...]] = {}
        numbers: dict[tuple[int, tuple[frozenset[int], ...], int, int], int] = {}
        none: tuple[frozenset[int], ...] = (frozenset(),) * (len(WAYS) - 1)
        for node, several in parents_first(edges):
            places = [p for p in range(first[node], first[node + 1]) if parent[p] != node]
            kinds = 0
            for place in places:
                kinds |= kind[place]
            turns = any(
                kind[p] & _SPECIAL for p in range(first[node], first[node + 1]) if parent[p] == node
            )
            cyclic = several or turns
            special = turns or kinds & _SPECIAL or any(self._special[parent[p]] for p in places)
            gap = self._gaps.get(node, NOTHING)
            if cyclic:
                self._cyclic[node] = 1
                reached = self.ancestors(node, ANY)
                special = special or any(
                    kind[p] & _SPECIAL for one in reached for p in range(first[one], first[one + 1])
                )
                bound = self._by_way(node, SURELY)[0]
                passed[node] = sets.number(s for a in bound for s in sets[own[a]])
                inherited = sets.number(s for a in bound - {node} for s in sets[own[a]])
                for above in self.ancestors(node, BINDS):
                    gap = sets.union(self._gaps.get(above, NOTHING), gap)
            else:
                inherited = NOTHING
                for place in places:
                    if kind[place] & BINDS:
                        above = parent[place]
                        inherited = sets.union(passed[above], inherited)
                        if kind[place] & HANDS_OVER:
                            inherited = sets.union(own[above], inherited)
                        gap = sets.union(gaps[above], gap)
                passed[node] = inherited
            gaps[node] = gap
            ways = none
            if special:
                self._special[node] = 1
                alone = parent[places[0]] if len(places) == 1 and kinds & ANY == BINDS else None
                if alone is not None and not cyclic and not self._cyclic[alone]:
                    ways = weak[alone]
                else:
                    ways = self._weaker(node)
                weak[node] = ways
            key = (own[node], ways, inherited, gap)
            number = numbers.get(key)
            if number is None:
                number = numbers[key] = len(self.profiles)
                mine = sets[own[node]]
                others = ({s for a in way for s in sets[own[a]]} for way in ways)
                reaching = (sets[inherited], *others)
                self.profiles.append(
                    Profile(own[node], tuple(sets.number(way - mine) for way in reaching), gap)
                )
            self.profile[node] = number

    def _weaker(self, node: int) -> tuple[frozenset[int], ...]:
        """Return the ancestors handed over by each of WAYS but the first."""
        surely, at_all = self._by_way(node, SURELY), self._by_way(node, AT_ALL)
        found = []
        for sure, possible in zip(surely, at_all, strict=True):
            found += [sure - {node}, possible - sure - {node}]
        return tuple(found[1:])

    def _by_way(self, node: int, carriers: tuple[int, ...]) -> list[frozenset[int]]:
        """Return the nodes handed over by each channel: the weakest edge of a path counts.

        ``carriers`` are the kinds of edges that open each. On a cycle ``node`` is among them.
        """
        first, parent, kind = self._first, self._parent, self._kind
        walked = {(node, 0)}
        handed: list[set[int]] = [set() for _ in carriers]
        waiting = [(node, 0)]
        while waiting:
            here, way = waiting.pop()
            for place in range(first[here], first[here + 1]):
                for opened, carrier in enumerate(carriers):
                    if not kind[place] & carrier:
                        continue
                    above = (parent[place], max(way, opened))
                    if kind[place] & HANDS_OVER:
                        handed[above[1]].add(above[0])
                    if above not in walked:
                        walked.add(above)
                        waiting.append(above)
        return [frozenset(found) for found in handed]


def parents_first(edges: Edges) -> Iterator[tuple[int, bool]]:
    """Yield every node after its parents, and whether it is one of several on a cycle."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    count = edges.count
    if not count:
        return
    matrix = coo_array(
        (np.ones(len(edges.child), np.int8), (edges.child, edges.parent)), shape=(count, count)
    )
    groups, label = connected_components(matrix.tocsr(), directed=True, connection="strong")
    members = np.argsort(label, kind="stable")
    bounds = np.searchsorted(label[members], np.arange(groups + 1))
    above, below = label[edges.parent], label[edges.child]
    across = above != below
    above, below = above[across], below[across]
    waiting = np.bincount(below, minlength=groups)
    by_parent = np.argsort(above, kind="stable")
    child_groups = below[by_parent]
    starts = np.searchsorted(above[by_parent], np.arange(groups + 1))
    ready = np.flatnonzero(waiting == 0)
    while len(ready):
        for group in ready.tolist():
            inside = members[bounds[group] : bounds[group + 1]].tolist()
            for node in inside:
                yield node, len(inside) > 1
        lengths = starts[ready + 1] - starts[ready]
        offsets = np.repeat(starts[ready] - np.cumsum(lengths) + lengths, lengths)
        reached = child_groups[offsets + np.arange(lengths.sum())]
        np.subtract.at(waiting, reached, 1)
        reached = np.unique(reached)
        ready = reached[waiting[reached] == 0]
