"""Pictures that were drawn, kept: the graph does not change while the server runs."""

from __future__ import annotations

import threading
from collections.abc import Callable

from cachetools import LRUCache

from jagraph.core.messages import Message
from jagraph.query.workers.errors import BusyError

_KEPT = 200
_AT_ONCE = 2


class Drawings:
    """Makes drawings, a few at a time, and keeps the last ones; used from many threads."""

    def __init__(self) -> None:
        self._kept: LRUCache[tuple[str, ...], str] = LRUCache(_KEPT)
        self._lock = threading.Lock()
        self._seats = threading.Semaphore(_AT_ONCE)

    def get(self, key: tuple[str, ...], make: Callable[[], str], seconds: float) -> str:
        """Return what is kept under ``key``, else what ``make`` returns.

        Raises BusyError when others are drawn for ``seconds``.
        """
        with self._lock:
            if (drawing := self._kept.get(key)) is not None:
                return drawing
        if not self._seats.acquire(timeout=seconds):
            raise BusyError("busy", Message("error-busy-drawing"), remedy=Message("help-again"))
        try:
            drawn = make()
        finally:
            self._seats.release()
        with self._lock:
            self._kept[key] = drawn
        return drawn
