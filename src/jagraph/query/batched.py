"""Questions about many things, some at a time: a store may have millions, a compiler has limits."""

from __future__ import annotations

from collections.abc import Iterable

from jagraph.store.base import Solutions, Store

_AT_ONCE = 200  # things in one query


def about(store: Store, query: str, things: Iterable[str]) -> Solutions:
    """Return the answer to ``query`` with the IRIs ``things`` for its ``%s``, in a VALUES block."""
    every = list(dict.fromkeys(things))
    found = Solutions([], [])
    for start in range(0, len(every), _AT_ONCE):
        some = store.select(query % " ".join(f"<{one}>" for one in every[start : start + _AT_ONCE]))
        found = Solutions(some.variables, [*found.rows, *some.rows])
    return found
