"""Solutions made of plain texts."""

from __future__ import annotations

import pyoxigraph as ox

from jagraph.store.base import Solutions


def solutions(rows: list[tuple[str, str]]) -> Solutions:
    return Solutions(["one", "two"], [tuple(ox.Literal(cell) for cell in row) for row in rows])
