"""Who comes from whom: the derivation graph of the models, and walks over it.

Own code, for the reason of ``core.traversal``; what an edge says is no matter of a graph library.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import Literal, Protocol, runtime_checkable

from jagraph.core.errors import RequestError
from jagraph.core.namespaces import JAG, shorten, split
from jagraph.core.rdf_text import number
from jagraph.core.traversal import distances, shortest
from jagraph.query.lineage_rows import LineageRows
from jagraph.store.base import Store

Direction = Literal["up", "down", "both"]


@dataclass(frozen=True, order=True)
class Edge:
    """One derivation: ``child`` comes from ``parent`` by ``relation`` ("fineTunedFrom", …)."""

    child: str
    parent: str
    relation: str
    certain: bool = True
    stated: str = ""


@dataclass(frozen=True)
class Model:
    """One set of weights, with what a picture or a list of it shows; ``count`` is its size."""

    iri: str
    name: str
    family: str
    family_name: str
    parameters: str = ""
    count: float = 0
    withdrawn: bool = False


@dataclass(frozen=True)
class Lineage:
    """Models and the derivations between them; ``roots`` are the models the walk began at."""

    models: dict[str, Model]
    edges: tuple[Edge, ...]
    roots: frozenset[str] = frozenset()
    depths: tuple[tuple[str, int], ...] = ()

    @classmethod
    def read(cls, store: Store) -> Lineage:
        """Read all models and derivations; a parent without a record has no family."""
        rows = LineageRows.read(store)
        models = {
            model: Model(
                model,
                name,
                family,
                family_name,
                parameters,
                number(count),
                status.endswith("/withdrawn"),
            )
            for model, name, family, family_name, parameters, count, status in rows.models
        }
        edges = tuple(
            Edge(
                child,
                parent,
                relation.removeprefix(JAG),
                certain != "false",
                (split(stated) or ("", ""))[1],
            )
            for child, parent, relation, certain, stated in rows.edges
        )
        for edge in edges:
            if edge.parent not in models:
                identifier = (split(edge.parent) or ("", edge.parent))[1]
                models[edge.parent] = Model(edge.parent, identifier, "", "")
        return cls(models, edges)

    def members(self, thing: str) -> frozenset[str]:
        """Return the models of a family, or the one model ``thing`` is."""
        if thing in self.models:
            return frozenset((thing,))
        return frozenset(model.iri for model in self.models.values() if model.family == thing)

    def walk(
        self, things: Iterable[str], direction: Direction = "both", depth: int | None = None
    ) -> Lineage:
        """Return what lies above (``up``), below (``down``) or on both sides of ``things``.

        ``depth`` bounds the number of derivations from the nearest start. Every derivation between
        two models of the result is in it. A cycle is walked once.
        """
        starts = frozenset().union(*(self.members(thing) for thing in things))
        reached: dict[str, int] = {}
        if direction in ("up", "both"):
            reached |= distances(self._parents.__getitem__, starts, depth)
        if direction in ("down", "both"):
            reached = distances(self._children.__getitem__, starts, depth) | reached
        return self._only(reached, starts)

    def path(self, start: str, end: str) -> Lineage:
        """Return the shortest chain of derivations between two things, in either direction.

        Raises RequestError when neither descends from the other.
        """
        best: list[str] = []
        for source, target in ((start, end), (end, start)):
            ends = self.members(target)
            for member in sorted(self.members(source)):
                shorter = shortest(self._parents.__getitem__, member, ends)
                if shorter and (not best or len(shorter) < len(best)):
                    best = shorter
        if not best:
            raise no_path()
        chain = set(pairwise(best))
        chosen = self._only(
            {model: place for place, model in enumerate(best)}, frozenset((best[0],))
        )
        edges = tuple(edge for edge in chosen.edges if (edge.child, edge.parent) in chain)
        return replace(chosen, edges=edges)

    def cycles(self) -> list[list[str]]:
        """Return each set of models that descend from each other, smallest IRI first."""
        try:
            TopologicalSorter(self._parents).prepare()
        except CycleError:
            pass
        else:
            return []
        import networkx as nx

        graph: nx.DiGraph[str] = nx.DiGraph()
        graph.add_edges_from((edge.child, edge.parent) for edge in self.edges)
        loops = [sorted(component) for component in nx.strongly_connected_components(graph)]
        self_loops = {edge.child for edge in self.edges if edge.child == edge.parent}
        return sorted(loop for loop in loops if len(loop) > 1 or loop[0] in self_loops)

    @cached_property
    def _parents(self) -> dict[str, list[str]]:
        return self._neighbours((edge.child, edge.parent) for edge in self.edges)

    @cached_property
    def _children(self) -> dict[str, list[str]]:
        return self._neighbours((edge.parent, edge.child) for edge in self.edges)

    def _neighbours(self, pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
        neighbours: dict[str, list[str]] = {iri: [] for iri in self.models}
        for one, other in pairs:
            neighbours.setdefault(one, []).append(other)
            neighbours.setdefault(other, [])
        return neighbours

    def _only(self, reached: dict[str, int], starts: frozenset[str]) -> Lineage:
        return Lineage(
            {iri: model for iri, model in self.models.items() if iri in reached},
            tuple(e for e in self.edges if e.child in reached and e.parent in reached),
            starts,
            tuple(sorted(reached.items(), key=lambda item: (item[1], item[0]))),
        )


class Derivations(Protocol):
    """Derivations one can walk: all of them at once, or in an index."""

    def members(self, thing: str) -> frozenset[str]:
        """Return the models of a family, or the one model ``thing`` is."""
        ...

    def walk(
        self, things: Iterable[str], direction: Direction = "both", depth: int | None = None
    ) -> Lineage:
        """Return what lies above, below or on both sides of ``things``."""
        ...

    def path(self, start: str, end: str) -> Lineage:
        """Return the shortest chain of derivations between two things."""
        ...


@runtime_checkable
class Indexed(Protocol):
    """A store too large to read all derivations of, with an index of them."""

    def derivations(self) -> Derivations:
        """Return the derivations of the index."""
        ...


def derivations(store: Store) -> Derivations:
    """Return the derivations in ``store``: its index of them, else all of them, read."""
    return store.derivations() if isinstance(store, Indexed) else Lineage.read(store)


def no_path() -> RequestError:
    """Return the error for two things of which neither descends from the other."""
    return RequestError(
        "no-path",
        "neither descends from the other",
        remedy="`jagraph lineage ID` shows what each comes from and leads to",
    )


def as_lines(lineage: Lineage) -> list[str]:
    """Write each model under the depth at which it is reached, with its derivations."""
    lines = []
    parents: dict[str, list[Edge]] = {}
    for edge in sorted(lineage.edges):
        parents.setdefault(edge.child, []).append(edge)
    for iri, depth in lineage.depths:
        model = lineage.models[iri]
        mark = "*" if iri in lineage.roots else " "
        family = f"  [{model.family_name}]" if model.family_name != model.name else ""
        gone = "  (withdrawn)" if model.withdrawn else ""
        lines.append(f"{depth} {mark} {model.name}{family}{gone}")
        lines += [
            f"      {edge.relation} {lineage.models[edge.parent].name}"
            + ("" if edge.certain else "  (not certain)")
            + (f"  <{edge.stated}>" if edge.stated else "")
            for edge in parents.get(iri, ())
        ]
    return lines


def as_data(lineage: Lineage) -> dict[str, list[dict[str, object]]]:
    """Return models and derivations as plain data, things by ``kind/id``."""
    depths = dict(lineage.depths)
    return {
        "models": [
            {
                "id": shorten(iri),
                "name": model.name,
                "family": shorten(model.family),
                "depth": depths[iri],
                "root": iri in lineage.roots,
                "parameters": model.parameters,
                "withdrawn": model.withdrawn,
            }
            for iri, model in sorted(lineage.models.items())
        ],
        "derivations": [
            {
                "child": shorten(edge.child),
                "relation": edge.relation,
                "parent": shorten(edge.parent),
                "certain": edge.certain,
                "stated": edge.stated,
            }
            for edge in sorted(lineage.edges)
        ],
    }
