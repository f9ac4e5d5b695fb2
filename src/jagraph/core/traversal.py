"""Breadth-first walks, over the nodes that ``step`` leads to from each.

Own code, since networkx takes several times as long to load as Python to start.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import TypeVar

# a name, or a name with what was passed on the way to it
Node = TypeVar("Node", str, tuple[str, bool])
Step = Callable[[str], Iterable[str]]


def distances(step: Step, starts: Iterable[str], depth: int | None = None) -> dict[str, int]:
    """Return every node within ``depth`` steps of ``starts`` with its distance, nearest first."""
    distance = dict.fromkeys(starts, 0)
    for node in (queue := list(distance)):
        if depth is None or distance[node] < depth:
            for other in step(node):
                if other not in distance:
                    distance[other] = distance[node] + 1
                    queue.append(other)
    return distance


def shortest(
    step: Callable[[Node], Iterable[Node]], start: Node, ends: Collection[Node]
) -> list[Node]:
    """Return the shortest chain from ``start`` to one of ``ends``, the first by name, or []."""
    before = {start: start}
    for node in (queue := [start]):
        for other in step(node):
            if other not in before:
                before[other] = node
                queue.append(other)
    chains = []
    for end in ends:
        if end in before:
            chain = [end]
            while chain[-1] != start:
                chain.append(before[chain[-1]])
            chains.append(chain[::-1])
    return min(chains, key=lambda chain: (len(chain), chain), default=[])
