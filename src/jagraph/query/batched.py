"""Questions about many things, some at a time: a store may have millions, a compiler has limits."""

from __future__ import annotations

from collections.abc import Iterable

from jagraph.store.base import Solutions, Store

_AT_ONCE = 200  # things in one query


def about(store: Store, query: str, iris: Iterable[str]) -> Solutions:
    """Return the answer to ``query`` with the IRIs ``iris`` for its ``%s``, in a VALUES block."""
    every = list(dict.fromkeys(iris))
    solutions = Solutions([], [])
    for start in range(0, len(every), _AT_ONCE):
        some = store.select(query % " ".join(f"<{iri}>" for iri in every[start : start + _AT_ONCE]))
        solutions = Solutions(some.variables, [*solutions.rows, *some.rows])
    return solutions
