"""Questions about many things, some at a time: a store may have millions, a compiler has limits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

_AT_ONCE = 200  # things in one query


def portions(query: str, things: Iterable[str]) -> Iterator[str]:
    """Yield ``query`` with the IRIs ``things`` for its ``%s``, the contents of a VALUES block."""
    every = list(dict.fromkeys(things))
    for start in range(0, len(every), _AT_ONCE):
        yield query % " ".join(f"<{thing}>" for thing in every[start : start + _AT_ONCE])
