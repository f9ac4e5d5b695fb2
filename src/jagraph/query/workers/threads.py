"""Threads in which an event loop lets questions wait for their answers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar, TypeVarTuple, Unpack

import anyio

from jagraph.query.workers import cancellation
from jagraph.query.workers.errors import busy

Given = TypeVarTuple("Given")
Done = TypeVar("Done")


class AskingThreads:
    """At most ``most`` threads; who finds none free waits ``patience`` seconds."""

    def __init__(self, most: int, patience: float) -> None:
        self._most = most
        self._patience = patience
        self._limiter: anyio.CapacityLimiter | None = None  # made where an event loop runs

    async def run(self, work: Callable[[Unpack[Given]], Done], *given: *Given) -> Done:
        """Return what ``work`` returns, from a thread kept for such work.

        So neither the event loop nor the threads of other pages wait for a query. Raises BusyError
        when no thread becomes free within the time that is waited.
        """
        if self._limiter is None:
            self._limiter = anyio.CapacityLimiter(self._most)
        threads, place, begun = self._limiter, object(), False
        loop = asyncio.get_running_loop()
        try:
            with anyio.fail_after(self._patience):
                await threads.acquire_on_behalf_of(place)
        except TimeoutError:
            raise busy() from None

        def leave() -> None:
            if place in threads.statistics().borrowers:
                threads.release_on_behalf_of(place)

        def working() -> Done:
            nonlocal begun
            begun = True
            try:
                return work(*given)
            finally:
                # a thread that nobody waits for takes its place until it ends
                with suppress(RuntimeError):  # the server is gone
                    loop.call_soon_threadsafe(leave)

        try:
            return await cancellation.recallable(working)
        finally:
            if not begun:
                leave()
