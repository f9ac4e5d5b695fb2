"""How long a rule or a check of a project may run: whoever clones a project did not write them.

The engine cannot be stopped, only its process be ended: the command line does so, and says why.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from jagraph.core.errors import DataError, Position

SECONDS = 600.0
_ends: list[Callable[[DataError], None]] = []


@contextmanager
def ending(end: Callable[[DataError], None]) -> Iterator[None]:
    """Have ``end`` called, from another thread, when a query runs too long within the block."""
    _ends.append(end)
    try:
        yield
    finally:
        _ends.remove(end)


@contextmanager
def patience(path: Path) -> Iterator[None]:
    """Give the query in ``path`` SECONDS, where somebody can end the process (``ending``)."""
    if not _ends:
        yield
        return
    error = DataError(
        "too-long",
        f"this query runs for more than {SECONDS:g} seconds",
        where=Position(path, 1, 1),
        remedy="make it simpler, or take it out of the project",
    )
    timer = threading.Timer(SECONDS, _ends[-1], (error,))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
