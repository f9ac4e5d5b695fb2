"""The one way to a graph: SPARQL in, solutions, triples or a truth value out."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod

import pyoxigraph as ox

from jagraph.core.errors import JagraphError, OutsideError, RequestError
from jagraph.core.frozen import frozen
from jagraph.core.messages import Message
from jagraph.core.namespaces import ASSERTED, DERIVED, HUB, PREFIXES
from jagraph.core.rdf_text import Value, text_of
from jagraph.store.admission import admit

TYPE_CHECKING = False  # typing is more to load than all else here
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path
    from typing import Protocol, Self, TypeVar

    from jagraph.store.file_watch import Watch

    Got = TypeVar("Got")
else:
    Protocol = object


@frozen
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

    def construct(self, query: str) -> list[ox.Triple]:
        """Return the triples of a CONSTRUCT or DESCRIBE query."""

    def ask(self, query: str) -> bool:
        """Return the answer to an ASK query."""

    def triples(self, graph: str) -> Iterator[ox.Triple]:
        """Yield the triples of one named graph."""


class OpenStore(ABC):
    """A store that takes queries of any form; ``allow_service`` lets them ask other servers."""

    allow_service = False
    _closed = False

    def close(self) -> None:
        """Let go of files and connections; a question asked later is a RequestError."""
        self._closed = True

    def _require_open(self) -> None:
        if self._closed:
            raise RequestError("closed-graph", "the graph is closed", remedy="open it again")

    @abstractmethod
    def answer(self, query: str) -> Answer:
        """Return what ``query`` asks for; raises RequestError with line and column if it cannot."""

    @abstractmethod
    def triples(self, graph: str) -> Iterator[ox.Triple]:
        """Yield the triples of one named graph."""

    def select(self, query: str) -> Solutions:
        """Return the solutions of a SELECT query."""
        answer = self.answer(query)
        if not isinstance(answer, Solutions):
            raise RequestError("wrong-query-form", "this needs a SELECT query")
        return answer

    def construct(self, query: str) -> list[ox.Triple]:
        """Return the triples of a CONSTRUCT or DESCRIBE query."""
        answer = self.answer(query)
        if not isinstance(answer, list):
            raise RequestError("wrong-query-form", "this needs a CONSTRUCT or DESCRIBE query")
        return answer

    def ask(self, query: str) -> bool:
        """Return the answer to an ASK query."""
        answer = self.answer(query)
        if not isinstance(answer, bool):
            raise RequestError("wrong-query-form", "this needs an ASK query")
        return answer


class EmbeddedStore(OpenStore):
    """A store inside this process, in memory or on disk.

    What is read from a disk under a ``watch`` is read from sound files, or it is an error.
    """

    def __init__(self, store: ox.Store) -> None:
        """Take ``store``, which is in memory."""
        self._store = store
        self._folder: str | None = None
        self._saved: tuple[str, ...] = ()
        self._watch: Watch | None = None
        self._turn = 0

    @classmethod
    def open(
        cls, folder: str | Path, watch: Watch | None = None, saved: tuple[str, ...] = ()
    ) -> Self:
        """Open the store in ``folder`` for reading; raises OutsideError when it is damaged.

        ``saved`` are the files in the folder of ``watch`` with what is read from it as a whole.
        """
        place = os.fspath(folder)
        opened = cls(_opened(place))
        opened._folder, opened._saved, opened._watch = place, saved, watch
        return opened

    def close(self) -> None:
        """Let go of the files."""
        super().close()
        self._store = ox.Store()
        if self._watch is not None:
            self._watch.release()

    def answer(self, query: str) -> Answer:
        """Return what ``query`` asks for; raises RequestError with line and column if it cannot.

        A server that SERVICE asks and that gives no answer is an OutsideError.
        """
        self._require_open()
        if query[:1] == "\ufeff":  # else it stays the query that was admitted
            query = query[1:]
        admit(query, allow_service=self.allow_service)
        try:
            return self._sure(lambda: self._answer(query))
        except (OSError, RuntimeError) as reason:
            raise failed(reason, query) from reason

    def dump(self, graph: str, target: Path) -> None:
        """Write the triples of one named graph to ``target`` as N-Triples."""
        name = ox.NamedNode(graph)
        self._sure(lambda: self._now().dump(target, ox.RdfFormat.N_TRIPLES, from_graph=name))

    def triples(self, graph: str) -> Iterator[ox.Triple]:
        """Yield the triples of one named graph.

        Raises OutsideError, at the end at the latest, when they were damaged meanwhile.
        """
        self._require_open()
        store, turn = self._now(), self._turn
        try:
            for quad in store.quads_for_pattern(None, None, None, ox.NamedNode(graph)):
                yield quad.triple
        except (OSError, RuntimeError, ValueError):
            if self._watch is not None:
                self._watch.check(turn)
            raise
        if self._watch is not None:
            self._watch.check(turn)

    def saved(self, name: str) -> bytes | None:
        """Return the content of its file ``name``, None where there is none."""
        if name not in self._saved or self._watch is None:
            return None
        return self._watch.content(name)

    def _answer(self, query: str) -> Answer:
        try:
            answer = self._now().query(query, use_default_graph_as_union=True, prefixes=PREFIXES)
        except SyntaxError as reason:
            raise explain(reason) from reason
        if isinstance(answer, ox.QueryBoolean):
            return bool(answer)
        if isinstance(answer, ox.QueryTriples):
            return list(answer)
        variables = [variable.value for variable in answer.variables]
        return Solutions(variables, [tuple(row) for row in answer])

    def _sure(self, read: Callable[[], Got]) -> Got:
        return read() if self._watch is None else self._watch.sure(read)

    def _now(self) -> ox.Store:
        """Return the store, opened again when its files were written anew."""
        if self._watch is not None and self._folder is not None and self._turn != self._watch.turn:
            turn = self._watch.turn
            self._store, self._turn = _opened(self._folder), turn
        return self._store


def _opened(folder: str) -> ox.Store:
    try:
        return ox.Store.read_only(folder)
    except (OSError, RuntimeError, ValueError) as reason:
        raise OutsideError("damaged-store", str(reason), where=folder) from reason


def statements(store: Store, graphs: Sequence[str] = (ASSERTED, HUB, DERIVED)) -> list[ox.Triple]:
    """Return the triples of ``graphs`` in a fixed order."""
    return sorted((t for graph in graphs for t in store.triples(graph)), key=str)


def failed(reason: OSError | RuntimeError, query: str) -> JagraphError:
    """Return what it means that the engine could not finish ``query``, which is SPARQL."""
    from jagraph.store.sparql_tokens import may_use_service

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
    return RequestError("query-failed", Message("error-query-failed", reason=str(reason)))


_LONGEST_DETAIL = 120
_AT = r"error at (\d+):(\d+): (.*)"


def explain(reason: SyntaxError) -> RequestError:
    """Return what the parser says, with line and column."""
    import re

    where, detail = "query", str(reason)
    if position := re.search(_AT, detail, re.DOTALL):
        where, detail = f"query:{position[1]}:{position[2]}", position[3]
    what = "the query is not SPARQL 1.1"
    if len(detail) <= _LONGEST_DETAIL:  # else the parser lists every character it would have taken
        what = f"{what}: {detail}"
    return RequestError(
        "bad-sparql",
        what,
        where=where,
        remedy="jagraph's prefixes (jag:, model:, rdfs: …) need no PREFIX line; others do",
    )
