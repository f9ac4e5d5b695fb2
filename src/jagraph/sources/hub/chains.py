"""Repositories with more ancestors than are followed.

What follows from a derivation is stored for every ancestor, so that a chain of n repositories
would become n² / 2 statements. No chain that people make is so long: the longest are some dozens of
fine-tunings, and merges of merges some hundreds of models.
"""

from __future__ import annotations

from collections.abc import Iterable

from jagraph.inference.array_engine import Edges, parents_first
from jagraph.inference.channels import BINDS
from jagraph.sources.hub.dump import UNIDENTIFIED, Entry

MOST_ANCESTORS = 1000


def too_deep(entries: Iterable[Entry], most: int = MOST_ANCESTORS) -> list[str]:
    """Return the ids of the repositories whose base models one does not follow.

    Without their derivations no repository has more than ``most`` ancestors in the dump.
    """
    names: list[str] = []
    numbers: dict[str, int] = {}
    child: list[int] = []
    parent: list[int] = []

    def number(name: str) -> int:
        reached = numbers.setdefault(name.lower(), len(names))
        if reached == len(names):
            names.append(name)
        return reached

    for entry in entries:
        mine = number(entry.id)
        names[mine] = entry.id
        above = [number(one.id) for one in entry.parents if one.id != UNIDENTIFIED]
        child += [mine] * len(above)
        parent += above
    edges = Edges.of(len(names), child, parent, [BINDS] * len(child))
    bounds = edges.bounds()
    above_of = edges.parent.tolist()
    counts = [0] * len(names)  # of ancestors, or more where these have ancestors in common
    cut: set[int] = set()
    for node, cyclic in parents_first(edges):
        begin, end = bounds[node], bounds[node + 1]
        counts[node] = sum(counts[one] + 1 for one in above_of[begin:end] if one != node)
        if cyclic or counts[node] > most:
            reached, waiting = {node}, [node]
            while waiting and len(reached) <= most + 1:
                here = waiting.pop()
                if here in cut:
                    continue
                fresh = set(above_of[bounds[here] : bounds[here + 1]]) - reached
                reached |= fresh
                waiting += fresh
            counts[node] = len(reached) - 1
            if counts[node] > most:
                cut.add(node)
                counts[node] = 1
    return sorted(names[one] for one in cut)
