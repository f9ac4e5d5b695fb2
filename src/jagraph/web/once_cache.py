"""What pages ask again and again, kept: the graph does not change while the server runs.

Own code, since whoever waits here shares an engine that is busy; with cachetools' ``condition`` one
after the other would find it busy, each after the whole time to wait.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from concurrent.futures import CancelledError, Future
from typing import Generic, TypeVar

from jagraph.query.workers.errors import BusyError, LimitError

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Kept(Generic[Key, Value]):
    """Values by key, each read once; None for one that takes more than a query may.

    Any number of threads may ask at once: one reads, the others wait for what it gets.
    """

    def __init__(self) -> None:
        self._kept: dict[Key, Future[Value | None]] = {}

    def __contains__(self, key: Key) -> bool:
        future = self._kept.get(key)
        return future is not None and future.done()

    def get(self, key: Key, read: Callable[[], Value]) -> Value | None:
        """Return the value of ``key``; None, too, while others keep the engine busy.

        Raises what ``read`` raises otherwise; somebody else reads then.
        """
        while True:
            future: Future[Value | None] = Future()
            shared = self._kept.setdefault(key, future)
            if shared is future:
                return self._read(key, future, read)
            try:
                return shared.result()
            except CancelledError:  # the one that read has failed, for a reason of its own
                continue

    def _read(
        self, key: Key, future: Future[Value | None], read: Callable[[], Value]
    ) -> Value | None:
        value: Value | None = None
        try:
            value = read()
        except LimitError:
            pass
        except BusyError:
            del self._kept[key]
        except BaseException:
            del self._kept[key]
            future.cancel()
            raise
        future.set_result(value)
        return value
