"""What a query may not do, told before an engine sees it: ask others, change, nest without end.

Parsers of SPARQL recurse: a few thousand brackets or operators end the whole process.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from jagraph.core.bounded_reader import FaultyError, read_text
from jagraph.core.errors import DataError, Position, RequestError
from jagraph.core.messages import Message
from jagraph.store.sparql_tokens import Place, deeper_than, longer_than, service, update

_DEEPEST = 64
_MOST_OPERATIONS = 1000


class _Refusal(NamedTuple):
    place: Place
    code: str
    what: str
    remedy: str


def admit(query: str, *, allow_service: bool = False) -> None:
    """Raise RequestError, with line and column, for a query that no engine is to see."""
    if refusal := _refusal(query, allow_service):
        where = "query:{}:{}".format(*refusal.place)
        raise RequestError(refusal.code, refusal.what, where=where, remedy=refusal.remedy)


def read_query(path: Path) -> str:
    """Return the query in the file ``path``, which comes with a project and asks no other server.

    Raises OSError when it cannot be read, DataError, with its place, when no engine is to see it.
    """
    try:
        query = read_text(path)
    except FaultyError as wrong:
        raise wrong.placed(path) from wrong
    admit_file(query, path)
    return query


def admit_file(query: str, path: Path) -> None:
    """Raise DataError, with its place, when no engine is to see ``query``, the text of ``path``."""
    if refusal := _refusal(query, allow_service=False):
        where = Position(path, *refusal.place)
        raise DataError(refusal.code, refusal.what, where=where, remedy=refusal.remedy)


def _refusal(query: str, allow_service: bool) -> _Refusal | None:
    if not allow_service and (place := service(query)):
        return _Refusal(
            place,
            "service-off",
            Message("error-service-off"),
            Message("help-other-endpoint"),
        )
    if place := update(query):
        return _Refusal(
            place,
            "bad-sparql",
            "the query would change a graph",
            "jagraph only reads: begin with SELECT, ASK, CONSTRUCT or DESCRIBE",
        )
    if place := deeper_than(_DEEPEST, query):
        return _Refusal(
            place,
            "too-deep",
            Message("error-too-deep", depth=_DEEPEST),
            Message("help-flatter"),
        )
    if place := longer_than(_MOST_OPERATIONS, query):
        return _Refusal(
            place,
            "too-long",
            Message("error-too-long", count=f"{_MOST_OPERATIONS:,}"),
            Message("help-values"),
        )
    return None
