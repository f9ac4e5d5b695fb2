"""Pictures that were drawn, kept: the graph does not change while the server runs."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable

from jagraph.query.workers.errors import BusyError

_KEPT = 200
_AT_ONCE = 2


class Drawings:
    """Makes drawings, a few at a time, and keeps the last ones; used from many threads."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, ...], str] = OrderedDict()
        self._lock = threading.Lock()
        self._seats = threading.Semaphore(_AT_ONCE)

    def get(self, key: tuple[str, ...], make: Callable[[], str], seconds: float) -> str:
        """Return what is kept under ``key``, else what ``make`` returns.

        Raises BusyError when others are drawn for ``seconds``.
        """
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        if not self._seats.acquire(timeout=seconds):
            raise BusyError("busy", "too many pictures are drawn", remedy="ask again")
        try:
            made = make()
        finally:
            self._seats.release()
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return made
