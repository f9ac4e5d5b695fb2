"""The one way to a graph: SPARQL in, solutions, triples or a truth value out."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pyoxigraph as ox

from jagraph.errors import JagraphError, OutsideError, RequestError
from jagraph.sparql import may_use_service
from jagraph.texts import Value, text_of
from jagraph.vocab import ASSERTED, DERIVED, HUB, PREFIXES


@dataclass(frozen=True)
class Solutions:
    """The answer to a SELECT: the variables' names and one row of values per solution."""

    variables: list[str]
    rows: list[tuple[Value, ...]]

    def dicts(self) -> Iterator[dict[str, str]]:
        """Yield each row as text by variable; an unbound variable is the empty string."""
        for row in self.rows:
            yield dict(zip(self.variables, map(text_of, row), strict=True))


Answer = Solutions | list[ox.Triple] | bool


class Store(Protocol):
    """What jagraph needs of a graph, embedded or elsewhere.

    A query sees all its named graphs as one, and needs no PREFIX line for jagraph's prefixes.
    """

    def select(self, query: str) -> Solutions:
        """Return the solutions of a SELECT query."""
        ...

    def construct(self, query: str) -> list[ox.Triple]:
        """Return the triples of a CONSTRUCT or DESCRIBE query."""
        ...

    def ask(self, query: str) -> bool:
        """Return the answer to an ASK query."""
        ...

    def triples(self, graph: str) -> Iterator[ox.Triple]:
        """Yield the triples of one named graph."""
        ...


class OpenStore(ABC):
    """A store that takes queries of any form."""

    @abstractmethod
    def answer(self, query: str) -> Answer:
        """Return what ``query`` asks for; raises RequestError with line and column if it cannot."""

    @abstractmethod
    def triples(self, graph: str) -> Iterator[ox.Triple]:
        """Yield the triples of one named graph."""

    def select(self, query: str) -> Solutions:
        """Return the solutions of a SELECT query."""
        found = self.answer(query)
        if not isinstance(found, Solutions):
            raise RequestError("wrong-query-form", "this needs a SELECT query")
        return found

    def construct(self, query: str) -> list[ox.Triple]:
        """Return the triples of a CONSTRUCT or DESCRIBE query."""
        found = self.answer(query)
        if not isinstance(found, list):
            raise RequestError("wrong-query-form", "this needs a CONSTRUCT or DESCRIBE query")
        return found

    def ask(self, query: str) -> bool:
        """Return the answer to an ASK query."""
        found = self.answer(query)
        if not isinstance(found, bool):
            raise RequestError("wrong-query-form", "this needs an ASK query")
        return found


class EmbeddedStore(OpenStore):
    """A store inside this process, in memory or on disk."""

    def __init__(self, store: ox.Store, names: Path | None = None) -> None:
        """Take ``store``; ``names`` is the file of its names where there is one."""
        self._store = store
        self.names = names

    @classmethod
    def open(cls, folder: Path, names: Path | None = None) -> EmbeddedStore:
        """Open the store in ``folder`` for reading; raises OutsideError when it is damaged."""
        try:
            return cls(ox.Store.read_only(str(folder)), names)
        except (OSError, ValueError) as reason:
            raise OutsideError("damaged-store", str(reason), where=str(folder)) from reason

    def answer(self, query: str) -> Answer:
        """Return what ``query`` asks for; raises RequestError with line and column if it cannot.

        A server that SERVICE asks and that gives no answer is an OutsideError.
        """
        try:
            found = self._store.query(query, use_default_graph_as_union=True, prefixes=PREFIXES)
            if isinstance(found, ox.QueryBoolean):
                return bool(found)
            if isinstance(found, ox.QueryTriples):
                return list(found)
            variables = [variable.value for variable in found.variables]
            return Solutions(variables, [tuple(row) for row in found])
        except SyntaxError as reason:
            raise explain(reason) from reason
        except (OSError, RuntimeError) as reason:
            raise failed(reason, query) from reason

    def dump(self, graph: str, target: Path) -> None:
        """Write the triples of one named graph to ``target`` as N-Triples."""
        self._store.dump(target, ox.RdfFormat.N_TRIPLES, from_graph=ox.NamedNode(graph))

    def triples(self, graph: str) -> Iterator[ox.Triple]:
        """Yield the triples of one named graph."""
        for quad in self._store.quads_for_pattern(None, None, None, ox.NamedNode(graph)):
            yield quad.triple


def statements(store: Store, graphs: Sequence[str] = (ASSERTED, HUB, DERIVED)) -> list[ox.Triple]:
    """Return the triples of ``graphs`` in a fixed order."""
    return sorted((t for graph in graphs for t in store.triples(graph)), key=str)


def failed(reason: OSError | RuntimeError, query: str) -> JagraphError:
    """Return what it means that the engine could not finish ``query``, which is SPARQL."""
    if may_use_service(query):
        return OutsideError(
            "service-failed",
            f"the server that the query asks with SERVICE gives no answer: {reason}",
            remedy="ask that server yourself, or write SERVICE SILENT to go on without it",
        )
    if isinstance(reason, OSError):
        return OutsideError(
            "store-failed",
            f"the store cannot be read: {reason}",
            remedy="look after the disk; remove the store, and it is made again",
        )
    return RequestError("query-failed", f"the query cannot be answered: {reason}")


_LONGEST_DETAIL = 120
_AT = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)


def explain(reason: SyntaxError) -> RequestError:
    """Return what the parser says, with line and column."""
    found = _AT.search(str(reason))
    where, detail = (f"query:{found[1]}:{found[2]}", found[3]) if found else ("query", str(reason))
    what = "the query is not SPARQL 1.1"
    if len(detail) <= _LONGEST_DETAIL:  # else the parser lists every character it would have taken
        what = f"{what}: {detail}"
    return RequestError(
        "bad-sparql",
        what,
        where=where,
        remedy="jagraph's prefixes (jag:, model:, rdfs: …) need no PREFIX line; others do",
    )
