"""What is asked of a worker and what it answers, within which limits."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import IO

from jagraph.core.errors import JagraphError, OutsideError, RequestError
from jagraph.core.messages import Message, message_of
from jagraph.query.workers.errors import LimitError, store_gone
from jagraph.query.workers.process import ERROR

ANY_FORM = {"solutions": "json", "boolean": "json", "triples": "ttl"}


@dataclass(frozen=True)
class Limits:
    """How much one query may take, and how many run; times in seconds, sizes in bytes."""

    seconds: float = 20.0
    rows: int = 100_000
    size: int = 64 << 20
    memory: int = 768 << 20
    slice: float = 0.5
    fast: int = 3
    slow: int = 2
    waiting: int = 4
    threads: int = 64
    patience: float = 30.0


@dataclass(frozen=True)
class Question:
    """One query; ``forms`` has the format to write per kind of answer.

    The kinds are "solutions", "boolean" and "triples"; one without a format is refused. Without
    graphs the dataset is the query's own, else everything. A ``foreign`` query was written by who
    asks: it never takes the last worker, so that the pages' own queries do not wait for it.
    """

    query: str
    forms: Mapping[str, str]
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    foreign: bool = False

    def message(self, limits: Limits) -> bytes:
        """Return the question as a worker takes it."""
        return json.dumps(
            {
                "query": self.query,
                "forms": dict(self.forms),
                "default_graphs": self.default_graphs,
                "named_graphs": self.named_graphs,
                "rows": limits.rows,
                "bytes": limits.size,
                "seconds": limits.seconds,
            }
        ).encode()


@dataclass(frozen=True)
class Answer:
    """A whole answer: its kind, its format, how many rows or triples, and its bytes in a file."""

    kind: str
    form: str
    rows: int
    size: int
    content: IO[bytes] = field(repr=False)

    def read(self) -> bytes:
        """Return all bytes."""
        self.content.seek(0)
        return self.content.read()


def answer_of(
    last: tuple[bytes, bytes], question: Question, into: IO[bytes], limits: Limits
) -> Answer:
    """Return the answer that the last frame ``last`` of a worker ends; raises what it reports."""
    kind, content = last
    report = json.loads(content)
    if kind == ERROR:
        if report["code"] == "store-failed":
            raise store_gone()
        error: type[JagraphError] = OutsideError if report["outside"] else RequestError
        if report["code"].endswith("-limit"):
            error = LimitError
        if report["code"] == "memory-limit":
            report["what"] = Message("error-memory-limit", size=limits.memory >> 20)
        texts = report | {name: message_of(text) for name, text in report["messages"].items()}
        raise error(report["code"], texts["what"], where=report["where"], remedy=texts["remedy"])
    size = into.tell()
    into.seek(0)
    return Answer(report["kind"], question.forms[report["kind"]], report["rows"], size, into)
