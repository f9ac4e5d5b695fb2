"""What pages ask again and again, kept: the graph does not change while the server runs."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from jagraph.query.workers.errors import BusyError, LimitError

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Kept(Generic[Key, Value]):
    """Values by key, each read once; None for one that takes more than a query may."""

    def __init__(self) -> None:
        self._kept: dict[Key, Value | None] = {}

    def __contains__(self, key: Key) -> bool:
        return key in self._kept

    def get(self, key: Key, read: Callable[[], Value]) -> Value | None:
        """Return the value of ``key``; None, too, while others keep the engine busy."""
        if key not in self._kept:
            try:
                self._kept[key] = read()
            except LimitError:
                self._kept[key] = None
            except BusyError:
                return None
        return self._kept[key]
