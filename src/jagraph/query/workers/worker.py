"""One worker of the pool: a process of its own that answers one query at a time.

Started as ``python -m jagraph.query.workers.worker FD STORE MEMORY``. It imports little more than
pyoxigraph, opens the store for reading and talks over the socket FD: a question comes in as JSON,
frames go out, each with one byte in front that says what it is. It may die of any query.
"""

from __future__ import annotations

import io
import json
import math
import resource
import sys
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from jagraph.core.bounded_reader import unmarked
from jagraph.core.errors import JagraphError, OutsideError, RequestError
from jagraph.core.messages import Message
from jagraph.core.namespaces import PREFIXES
from jagraph.query.workers.process import DATA, END, ERROR, READY
from jagraph.query.workers.serialization import write_boolean, write_solutions, write_triples
from jagraph.store.base import explain, failed
from jagraph.store.sparql_tokens import has_dataset

_FRAME = 1 << 16
_KINDS = {
    ox.QuerySolutions: "solutions",
    ox.QueryBoolean: "boolean",
    ox.QueryTriples: "triples",
}
_CALLED = {"solutions": "a table", "boolean": "yes or no", "triples": "a graph"}


class _OverError(Exception):
    """The answer is over a limit."""

    def __init__(self, wrong: RequestError) -> None:
        super().__init__(wrong.what)
        self.wrong = wrong


class _Frames(io.RawIOBase):
    """What is written to it goes to the server in frames, up to ``most`` bytes."""

    def __init__(self, connection: Connection, most: int) -> None:
        self._connection = connection
        self._most = most
        self._sent = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        content = bytes(data)
        self._sent += len(content)
        if self._sent > self._most:
            raise _OverError(
                RequestError(
                    "size-limit",
                    Message("error-size-limit", size=self._most >> 20),
                    remedy=Message("help-fewer-or-export"),
                )
            )
        self._connection.send_bytes(DATA + content)
        return len(content)


class _Counted(Iterator[Any]):
    """Counts what it passes on; more than ``most`` is over the limit."""

    def __init__(self, items: Iterator[Any], most: int) -> None:
        self._items = items
        self._most = most
        self.count = 0

    def __next__(self) -> Any:
        item = next(self._items)
        self.count += 1
        if self.count > self._most:
            raise _OverError(
                RequestError(
                    "row-limit",
                    Message("error-row-limit", rows=f"{self._most:,}"),
                    remedy=Message("help-order-and-limit"),
                )
            )
        return item


def answer(store: ox.Store, question: dict[str, Any], connection: Connection) -> None:
    """Answer one question; whatever is wrong with it is sent back as an error."""
    wrong: JagraphError
    try:
        kind, rows = _write(store, question, _Frames(connection, question["bytes"]))
        connection.send_bytes(END + json.dumps({"kind": kind, "rows": rows}).encode())
        return
    except _OverError as over:
        wrong = over.wrong
    except RequestError as refused:
        wrong = refused
    except MemoryError:
        wrong = RequestError("memory-limit", "")
    except (OSError, RuntimeError) as reason:
        wrong = failed(reason, question["query"])
    except ValueError as reason:
        wrong = RequestError("query-failed", Message("error-query-failed", reason=str(reason)))
    error = wrong.as_data() | {"outside": isinstance(wrong, OutsideError)}
    connection.send_bytes(ERROR + json.dumps(error).encode())


def _write(store: ox.Store, question: dict[str, Any], frames: _Frames) -> tuple[str, int]:
    """Write the answer; return its kind and how many rows it has."""
    answer = _ask(store, question)
    kind = _KINDS[type(answer)]
    form = question["forms"].get(kind)
    if form is None:
        raise RequestError(
            "not-acceptable",
            f"this query answers with {_CALLED[kind]}, which has none of the formats asked for",
            remedy="ask for ttl, nt, jsonld or rdf"
            if kind == "triples"
            else "ask for json, xml, csv or tsv",
        )
    out = io.BufferedWriter(frames, _FRAME)
    if kind == "boolean":
        write_boolean(bool(answer), form, out)
        out.flush()
        return kind, 1
    counted = _Counted(iter(answer), question["rows"])
    if kind == "triples":
        write_triples(counted, form, out)
    else:
        variables = [variable.value for variable in answer.variables]
        write_solutions(variables, counted, form, out)
    out.flush()
    return kind, counted.count


def _ask(store: ox.Store, question: dict[str, Any]) -> Any:
    query = unmarked(question["query"])
    options: dict[str, Any] = {"use_default_graph_as_union": not has_dataset(query)}
    if question["default_graphs"] or question["named_graphs"]:
        options = {
            "default_graph": [ox.NamedNode(name) for name in question["default_graphs"]],
            "named_graphs": [ox.NamedNode(name) for name in question["named_graphs"]],
        }
    try:
        return store.query(query, prefixes=PREFIXES, **options)
    except SyntaxError as reason:
        raise explain(reason) from reason


def _bound_memory(more: int) -> None:
    """Allow ``more`` bytes of address space beyond what the process has now."""
    status = Path("/proc/self/statm")
    now = int(status.read_text().split()[0]) * resource.getpagesize() if status.exists() else more
    resource.setrlimit(resource.RLIMIT_AS, (now + more, now + more))


def _bound_time(seconds: float) -> None:
    """Die after ``seconds`` more of computing, so that no query outlives a server that is gone."""
    soft = math.ceil(time.process_time() + seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def main(descriptor: int, folder: str, memory: int) -> None:
    """Answer the questions that come over ``descriptor`` until it is closed."""
    connection = Connection(descriptor)
    store = ox.Store.read_only(folder)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _bound_memory(memory)
    connection.send_bytes(READY)
    while True:
        try:
            question = json.loads(connection.recv_bytes())
            _bound_time(question["seconds"])
            answer(store, question, connection)
        except (EOFError, OSError):  # the server has gone
            return


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
