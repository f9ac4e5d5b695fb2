"""What a query may not do, told before an engine sees it: ask others, change, nest without end.

Parsers of SPARQL recurse: a few thousand brackets or operators end the whole process.
"""

from __future__ import annotations

from jagraph.core.errors import DataError, RequestError
from jagraph.core.frozen import frozen
from jagraph.core.messages import Message

TYPE_CHECKING = False  # typing is more to load than all else here
if TYPE_CHECKING:
    from pathlib import Path

    from jagraph.store.sparql_tokens import Place

_DEEPEST = 64
_MOST_OPERATIONS = 1000
_FIRST = ["SELECT"], ["ASK"], ["CONSTRUCT"], ["DESCRIBE"]  # words
_BRACKETS = "({[!+-^"
_OPERATORS = "!*+-/<=>?^|&.;"
_CLAUSE = 4  # letters of the shortest: BIND


class Admitted(str):
    """A query that was admitted as it stood, with other terms in the place of some of its terms.

    A term is one token, which neither asks nor changes nor nests.
    """

    __slots__ = ()


@frozen
class _Refusal:
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
    from jagraph.core.bounded_reader import FaultyError, read_text

    try:
        query = read_text(path)
    except FaultyError as wrong:
        raise wrong.placed(path) from wrong
    admit_file(query, path)
    return query


def admit_file(query: str, path: str | Path) -> None:
    """Raise DataError, with its place, when no engine is to see ``query``, the text of ``path``."""
    if refusal := _refusal(query, allow_service=False):
        from pathlib import Path

        from jagraph.core.position import Position

        where = Position(Path(path), *refusal.place)
        raise DataError(refusal.code, refusal.what, where=where, remedy=refusal.remedy)


def admissible(query: str) -> bool:
    """Tell whether an engine may see ``query``, without a look at other servers."""
    return _refusal(query, allow_service=False) is None


def _is_harmless(query: str) -> bool:
    """Tell, without a tokeniser, whether ``query`` can only be one that is admitted.

    It begins with its form, and has less of everything than is admitted.
    """
    return (
        query.split(None, 1)[:1] in _FIRST
        and "\\" not in query
        and "SERVICE" not in query.upper()
        and sum(map(query.count, _BRACKETS)) <= _DEEPEST
        and sum(map(query.count, _OPERATORS)) + len(query) // _CLAUSE <= _MOST_OPERATIONS
    )


def _refusal(query: str, allow_service: bool) -> _Refusal | None:
    if isinstance(query, Admitted) or _is_harmless(query):
        return None
    from jagraph.store.sparql_tokens import deeper_than, longer_than, service, update

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
