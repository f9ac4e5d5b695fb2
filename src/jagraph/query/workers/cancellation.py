"""A question taken back: nobody waits for its answer any more, so its worker ends at once.

    await recallable(work, *given)      # work, in a thread, asks the engine

When the task that waits is cancelled, what ``work`` runs in the engine is stopped.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar, TypeVarTuple, Unpack

import anyio
import anyio.to_thread

from jagraph.core.errors import OutsideError

Given = TypeVarTuple("Given")
Done = TypeVar("Done")


class Recall:
    """Whether one question has been taken back, and what ends it while it runs."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._end: Callable[[], None] | None = None
        self._taken_back = False

    def take_back(self) -> None:
        """End what runs, and whatever would begin."""
        with self._lock:
            self._taken_back = True
            if self._end is not None:
                self._end()

    def check(self) -> None:
        """Raise OutsideError when it has been taken back."""
        if self._taken_back:
            raise OutsideError("taken-back", "nobody waits for this answer any more")

    @contextmanager
    def ended_by(self, end: Callable[[], None]) -> Iterator[None]:
        """Let ``end`` be called when it is taken back inside the block."""
        with self._lock:
            self.check()
            self._end = end
        try:
            yield
        finally:
            with self._lock:
                self._end = None


_asked: ContextVar[Recall] = ContextVar("_asked")


def asked() -> Recall:
    """Return the recall of the question this thread is asked, one that nobody has when it is not.

    It is in the context, since a question passes through saved queries, cards and drawings.
    """
    return _asked.get(Recall())


async def recallable(work: Callable[[Unpack[Given]], Done], *given: *Given) -> Done:
    """Return what ``work`` returns in a thread; when this is cancelled, its question is taken back.

    The thread then ends by itself.
    """
    recall = Recall()
    before = _asked.set(recall)
    try:
        return await anyio.to_thread.run_sync(
            work, *given, abandon_on_cancel=True, limiter=_unlimited()
        )
    except anyio.get_cancelled_exc_class():
        recall.take_back()
        raise
    finally:
        _asked.reset(before)


def _unlimited() -> anyio.CapacityLimiter:
    """Return a limiter that never makes wait: who calls has bounds of his own."""
    return anyio.CapacityLimiter(float("inf"))
